"""How the contenders in Python read: the fewest commands, only the paths that a workload needs.

Batch functions take a database and keys, send one command, and answer `{key: document}`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase

Doc = dict[str, Any]
Database = AsyncDatabase[Doc]
Projection = dict[str, int]

NEWEST = [("publishedDateTime", -1), ("_id", -1)]
HOTTEST = [("heat", -1), ("_id", -1)]
LARGEST = [("_index.articleCount", -1), ("_id", -1)]

# By the operation's name: what it needs of an article. The Node contenders read the same file.
PROJECTIONS: dict[str, Projection] = {
    name: dict.fromkeys(paths, 1)
    for name, paths in json.loads(Path(__file__).with_name("projections.json").read_text()).items()
}
TOPIC = dict.fromkeys(("name", "keywords", "hashtags", "_index.parent"), 1)
PROVIDER = dict.fromkeys(("domain", "name", "images"), 1)
SIZE = {"width": 1, "height": 1}


async def articles(
    database: Database,
    projection: Projection,
    first: int,
    sort: list[tuple[str, int]] = NEWEST,
    **where: Any,
) -> list[Doc]:
    """A page of what is published."""
    cursor = database.articles.find(
        {"_index.visible": True, **where}, projection, sort=sort, limit=first, batch_size=first
    )
    return await cursor.to_list()


async def search(database: Database, projection: Projection, text: str, first: int) -> list[Doc]:
    """The best matches of a full-text search; newer slugs first among equals."""
    pipeline: list[Doc] = [
        {"$match": {"_index.visible": True, "$text": {"$search": text}}},
        {"$sort": {"score": {"$meta": "textScore"}, "_id": -1}},
        {"$limit": first},
        {"$project": projection},
    ]
    return await (await database.articles.aggregate(pipeline)).to_list()


async def topics(database: Database, first: int) -> list[Doc]:
    """The topics with most articles."""
    return await database.topics.find(
        {}, TOPIC, sort=LARGEST, limit=first, batch_size=first
    ).to_list()


async def children(database: Database, slug: str) -> list[Doc]:
    """The topics right under one, by name."""
    sort = [("_index.fold.name", 1), ("_id", 1)]
    return await database.topics.find({"_index.parent": slug}, TOPIC, sort=sort).to_list()


async def _by_id(collection: Any, keys: Iterable[str], projection: Projection) -> dict[str, Doc]:
    wanted = [key for key in dict.fromkeys(keys) if key is not None]
    if not wanted:
        return {}
    docs = await collection.find({"_id": {"$in": wanted}}, projection).to_list()
    return {doc["_id"]: doc for doc in docs}


async def topics_by_slug(database: Database, slugs: Iterable[str]) -> dict[str, Doc]:
    return await _by_id(database.topics, slugs, TOPIC)


async def providers_by_key(database: Database, keys: Iterable[str]) -> dict[str, Doc]:
    return await _by_id(database.providers, keys, PROVIDER)


async def sizes_by_url(database: Database, urls: Iterable[str]) -> dict[str, Doc]:
    """Sizes of images, for those that a document embeds without."""
    return await _by_id(database.images, urls, SIZE)


async def articles_by_url(database: Database, urls: Iterable[str]) -> dict[str, Doc]:
    """Slug and title of the newest published article that has each URL."""
    wanted = list(dict.fromkeys(urls))
    if not wanted:
        return {}
    cursor = database.articles.find(
        {"_index.visible": True, "_index.urls": {"$in": wanted}},
        {"title": 1, "publishedDateTime": 1, "_index.urls": 1},
    )
    docs = await cursor.to_list()
    docs.sort(key=lambda doc: (doc["publishedDateTime"], doc["_id"]))
    return {url: doc for doc in docs for url in doc["_index"]["urls"]}


async def articles_each(
    database: Database, slugs: list[str], projection: Projection, first: int
) -> dict[str, list[Doc]]:
    """The newest articles of each topic, in one command for all of them."""

    def part(slug: str) -> list[Doc]:
        return [
            {"$match": {"_index.visible": True, "_index.topics": slug}},
            {"$sort": dict(NEWEST)},
            {"$limit": first},
            {"$project": projection},
            {"$set": {"of": slug}},
        ]

    pipeline = part(slugs[0])
    pipeline += [{"$unionWith": {"coll": "articles", "pipeline": part(one)}} for one in slugs[1:]]
    found: dict[str, list[Doc]] = {slug: [] for slug in slugs}
    for doc in await (await database.articles.aggregate(pipeline)).to_list():
        found[doc["of"]].append(doc)
    return found


def _counted(path: str, *before: Doc, first: int = 1000) -> list[Doc]:
    return [
        *before,
        {"$match": {path: {"$type": "string"}}},
        {"$group": {"_id": f"${path}", "count": {"$sum": 1}}},
        {"$sort": {"count": -1, "_id": 1}},
        {"$limit": first},
    ]


async def facets(database: Database, slug: str) -> Doc:
    """`{"total": [{"count"}], "topics": [{"_id", "count"}], "providers": ..., "types": ...}`."""
    stages = {
        "total": [{"$count": "count"}],
        "topics": _counted("_index.topics", {"$unwind": "$_index.topics"}, first=10),
        "providers": _counted("_index.provider", first=10),
        "types": _counted("_index.type"),
    }
    pipeline = [{"$match": {"_index.visible": True, "_index.topics": slug}}, {"$facet": stages}]
    return (await (await database.articles.aggregate(pipeline)).to_list())[0]


def unsized(docs: Iterable[Doc]) -> list[str]:
    """The URLs of images that stand in these documents, or in their related items, unsized."""
    return [
        image["url"]
        for doc in docs
        for story in (doc, *(doc.get("related") or ()))
        for image in story.get("images") or ()
        if image.get("width") is None or image.get("height") is None
    ]
