"""What changes in a database while this process runs, as a change stream tells it.

A stream says within milliseconds which collection changed, whoever changed it: this process,
a load, or somebody with a shell. Its silence means something too: mongod answers every
``_AWAIT_MS`` that there is nothing new. While neither comes, nothing is known, and ``version``
says so; what was kept by version is then not used.

A stream tells what a majority of the servers has, and the primary, which is what is read, may be
ahead of them. So mongod is asked for its time first, and that all has been heard counts only once
the stream has come that far: where most of a replica set lags, nothing kept is used.
"""

import asyncio
import logging
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from pymongo.errors import OperationFailure, PyMongoError

from store.collections import COLLECTIONS
from store.driver import Driver

log = logging.getLogger("newsstand.changes")

# How far behind the database may be what is kept by version; reached only while mongod is silent.
STALE_SECONDS = 2.0
_AWAIT_MS = 500
_RETRY_SECONDS = 1.0
# Unauthorized, CommandNotSupported, and what a server without an oplog and an old mongos answer.
_NO_STREAMS = frozenset({13, 115, 40573, 40324})

# A rename (the end of a staged load) names the collection that it makes in `to`.
_PIPELINE = [
    {"$changeStream": {}},
    {
        "$match": {
            "$or": [{path: {"$in": list(COLLECTIONS)}} for path in ("ns.coll", "to.coll")]
            + [{"operationType": {"$in": ["dropDatabase", "invalidate"]}}]
        }
    },
    {"$project": {"ns.coll": 1, "to.coll": 1}},
]


class Changes:
    """How often each collection has changed since this began to look."""

    def __init__(self, client: Any, database: Any, driver: Driver) -> None:
        self._client = client
        self._database = database
        self._driver = driver
        self._versions = dict.fromkeys(COLLECTIONS, 0)
        self._heard_at = float("-inf")

    def version(self, collection: str) -> int | None:
        """A number that is another one after each change; None while changes are not heard of."""
        if time.monotonic() - self._heard_at > STALE_SECONDS:
            return None
        return self._versions[collection]

    async def follow(self) -> None:
        """Listens until cancelled; where the server has no change streams it ends, and says so."""
        while True:
            try:
                await self._listen()
            except OperationFailure as error:
                if error.code in _NO_STREAMS:
                    log.info("No change streams here, so nothing is kept: %s", error.details)
                    return
                log.warning("A change stream failed: %s", error)
            except PyMongoError as error:
                log.info("A change stream ended: %s", error)
            except Exception:  # nothing may end the listening without a word
                log.exception("A change stream told what is not understood.")
            self._heard_at = float("-inf")
            await asyncio.sleep(_RETRY_SECONDS)

    async def _listen(self) -> None:
        # Plain commands, for a driver's change stream does not tell when it heard what it gives.
        async with await self._driver.session(self._client) as session:
            stream = {"aggregate": 1, "pipeline": _PIPELINE, "cursor": {}}
            cursor = (await self._command(stream, session))["cursor"]
            self._changed(COLLECTIONS)  # by whatever happened before
            asked_at, its_time = time.monotonic(), await self._time(session)
            await_ms = 1  # the first answer says that nothing is missed from here on
            while cursor["id"]:
                more = {"getMore": cursor["id"], "collection": "$cmd.aggregate"}
                reply = await self._command(more | {"maxTimeMS": await_ms}, session)
                cursor, await_ms = reply["cursor"], _AWAIT_MS
                for change in cursor["nextBatch"]:
                    self._changed(_changed_by(change))
                if its_time is None or reply["operationTime"] >= its_time:
                    # All that had happened when mongod was asked has been heard now.
                    self._heard_at = asked_at
                    asked_at, its_time = time.monotonic(), await self._time(session)

    async def _time(self, session: Any) -> Any:
        """The last write that mongod itself has, as a time of its own; a mongos has none, for
        the times of its shards differ.
        """
        reply = await self._command({"hello": 1}, session)
        return reply["operationTime"] if "setName" in reply else None

    async def _command(self, command: dict[str, Any], session: Any) -> dict[str, Any]:
        reply: dict[str, Any] = await self._database.command(command, session=session)
        return reply

    def _changed(self, names: Iterable[str]) -> None:
        for name in names:
            self._versions[name] += 1


def _changed_by(change: dict[str, Any]) -> Iterable[str]:
    if "ns" not in change:
        return COLLECTIONS  # the stream is at its end
    names = {change["ns"].get("coll"), change.get("to", {}).get("coll")}
    return names.intersection(COLLECTIONS) or COLLECTIONS


class Following:
    """``async with Following(changes)``: listens meanwhile."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    async def __aenter__(self) -> Changes:
        self._task = asyncio.create_task(self._changes.follow())
        return self._changes

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
