"""How a read is sent: through a driver, or straight over the wire.

Both ways give the same documents, and raise PyMongo's errors. ``max_ms`` is the time that Mongo may
take; ``limit`` a bound on what comes back, which the caller has checked.
"""

from collections.abc import Sequence
from typing import Any, Protocol

from store.collections import Order
from store.driver import Driver
from store.projection import Projection
from store.where import Where
from store.wire import Lost, Wire

Doc = dict[str, Any]


class Reads(Protocol):
    """The three reads that there are."""

    async def find(
        self, collection: str, where: Where, projection: Projection, order: Order, limit: int,
        hint: str | None, max_ms: int,
    ) -> list[Doc]:  # fmt: skip
        """At most `limit` documents."""

    async def aggregate(
        self, collection: str, pipeline: Sequence[Doc], limit: int, max_ms: int
    ) -> list[Doc]:
        """What a pipeline gives, at most `limit` documents."""

    async def count(self, collection: str, where: Where, max_ms: int) -> int:
        """How many documents there are."""


class DriverReads:
    """Reads through the API that the drivers share."""

    def __init__(self, database: Any, driver: Driver) -> None:
        self._database = database
        self._driver = driver

    async def find(
        self, collection: str, where: Where, projection: Projection, order: Order, limit: int,
        hint: str | None, max_ms: int,
    ) -> list[Doc]:  # fmt: skip
        """See Reads."""
        cursor = self._database[collection].find(
            where, projection, limit=limit, batch_size=limit, max_time_ms=max_ms
        )
        if order:
            cursor = cursor.sort(list(order))
        if hint is not None and not self._driver.is_mock:
            cursor = cursor.hint(hint)
        docs: list[Doc] = await cursor.to_list(limit)
        return docs

    async def aggregate(
        self, collection: str, pipeline: Sequence[Doc], limit: int, max_ms: int
    ) -> list[Doc]:
        """See Reads."""
        cursor = await self._driver.aggregate(
            self._database[collection], pipeline, maxTimeMS=max_ms, batchSize=limit
        )
        docs: list[Doc] = await cursor.to_list(limit)
        return docs

    async def count(self, collection: str, where: Where, max_ms: int) -> int:
        """See Reads."""
        return int(await self._database[collection].count_documents(where, maxTimeMS=max_ms))


class WireReads:
    """Reads over the wire; what gets lost there is read again through the driver."""

    def __init__(self, wire: Wire, database: str, through: DriverReads) -> None:
        self._wire = wire
        self._database = database
        self._through = through

    async def find(
        self, collection: str, where: Where, projection: Projection, order: Order, limit: int,
        hint: str | None, max_ms: int,
    ) -> list[Doc]:  # fmt: skip
        """See Reads."""
        command: Doc = {
            "find": collection, "filter": where, "projection": projection,
            "limit": limit, "batchSize": limit, "maxTimeMS": max_ms,
        }  # fmt: skip
        if order:
            command["sort"] = dict(order)
        if hint is not None:
            command["hint"] = hint
        try:
            return await self._wire.read(self._database, command, limit)
        except Lost:
            return await self._through.find(
                collection, where, projection, order, limit, hint, max_ms
            )

    async def aggregate(
        self, collection: str, pipeline: Sequence[Doc], limit: int, max_ms: int
    ) -> list[Doc]:
        """See Reads."""
        command: Doc = {
            "aggregate": collection, "pipeline": list(pipeline),
            "cursor": {"batchSize": limit}, "maxTimeMS": max_ms,
        }  # fmt: skip
        try:
            return await self._wire.read(self._database, command, limit)
        except Lost:
            return await self._through.aggregate(collection, pipeline, limit, max_ms)

    async def count(self, collection: str, where: Where, max_ms: int) -> int:
        """See Reads."""
        counted = [{"$match": where}, {"$group": {"_id": 1, "n": {"$sum": 1}}}]
        found = await self.aggregate(collection, counted, 1, max_ms)
        return int(found[0]["n"]) if found else 0
