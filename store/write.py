"""Where a load writes: raw documents into live collections, or into staged ones beside them.

Only the loader reads and writes through here: it has to see what is not published and what is
confidential. Whoever answers readers goes through `store.reader`.
"""

from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager
from itertools import islice
from typing import Any

import bson
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo import DeleteOne, InsertOne, ReplaceOne, WriteConcern

from store.driver import settle
from store.errors import translated
from store.store import Store

Doc = dict[str, Any]
Stored = Doc | RawBSONDocument
BATCH_DOCS = 1000
_AWARE: CodecOptions[Doc] = CodecOptions(tz_aware=True)


def encoded(doc: Doc) -> bytes:
    """A document as it travels between processes and to MongoDB."""
    return bson.encode(doc)


def stored_form(doc: Doc | bytes) -> Stored:
    """A document as it is sent: bytes that another process encoded are not decoded again."""
    return RawBSONDocument(doc) if isinstance(doc, bytes) else doc


def whole(doc: Doc | bytes) -> Doc:
    """A document as a dict, whichever process made it."""
    return bson.decode(doc, _AWARE) if isinstance(doc, bytes) else doc


class Writing:
    """One load's way to the collections: within a transaction, or to staged collections."""

    def __init__(
        self,
        store: Store,
        names: Mapping[str, str] | None = None,
        session: Any = None,
        concern: WriteConcern | None = None,
    ) -> None:
        self.concern = concern
        self.store = store
        self.names = names or {}
        self.options: dict[str, Any] = {"session": session} if session is not None else {}

    def collection(self, name: str) -> Any:
        """The driver's collection behind a name."""
        found = self.store.database[self.names.get(name, name)]
        return found.with_options(write_concern=self.concern) if self.concern else found

    async def find(
        self, name: str, where: Mapping[str, Any], projection: Mapping[str, Any] | None = None
    ) -> AsyncIterator[Doc]:
        """Every document that passes, one after the other."""
        with translated(f"reading {name}"):
            cursor = self.collection(name).find(where, projection, **self.options)
            async for doc in cursor:
                yield doc

    async def aggregate(self, name: str, pipeline: Sequence[Doc]) -> AsyncIterator[Doc]:
        """Every document that a pipeline gives."""
        with translated(f"reading {name}"):
            cursor = await settle(self.collection(name).aggregate(list(pipeline), **self.options))
            async for doc in cursor:
                yield doc

    async def count(self, name: str, where: Mapping[str, Any]) -> int:
        """How many documents pass."""
        with translated(f"counting {name}"):
            return int(await self.collection(name).count_documents(where, **self.options))

    async def put(self, name: str, docs: Iterable[Stored]) -> None:
        """Writes whole documents over those of the same id, or anew."""
        await self._bulk(name, (ReplaceOne({"_id": doc["_id"]}, doc, upsert=True) for doc in docs))

    async def insert(self, name: str, docs: Iterable[Stored]) -> None:
        """Writes documents whose ids are new."""
        await self._bulk(name, (InsertOne(doc) for doc in docs))

    async def remove(self, name: str, ids: Iterable[Any]) -> None:
        """Removes documents by id."""
        await self._bulk(name, (DeleteOne({"_id": one}) for one in ids))

    async def remove_where(self, name: str, where: Mapping[str, Any]) -> None:
        """Removes every document that passes."""
        with translated(f"writing {name}"):
            await self.collection(name).delete_many(where, **self.options)

    async def update(self, name: str, where: Mapping[str, Any], change: Mapping[str, Any]) -> None:
        """Changes every document that passes."""
        with translated(f"writing {name}"):
            await self.collection(name).update_many(where, change, **self.options)

    async def _bulk(self, name: str, operations: Iterator[Any]) -> None:
        while batch := list(islice(operations, BATCH_DOCS)):
            with translated(f"writing {name}"):
                if self.store.driver.is_mock:
                    await _one_by_one(self.collection(name), batch)
                else:
                    await self.collection(name).bulk_write(batch, ordered=False, **self.options)


async def _one_by_one(collection: Any, operations: list[Any]) -> None:
    """For mongomock, whose bulk_write does not take what PyMongo 4.20 gives it."""
    for operation in operations:
        if isinstance(operation, InsertOne):
            await collection.insert_one(operation._doc)
        elif isinstance(operation, DeleteOne):
            await collection.delete_one(operation._filter)
        else:
            await collection.replace_one(operation._filter, operation._doc, upsert=True)


@asynccontextmanager
async def transaction(
    store: Store, before: Callable[[Writing], Awaitable[None]]
) -> AsyncIterator[Writing]:
    """Writes that readers see all at once when the block ends, or never.

    `before` is called with the session that the transaction will run in.
    """
    if store.driver.is_mock:
        yield Writing(store)
        return
    async with store.session() as session:
        writing = Writing(store, session=session)
        await before(writing)
        async with await settle(session.start_transaction()):
            yield writing
