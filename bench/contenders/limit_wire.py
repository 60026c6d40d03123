"""The hand-written limit once more, reading as Newsstand does: past PyMongo, over `store.wire`.

It tells how far Newsstand is from what could be had on the same wire.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pymongo import AsyncMongoClient

from bench.contenders.limit import App
from store.reader import MAX_READ_DOCS
from store.wire import Wire

Doc = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """A read that is sent when its documents are asked for, as PyMongo's cursors are."""

    wire: Wire
    database: str
    command: Doc

    async def to_list(self) -> list[Doc]:
        return await self.wire.read(self.database, self.command, MAX_READ_DOCS)


@dataclass(frozen=True, slots=True)
class Collection:
    """As much of PyMongo's collection as the limit uses."""

    wire: Wire
    database: str
    name: str

    def find(
        self,
        where: Doc,
        projection: Mapping[str, int],
        sort: Iterable[tuple[str, int]] = (),
        limit: int = 0,
        batch_size: int = 0,
    ) -> Reading:
        command: Doc = {"find": self.name, "filter": where, "projection": projection}
        if sort:
            command["sort"] = dict(sort)
        if limit:
            command |= {"limit": limit, "batchSize": batch_size}
        return Reading(self.wire, self.database, command)

    async def find_one(self, where: Doc, projection: Mapping[str, int]) -> Doc | None:
        docs = await self.find(where, projection, limit=1, batch_size=1).to_list()
        return docs[0] if docs else None

    async def aggregate(self, pipeline: list[Doc]) -> Reading:
        command = {"aggregate": self.name, "pipeline": pipeline, "cursor": {}}
        return Reading(self.wire, self.database, command)


class Database:
    """As much of PyMongo's database as the limit uses."""

    def __init__(self) -> None:
        self.client: AsyncMongoClient[Doc] = AsyncMongoClient(os.environ["MONGODB_URI"])
        wire, name = Wire(self.client), os.environ["MONGODB_DB"]
        self.articles = Collection(wire, name, "articles")
        self.topics = Collection(wire, name, "topics")
        self.providers = Collection(wire, name, "providers")
        self.images = Collection(wire, name, "images")


app = App(lambda: Database())
