"""The articles that are most alike to each of many.

Four commands, whatever the number of articles: how rare their topics are; what was published
around them before, and after; the documents of those that ``loaders.likeness`` picks. Candidates
are, each way from an article's date, the nearest ``AROUND`` of its rarest topic, of any of its
topics, and of all articles; and those that have its very title. Each reads an index in its order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from loaders.articles import articles_by_slug
from loaders.batch import Doc, Paths
from loaders.likeness import Traits, most_alike, rarest
from store.collections import ARTICLES, TOPICS, Order
from store.names import fold
from store.operators import Where
from store.projection import project
from store.reader import Reader
from store.together import together

AROUND = 20
_AT = "publishedDateTime"
_TRAITS = project({"title", "_index.topics", _AT})
_LATER: Order = ((_AT, 1), ("_id", 1))
_EARLIER: Order = ((_AT, -1), ("_id", -1))


@dataclass(frozen=True, slots=True)
class Alike:
    """The ``first`` most alike of each article, with these paths."""

    first: int
    paths: Paths


async def similar_to(reader: Reader, articles: Sequence[Traits], request: Alike) -> list[list[Doc]]:
    """The articles most alike to each, best first; never itself."""
    counts = await _counts(reader, {topic for one in articles for topic in one.topics})
    before, after = await together(
        [
            _candidates(reader, [_before(one, counts) for one in articles], _EARLIER),
            _candidates(reader, [_after(one, counts) for one in articles], _LATER),
        ]
    )
    picked = [
        most_alike(article, {**earlier, **later}.values(), counts, request.first)
        for article, earlier, later in zip(articles, before, after, strict=True)
    ]
    found = await _documents(reader, {slug for slugs in picked for slug in slugs}, request.paths)
    return [[found[slug] for slug in slugs if slug in found] for slugs in picked]


def traits_of(article: Doc) -> Traits:
    """What of an article's document is compared, whatever stands in it."""
    index, title = article.get("_index"), article.get("title")
    topics = index.get("topics") if isinstance(index, dict) else None
    published = article.get(_AT)
    return Traits(
        slug=article["_id"],
        topics=tuple(one for one in _list(topics) if isinstance(one, str)),
        title=title if isinstance(title, str) else "",
        published=published if isinstance(published, datetime) else None,
    )


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


async def _counts(reader: Reader, topics: set[str]) -> dict[str, int]:
    """How many articles name each topic, as the loader counted them."""
    if not topics:
        return {}
    docs = await reader.find(
        TOPICS,
        {"_id": {"$in": sorted(topics)}},
        projection=project({"_index.articleCount"}),
        limit=len(topics),
    )
    counts = {doc["_id"]: doc.get("_index", {}).get("articleCount") for doc in docs}
    return {topic: count for topic, count in counts.items() if isinstance(count, int)}


def _before(article: Traits, counts: Mapping[str, int]) -> list[Where]:
    """Wheres for the candidates not later than an article, and those of the same title."""
    until: Where = {} if article.published is None else {_AT: {"$lte": article.published}}
    same_title: list[Where] = [{"_index.fold.title": fold(article.title)}] if article.title else []
    return [*_filed_alike(article, counts, until), *same_title]


def _after(article: Traits, counts: Mapping[str, int]) -> list[Where]:
    """Wheres for the candidates later than an article."""
    if article.published is None:
        return []
    return _filed_alike(article, counts, {_AT: {"$gt": article.published}})


def _filed_alike(article: Traits, counts: Mapping[str, int], when: Where) -> list[Where]:
    wheres = [when]
    if len(article.topics) > 1:
        wheres.append({"_index.topics": rarest(article.topics, counts), **when})
    if article.topics:
        wheres.append({"_index.topics": {"$in": list(article.topics)}, **when})
    return wheres


async def _candidates(
    reader: Reader, wheres: Sequence[Sequence[Where]], order: Order
) -> list[dict[str, Traits]]:
    """For each article what its wheres find, by slug; one command for all articles."""
    flat = [where for some in wheres for where in some]
    docs = iter(
        await reader.find_each(ARTICLES, flat, projection=_TRAITS, order=order, limit=AROUND)
        if flat
        else []
    )
    return [{doc["_id"]: traits_of(doc) for _ in some for doc in next(docs)} for some in wheres]


async def _documents(reader: Reader, slugs: set[str], paths: Paths) -> dict[str, Doc]:
    if not slugs:
        return {}
    docs = await articles_by_slug(reader, sorted(slugs), paths)
    return {doc["_id"]: doc for doc in docs if doc is not None}
