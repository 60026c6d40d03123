"""Who asks for what another is reading waits for it, and is not harmed by its failure."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from loaders.remembered import recalled
from store.memory import Table
from tests.conftest import Run


class Reading:
    """A read that goes on when it is let go, and counts."""

    def __init__(self, *, fails: bool = False) -> None:
        self.asked: list[list[str]] = []
        self.begun, self.let_go = asyncio.Event(), asyncio.Event()
        self.fails = fails

    async def __call__(self, keys: list[str]) -> Sequence[Any]:
        self.asked.append(keys)
        self.begun.set()
        await self.let_go.wait()
        if self.fails:
            raise ConnectionError
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
        table, reading = Table(1, 0.0, 10), Reading(fails=how == "fails")
        first = asyncio.create_task(recalled(table, ["a"], reading))
        await reading.begun.wait()
        second = asyncio.create_task(recalled(table, ["a"], upper))
        await asyncio.sleep(0)
        if how == "is cancelled":
            first.cancel()
        reading.let_go.set()
        with pytest.raises((ConnectionError, asyncio.CancelledError)):
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
