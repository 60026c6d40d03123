"""Reads side by side: all of them, or the first failure and nothing that goes on."""

import asyncio

import pytest

from store.errors import StoreError
from store.together import together
from tests.conftest import Run


async def gives(value: int) -> int:
    return value


async def fails(why: str) -> int:
    raise StoreError(why) from OSError("behind it")


class Endless:
    """A read that ends only when it is told to, after one more step."""

    def __init__(self) -> None:
        self.begun, self.ended = asyncio.Event(), 0

    async def __call__(self) -> int:
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            self.ended += 1
        return 0


def test_values_come_in_the_order_of_their_reads(run: Run) -> None:
    assert run(together([gives(1), gives(2), gives(3)])) == [1, 2, 3]
    assert run(together([gives(1)])) == [1]
    assert run(together([])) == []


def test_the_first_failure_is_told_once_the_others_have_ended(run: Run) -> None:
    endless = Endless()

    async def fails_later() -> int:
        await endless.begun.wait()
        return await fails("first")

    async def ended() -> int:
        with pytest.raises(StoreError, match="first") as caught:
            await together([endless(), fails_later(), endless()])
        assert isinstance(caught.value.__cause__, OSError)
        return endless.ended

    assert run(ended()) == 2


def test_of_two_failures_the_first_in_time_is_told(run: Run) -> None:
    with pytest.raises(StoreError, match="one"):
        run(together([fails("one"), fails("two")]))


def test_who_stops_waiting_ends_the_reads(run: Run) -> None:
    endless = Endless()

    async def cancelled() -> None:
        asking = asyncio.create_task(together([endless(), endless()]))
        await endless.begun.wait()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking

    run(cancelled())
    assert endless.ended == 2
