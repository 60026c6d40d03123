"""Readers during a swap, writes that meet others, a server without transactions, little memory."""

import asyncio
import subprocess
import tempfile
from pathlib import Path

import pytest

import seed.load as loading
from seed.generate import article, tree
from seed.load import Options, load
from store.connect import connect
from store.embedded import find_mongod
from store.errors import StoreConflict
from tests.schema.asking import ask
from tests.seed.helpers import everything, put

ASKED = """{ articles(first: 40) { totalCount nodes { slug heat topics { name } } }
  topics { totalCount } providers { totalCount } }"""


def fill(folder: Path, count: int, heat: int) -> None:
    for path, text in tree(count):
        lines = [f"heat: {heat}" if one.startswith("heat:") else one for one in text.split("\n")]
        put(folder, path, "\n".join(lines).replace("published: false", "published: true"))


def test_who_reads_during_a_swap_meets_the_old_store_or_the_new_one_and_no_error(
    store, run, tmp_path, monkeypatch
):
    monkeypatch.setattr(loading, "TRANSACTION_CHANGES", 10)
    fill(tmp_path, 40, heat=1)
    run(load(store, [tmp_path]))

    async def read(done: asyncio.Event) -> list[tuple[int, frozenset]]:
        seen = []
        while not done.is_set():
            result = await ask(store, ASKED, compiled=len(seen) % 2 == 0)
            assert result.errors == []
            page = result.data["articles"]
            heats = frozenset(one["heat"] for one in page["nodes"])
            assert len(page["nodes"]) == 40
            assert page["totalCount"] in (40, 55)
            assert result.data["topics"]["totalCount"] > 0
            seen.append((page["totalCount"], heats))
        return seen

    async def both() -> list[list[tuple[int, frozenset]]]:
        done = asyncio.Event()
        readers = [asyncio.create_task(read(done)) for _ in range(4)]
        for heat, count in ((2, 55), (3, 55), (4, 55)):
            await asyncio.to_thread(fill, tmp_path, count, heat)
            report = await load(store, [tmp_path])
            assert report.counts["changed"] >= 40
        done.set()
        return await asyncio.gather(*readers)

    for seen in run(both()):
        # One command is of one load: never some of the old articles and some of the new.
        assert all(len(heats) == 1 for _, heats in seen)
        order = [min(heats) for _, heats in seen]
        assert order == sorted(order)


def test_a_transaction_that_meets_another_write_is_tried_again(store, run, tmp_path):
    file = put(tmp_path, "_news/2020-01-01-a.md", "---\ntitle: A\n---\n")
    run(load(store, [tmp_path]))
    file.write_text("---\ntitle: B\n---\n")

    async def meeting() -> tuple[list[str], dict]:
        told: list[str] = []
        async with store.session() as session:
            await session.start_transaction()
            where = {"_id": "2020-01-01-a"}
            await store.database["articles"].update_one(
                where, {"$set": {"mine": 1}}, session=session
            )
            loop = asyncio.get_running_loop()
            ended: list[asyncio.Task] = []

            def tell(why: str) -> None:
                told.append(why)
                ended.append(loop.create_task(session.abort_transaction()))

            report = await load(store, [tmp_path], Options(on_retry=tell))
            await asyncio.gather(*ended)
        assert report.counts == {"changed": 1}
        return told, await everything(store)

    told, found = run(meeting())
    assert len(told) == 1
    assert "MongoDB refused while" in told[0]
    assert found["articles 2020-01-01-a"]["title"] == "B"


def test_what_fails_again_and_again_is_told_after_three_tries(store, run, tmp_path):
    file = put(tmp_path, "_news/2020-01-01-a.md", "---\ntitle: A\n---\n")
    run(load(store, [tmp_path]))
    file.write_text("---\ntitle: B\n---\n")
    told: list[str] = []

    async def meeting() -> None:
        async with store.session() as session:
            await session.start_transaction()
            where = {"_id": "2020-01-01-a"}
            await store.database["articles"].update_one(
                where, {"$set": {"mine": 1}}, session=session
            )
            with pytest.raises(StoreConflict):
                await load(store, [tmp_path], Options(on_retry=told.append))
            await session.abort_transaction()

    run(meeting())
    assert len(told) == 2
    assert run(everything(store))["articles 2020-01-01-a"]["title"] == "A"
    assert run(load(store, [tmp_path])).counts == {"changed": 1}


@pytest.fixture
def standalone(mongod_uri):
    """The URI of a mongod that is no replica set: it has no transactions."""
    with tempfile.TemporaryDirectory(prefix="newsstand-") as folder:
        socket = f"{folder}/mongod.sock"
        command = [find_mongod(), "--dbpath", folder, "--bind_ip", socket, "--logpath"]
        child = subprocess.Popen([*command, f"{folder}/log"], stdout=subprocess.DEVNULL)
        yield f"mongodb://{socket.replace('/', '%2F')}/?directConnection=true"
        child.terminate()
        child.wait()


def test_a_server_without_transactions_is_loaded_by_swaps(standalone, run, tmp_path):
    fill(tmp_path, 12, heat=1)

    async def loads() -> list[dict]:
        async with connect(uri=standalone, database="alone") as store:
            await loading.tried(store, _answers(store), wait_seconds=30, tell=lambda _: None)
            counts = [dict((await load(store, [tmp_path])).counts)]
            path, text = article(3)
            put(tmp_path, path, text.replace("heat:", "mine: 1\nheat:"))
            counts.append(dict((await load(store, [tmp_path])).counts))
            counts.append(dict((await load(store, [tmp_path])).counts))
            names = await store.database.list_collection_names()
            assert not [name for name in names if ".next-" in name]
            assert (await everything(store))[f"articles {Path(path).stem}"]["mine"] == 1
            return counts

    first, second, third = run(loads())
    files = sum(first.values())
    assert first == {"added": files}
    assert second == {"changed": 1, "unchanged": files - 1}
    assert third == {"unchanged": files}


def _answers(store):
    async def asked():
        await store.ping(timeout_seconds=2)

    return asked


def test_images_that_were_put_aside_end_as_those_that_were_not(store, run, tmp_path, monkeypatch):
    fill(tmp_path, 80, heat=1)
    put(
        tmp_path,
        "_news/2020-01-02-hidden.md",
        "---\ntitle: B\npublished: false\nimages: [https://p.org/hidden.png]\n---\n",
    )
    monkeypatch.setattr(loading, "TRANSACTION_CHANGES", 10)
    monkeypatch.setattr(loading, "CHUNK_FILES", 9)
    run(load(store, [tmp_path]))
    kept = run(everything(store))
    assert "images https://p.org/hidden.png" not in kept
    other = type(store)(store.client, f"{store.database.name}_aside", store.driver)
    monkeypatch.setattr(loading, "IMAGES_IN_MEMORY", 5)
    try:
        run(load(other, [tmp_path]))
        assert run(everything(other)) == kept
    finally:
        run(store.client.drop_database(other.database.name))
