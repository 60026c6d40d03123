"""Several commands side by side, none of which outlives the failure of another."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

T = TypeVar("T")


async def together(commands: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    """What several commands give, side by side; one alone needs no task of its own.

    The first that fails is the failure of all; the others have ended before it is told, so nothing
    reads or writes on for nobody.
    """
    if len(commands) < 2:
        return [await command for command in commands]
    tasks = [asyncio.create_task(command) for command in commands]
    try:
        return await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        raise
