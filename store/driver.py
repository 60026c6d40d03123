"""The three drivers, and all that differs between them.

PyMongo's asyncio API, Motor and mongomock-motor have the same names; what must be awaited
differs, and `settle` is where that ends. Nothing else in Newsstand knows which driver runs.
"""

import importlib
import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pymongo import IndexModel
from pymongo.errors import OperationFailure

from store.collections import Index
from store.wire import Wire, can_serve

# driver -> where its client is found
CLIENTS = {
    "pymongo": ("pymongo", "AsyncMongoClient"),
    "motor": ("motor.motor_asyncio", "AsyncIOMotorClient"),
    "mongomock": ("mongomock_motor", "AsyncMongoMockClient"),
}

_INDEX_DIFFERS = frozenset({85, 86})  # IndexOptionsConflict, IndexKeySpecsConflict


async def settle(value: Any) -> Any:
    """What a driver's call came to, whether that driver wants it awaited or not."""
    return await value if inspect.isawaitable(value) else value


@dataclass(frozen=True, slots=True)
class Driver:
    """One of CLIENTS by its name."""

    name: str

    def __post_init__(self) -> None:
        if self.name not in CLIENTS:
            allowed = ", ".join(CLIENTS)
            raise ValueError(f'Driver "{self.name}" is not known; allowed are {allowed}.')

    @property
    def is_mock(self) -> bool:
        """Whether no server is behind it: no text search, explain, transaction, change stream."""
        return self.name == "mongomock"

    def open(self, uri: str, **options: Any) -> Any:
        """A client; it connects with its first command. All dates come back aware, in UTC."""
        module, name = CLIENTS[self.name]
        client = getattr(importlib.import_module(module), name)
        if self.is_mock:
            return client(tz_aware=True)
        return client(uri, tz_aware=True, **options)

    def wire(self, client: Any) -> Wire | None:
        """A way past the driver for reads, where there is one for this client."""
        return Wire(client) if self.name == "pymongo" and can_serve(client) else None

    async def session(self, client: Any) -> Any:
        """A started session, to be used under `async with`."""
        return await settle(client.start_session())

    async def aggregate(self, collection: Any, pipeline: Sequence[Any], **options: Any) -> Any:
        """A cursor over the answer of a pipeline."""
        return await settle(collection.aggregate(list(pipeline), **options))

    async def make_indexes(self, collection: Any, indexes: Sequence[Index]) -> None:
        """Makes the indexes that are missing, and anew those that differ from their declaration."""
        for index in indexes:
            if self.is_mock and any(kind == "text" for _, kind in index.keys):
                continue
            await self._make_index(collection, index)

    async def _make_index(self, collection: Any, index: Index) -> None:
        options = dict(index.options)
        if self.is_mock:
            await collection.create_index(list(index.keys), name=index.name)
            return
        model = IndexModel(list(index.keys), name=index.name, **options)
        try:
            await collection.create_indexes([model])
        except OperationFailure as error:
            if error.code not in _INDEX_DIFFERS:
                raise
            await collection.drop_index(index.name)
            await collection.create_indexes([model])
