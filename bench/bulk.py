"""A million articles, fast: what the loader makes of their files, written straight to the store.

The first 10,000 are loaded as any files are, which makes every topic and provider. The rest are
built by the loader's own functions, with short bodies, and inserted; the text index is left out,
for none of the reads that are measured uses it. Filling goes on where it was broken off.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

from bench.world import DATABASE, load_generated
from seed.build import build
from seed.files import SourceFile
from seed.generate import article
from store.collections import ARTICLES, INDEXES, PROVIDERS, TOPICS
from store.connect import connect
from store.store import Store
from store.write import Writing

LOADED = 10_000
STEP = 10_000
BODY = 200  # characters


def fill(uri: str, articles: int, at_most: int | None = None) -> None:
    """Brings a database to so many articles, or nearer to it by `at_most`."""
    asyncio.run(_fill(uri, articles, at_most))


async def _fill(uri: str, articles: int, at_most: int | None) -> None:
    async with connect(uri=uri, database=DATABASE) as store:
        there = await store.database[ARTICLES].estimated_document_count()
    if there < min(LOADED, articles):
        await asyncio.to_thread(load_generated, uri, min(LOADED, articles))
        there = min(LOADED, articles)
    if articles <= LOADED:
        return
    async with connect(uri=uri, database=DATABASE) as store:
        if there == LOADED:
            await store.database[ARTICLES].drop_indexes()
        if there >= articles:
            return
        end = articles if at_most is None else min(articles, there + at_most)
        writing = Writing(store)
        for start in range(there, end, STEP):
            await writing.insert(ARTICLES, documents(start, min(start + STEP, end)))
        if end == articles:
            await _finish(store)


def documents(start: int, end: int) -> Iterator[dict[str, Any]]:
    """The documents of these articles."""
    for number in range(start, end):
        path, text = article(number)
        front, mark, body = text.partition("\n---\n")
        source = SourceFile(path, path, "generated", ARTICLES)
        made = build(source, f"{front}{mark}{body[:BODY]}".encode(), load=1)
        assert made.doc is not None, made.issues
        yield made.doc


async def _finish(store: Store) -> None:
    """The indexes, and how many articles each topic and provider has."""
    wanted = [index for index in INDEXES if index.collection == ARTICLES and index.name != "text"]
    await store.make_indexes(ARTICLES, wanted)
    for collection, path in ((TOPICS, "_index.topics"), (PROVIDERS, "_index.provider")):
        pipeline = [
            {"$match": {"_index.visible": True}},
            {"$project": {"key": f"${path}"}},
            {"$unwind": "$key"},
            {"$group": {"_id": "$key", "count": {"$sum": 1}}},
        ]
        writing = Writing(store)
        async for row in writing.aggregate(ARTICLES, pipeline):
            change = {"$set": {"_index.articleCount": row["count"]}}
            await writing.update(collection, {"_id": row["_id"]}, change)
