"""The time of a request: its deadline, and the client that hangs up before it.

Cancelling reaches what a request awaits: a command to Mongo is given up, nothing more is sent.
"""

from __future__ import annotations

import asyncio
from types import TracebackType

from starlette.types import Receive

from gql.errors import refusal
from gql.http import ClientGone

WATCH_AFTER_SECONDS = 0.02  # most requests are over by then, and a task a request costs 10 µs


class Watched:
    """`async with Watched(receive, deadline_seconds)`: run the body no longer than it is wanted.

    Raises ClientGone when the client hangs up, RequestErrors (DEADLINE_EXCEEDED) at the deadline.
    The request's body must have been read: ASGI then has only the hanging up to tell.
    """

    def __init__(self, receive: Receive, deadline_seconds: float) -> None:
        self.receive = receive
        self.deadline_seconds = deadline_seconds
        self.reason: str | None = None

    async def __aenter__(self) -> Watched:
        loop = asyncio.get_running_loop()
        task = asyncio.current_task()
        assert task is not None
        self._task: asyncio.Task[object] = task
        self._watcher: asyncio.Task[None] | None = None
        self._timers = (
            loop.call_later(WATCH_AFTER_SECONDS, self._start_watching),
            loop.call_later(self.deadline_seconds, self._end, "deadline"),
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for timer in self._timers:
            timer.cancel()
        if self._watcher is not None:
            self._watcher.cancel()
        if self.reason is None:
            return
        still_cancelling = self._task.uncancel()
        if kind is asyncio.CancelledError and not still_cancelling:
            raise self._outcome() from None

    def _outcome(self) -> Exception:
        if self.reason == "gone":
            return ClientGone()
        seconds = f"{self.deadline_seconds:g}"
        message = f"The request took over {seconds} seconds, which is the limit."
        return refusal("DEADLINE_EXCEEDED", message)

    def _start_watching(self) -> None:
        self._watcher = asyncio.ensure_future(self._watch())

    async def _watch(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            pass
        self._end("gone")

    def _end(self, reason: str) -> None:
        if self.reason is None:
            self.reason = reason
            self._task.cancel()
