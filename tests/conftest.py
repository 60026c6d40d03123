"""What every test may ask for: a real mongod, a database of its own, a mock, the commands sent."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient, monitoring

from store.connect import connect
from store.embedded import embedded, find_mongod
from store.errors import StoreUnavailable
from store.store import Store

Run = Callable[[Awaitable[Any]], Any]

# What a driver says by itself, whatever we ask of it.
_CHATTER = frozenset({"hello", "isMaster", "ismaster", "ping", "endSessions", "killCursors"})
_database_numbers = count(1)


class Commands(monitoring.CommandListener):
    """Every command that reached mongod since the last `clear`, as the driver sent it."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    def clear(self) -> None:
        self.sent.clear()

    @property
    def names(self) -> list[str]:
        return [next(iter(command)) for command in self.sent]

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if event.command_name not in _CHATTER:
            self.sent.append(dict(event.command))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        pass

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        pass


@pytest.fixture(scope="session")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="session")
def run(runner: asyncio.Runner) -> Run:
    """Runs an awaitable on the one loop of all tests, so that a client can serve many of them."""

    async def settled(awaitable: Awaitable[Any]) -> Any:
        return await awaitable

    return lambda awaitable: runner.run(settled(awaitable))


@pytest.fixture(scope="session")
def mongod_uri() -> Iterator[str]:
    """The URI of a real mongod. Without one these tests skip; in CI that is a failure."""
    try:
        find_mongod()
    except StoreUnavailable as error:
        if os.environ.get("CI"):
            pytest.fail(f"CI needs a mongod: {error}")
        pytest.skip(str(error))
    with (
        tempfile.TemporaryDirectory(prefix="newsstand-tests-") as folder,
        embedded(Path(folder)) as uri,
    ):
        yield uri


@pytest.fixture(scope="session")
def commands() -> Commands:
    """What the stores of this fixture file sent to mongod; `clear()` it before what you count."""
    return Commands()


@pytest.fixture(scope="session")
def mongod_store(mongod_uri: str, commands: Commands, run: Run) -> Iterator[Store]:
    """A store on the real mongod that stays open for all tests; its database is nobody's."""
    opened = AsyncExitStack()
    yield run(
        opened.enter_async_context(connect(uri=mongod_uri, database="tests", listeners=[commands]))
    )
    run(opened.aclose())


@pytest.fixture
def database_name(mongod_uri: str) -> Iterator[str]:
    """The name of a database of one test's own, dropped after it."""
    name = f"test_{next(_database_numbers)}"
    yield name
    with MongoClient[Any](mongod_uri) as client:
        client.drop_database(name)


@pytest.fixture
def store(mongod_store: Store, database_name: str, commands: Commands) -> Store:
    """An empty database on the real mongod, through PyMongo; `commands` sees what it sends."""
    commands.clear()
    return Store(mongod_store.client, database_name, mongod_store.driver)


@pytest.fixture
def mock_store(run: Run) -> Iterator[Store]:
    """An empty database in this process: no text search, explain, transaction, change stream."""
    opened = AsyncExitStack()
    yield run(opened.enter_async_context(connect(database="tests", driver="mongomock")))
    run(opened.aclose())


@asynccontextmanager
async def opened_with(
    driver: str, uri: str, database: str, *, wire: bool = False
) -> AsyncIterator[Store]:
    """A store through a driver by name, for suites that hold all drivers to the same."""
    async with connect(uri=uri, database=database, driver=driver, wire=wire) as store:
        yield store
