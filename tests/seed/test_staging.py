"""All or nothing: large loads, two loads at once, a lock or a swap that was left."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

import seed.load as loading
from seed.generate import article, tree
from seed.load import load
from store.lock import Busy, locked
from store.staging import STATE
from tests.seed.helpers import everything, put


def fill(folder: Path, count: int, *, seed: int = 0) -> None:
    for path, text in tree(count, seed=seed):
        put(folder, path, text)


def test_a_staged_load_ends_where_a_transaction_ends(store, run, tmp_path, monkeypatch):
    fill(tmp_path, 80)
    run(load(store, [tmp_path]))
    at_once = run(everything(store))
    other = type(store)(store.client, f"{store.database.name}_staged", store.driver)
    monkeypatch.setattr(loading, "TRANSACTION_CHANGES", 10)
    monkeypatch.setattr(loading, "CHUNK_FILES", 7)
    try:
        run(load(other, [tmp_path]))  # into nothing
        assert run(everything(other)) == at_once
        for number in range(0, 60, 2):  # over what is there
            path, text = article(number)
            put(tmp_path, path, text.replace("heat:", "mine: 1\nheat:"))
        report = run(load(other, [tmp_path]))
        assert report.counts["changed"] == 30
        run(load(store, [tmp_path]))
        assert run(everything(other)) == run(everything(store))
        names = run(other.database.list_collection_names())
        assert not [name for name in names if ".next-" in name]
    finally:
        run(store.client.drop_database(other.database.name))


def test_a_second_load_is_refused_with_a_sentence_or_waits(store, run, tmp_path):
    fill(tmp_path, 3)

    async def two():
        async with locked(store):
            with pytest.raises(Busy, match=r"Another load runs since .*--wait SECONDS"):
                await load(store, [tmp_path])
            waiting = asyncio.create_task(load(store, [tmp_path], loading.Options(wait_seconds=30)))
            await asyncio.sleep(0)
            assert not waiting.done()
        return await waiting

    assert run(two()).exit_code == 0


def test_the_lock_of_a_process_that_is_gone_is_taken_over(store, run, tmp_path):
    fill(tmp_path, 2)
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()

    async def over():
        async with locked(store):
            change = {"$set": {"pid": ended.pid, "owner": "somebody"}}
            await store.database[STATE].update_one({"_id": "lock"}, change)
            return await load(store, [tmp_path])

    assert run(over()).exit_code == 0


def test_a_swap_that_was_cut_off_is_finished_by_the_next_load(store, run, tmp_path):
    fill(tmp_path, 5)
    run(load(store, [tmp_path]))

    async def cut_off():
        staged = "articles.next-x"
        await store.database[staged].insert_one({"_id": "from-the-swap"})
        note = {"_id": "swap", "names": [["articles", staged], ["topics", "topics.next-x"]]}
        await store.database[STATE].insert_one(note)

    run(cut_off())
    run(load(store, [tmp_path]))
    assert "articles from-the-swap" in run(everything(store))
    assert run(store.database[STATE].count_documents({})) == 0
