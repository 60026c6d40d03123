"""How many articles there are for each of many topics or providers."""

from __future__ import annotations

from collections.abc import Sequence

from loaders.batch import Doc
from loaders.remembered import remembered
from store.collections import ARTICLES
from store.reader import Reader


@remembered(ARTICLES)
async def counts_by_topic(reader: Reader, slugs: Sequence[str], _request: None = None) -> list[int]:
    """How many articles name each topic."""
    wanted = {"$in": list(slugs)}
    pipeline: list[Doc] = [
        {"$match": {"_index.topics": wanted}},
        {"$project": {"_id": 0, "key": "$_index.topics"}},
        {"$unwind": "$key"},
        {"$match": {"key": wanted}},
        {"$group": {"_id": "$key", "count": {"$sum": 1}}},
    ]
    return _counts(slugs, await reader.aggregate(ARTICLES, pipeline))


@remembered(ARTICLES)
async def counts_by_provider(
    reader: Reader, keys: Sequence[str], _request: None = None
) -> list[int]:
    """How many articles each provider published."""
    pipeline: list[Doc] = [
        {"$match": {"_index.provider": {"$in": list(keys)}}},
        {"$group": {"_id": "$_index.provider", "count": {"$sum": 1}}},
    ]
    return _counts(keys, await reader.aggregate(ARTICLES, pipeline))


def _counts(keys: Sequence[str], docs: list[Doc]) -> list[int]:
    counts: dict[str, int] = {doc["_id"]: doc["count"] for doc in docs}
    return [counts.get(key, 0) for key in keys]
