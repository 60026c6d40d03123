"""What every test may ask for: a real mongod, a database of its own, a mock, the commands sent."""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, settings
from pymongo import MongoClient, monitoring

from store.connect import connect
from store.embedded import embedded, find_mongod
from store.errors import StoreUnavailable
from store.store import Store
from tests.running import PATIENCE_SECONDS, ROOT, Start

Run = Callable[[Awaitable[Any]], Any]

# A property holds however slowly a busy machine makes and tries its examples. Examples that share a
# fixture are told apart by the tests themselves.
settings.register_profile(
    "newsstand",
    settings.default,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("newsstand")


class Fail(Protocol):
    """Makes commands fail as MongoDB's `failCommand` describes, so many times; always with None.

    `data`: `errorCode`, `closeConnection`, `blockConnection`, `namespace` and so on.
    """

    def __call__(self, commands: list[str], times: int | None = 1, **data: Any) -> None: ...


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


@pytest.fixture(scope="session")
def failing_mongod(mongod_uri: str) -> Iterator[str]:
    """The URI of another mongod, a replica set of one too, that fails when told to (`fail`)."""
    with tempfile.TemporaryDirectory(prefix="newsstand-failing-") as folder:
        socket = f"{folder}/mongod.sock"
        command = [
            find_mongod(), "--dbpath", folder, "--bind_ip", socket, "--nounixsocket",
            "--replSet", "failing", "--wiredTigerCacheSizeGB", "0.25",
            "--setParameter", "enableTestCommands=1", "--logpath", f"{folder}/log",
        ]  # fmt: skip
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            # What fails on purpose is no change of which a server tells: a monitor that waits to be
            # told would take it for away for ten seconds.
            options = "directConnection=true&serverMonitoringMode=poll"
            uri = f"mongodb://{quote(socket, safe='')}/?{options}"
            with MongoClient[Any](uri) as client:
                members = [{"_id": 0, "host": socket}]
                client.admin.command("replSetInitiate", {"_id": "failing", "members": members})
                while not client.admin.command("hello")["isWritablePrimary"]:
                    pass
            yield uri
        finally:
            process.kill()  # nobody needs its data, so nothing is written down
            process.wait()


@pytest.fixture
def fail(failing_mongod: str) -> Iterator[Fail]:
    """Tells `failing_mongod` what to fail at; all is well again after the test."""
    with MongoClient[Any](failing_mongod) as client:

        def fail(commands: list[str], times: int | None = 1, **data: Any) -> None:
            mode = "alwaysOn" if times is None else {"times": times}
            data["failCommands"] = commands
            client.admin.command("configureFailPoint", "failCommand", mode=mode, data=data)

        yield fail
        client.admin.command("configureFailPoint", "failCommand", mode="off")


@asynccontextmanager
async def opened_with(
    driver: str, uri: str, database: str, *, wire: bool = False
) -> AsyncIterator[Store]:
    """A store through a driver by name, for suites that hold all drivers to the same."""
    async with connect(uri=uri, database=database, driver=driver, wire=wire) as store:
        yield store


@pytest.fixture
def start(mongod_uri: str, database_name: str) -> Iterator[Start]:
    """Starts `newsstand ...` in a process of its own, on a free port unless told otherwise."""
    started: list[subprocess.Popen[str]] = []
    environment = os.environ | {
        "MONGODB_URI": mongod_uri, "MONGODB_DB": database_name, "NEWSSTAND_PORT": "0",
        "PYTHONUNBUFFERED": "1",
    }  # fmt: skip

    def run(*arguments: str, **settings: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "gql", *arguments]
        started.append(
            subprocess.Popen(
                command, cwd=ROOT, env=environment | settings, text=True,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            )
        )  # fmt: skip
        return started[-1]

    yield run
    for process in started:
        process.terminate()
        process.communicate(timeout=PATIENCE_SECONDS)
