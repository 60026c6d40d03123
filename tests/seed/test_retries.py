"""A load that MongoDB interrupts starts anew: it completes, or gives up and has changed nothing."""

import asyncio
import subprocess
import sys
from contextlib import AsyncExitStack

import pytest
from click.testing import CliRunner
from pymongo import MongoClient

import seed.load as loading
import seed.retry as retry
from seed.cli import seed
from seed.generate import tree
from seed.load import Options, load
from store.connect import connect
from store.errors import StoreUnavailable
from store.staging import STATE
from tests.schema.asking import data_of
from tests.seed.helpers import put

DATABASE = "retries"
FILES = 4
# What happens to a write, how often PyMongo tries that one anew outside of transactions, and
# what a person is told.
WAYS = {
    "connection": ({"closeConnection": True}, 1, "MongoDB is out of reach while writing articles"),
    "primary": ({"errorCode": 10107}, 1, "MongoDB is out of reach while writing articles"),
    "shutdown": ({"errorCode": 91}, 1, "MongoDB is out of reach while writing articles"),
    "conflict": ({"errorCode": 112}, 0, "MongoDB refused while writing articles"),
}


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr(retry, "_PAUSE_SECONDS", 0)


@pytest.fixture
def site(tmp_path):
    write(tmp_path, "old")
    return tmp_path


@pytest.fixture
def failing_store(failing_mongod, run, site):
    """A store that holds the site as it was first."""
    opened = AsyncExitStack()
    store = run(opened.enter_async_context(connect(uri=failing_mongod, database=DATABASE)))
    run(load(store, [site]))
    yield store
    run(opened.aclose())
    with MongoClient(failing_mongod) as client:
        client.drop_database(DATABASE)


@pytest.fixture(params=["transaction", "staged"])
def written(request, monkeypatch) -> str:
    """The collection that a load writes its articles to."""
    if request.param == "transaction":
        return "articles"
    monkeypatch.setattr(loading, "TRANSACTION_CHANGES", 1)
    monkeypatch.setattr(loading, "new_token", lambda: "known")
    return "articles.next-known"


def write(folder, title):
    for number in range(FILES):
        put(folder, f"_news/2020-01-0{number + 1}-a.md", f"---\ntitle: {title} {number}\n---\n")


def titles(store, run):
    nodes = run(data_of(store, "{ articles { nodes { title } } }"))["articles"]["nodes"]
    return {one["title"].split()[0] for one in nodes}, len(nodes)


def arguments(uri, site, *, wait=9):
    return [str(site), "--uri", uri, "--db", DATABASE, "--wait", str(wait)]


def cli(uri, site, *, wait=9):
    return CliRunner().invoke(seed, arguments(uri, site, wait=wait))


def left_over(store, run):
    names = run(store.database.list_collection_names())
    return [name for name in names if ".next-" in name]


def locks(store, run):
    return run(store.database[STATE].count_documents({"_id": "lock"}))


@pytest.mark.parametrize("way", WAYS)
def test_a_write_that_fails_is_made_good_by_a_second_try_of_the_load(
    failing_store, run, site, fail, written, way
):
    how, tries_of_pymongo, sentence = WAYS[way]
    write(site, "new")
    times = 1 if written == "articles" else 1 + tries_of_pymongo
    fail(["update"], times, namespace=f"{DATABASE}.{written}", **how)
    told = []
    report = run(load(failing_store, [site], Options(on_retry=told.append, wait_seconds=9)))
    assert [one.startswith(sentence) for one in told] == [True]
    assert report.counts == {"changed": FILES}
    assert titles(failing_store, run) == ({"new"}, FILES)
    assert locks(failing_store, run) == 0
    assert left_over(failing_store, run) == []


@pytest.mark.parametrize("way", WAYS)
def test_a_write_that_fails_again_and_again_is_one_sentence_and_readers_see_what_was_before(
    failing_store, failing_mongod, run, site, fail, written, way
):
    how, _, sentence = WAYS[way]
    write(site, "new")
    fail(["update"], None, namespace=f"{DATABASE}.{written}", **how)
    result = cli(failing_mongod, site)
    assert result.exit_code == 2
    heads = [f"Trying again: {sentence}", f"Trying again: {sentence}", f"Error: {sentence}"]
    lines = [
        line[: len(head)] for line, head in zip(result.stderr.splitlines(), heads, strict=True)
    ]
    assert lines == heads
    assert "Topology" not in result.stderr
    assert "clusterTime" not in result.stderr
    assert titles(failing_store, run) == ({"old"}, FILES)
    assert locks(failing_store, run) == 0
    fail(["update"], 0)
    assert cli(failing_mongod, site).exit_code == 0
    assert titles(failing_store, run) == ({"new"}, FILES)
    assert left_over(failing_store, run) == []


def test_a_transaction_that_could_not_be_ended_does_not_hold_up_the_next_try(
    failing_store, run, site, fail
):
    # One try of a load deletes twice, in the transaction and to give the lock back, and PyMongo
    # sends the latter and the end of the transaction twice.
    write(site, "new")
    fail(["delete", "abortTransaction"], 5, closeConnection=True)
    told = []
    again = load(failing_store, [site], Options(on_retry=told.append, wait_seconds=9))
    report = run(asyncio.wait_for(again, 30))  # MongoDB itself would end it after a minute or more
    assert [one.partition(":")[0] for one in told] == [
        "MongoDB is out of reach while giving the lock back"
    ]
    assert report.counts == {"changed": FILES}
    assert titles(failing_store, run) == ({"new"}, FILES)
    assert locks(failing_store, run) == 0


def test_a_lock_that_could_not_be_given_back_is_taken_over_at_once_by_the_next_load(
    failing_store, failing_mongod, run, site, fail
):
    write(site, "new")
    fail(["delete"], None, closeConnection=True)
    command = [sys.executable, "-m", "seed", *arguments(failing_mongod, site)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "Error: MongoDB is out of reach while giving the lock back" in ended.stderr
    assert titles(failing_store, run) == ({"old"}, FILES)
    assert locks(failing_store, run) == 1
    fail(["delete"], 0)
    assert cli(failing_mongod, site, wait=0).exit_code == 0
    assert titles(failing_store, run) == ({"new"}, FILES)
    assert locks(failing_store, run) == 0


def test_a_swap_that_fails_is_finished_by_the_next_try(failing_store, run, site, fail, monkeypatch):
    monkeypatch.setattr(loading, "TRANSACTION_CHANGES", 1)
    write(site, "new")
    fail(["applyOps"], 1, closeConnection=True)
    told = []
    report = run(load(failing_store, [site], Options(on_retry=told.append, wait_seconds=9)))
    assert [one.partition(":")[0] for one in told] == [
        "MongoDB is out of reach while swapping collections"
    ]
    assert titles(failing_store, run) == ({"new"}, FILES)
    assert report.counts == {"unchanged": FILES}  # the first try had loaded them
    assert run(failing_store.database["loads"].count_documents({})) == 2
    assert left_over(failing_store, run) == []


def test_a_swap_that_fails_again_and_again_leaves_the_old_store_until_the_next_load(
    failing_store, failing_mongod, run, site, fail, monkeypatch
):
    monkeypatch.setattr(loading, "TRANSACTION_CHANGES", 1)
    write(site, "new")
    fail(["applyOps"], None, errorCode=10107)
    result = cli(failing_mongod, site)
    assert result.exit_code == 2
    assert "Error: MongoDB is out of reach while swapping collections" in result.stderr
    assert titles(failing_store, run) == ({"old"}, FILES)
    assert locks(failing_store, run) == 0
    fail(["applyOps"], 0)
    assert cli(failing_mongod, site, wait=0).exit_code == 0
    assert titles(failing_store, run) == ({"new"}, FILES)
    assert left_over(failing_store, run) == []


def test_what_was_written_beside_a_failure_does_not_write_on_into_the_next_try(
    store, run, tmp_path, monkeypatch
):
    monkeypatch.setattr(loading, "TRANSACTION_CHANGES", 20)
    monkeypatch.setattr(loading, "CHUNK_FILES", 50)
    for path, text in tree(100):
        put(tmp_path, path, text)
    index, write = loading.index_staged, loading.write_all
    tries, ended = [], []

    async def fails_once(*given):
        tries.append(given)
        if len(tries) == 1:
            await asyncio.sleep(0)  # the other has begun
            raise StoreUnavailable("away")
        await index(*given)

    async def never_ends_once(*given, **options):
        if len(tries) == 1:
            try:
                await asyncio.Event().wait()
            finally:
                ended.append("the first")
        assert ended == ["the first"]
        await write(*given, **options)

    monkeypatch.setattr(loading, "index_staged", fails_once)
    monkeypatch.setattr(loading, "write_all", never_ends_once)
    assert run(load(store, [tmp_path])).counts["added"] > 100
    assert len(tries) == 2
