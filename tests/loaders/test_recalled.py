"""Who asks for what another is reading waits for it; its failure starts one read at a time."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from loaders.remembered import recalled
from store.errors import DeadlineExceeded, StoreError, StoreUnavailable
from store.memory import Table
from tests.conftest import Run


class Reading:
    """Reads that go on when they are let go, and are counted; each one fails, in turn, with what
    ``fails`` holds.
    """

    def __init__(self, *fails: Exception) -> None:
        self.asked: list[list[str]] = []
        self.begun, self.let_go = asyncio.Event(), asyncio.Event()
        self.fails = list(fails)
        self.running = self.most_running = 0

    async def __call__(self, keys: list[str]) -> Sequence[Any]:
        self.asked.append(keys)
        self.running += 1
        self.most_running = max(self.running, self.most_running)
        self.begun.set()
        try:
            await self.let_go.wait()
            await asyncio.sleep(0)
        finally:
            self.running -= 1
        if self.fails:
            raise self.fails.pop(0)
        return [key.upper() for key in keys]


async def upper(keys: list[str]) -> Sequence[Any]:
    return [f"own {key}" for key in keys]


def test_a_key_that_is_being_read_is_awaited(run: Run) -> None:
    async def both() -> None:
        table, reading = Table(1, 0.0, 10), Reading()
        first = asyncio.create_task(recalled(table, ["a", "b"], reading))
        await reading.begun.wait()
        reading.begun.clear()
        second = asyncio.create_task(recalled(table, ["b", "c"], reading))
        await reading.begun.wait()
        reading.let_go.set()
        assert await first == ["A", "B"]
        assert await second == ["B", "C"]
        assert reading.asked == [["a", "b"], ["c"]]
        assert table.reading == {}

    run(both())


@pytest.mark.parametrize("how", ["fails", "is cancelled"])
def test_a_read_that_fails_is_made_again_by_who_waited(run: Run, how: str) -> None:
    async def both() -> None:
        table, reading = Table(1, 0.0, 10), Reading(*[DeadlineExceeded()] if how == "fails" else [])
        first = asyncio.create_task(recalled(table, ["a"], reading))
        await reading.begun.wait()
        second = asyncio.create_task(recalled(table, ["a"], upper))
        await asyncio.sleep(0)
        if how == "is cancelled":
            first.cancel()
        reading.let_go.set()
        with pytest.raises((DeadlineExceeded, asyncio.CancelledError)):
            await first
        assert await second == ["own a"]
        assert table.values == {"a": "own a"}

    run(both())


def test_who_stops_waiting_stops_nobody_else(run: Run) -> None:
    async def both() -> None:
        table, reading = Table(1, 0.0, 10), Reading()
        first = asyncio.create_task(recalled(table, ["a"], reading))
        await reading.begun.wait()
        second = asyncio.create_task(recalled(table, ["a"], upper))
        await asyncio.sleep(0)
        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second
        reading.let_go.set()
        assert await first == ["A"]

    run(both())


async def fifty(reading: Reading, keys: Sequence[str] = ("a",)) -> list[Any]:
    """What fifty that ask for the same at the same time get, or are told."""
    table = Table(1, 0.0, 10)
    asking = [asyncio.create_task(recalled(table, keys, reading)) for _ in range(50)]
    await reading.begun.wait()
    await asyncio.sleep(0)
    reading.let_go.set()
    told = await asyncio.gather(*asking, return_exceptions=True)
    assert table.reading == {}
    return told


def test_after_a_failure_one_reads_and_the_others_wait_for_it(run: Run) -> None:
    reading = Reading(DeadlineExceeded(), StoreError())
    told = run(fifty(reading, ["a", "b"]))
    assert [type(one) for one in told[:2]] == [DeadlineExceeded, StoreError]
    assert told[2:] == [["A", "B"]] * 48
    assert reading.asked == [["a", "b"]] * 3
    assert reading.most_running == 1


def test_a_store_out_of_reach_fails_all_who_wait_after_one_read(run: Run) -> None:
    reading = Reading(StoreUnavailable("gone"))
    told = run(fifty(reading))
    assert [str(one) for one in told] == ["gone"] * 50
    assert len(reading.asked) == 1


def test_what_was_read_while_another_key_was_awaited_is_not_read_again(run: Run) -> None:
    async def three() -> None:
        table, slow, failing = Table(1, 0.0, 10), Reading(), Reading(DeadlineExceeded())
        slow_one = asyncio.create_task(recalled(table, ["slow"], slow))
        failing_one = asyncio.create_task(recalled(table, ["a"], failing))
        await slow.begun.wait()
        await failing.begun.wait()
        both = asyncio.create_task(recalled(table, ["a", "slow"], upper))
        await asyncio.sleep(0)
        failing.let_go.set()
        with pytest.raises(DeadlineExceeded):
            await failing_one
        table.keep("a", "kept meanwhile")
        slow.let_go.set()
        assert await slow_one == ["SLOW"]
        assert await both == ["kept meanwhile", "SLOW"]

    run(three())
