"""A replica set of two: what a secondary is asked, and what is kept while it lags."""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

import pytest
from pymongo import MongoClient, WriteConcern

from store.changes import Changes, Following
from store.connect import connect
from store.embedded import find_mongod
from store.projection import project
from store.store import Store
from tests.conftest import Run
from tests.store.test_changes import until


@dataclass(frozen=True)
class Pair:
    """The URIs of two members, each connected to directly."""

    primary: str
    secondary: str


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory, mongod_uri: str) -> Iterator[Pair]:
    """A primary and a secondary that lags when told to (`lagging`)."""
    folder = tmp_path_factory.mktemp("pair")
    with ExitStack() as opened:
        # A socket's path has to be short.
        short = opened.enter_context(TemporaryDirectory(prefix="newsstand-pair-", dir="/tmp"))
        sockets = [Path(short) / f"{number}.sock" for number in range(2)]
        uris = [f"mongodb://{quote(str(one), safe='')}/?directConnection=true" for one in sockets]
        for socket in sockets:
            (folder / socket.stem).mkdir()
            command = [
                find_mongod(), "--dbpath", str(folder / socket.stem), "--bind_ip", str(socket),
                "--nounixsocket", "--replSet", "pair", "--setParameter", "enableTestCommands=1",
                "--logpath", str(folder / f"{socket.stem}.log"), "--wiredTigerCacheSizeGB", "0.25",
            ]  # fmt: skip
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
            opened.callback(process.wait)
            opened.callback(process.kill)  # nobody needs its data, so nothing is written down
        _initiate(uris, sockets)
        yield Pair(*uris)


def _initiate(uris: list[str], sockets: list[Path]) -> None:
    members = [
        {"_id": number, "host": str(socket), "priority": 1 - number}
        for number, socket in enumerate(sockets)
    ]
    settings = {"heartbeatIntervalMillis": 100, "electionTimeoutMillis": 500}
    with MongoClient[Any](uris[0]) as first, MongoClient[Any](uris[1]) as second:
        second.admin.command("ping")
        first.admin.command(
            "replSetInitiate", {"_id": "pair", "members": members, "settings": settings}
        )
    with MongoClient[Any](uris[0]) as first:
        while not first.admin.command("hello")["isWritablePrimary"]:
            pass
        # Elected at once, and then for good, however slow the machine.
        config = first.admin.command("replSetGetConfig")["config"]
        config["settings"]["electionTimeoutMillis"] = 600_000
        first.admin.command("replSetReconfig", config | {"version": config["version"] + 1})
        both = WriteConcern(w=2, wtimeout=20_000)
        topics = first.wired.get_collection("topics", write_concern=both)
        topics.insert_many([{"_id": "t0"}, {"_id": "t1"}])


@contextmanager
def lagging(pair: Pair) -> Iterator[None]:
    """The secondary gets nothing meanwhile, so a majority has nothing new."""
    with MongoClient[Any](pair.secondary) as client:
        client.admin.command("configureFailPoint", "rsSyncApplyStop", mode="alwaysOn")
        try:
            yield
        finally:
            client.admin.command("configureFailPoint", "rsSyncApplyStop", mode="off")


async def ids(store: Store) -> list[str]:
    docs = await store.reader().find(
        "topics", {}, projection=project({"_id"}), order=(("_id", 1),), limit=10
    )
    return [doc["_id"] for doc in docs]


def test_a_secondary_answers_over_the_wire_where_a_uri_leads_to_it(
    pair: Pair, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def read() -> list[list[str]]:
        async with connect(uri=pair.secondary, database="wired") as store:
            monkeypatch.delattr(type(store._reads._through), "find")  # type: ignore[attr-defined]
            found = [await ids(store) for _ in range(3)]
            assert store._wire is not None
            assert len(store._wire._idle) == 1
            return found

    assert run(read()) == [["t0", "t1"]] * 3


def test_nothing_kept_is_used_while_most_of_a_replica_set_lags(
    pair: Pair, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.changes._AWAIT_MS", 20)
    monkeypatch.setattr("store.changes.STALE_SECONDS", 0.4)

    async def listened() -> None:
        async with connect(uri=pair.primary, database="wired") as store:
            changes = Changes(store.client, store.database, store.driver)
            here_alone = store.database.get_collection("providers", write_concern=WriteConcern(w=1))
            async with Following(changes):
                await until(store, lambda: changes.version("providers") is not None)
                before = changes.version("providers")
                with lagging(pair):
                    await here_alone.insert_one({"_id": "new"})
                    await until(store, lambda: changes.version("providers") is None)
                await until(store, lambda: changes.version("providers") not in (None, before))

    run(listened())
