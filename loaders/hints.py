"""What to tell with an empty page: which value of the filter nothing holds, and what is nearest.

A hint is ``{"argument": "filter.topics.anyOf", "value": "oceens", "message": str, "nearest":
[{"value": "oceans", "count": 12}]}``. Only an empty page costs anything: a command for each kind of
value (``SOURCES``) that its filter asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz, process

from loaders.batch import Doc
from loaders.pages import PageRequest
from store.collections import ARTICLES, PROVIDERS, TOPICS
from store.names import fold, slug
from store.projection import project
from store.reader import Reader
from store.together import together

MAX_HINTS = 10
MAX_NEAREST = 3
# Of the values that are held, the most frequent are looked through.
MAX_HELD = 5_000
# From 0 to 100: how near a value is; others are told only where none is as near as this.
NEAR = 60
# How near a topic must be to the words of a search to be worth a mention.
NEAR_TO_WORDS = 75

Held = dict[str, int]


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of value: how to say that one is not there, and how to read those that are, each with
    its count, most frequent first.
    """

    missing: str
    read: Callable[[Reader], Coroutine[Any, Any, Held]]
    of: Callable[[str], str] = str  # a value of the filter as the store writes it


@dataclass(frozen=True, slots=True)
class Asked:
    """A value that a page's arguments ask for; ``source`` is a key of SOURCES."""

    argument: str
    source: str
    value: str


async def hints_for(reader: Reader, request: PageRequest, connections: Sequence[Doc]) -> list[Doc]:
    """The hints for a page of the root, none where it is not empty."""
    if not _is_empty(request, connections):
        return []
    asked = list(_asked(request.filter or {}, FIELDS.get(request.collection, {}), "filter"))
    names = list(dict.fromkeys(one.source for one in asked))
    if request.text is not None:
        names = list(dict.fromkeys([*names, "topic"]))
    read = await together([SOURCES[name].read(reader) for name in names])
    held = dict(zip(names, read, strict=True))
    hints = [hint for one in asked if (hint := _hint(one, held[one.source]))]
    if not hints and request.text is not None:
        hints = _near_words(request.text, held["topic"])
    return hints[:MAX_HINTS]


def _is_empty(request: PageRequest, connections: Sequence[Doc]) -> bool:
    page = request.page
    if request.parent is not None or page.after is not None or page.before is not None:
        return False
    return all(one.get("nodes") == [] or one.get("totalCount") == 0 for one in connections)


def _asked(given: Mapping[str, Any], fields: Mapping[str, Any], at: str) -> Iterator[Asked]:
    """The values that a filter wants to be there; what it wants not to be needs no hint."""
    for name, value in given.items():
        place = f"{at}.{name}"
        if name in ("and", "or"):
            for number, member in enumerate(value or ()):
                yield from _asked(member, fields, f"{place}[{number}]")
            continue
        field = fields.get(name)
        if isinstance(field, Mapping):
            yield from _asked(value or {}, field, place)
        elif isinstance(value, str) and field is not None:
            yield Asked(place, field, value)
        elif isinstance(value, Mapping) and field is not None:
            yield from _operands(value, field, place)


def _operands(operators: Mapping[str, Any], source: str, at: str) -> Iterator[Asked]:
    for name in ("eq", "in", "anyOf", "allOf"):
        operand = operators.get(name)
        values = [operand] if name == "eq" else operand or []
        yield from (Asked(f"{at}.{name}", source, one) for one in values if one is not None)


def _hint(asked: Asked, held: Held) -> Doc | None:
    source = SOURCES[asked.source]
    wanted = source.of(asked.value)
    if wanted in held or len(held) >= MAX_HELD:  # where not all were read, nobody can tell
        return None
    return {
        "argument": asked.argument,
        "value": asked.value,
        "message": f'{source.missing} "{asked.value}".',
        "nearest": _nearest(wanted, held, NEAR) or _nearest(wanted, held, 0),
    }


def _near_words(text: str, topics: Held) -> list[Doc]:
    nearest = _nearest(text, topics, NEAR_TO_WORDS)
    if not nearest:
        return []
    message = f'The search "{text}" found nothing; there are topics with such a name.'
    return [{"argument": "query", "value": text, "message": message, "nearest": nearest}]


def _nearest(wanted: str, held: Held, least: float) -> list[Doc]:
    """The held values nearest to one, nearest first; among equals the more frequent."""
    folded = {value: fold(value).replace("-", " ") for value in held}
    found = process.extract(
        fold(wanted).replace("-", " "),
        folded,
        scorer=fuzz.WRatio,
        limit=MAX_NEAREST,
        score_cutoff=least,
    )
    return [{"value": value, "count": held[value]} for _, _, value in found]


# --- what is held -----------------------------------------------------------------------------


def _in_articles(path: str) -> Callable[[Reader], Coroutine[Any, Any, Held]]:
    async def read(reader: Reader) -> Held:
        # All texts are from "" on; said so, an index on the path has all that is needed.
        return await _grouped(reader, ARTICLES, path, {path: {"$gte": ""}}, 1)

    return read


def _in_providers(path: str) -> Callable[[Reader], Coroutine[Any, Any, Held]]:
    async def read(reader: Reader) -> Held:
        return await _grouped(reader, PROVIDERS, path, _COUNTED, "$_index.articleCount")

    return read


async def _parents(reader: Reader) -> Held:
    return await _grouped(reader, TOPICS, "_index.parent", {"_index.parent": {"$gte": ""}}, 1)


def _in_topics(path: str) -> Callable[[Reader], Coroutine[Any, Any, Held]]:
    async def read(reader: Reader) -> Held:
        docs = await reader.find(
            TOPICS,
            _COUNTED,
            projection=project({path, "_index.articleCount"}),
            order=(("_index.articleCount", -1), ("_id", -1)),
            limit=MAX_HELD,
        )
        counts = [(doc.get(path), doc["_index"]["articleCount"]) for doc in docs]
        return {value: count for value, count in counts if isinstance(value, str)}

    return read


async def _grouped(reader: Reader, collection: str, path: str, where: Doc, each: Any) -> Held:
    docs = await reader.aggregate(
        collection,
        [
            {"$match": where},
            {"$group": {"_id": f"${path}", "count": {"$sum": each}}},
            {"$sort": {"count": -1, "_id": 1}},
            {"$limit": MAX_HELD},
        ],
    )
    return {doc["_id"]: doc["count"] for doc in docs if isinstance(doc["_id"], str)}


_COUNTED: Doc = {"_index.articleCount": {"$gt": 0}}

SOURCES: dict[str, Source] = {
    "topic": Source("No article names the topic", _in_topics("_id"), slug),
    "topic name": Source("No article names a topic called", _in_topics("name")),
    "parent": Source("No topic stands right under", _parents, slug),
    "domain": Source("No article is from the domain", _in_providers("domain")),
    "provider": Source("No article is from a provider called", _in_providers("name")),
    "type": Source("No article is of the type", _in_articles("_index.type")),
    "category": Source("No article is in the category", _in_articles("category")),
    "locale": Source("No article is in the locale", _in_articles("locale")),
}

# The fields of each list's filter that are worth a hint, and the kind of their values.
FIELDS: dict[str, Mapping[str, Any]] = {
    ARTICLES: {
        "topics": "topic",
        "provider": {"domain": "domain", "name": "provider"},
        "type": "type",
        "category": "category",
        "locale": "locale",
    },
    PROVIDERS: {"domain": "domain", "name": "provider"},
    TOPICS: {"slug": "topic", "name": "topic name", "parent": "parent"},
}
