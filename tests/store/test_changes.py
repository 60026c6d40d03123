"""Changes of the database are heard of, whoever makes them; silence is not taken for peace."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from store.changes import Changes, Following
from store.connect import connect
from store.store import Store
from tests.conftest import Run

PATIENCE_SECONDS = 60.0


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine may be silent for longer than what is served should bear."""
    monkeypatch.setattr("store.changes.STALE_SECONDS", PATIENCE_SECONDS)


async def until(store: Store, condition: Callable[[], bool]) -> None:
    """Returns once the condition holds; each look at it is a round trip to mongod."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():
            await store.ping(timeout_seconds=5)


async def heard(store: Store, change: Callable[[], Awaitable[Any]], *collections: str) -> None:
    changes = Changes(store.client, store.database, store.driver)
    async with Following(changes):
        await until(store, lambda: changes.version("topics") is not None)
        before = {name: changes.version(name) for name in ("topics", "providers", "articles")}
        await change()
        await until(
            store, lambda: all(changes.version(name) != before[name] for name in collections)
        )
        others = before.keys() - set(collections)
        assert {name for name in others if changes.version(name) != before[name]} == set()


def test_a_written_document_changes_its_collection_and_no_other(store: Store, run: Run) -> None:
    topics = store.database.topics
    run(heard(store, lambda: topics.insert_one({"_id": "a"}), "topics"))
    run(heard(store, lambda: topics.update_one({"_id": "a"}, {"$set": {"b": 1}}), "topics"))
    run(heard(store, lambda: topics.delete_one({"_id": "a"}), "topics"))


def test_a_collection_that_takes_anothers_place_has_changed(store: Store, run: Run) -> None:
    run(store.database.topics.insert_one({"_id": "old"}))
    run(store.database.staged_topics.insert_one({"_id": "new"}))
    rename = store.database.staged_topics.rename
    run(heard(store, lambda: rename("topics", dropTarget=True), "topics"))


def test_what_is_in_no_collection_of_ours_changes_nothing(store: Store, run: Run) -> None:
    async def twice() -> None:
        await store.database.other.insert_one({"_id": 1})
        await store.database.articles.insert_one({"_id": 1})

    run(heard(store, twice, "articles"))


def test_nothing_is_known_before_mongod_has_spoken_nor_long_after(store: Store, run: Run) -> None:
    changes = Changes(store.client, store.database, store.driver)
    assert changes.version("topics") is None

    async def listened() -> None:
        async with Following(changes):
            await until(store, lambda: changes.version("topics") is not None)

    run(listened())
    assert changes.version("topics") is not None
    changes._heard_at -= PATIENCE_SECONDS
    assert changes.version("topics") is None


def test_a_stream_that_fails_is_opened_again(
    store: Store, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.changes._RETRY_SECONDS", 0.0)
    changes = Changes(store.client, store.database, store.driver)

    async def killed() -> None:
        async with Following(changes):
            await until(store, lambda: changes.version("topics") is not None)
            before = changes.version("topics")
            # The session's cursor is killed under it.
            operations = await store.client.admin.aggregate(
                [{"$currentOp": {"idleCursors": True}}, {"$match": {"cursor.tailable": True}}]
            )
            async for one in operations:
                cursor = one["cursor"]["cursorId"]
                await store.database.command({"killCursors": "$cmd.aggregate", "cursors": [cursor]})
            await until(store, lambda: changes.version("topics") not in (None, before))

    run(killed())


@pytest.mark.parametrize(
    ("asked", "keeps"), [("primary", True), ("secondaryPreferred", False), ("nearest", False)]
)
def test_nothing_is_kept_of_what_a_secondary_may_have_said(
    mongod_uri: str, run: Run, asked: str, keeps: bool
) -> None:
    async def kept() -> bool:
        async with (
            connect(uri=f"{mongod_uri}&readPreference={asked}", database="x") as store,
            store.memory() as memory,
        ):
            return memory is not None

    assert run(kept()) is keeps
