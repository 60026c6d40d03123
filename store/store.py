"""An open database, and the readers that are made from it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from pymongo.read_preferences import ReadPreference

from store.changes import Changes, Following
from store.collections import COLLECTIONS, INDEXES, Index
from store.deadline import Deadline
from store.driver import Driver, settle
from store.errors import translated
from store.memory import Memory
from store.reader import Reader, bounded
from store.reads import DriverReads, Reads, WireReads
from store.trace import Trace


class Store:
    """One open database: from connect to close."""

    def __init__(self, client: Any, database: str, driver: Driver, *, wire: bool = True) -> None:
        self.client = client
        self.driver = driver
        self.database = client[database]
        self._wire = driver.wire(client) if wire else None
        self._reads: Reads = DriverReads(self.database, driver)
        if self._wire is not None:
            self._reads = WireReads(self._wire, database, self._reads)

    async def ping(self, *, timeout_seconds: float) -> None:
        """Returns once Mongo answered; raises StoreUnavailable or DeadlineExceeded."""
        if self.driver.is_mock:
            return
        with translated("asking whether it answers"):
            async with bounded(Deadline(timeout_seconds)):
                await self.client.admin.command("ping")

    async def transacts(self) -> bool:
        """Whether there are transactions: in a replica set or cluster, not on a single server."""
        if self.driver.is_mock:
            return False
        with translated("asking what it is"):
            hello = await self.client.admin.command("hello")
        return "setName" in hello or hello.get("msg") == "isdbgrid"

    def reader(
        self,
        *,
        unpublished: bool = False,
        deadline: Deadline | None = None,
        trace: Trace | None = None,
        memory: Memory | None = None,
    ) -> Reader:
        """A way to read what may be seen: only published articles unless `unpublished`."""
        return Reader(
            self.database, self._reads, unpublished=unpublished, deadline=deadline, trace=trace,
            memory=memory,
        )  # fmt: skip

    @asynccontextmanager
    async def memory(self) -> AsyncIterator[Memory | None]:
        """What may be kept between requests, listening for changes meanwhile; None without a
        server that tells of them, and where a secondary is read: that one may hear of a change
        later than we do, and what it held before would be kept as what came after.
        """
        if self.driver.is_mock or self.client.read_preference != ReadPreference.PRIMARY:
            yield None
            return
        async with Following(Changes(self.client, self.database, self.driver)) as changes:
            yield Memory(changes)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Any]:
        """A driver's session, for transactions; its commands raise the store's errors."""
        with translated("running a session"):
            async with await self.driver.session(self.client) as session:
                yield session

    async def ensure_indexes(self) -> None:
        """Makes every index of `store.collections`; one whose definition changed is made anew."""
        for collection in COLLECTIONS:
            await self.make_indexes(
                collection, [index for index in INDEXES if index.collection == collection]
            )

    async def make_indexes(self, collection: str, indexes: Sequence[Index]) -> None:
        """Makes these indexes of one collection."""
        with translated(f"making the indexes of {collection}"):
            await self.driver.make_indexes(self.database[collection], indexes)

    async def close(self) -> None:
        """Closes every connection."""
        if self._wire is not None:
            self._wire.close()
        await settle(self.client.close())
