"""Waiting for MongoDB, and trying again what may be tried again."""

import asyncio
from collections.abc import Awaitable, Callable

from seed.report import Report
from store.errors import StoreConflict, StoreError, StoreUnavailable
from store.lock import Busy, TakenOver
from store.store import Store

TRIES = 3
_LOOK_SECONDS = 0.25
_PAUSE_SECONDS = 0.2


async def reachable(store: Store, wait_seconds: float) -> None:
    """Returns once MongoDB answers; raises StoreUnavailable after this long."""
    loop = asyncio.get_running_loop()
    until = loop.time() + wait_seconds
    while True:
        try:
            await store.ping(timeout_seconds=2)
            return
        except StoreError:
            if loop.time() >= until:
                raise
        await asyncio.sleep(_LOOK_SECONDS)


async def tried(
    store: Store,
    work: Callable[[], Awaitable[Report]],
    *,
    wait_seconds: float,
    tell: Callable[[str], None],
) -> Report:
    """What `work` gives, started anew up to TRIES times where MongoDB went away (a lost
    connection, another primary) or a transaction met another write.

    A load is all or nothing, and what it loaded is unchanged the next time, so this is safe.
    """
    for number in range(1, TRIES + 1):
        try:
            return await work()
        except (Busy, TakenOver):
            raise
        except (StoreConflict, StoreUnavailable) as error:
            if number == TRIES:
                raise
            tell(str(error))
        await asyncio.sleep(_PAUSE_SECONDS * number)
        await reachable(store, wait_seconds)
    raise AssertionError("not reached")
