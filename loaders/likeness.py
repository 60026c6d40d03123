"""How alike two articles are. Pure.

    likeness = 3 * topics + 4 * title + 1 * time        (0 where neither topics nor title agree)

``topics``: of the weight of the article's topics, the part that the other shares. A topic that
``n`` articles name weighs ``1 / log2(2 + n)``: to share a rare one says more.
``title``: of all the words in both titles, the part that is in both; stems are compared, stop
words left out. Two words have to be shared, or all: that is the same story, told again.
``time``: 1 for the same instant, 1/2 at 30 days between, 0 where either has no date.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log2

from store.words import words

TOPICS_WEIGH, TITLE_WEIGHS, TIME_WEIGHS = 3.0, 4.0, 1.0
HALF_TIME = timedelta(days=30)
MIN_SHARED_WORDS = 2


@dataclass(frozen=True, slots=True)
class Traits:
    """What of an article is compared."""

    slug: str
    topics: tuple[str, ...]
    title: str
    published: datetime | None


def most_alike(
    article: Traits, others: Iterable[Traits], counts: Mapping[str, int], first: int
) -> list[str]:
    """The slugs of the ``first`` others that are most alike, best first; among equals the newer,
    then by slug. ``counts``: how many articles name each topic.
    """
    rated = [(_likeness(article, other, counts), other) for other in others]
    alike = [(score, other) for score, other in rated if score > 0 and other.slug != article.slug]
    alike.sort(key=lambda one: one[1].slug)
    alike.sort(key=lambda one: (one[0], _moment(one[1])), reverse=True)
    return [other.slug for _, other in alike[:first]]


def rarest(topics: Iterable[str], counts: Mapping[str, int]) -> str | None:
    """The topic that the fewest articles name, None where there is no topic."""
    return min(topics, key=lambda topic: (counts.get(topic, 0), topic), default=None)


def _likeness(article: Traits, other: Traits, counts: Mapping[str, int]) -> float:
    topics = _topics(article, other, counts)
    title = _title(article.title, other.title)
    if not topics and not title:
        return 0.0
    time = _time(article.published, other.published)
    return TOPICS_WEIGH * topics + TITLE_WEIGHS * title + TIME_WEIGHS * time


def _topics(article: Traits, other: Traits, counts: Mapping[str, int]) -> float:
    weights = {topic: 1 / log2(2 + counts.get(topic, 0)) for topic in article.topics}
    shared = sum(weight for topic, weight in weights.items() if topic in other.topics)
    return shared / sum(weights.values()) if shared else 0.0


def _title(one: str, two: str) -> float:
    mine, theirs = _stems(one), _stems(two)
    shared = len(mine & theirs)
    if shared < MIN_SHARED_WORDS and mine != theirs:
        return 0.0
    return shared / len(mine | theirs) if shared else 0.0


def _stems(title: str) -> frozenset[str]:
    return frozenset(word.stem for word in words(title)) - {""}


def _time(one: datetime | None, two: datetime | None) -> float:
    return 0.0 if one is None or two is None else 1 / (1 + abs(one - two) / HALF_TIME)


def _moment(traits: Traits) -> float:
    return traits.published.timestamp() if traits.published else float("-inf")
