"""One connection of the wire: what a server may send, whole, in pieces, or as it should not."""

import asyncio
import struct
from typing import Any

import bson
import pytest

from store.wire import Lost, _Line
from tests.conftest import Run

HERE = "localhost"


def message(doc: dict[str, Any], *, answers: int = 1, kind: int = 2013) -> bytes:
    body = bson.encode(doc)
    return struct.pack("<iiiiIB", 21 + len(body), 7, answers, kind, 0, 0) + body


GOOD = message({"ok": 1.0, "n": 3})


async def asked(*parts: bytes, end: bool = False) -> Any:
    """What a line makes of a server that sends these parts, each by itself."""
    served = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        for part in parts:
            writer.write(part)
            await writer.drain()
        if end:
            writer.close()
        await served.wait()
        writer.close()

    server = await asyncio.start_server(serve, HERE, 0)
    port = server.sockets[0].getsockname()[1]
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_connection(asyncio.Protocol, HERE, port)
    line = _Line(transport)
    transport.set_protocol(line)
    try:
        return await line.ask({"ping": 1})
    finally:
        line.close()
        served.set()
        server.close()
        await server.wait_closed()


def test_an_answer_may_come_in_any_pieces(run: Run) -> None:
    whole = {"ok": 1.0, "n": 3}
    assert run(asked(GOOD)) == whole
    assert run(asked(*(GOOD[at : at + 1] for at in range(len(GOOD))))) == whole
    assert run(asked(GOOD[:30], GOOD[30:])) == whole


@pytest.mark.parametrize(
    "sent",
    [
        message({"ok": 1.0}, answers=2),
        message({"ok": 1.0}, kind=1),
        struct.pack("<iiiiIB", 12, 0, 0, 0, 0, 0),
        struct.pack("<iiiiIB", 2**31 - 1, 0, 0, 0, 0, 0),
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        GOOD + GOOD,
    ],
)
def test_what_is_no_answer_loses_the_connection(run: Run, sent: bytes) -> None:
    with pytest.raises(Lost):
        run(asked(sent))


def test_a_server_that_hangs_up_loses_the_connection(run: Run) -> None:
    with pytest.raises(Lost, match="ended"):
        run(asked(GOOD[:30], end=True))
