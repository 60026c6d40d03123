"""Opens the store: a given MongoDB, or one of our own."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from store.driver import Driver
from store.embedded import embedded
from store.errors import translated
from store.store import Store

DEFAULT_DATA_DIR = Path("data")

# How long a command looks for a server before it says that there is none. Short: a gateway
# without its Mongo says so at once, and the next request looks anew.
SERVER_SELECTION_SECONDS = 1.0


@asynccontextmanager
async def connect(
    *,
    uri: str | None = None,
    database: str,
    driver: str = "pymongo",
    data_dir: Path | None = None,
    listeners: Sequence[Any] = (),
    wire: bool = True,
) -> AsyncIterator[Store]:
    """An open store; with a `uri` nothing is sent yet, so the server may come later.

    Without one the mongod in `data_dir` is started or joined, and runs when this returns;
    StoreUnavailable says why it cannot. `listeners` are PyMongo's monitoring listeners. `wire`:
    reads go past the driver where that can be, see `store.wire`.
    """
    opened = Driver(driver)
    if uri is not None or opened.is_mock:
        async with _opened(opened, uri or "", database, listeners, wire) as store:
            yield store
        return
    server = embedded(data_dir or DEFAULT_DATA_DIR)
    own_uri = await asyncio.to_thread(server.__enter__)
    try:
        async with _opened(opened, own_uri, database, listeners, wire) as store:
            yield store
    finally:
        await asyncio.to_thread(server.__exit__, None, None, None)


@asynccontextmanager
async def _opened(
    driver: Driver, uri: str, database: str, listeners: Sequence[Any], wire: bool
) -> AsyncIterator[Store]:
    with translated("reading its URI"):
        client = driver.open(
            uri,
            appname="newsstand",
            serverSelectionTimeoutMS=int(SERVER_SELECTION_SECONDS * 1000),
            connectTimeoutMS=int(SERVER_SELECTION_SECONDS * 1000),
            waitQueueTimeoutMS=5000,
            event_listeners=list(listeners),
        )
    store = Store(client, database, driver, wire=wire)
    try:
        yield store
    finally:
        await store.close()
