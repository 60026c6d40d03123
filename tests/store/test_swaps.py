"""Reads that meet a swap of collections: they are asked again, of the collections that came."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack

import pytest

from store.connect import connect
from store.errors import StoreError
from store.projection import project
from store.staging import stage, swap
from store.store import Store
from tests.conftest import Fail, Run

READS = ["find", "aggregate"]
KILLED = 175
COUNT = 3_000


@pytest.fixture(params=[True, False], ids=["over the wire", "through the driver"])
def swapped(request: pytest.FixtureRequest, failing_mongod: str, run: Run) -> Iterator[Store]:
    opened = AsyncExitStack()
    way = connect(uri=failing_mongod, database="swapped", wire=request.param)
    store = run(opened.enter_async_context(way))
    run(store.database.topics.insert_many([{"_id": number} for number in range(COUNT)]))
    yield store
    run(store.client.drop_database("swapped"))
    run(opened.aclose())


async def find(store: Store) -> int:
    projection = project(["_id"])
    return len(await store.reader().find("topics", {}, projection=projection, limit=COUNT))


async def count(store: Store) -> int:
    return await store.reader().count("topics", {"_id": {"$gte": 0}})


@pytest.mark.parametrize("read", [find, count])
def test_a_read_that_a_swap_ended_is_answered(swapped: Store, run: Run, fail: Fail, read) -> None:
    fail(READS, times=2, errorCode=KILLED)
    assert run(read(swapped)) == COUNT


def test_a_read_that_every_try_ends_is_an_error(swapped: Store, run: Run, fail: Fail) -> None:
    fail(READS, times=None, errorCode=KILLED)
    with pytest.raises(StoreError, match="refused while running a count in topics"):
        run(count(swapped))


def test_readers_notice_nothing_of_ten_swaps(swapped: Store, run: Run) -> None:
    async def all_the_while(done: asyncio.Event) -> Counter[int]:
        seen: Counter[int] = Counter()
        while not done.is_set():
            seen[await count(swapped)] += 1
        return seen

    async def both() -> list[Counter[int]]:
        done = asyncio.Event()
        readers = [asyncio.create_task(all_the_while(done)) for _ in range(6)]
        for number in range(10):
            await swap(swapped, await stage(swapped, f"swap-{number}"))
        done.set()
        return await asyncio.gather(*readers)

    assert all(seen.keys() == {COUNT} for seen in run(both()))
