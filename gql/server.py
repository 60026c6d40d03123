"""uvicorn's HTTP protocol with the bounds that it lacks: slow clients, long heads.

Two timers a connection. One runs while a head is awaited or arriving, on a new connection or
after the first byte of a next request (idle ones have uvicorn's keep-alive). The other runs while
the client reads nothing of an answer. The body's time is the handler's (`gql.http.read_body`).
"""

from __future__ import annotations

import asyncio
from asyncio.events import TimerHandle
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
    write_seconds: float
    max_head_bytes: int

    _head_timer: TimerHandle | None = None
    _write_timer: TimerHandle | None = None
    _head_bytes = 0
    _in_body = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the timers."""
        self._stop_head_timer()
        self._stop_write_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what arrives while it is a head; refuse one that is too long."""
        if not self._in_body:
            if self._head_timer is None:
                self._await_head()
            self._head_bytes += len(data)
        # A first body of any size may come with its head, so only an unended head counts.
        super().data_received(data)
        if not self._in_body and self._head_bytes > self.max_head_bytes:
            self._refuse(HEAD_TOO_LONG)

    def on_headers_complete(self) -> None:
        """The head is there: its timer ends."""
        self._stop_head_timer()
        self._head_bytes = 0
        self._in_body = True
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > self.max_head_bytes:
            self._refuse(HEAD_TOO_LONG)
            raise ValueError("The head is too long.")
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is there: what comes next is another head."""
        self._in_body = False
        super().on_message_complete()

    def pause_writing(self) -> None:
        """The client does not keep up: give it its time to read on."""
        super().pause_writing()
        if self._write_timer is None:
            self._write_timer = self.loop.call_later(self.write_seconds, self._abort)

    def resume_writing(self) -> None:
        """The client reads again."""
        self._stop_write_timer()
        super().resume_writing()

    def _await_head(self) -> None:
        self._head_timer = self.loop.call_later(self.header_seconds, self._refuse, HEAD_TOO_SLOW)

    def _stop_head_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _stop_write_timer(self) -> None:
        if self._write_timer is not None:
            self._write_timer.cancel()
            self._write_timer = None

    def _refuse(self, answer: bytes) -> None:
        busy = self.cycle is not None and not self.cycle.response_complete
        if self.transport.is_closing():
            return
        if not busy:
            self.transport.write(answer)
        self.transport.close()

    def _abort(self) -> None:
        self.transport.abort()


def bounded_protocol(settings: Settings) -> type[BoundedProtocol]:
    """Make the protocol class for these settings, for `uvicorn.Config(http=...)`."""
    figures: dict[str, Any] = {
        "header_seconds": settings.header_seconds,
        "write_seconds": settings.write_seconds,
        "max_head_bytes": settings.max_head_bytes,
    }
    return type("Bounded", (BoundedProtocol,), figures)
