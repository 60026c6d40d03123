"""One load at a time: a lock in the store, kept alive by a heartbeat.

The heart beats every 2 s by the server's clock; a lock whose heart stopped for 15 s is taken
over, at once where its process was on this machine and is gone. What a load that lost its lock
has staged is dropped by the one that took it, so its swap fails; its transaction fails too, since
it writes to the lock.
"""

import asyncio
import os
import platform
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import uuid4

from pymongo.errors import DuplicateKeyError, PyMongoError

from store.errors import StoreConflict, translated
from store.staging import STATE
from store.store import Store
from store.write import Writing

BEAT_SECONDS = 2.0
STALE_MS = 15_000
_RETRY_SECONDS = 0.25
_LOCK = "lock"


class Busy(StoreConflict):
    """Another load runs."""


class TakenOver(StoreConflict):
    """This load was away too long, and another one took its place."""


def new_token() -> str:
    """What tells one load from every other."""
    return uuid4().hex[:12]


@asynccontextmanager
async def locked(
    store: Store, *, wait_seconds: float = 0, token: str | None = None
) -> AsyncIterator[str]:
    """Holds the lock; gives its token. Raises Busy where another load keeps it too long.

    With a `token` that holds the lock already, since it could not be given back, it is ours still,
    and what it was in the middle of is ended.
    """
    if store.driver.is_mock:
        yield "mock"
        return
    token = token or new_token()
    await _end_our_session(store, token)
    await _acquire(store, token, wait_seconds)
    heart = asyncio.create_task(_beat(store, token))
    try:
        yield token
    finally:
        heart.cancel()
        with suppress(asyncio.CancelledError):
            await heart
        with translated("giving the lock back"):
            await store.database[STATE].delete_one({"_id": _LOCK, "owner": token})


async def _acquire(store: Store, token: str, wait_seconds: float) -> None:
    loop = asyncio.get_running_loop()
    until = loop.time() + wait_seconds
    while True:
        holder = await _try(store, token)
        if holder is None:
            return
        if loop.time() >= until:
            raise Busy(
                f"Another load runs since {holder['since']:%H:%M:%S} UTC (process {holder['pid']} "
                f"on {holder['host']}); wait for it, or give --wait SECONDS."
            )
        await asyncio.sleep(_RETRY_SECONDS)


async def _try(store: Store, token: str) -> dict[str, Any] | None:
    """None once the lock is ours, else who holds it."""
    state = store.database[STATE]
    mine = {"owner": token, "pid": os.getpid(), "host": platform.node()}
    set_mine = [{"$unset": "session"}, {"$set": {**mine, "beat": "$$NOW", "since": "$$NOW"}}]
    stale = {"$lt": ["$beat", {"$subtract": ["$$NOW", STALE_MS]}]}
    free: dict[str, Any] = {"_id": _LOCK, "$expr": stale}
    with translated("taking the lock"):
        try:
            await state.update_one({"_id": _LOCK, "owner": token}, set_mine, upsert=True)
            return None
        except DuplicateKeyError:
            holder: dict[str, Any] | None = await state.find_one({"_id": _LOCK})
        if holder is None:  # given back just now
            return await _try(store, token)
        if _is_dead(holder):
            await _end_session_of(store, holder)
            free = {"_id": _LOCK, "owner": holder["owner"]}
        taken = await state.update_one(free, set_mine)
    return None if taken.matched_count else holder


def _is_dead(holder: dict[str, Any]) -> bool:
    """Whether the holder was a process of this machine that has ended."""
    if holder["host"] != platform.node():
        return False
    try:
        os.kill(holder["pid"], 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


async def _beat(store: Store, token: str) -> None:
    while True:
        await asyncio.sleep(BEAT_SECONDS)
        with suppress(Exception):  # a beat that is missed is caught up by the next one
            await store.database[STATE].update_one(
                {"_id": _LOCK, "owner": token}, [{"$set": {"beat": "$$NOW"}}]
            )


async def note_session(writing: Writing, token: str) -> None:
    """Notes in which session a transaction is about to run: if this process is killed in it, who
    comes next ends it. MongoDB by itself would hold what it wrote for a minute.
    """
    if session := writing.options.get("session"):
        with translated("noting the session"):
            await writing.store.database[STATE].update_one(
                {"_id": _LOCK, "owner": token}, {"$set": {"session": session.session_id}}
            )


async def _end_our_session(store: Store, token: str) -> None:
    """Ends the transaction that an earlier try of the same load could not end, as MongoDB was away:
    it holds the lock's document, which to write would wait for a minute.
    """
    with translated("asking for the lock"):
        found = await store.database[STATE].find_one({"_id": _LOCK, "owner": token})
        if found:
            await _end_session_of(store, found)


async def _end_session_of(store: Store, holder: dict[str, Any]) -> None:
    if session := holder.get("session"):
        with suppress(PyMongoError):  # not permitted: MongoDB ends it by itself, later
            await store.database.command("killSessions", [session])


async def still_ours(writing: Writing, token: str) -> None:
    """Makes what is being written fail if the lock was taken over; raises StoreConflict."""
    if writing.store.driver.is_mock:
        return
    with translated("asking for the lock"):
        state = writing.store.database[STATE]
        found = await state.update_one(
            {"_id": _LOCK, "owner": token}, [{"$set": {"beat": "$$NOW"}}], **writing.options
        )
    if not found.matched_count:
        raise TakenOver("This load was away too long and another took over; run it again.")
