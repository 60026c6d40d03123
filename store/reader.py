"""The only way in which the gateway and the loaders read documents.

A Reader adds visibility to every read of articles, asks for no confidential key, hands the
deadline to Mongo, and writes down each command. See `store.pipeline` for what it does to a
pipeline.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeVar

import bson

from store.collections import HIDING, Order
from store.deadline import Deadline
from store.errors import DeadlineExceeded, StoreError, translated, translation, was_swapped
from store.figures import to_explain
from store.memory import Memory
from store.pipeline import EACH, seen, seen_each, visible
from store.projection import Projection
from store.reads import Reads
from store.trace import Command, Trace
from store.where import Where

Doc = dict[str, Any]
T = TypeVar("T")

# What a read gets where its caller set no deadline.
DEFAULT_READ_SECONDS = 30.0
MAX_READ_DOCS = 20_000
# How many reads one command unites; Mongo allows a pipeline of 1,000 stages.
MAX_UNION = 500
# How many loads may end the same read, one after the other.
_MAX_SWAPS = 3

# Mongo ends a command by itself at the deadline and says so; only a Mongo that says nothing
# any more is left alone, this much later.
_GRACE_SECONDS = 0.25


class Reader:
    """Reads for one caller, with that caller's rights, deadline and trace."""

    def __init__(
        self,
        database: Any,
        reads: Reads,
        *,
        unpublished: bool = False,
        deadline: Deadline | None = None,
        trace: Trace | None = None,
        memory: Memory | None = None,
    ) -> None:
        self.memory = memory
        self.unpublished = unpublished
        self.deadline = deadline
        self.trace = trace
        self._database = database
        self._reads = reads

    async def find(
        self,
        collection: str,
        where: Where,
        *,
        projection: Projection,
        order: Order = (),
        limit: int,
        hint: str | None = None,
    ) -> list[Doc]:
        """At most `limit` documents, in one round trip. A limit is 1 to MAX_READ_DOCS."""
        _check_limit(limit)
        full = self.where(collection, where)
        send = partial(self._reads.find, collection, full, projection, order, limit, hint)
        return await self._sent(send, collection, "find", full, projection, order, limit, hint)

    async def count(self, collection: str, where: Where) -> int:
        """How many documents there are."""
        full = self.where(collection, where)
        return await self._sent(
            partial(self._reads.count, collection, full), collection, "count", full
        )

    async def aggregate(self, collection: str, pipeline: Sequence[Doc]) -> list[Doc]:
        """What a pipeline comes to, at most MAX_READ_DOCS documents, in one round trip.

        Visibility is put before the first stage and into every sub-pipeline over articles.
        """
        return await self._aggregated(
            collection, seen(collection, pipeline, unpublished=self.unpublished)
        )

    async def _aggregated(self, collection: str, full: list[Doc]) -> list[Doc]:
        send = partial(self._reads.aggregate, collection, full, MAX_READ_DOCS + 1)
        docs = await self._sent(send, collection, "aggregate", full)
        if len(docs) > MAX_READ_DOCS:
            raise StoreError(f"A pipeline over {collection} gave more than {MAX_READ_DOCS} docs.")
        return docs

    async def find_each(
        self,
        collection: str,
        wheres: Sequence[Where],
        *,
        projection: Projection,
        order: Order = (),
        limit: int,
    ) -> list[list[Doc]]:
        """What `find` gives for each of several wheres, in one round trip for all of them."""
        if len(wheres) == 1:
            return [
                await self.find(
                    collection, wheres[0], projection=projection, order=order, limit=limit
                )
            ]
        _check_limit(limit)
        sort: list[Doc] = [{"$sort": dict(order)}] if order else []
        tail = [*sort, {"$limit": limit}, {"$project": projection}]
        return await self.aggregate_each(collection, wheres, tail)

    async def aggregate_each(
        self, collection: str, wheres: Sequence[Where], pipeline: Sequence[Doc]
    ) -> list[list[Doc]]:
        """What a pipeline gives for each of several wheres: one round trip for up to
        MAX_UNION of them.
        """
        found: list[list[Doc]] = [[] for _ in wheres]
        for start in range(0, len(wheres), MAX_UNION):
            some = wheres[start : start + MAX_UNION]
            union = seen_each(collection, some, pipeline, unpublished=self.unpublished)
            for doc in await self._aggregated(collection, union):
                found[start + doc.pop(EACH)].append(doc)
        return found

    async def explain(
        self,
        collection: str,
        where: Where,
        *,
        projection: Projection,
        order: Order = (),
        limit: int,
    ) -> Doc:
        """How Mongo runs such a find, with the figures of a run ("executionStats")."""
        _check_limit(limit)
        find = {
            "find": collection,
            "filter": self.where(collection, where),
            "projection": projection,
            "sort": dict(order),
            "limit": limit,
        }
        with translated(f"explaining a find in {collection}"):
            doc: Doc = await self._database.command("explain", find, verbosity="executionStats")
            return doc

    async def explain_sent(self, command: Command) -> Doc:
        """How Mongo runs a command of the trace, just as it was sent ("executionStats")."""
        deadline = self.deadline or Deadline(DEFAULT_READ_SECONDS)
        if deadline.expired:
            raise DeadlineExceeded("No time is left to explain.")
        with translated(f"explaining a {command.kind} in {command.collection}"):
            async with bounded(deadline):
                doc: Doc = await self._database.command(
                    "explain",
                    to_explain(command),
                    verbosity="executionStats",
                    maxTimeMS=deadline.remaining_ms(),
                )
                return doc

    def where(self, collection: str, where: Where) -> Where:
        """A where with what this reader may see, as it is sent."""
        if collection not in HIDING:
            return where
        return visible(where, unpublished=self.unpublished)

    def key_of(self, collection: str, where: Where) -> bytes:
        """A where with what this reader may see, as a key to keep its answer under."""
        with translated("encoding a where"):
            key: bytes = bson.encode(self.where(collection, where))
            return key

    async def _sent(
        self,
        send: Callable[[int], Awaitable[T]],
        collection: str,
        kind: str,
        where: Any,
        projection: Any = None,
        order: Order = (),
        limit: int | None = None,
        hint: str | None = None,
    ) -> T:
        """One command: its time limit in ms, its errors, its line in the trace."""
        deadline = self.deadline or Deadline(DEFAULT_READ_SECONDS)
        if deadline.expired:
            raise DeadlineExceeded(f"No time is left for a {kind} in {collection}.")
        start = time.perf_counter()
        try:
            async with asyncio.timeout(deadline.remaining_seconds() + _GRACE_SECONDS):
                return await _through_swaps(partial(_in_time, send, deadline))
        except TimeoutError as error:
            raise _silent(deadline) from error
        except Exception as error:
            raise translation(error, f"running a {kind} in {collection}") from error
        finally:
            if self.trace is not None:
                ms = (time.perf_counter() - start) * 1000
                self.trace.commands.append(
                    Command(collection, kind, where, projection, order, limit, ms, hint)
                )


async def _through_swaps(read: Callable[[], Awaitable[T]]) -> T:
    """What a load ended by swapping collections is read again, of the new ones."""
    for _ in range(_MAX_SWAPS):
        try:
            return await read()
        except Exception as error:
            if not was_swapped(error):
                raise
    return await read()


async def _in_time(send: Callable[[int], Awaitable[T]], deadline: Deadline) -> T:
    return await send(deadline.remaining_ms() or 1)


@asynccontextmanager
async def bounded(deadline: Deadline) -> AsyncIterator[None]:
    """Ends what runs inside a little after the deadline, with DeadlineExceeded."""
    try:
        async with asyncio.timeout(deadline.remaining_seconds() + _GRACE_SECONDS):
            yield
    except TimeoutError as error:
        raise _silent(deadline) from error


def _silent(deadline: Deadline) -> DeadlineExceeded:
    return DeadlineExceeded(f"MongoDB did not answer within {deadline.seconds:g} seconds.")


def _check_limit(limit: int) -> None:
    # To Mongo 0 means no limit and a negative one means a single batch.
    if not 1 <= limit <= MAX_READ_DOCS:
        raise ValueError(f"A read of {limit} documents; allowed are 1 to {MAX_READ_DOCS}.")
