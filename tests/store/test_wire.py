"""Reads over the wire: whole answers, and nothing lost where a connection or a server is."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from store.connect import connect
from store.deadline import Deadline
from store.errors import DeadlineExceeded, StoreError
from store.projection import project
from store.store import Store
from store.wire import _Line
from tests.conftest import Commands, Fail, Run

HERE = "localhost"
READS = ["find", "aggregate"]


@pytest.fixture
def wired(failing_mongod: str, run: Run) -> Iterator[Store]:
    opened = AsyncExitStack()
    store = run(opened.enter_async_context(connect(uri=failing_mongod, database="wired")))
    run(store.database.topics.delete_many({}))
    run(store.database.topics.insert_many([{"_id": f"topic-{n}"} for n in range(3)]))
    yield store
    run(opened.aclose())


def ids(store: Store, run: Run, deadline: Deadline | None = None) -> list[str]:
    found = run(
        store.reader(deadline=deadline).find(
            "topics", {}, projection=project(["_id"]), order=(("_id", 1),), limit=10
        )
    )
    return [doc["_id"] for doc in found]


ALL = ["topic-0", "topic-1", "topic-2"]


def lines(store: Store) -> list[_Line]:
    assert store._wire is not None
    return store._wire._idle


def test_one_connection_serves_reads_that_follow_one_another(wired: Store, run: Run) -> None:
    assert [ids(wired, run) for _ in range(3)] == [ALL] * 3
    assert len(lines(wired)) == 1


def test_reads_at_the_same_time_each_have_a_connection(wired: Store, run: Run) -> None:
    async def many() -> list[int]:
        reader = wired.reader()
        return await asyncio.gather(*(reader.count("topics", {}) for _ in range(5)))

    assert run(many()) == [3] * 5
    assert 2 <= len(lines(wired)) <= 5


def test_a_connection_that_ends_under_a_read_is_read_again(
    wired: Store, run: Run, fail: Fail
) -> None:
    ids(wired, run)
    fail(READS, closeConnection=True)
    assert ids(wired, run) == ALL
    assert lines(wired) == []


def test_a_server_that_is_no_primary_any_more_loses_its_connections(
    wired: Store, run: Run, fail: Fail
) -> None:
    run(three_counts(wired))
    assert len(lines(wired)) > 1
    fail(READS, errorCode=10107)
    assert ids(wired, run) == ALL
    assert lines(wired) == []


async def three_counts(store: Store) -> None:
    reader = store.reader()
    await asyncio.gather(*(reader.count("topics", {}) for _ in range(3)))


def test_what_mongod_refuses_is_told_and_the_connection_stays(wired: Store, run: Run) -> None:
    with pytest.raises(StoreError, match="unknown operator"):
        run(wired.reader().find("topics", {"a": {"$no": 1}}, projection={}, limit=1))
    assert len(lines(wired)) == 1
    assert ids(wired, run) == ALL


def test_an_answer_after_the_deadline_reaches_nobody(wired: Store, run: Run, fail: Fail) -> None:
    ids(wired, run)
    fail(READS, blockConnection=True, blockTimeMS=2_000)
    with pytest.raises(DeadlineExceeded):
        ids(wired, run, Deadline(0.5))  # long enough to be sent at all
    assert lines(wired) == []
    assert ids(wired, run) == ALL


def test_documents_of_more_than_one_message_come_in_order(wired: Store, run: Run) -> None:
    big = [{"_id": f"big-{n}", "text": "x" * 7_000_000} for n in range(5)]
    run(wired.database.images.delete_many({}))
    for doc in big:
        run(wired.database.images.insert_one(doc))
    reader = wired.reader()
    found = run(
        reader.find("images", {}, projection={"text": 1}, order=(("_id", 1),), limit=len(big))
    )
    assert found == big
    piped = run(reader.aggregate("images", [{"$sort": {"_id": 1}}]))
    assert piped == big


def test_what_has_been_idle_for_long_is_not_used(wired: Store, run: Run) -> None:
    ids(wired, run)
    (old,) = lines(wired)
    old._rested_at -= 3600
    assert ids(wired, run) == ALL
    assert old.closed
    assert lines(wired) != [old]


@pytest.mark.parametrize(
    "asked",
    ["readPreference=secondaryPreferred", "readConcernLevel=majority", "readPreference=nearest"],
)
def test_a_uri_that_asks_for_more_is_read_through_pymongo(
    failing_mongod: str, run: Run, asked: str
) -> None:
    async def wire() -> Any:
        async with connect(uri=f"{failing_mongod}&{asked}", database="wired") as store:
            return store._wire

    assert run(wire()) is None


def test_a_listener_hears_every_command(mongod_uri: str, run: Run) -> None:
    commands = Commands()

    async def counted() -> Any:
        async with connect(uri=mongod_uri, database="x", listeners=[commands]) as store:
            await store.reader().count("topics", {})
            return store._wire

    assert run(counted()) is None
    assert commands.names == ["aggregate"]


def test_more_reads_than_connections_are_left_to_pymongo(
    wired: Store, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.wire.MAX_CONNECTIONS", 1)
    run(three_counts(wired))
    assert len(lines(wired)) == 1


def test_a_pipeline_that_gives_too_much_is_not_read_to_its_end(
    wired: Store, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.reader.MAX_READ_DOCS", 10)
    many = [{"$set": {"n": {"$range": [0, 1000]}, "text": "x" * 20_000}}, {"$unwind": "$n"}]
    with pytest.raises(StoreError, match="more than 10 docs"):
        run(wired.reader().aggregate("topics", many))
    assert wired._wire is not None
    pipeline = {"aggregate": "topics", "pipeline": many, "cursor": {"batchSize": 1}}
    assert len(run(wired._wire.read("wired", pipeline, 11))) == 11
    open_cursors = run(wired.client.admin.command("serverStatus"))["metrics"]["cursor"]["open"]
    assert open_cursors["total"] == 0
    assert ids(wired, run) == ALL


def test_a_new_connection_that_ends_at_once_is_pymongos_to_try_again(
    mongod_uri: str, run: Run
) -> None:
    async def read_beside_a_drop() -> list[int]:
        ends: list[asyncio.StreamWriter] = []
        drops = iter(())
        host, path = HERE, mongod_uri.split("//")[1].split("/")[0].replace("%2F", "/")

        async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while data := await reader.read(65536):
                writer.write(data)
            writer.close()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if next(drops, False):
                writer.transport.abort()
                return
            far_reader, far_writer = await asyncio.open_unix_connection(path)
            ends.extend((writer, far_writer))
            await asyncio.gather(pipe(reader, far_writer), pipe(far_reader, writer))

        server = await asyncio.start_server(serve, host, 0)
        port = server.sockets[0].getsockname()[1]
        uri = f"mongodb://{host}:{port}/?directConnection=true"
        async with connect(uri=uri, database="wired") as store:
            await store.ping(timeout_seconds=5)
            drops = iter((True,))
            counted = [await store.reader().count("topics", {})]
            assert next(drops, None) is None
        server.close()
        for one in ends:
            one.close()
        return counted

    assert run(read_beside_a_drop()) == [0]
