"""Counts over all articles that pass a filter: the total, and the facets.

One aggregation counts everything that was asked for, for every parent at once. The
filter is the page's own, so the counts obey it by construction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from loaders.batch import Doc
from loaders.remembered import recalled
from store.operators import Where
from store.reader import Reader

# More distinct values than a facet is asked to show; a bound on what one command returns.
MAX_VALUES = 1_000

# What is counted for how many filters may be kept; each is some kilobytes.
MAX_KEPT = 500
MAX_AGE_SECONDS = 900.0

# The facets that group by a value: the path that holds it, and whether it holds several.
GROUPED: dict[str, tuple[str, bool]] = {
    "topics": ("_index.topics", True),
    "providers": ("_index.provider", False),
    "types": ("_index.type", False),
    "categories": ("category", False),
}


@dataclass(frozen=True, slots=True)
class FacetsAsked:
    """What to count: the total, facets by name with how many values each, timelines by unit."""

    total: bool
    grouped: tuple[tuple[str, int], ...] = ()
    timelines: tuple[str, ...] = ()


async def facets_each(
    reader: Reader, collection: str, wheres: Sequence[Where], asked: FacetsAsked
) -> list[Doc]:
    """For each where ``{"totalCount": int, "facets": {name: [{"value", "count"}], "timeline":
    {unit: [{"start", "count"}]}}}``, as far as asked for; values by count, then by name.

    What was counted is kept until the collection changes: counting reads a key of an index for
    every article that passes, however small the page.
    """
    memory = reader.memory
    if memory is None:
        return await _counted(reader, collection, wheres, asked)
    keys = [(reader.key_of(collection, where), asked) for where in wheres]
    by_key = dict(zip(keys, wheres, strict=True))
    return await recalled(
        memory.table(("facets", collection), collection, MAX_KEPT, MAX_AGE_SECONDS),
        keys,
        lambda missing: _counted(reader, collection, [by_key[key] for key in missing], asked),
    )


async def _counted(
    reader: Reader, collection: str, wheres: Sequence[Where], asked: FacetsAsked
) -> list[Doc]:
    if asked.total and not asked.grouped and not asked.timelines and len(wheres) == 1:
        return [{"totalCount": await reader.count(collection, wheres[0])}]
    found = await reader.aggregate_each(collection, wheres, _pipeline(asked))
    return [_shape(docs[0] if docs else {}, asked) for docs in found]


def _pipeline(asked: FacetsAsked) -> list[Doc]:
    if not asked.grouped and not asked.timelines:
        return [{"$count": "total"}, {"$project": {"total": [{"count": "$total"}]}}]
    stages: dict[str, list[Doc]] = {}
    if asked.total:
        stages["total"] = [{"$count": "count"}]
    for name, limit in asked.grouped:
        stages[name] = _grouped(*GROUPED[name], limit)
    for unit in asked.timelines:
        stages[f"timeline_{unit}"] = _timeline(unit)
    return [{"$facet": stages}]


def _grouped(path: str, several: bool, limit: int) -> list[Doc]:
    unwound: list[Doc] = [{"$unwind": f"${path}"}] if several else []
    return [
        *unwound,
        {"$match": {path: {"$type": "string"}}},
        {"$group": {"_id": f"${path}", "count": {"$sum": 1}}},
        {"$sort": {"count": -1, "_id": 1}},
        {"$limit": limit},
        {"$project": {"_id": 0, "value": "$_id", "count": 1}},
    ]


def _timeline(unit: str) -> list[Doc]:
    start = {
        "$dateTrunc": {
            "date": "$publishedDateTime",
            "unit": unit.lower(),
            "timezone": "UTC",
            "startOfWeek": "monday",
        }
    }
    return [
        {"$match": {"publishedDateTime": {"$type": "date"}}},
        {"$group": {"_id": start, "count": {"$sum": 1}}},
        {"$sort": {"_id": 1}},
        {"$project": {"_id": 0, "start": "$_id", "count": 1}},
    ]


def _shape(doc: Doc, asked: FacetsAsked) -> Doc:
    facets: dict[str, Any] = {name: doc[name] for name in GROUPED if name in doc}
    facets["timeline"] = {
        key.removeprefix("timeline_"): value
        for key, value in doc.items()
        if key.startswith("timeline_")
    }
    if not asked.total:
        return {"facets": facets}
    total = doc.get("total") or []
    return {"totalCount": total[0]["count"] if total else 0, "facets": facets}
