"""uvicorn's HTTP protocol with the bounds that it lacks: slow clients, long heads, idle ones.

Four timers a connection, of which at most two run at once:

- *head*: while a head is awaited or arriving, on a new connection or after the first byte of a
  next request. Its end is told 408.
- *body*: while a body arrives. Who reads a body has a time of its own and answers with a code
  (`gql.http.read_body`); this timer is for a body that nobody reads, as of a refused request.
- *idle*: uvicorn's keep-alive, begun anew where uvicorn forgets it: when a body ends after its
  answer.
- *write*: while the client reads nothing of an answer, or of what is left when it is closed.
"""

from __future__ import annotations

import asyncio
from asyncio.events import TimerHandle
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from gql.settings import Settings

HEAD_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
HEAD_TOO_LONG = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-length: 0\r\nconnection: close\r\n\r\n"
)


class BoundedProtocol(HttpToolsProtocol):
    """One connection. `bounded_protocol` makes the subclass that has the figures."""

    header_seconds: float
    body_seconds: float
    write_seconds: float
    max_head_bytes: int

    _head_bytes = 0
    _in_head = False
    _in_body = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        self._timers: dict[str, TimerHandle] = {}
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the timers."""
        for name in list(self._timers):
            self._stop(name)
        self._unset_keepalive_if_required()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what arrives while it is a head, and time what has not ended."""
        if not self._in_body:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._in_body:
            if "body" not in self._timers:
                self._start("body", self.body_seconds, self._end_body)
        elif self._head_bytes > self.max_head_bytes:
            self._refuse(HEAD_TOO_LONG)
        elif (self._in_head or self._head_bytes) and "head" not in self._timers:
            self._await_head()

    def _unsupported_upgrade_warning(self) -> None:
        """Anybody may ask for a WebSocket; the answer says no, and the log need not."""

    def on_message_begin(self) -> None:
        """A head begins, maybe behind another request in the same packet."""
        self._in_head = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head is there: its timer ends."""
        self._stop("head")
        self._head_bytes = 0
        self._in_head, self._in_body = False, True
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > self.max_head_bytes:
            self._refuse(HEAD_TOO_LONG)
            raise ValueError("The head is too long.")
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is there: what comes next is another head."""
        self._in_body = False
        self._stop("body")
        super().on_message_complete()
        if not self._busy() and self.timeout_keep_alive_task is None:
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def timeout_keep_alive_handler(self) -> None:
        """Close an idle connection, or one whose client leaves an answer unread."""
        self._close()

    def pause_writing(self) -> None:
        """The client does not keep up: give it its time to read on."""
        super().pause_writing()
        if "write" not in self._timers:
            self._start("write", self.write_seconds, self._abort)

    def resume_writing(self) -> None:
        """The client reads again."""
        if not self.transport.is_closing():
            self._stop("write")
        super().resume_writing()

    def _await_head(self) -> None:
        self._start("head", self.header_seconds, self._refuse, HEAD_TOO_SLOW)

    def _end_body(self) -> None:
        if self._busy():
            # It is read, or waits for its turn: its reader tells the client.
            self._start("body", self.body_seconds, self._end_body)
        else:
            self._close()

    def _refuse(self, answer: bytes) -> None:
        if not self.transport.is_closing() and not self._busy():
            self.transport.write(answer)
        self._close()

    def _close(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()
            self._start("write", self.write_seconds, self._abort)

    def _abort(self) -> None:
        self.transport.abort()

    def _busy(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _start(self, name: str, seconds: float, then: Callable[..., None], *args: Any) -> None:
        self._stop(name)
        self._timers[name] = self.loop.call_later(seconds, then, *args)

    def _stop(self, name: str) -> None:
        if timer := self._timers.pop(name, None):
            timer.cancel()


def bounded_protocol(settings: Settings) -> type[BoundedProtocol]:
    """Make the protocol class for these settings, for `uvicorn.Config(http=...)`."""
    figures: dict[str, Any] = {
        "header_seconds": settings.header_seconds,
        "body_seconds": settings.body_seconds,
        "write_seconds": settings.write_seconds,
        "max_head_bytes": settings.max_head_bytes,
    }
    return type("Bounded", (BoundedProtocol,), figures)
