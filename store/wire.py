"""Reads straight over the wire: one message to mongod, one back.

A read through PyMongo's asyncio API takes four times the CPU of what the socket and BSON need
(200 against 50 µs for 20 small documents): a cursor, a session, the choice of a server and
the pool's locks, each time. Here PyMongo finds the server, opens the connection, encrypts and
authenticates; then the connection is ours, and speaks OP_MSG
(https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/).

A secondary that a URI leads to directly is asked as PyMongo asks it, with a preference that lets it
answer.

Only what goes well is done here. A connection that is lost or does not open and a server that is
no primary any more raise ``Lost``; the read is then PyMongo's, which looks for a server and tries
again. What PyMongo adds to a command on demand (listeners, read concerns and preferences,
encryption of fields, a stable API) it goes on doing: ``can_serve`` says where there is none of it.
"""

import asyncio
import struct
from contextlib import suppress
from typing import Any, cast

import bson
from bson.codec_options import CodecOptions
from pymongo import AsyncMongoClient
from pymongo.errors import AutoReconnect, OperationFailure, ServerSelectionTimeoutError
from pymongo.read_preferences import ReadPreference

Doc = dict[str, Any]

# More reads at a time than this are PyMongo's to queue, in its own pool.
MAX_CONNECTIONS = 100
# What is idle for longer may have been cut by something between us and the server.
MAX_IDLE_SECONDS = 45.0
MAX_MESSAGE_BYTES = 48_000_000

_AWARE: CodecOptions[Doc] = CodecOptions(tz_aware=True)
# messageLength, requestID, responseTo, opCode, flagBits, and the kind of the one section.
_HEAD = struct.Struct("<iiiiIB")
_OP_MSG = 2013
_REQUEST = 1  # one question at a time on a connection, so the number says nothing
# Server codes after which a driver tries another server, once:
# https://github.com/mongodb/specifications/blob/master/source/retryable-reads/retryable-reads.md
_TRY_AGAIN = frozenset(
    {6, 7, 89, 91, 134, 189, 262, 9001, 10058, 10107, 11600, 11602, 13435, 13436}
)
# A primary is selected unless the URI connects directly, so a secondary is what was asked for.
_OF_SECONDARY: Doc = {"$readPreference": {"mode": "primaryPreferred"}}


class Lost(Exception):
    """The question was not answered, through no fault of its own: ask through PyMongo."""


def can_serve(client: AsyncMongoClient[Any]) -> bool:
    """Whether nothing is asked of PyMongo that a bare command would leave out."""
    options = client.options
    return (
        client.read_preference == ReadPreference.PRIMARY
        and client.read_concern.level is None
        and not options.event_listeners
        and options.pool_options.server_api is None
        and options.auto_encryption_opts is None
        and not options.load_balanced
    )


class Wire:
    """Connections to the server that a client reads from, opened as they are needed."""

    def __init__(self, client: AsyncMongoClient[Any]) -> None:
        self._client = client
        self._idle: list[_Line] = []  # the last used at the end
        self._count = 0

    async def read(self, database: str, command: Doc, limit: int) -> list[Doc]:
        """The first `limit` documents that a `find` or `aggregate` gives.

        Raises Lost, or an error of PyMongo's: OperationFailure for what mongod refuses,
        ConnectionFailure where there is no server.
        """
        line = self._rested() or await self._opened()
        try:
            cursor = (await line.ask({**command, "$db": database}))["cursor"]
            docs = cast("list[Doc]", cursor["firstBatch"])
            collection = next(iter(command.values()))
            while cursor["id"] and len(docs) < limit:  # a message holds 16 MB
                more = {
                    "getMore": cursor["id"], "collection": collection,
                    "batchSize": limit - len(docs),
                }  # fmt: skip
                cursor = (await line.ask({**more, "$db": database}))["cursor"]
                docs += cursor["nextBatch"]
            if cursor["id"]:
                kill = {"killCursors": collection, "cursors": [cursor["id"]]}
                await line.ask({**kill, "$db": database})
        finally:
            self._rest(line)
        return docs

    def close(self) -> None:
        """Closes every connection that no read has."""
        while self._idle:
            self._drop(self._idle.pop())

    def _rested(self) -> "_Line | None":
        while self._idle:
            line = self._idle.pop()
            if not line.closed and line.idle_seconds() < MAX_IDLE_SECONDS:
                return line
            self._drop(line)
        return None

    def _rest(self, line: "_Line") -> None:
        if line.closed:
            self._drop(line)
            if line.server_changed:
                self.close()
            return
        line.rest()
        self._idle.append(line)
        if self._idle[0].idle_seconds() > MAX_IDLE_SECONDS:
            self._drop(self._idle.pop(0))

    def _drop(self, line: "_Line") -> None:
        self._count -= 1
        line.close()

    async def _opened(self) -> "_Line":
        if self._count >= MAX_CONNECTIONS:
            raise Lost(f"All {MAX_CONNECTIONS} connections are in use.")
        self._count += 1
        try:
            return await _open(self._client)
        except BaseException as error:
            self._count -= 1
            if isinstance(error, AutoReconnect) and not isinstance(
                error, ServerSelectionTimeoutError
            ):
                raise Lost(str(error)) from error
            raise


async def _open(client: AsyncMongoClient[Any]) -> "_Line":
    """A connection that PyMongo has made and authenticated, taken out of its hands.

    The one place that knows PyMongo's inside; `tests/store/test_wire.py` holds what it relies on.
    """
    server = await client._select_server(client.read_preference, None, "find")
    connection = await server.pool.connect()
    server.pool.active_contexts.discard(connection.cancel_context)
    transport = connection.conn.conn[0]
    is_secondary = connection.is_repl and not connection.is_writable
    line = _Line(cast("asyncio.Transport", transport), _OF_SECONDARY if is_secondary else {})
    transport.set_protocol(line)
    transport.resume_reading()
    return line


class _Line(asyncio.Protocol):
    """One connection: a question, then its answer, then the next question."""

    def __init__(self, transport: asyncio.Transport, also: Doc | None = None) -> None:
        self._transport = transport
        self._also = also or {}  # what every command says
        self._loop = asyncio.get_running_loop()
        self._rested_at = 0.0
        self._answer: asyncio.Future[bytes] | None = None
        self._parts: list[bytes] = []
        self._missing = 0  # bytes of the message that is arriving
        self.closed = False
        self.server_changed = False

    async def ask(self, command: Doc) -> Doc:
        """What the server answers to a command; closes itself unless there is a whole answer."""
        body = bson.encode({**command, **self._also})
        answer = self._answer = self._loop.create_future()
        try:
            head = _HEAD.pack(_HEAD.size + len(body), _REQUEST, 0, _OP_MSG, 0, 0)
            self._transport.write(head + body)
            message = await answer
        except BaseException:  # cancelled too: what still arrives belongs to nobody
            self.close()
            raise
        return self._checked(message)

    def _checked(self, message: bytes) -> Doc:
        _, _, answers, kind, _, section = _HEAD.unpack_from(message)
        if (answers, kind, section) != (_REQUEST, _OP_MSG, 0):
            self.close()
            raise Lost(f"The server sent a message of kind {kind}, section {section}.")
        reply = bson.decode(memoryview(message)[_HEAD.size :], _AWARE)
        if reply["ok"] == 1:
            return reply
        code, said = reply.get("code"), str(reply.get("errmsg"))
        if code in _TRY_AGAIN:
            self.server_changed = True
            self.close()
            raise Lost(said)
        raise OperationFailure(said, code, reply)

    def idle_seconds(self) -> float:
        """For how long nothing was asked."""
        return self._loop.time() - self._rested_at

    def rest(self) -> None:
        """Notes that nothing is asked from now on."""
        self._rested_at = self._loop.time()

    def close(self) -> None:
        """Gives the connection up, with whatever is on its way."""
        self.closed = True
        with suppress(AttributeError):  # a TLS transport that is closed already
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Part of an answer, or all of it."""
        self._parts.append(data)
        if self._missing == 0:
            data = b"".join(self._parts)
            if len(data) < _HEAD.size:
                return
            self._parts = [data]
            self._missing = int.from_bytes(data[:4], "little")
            if not _HEAD.size < self._missing <= MAX_MESSAGE_BYTES:
                self._fail("The server sent what is no message.")
                return
        self._missing -= len(data)
        if self._missing > 0:
            return
        if self._missing < 0 or self._answer is None or self._answer.done():
            self._fail("The server sent what nobody asked for.")
            return
        message = data if len(self._parts) == 1 else b"".join(self._parts)
        self._parts = []
        self._answer.set_result(message)

    def connection_lost(self, error: Exception | None) -> None:
        """The connection has ended."""
        self._fail(f"The connection ended: {error or 'closed by the server'}.")

    def _fail(self, why: str) -> None:
        self.close()
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(Lost(why))
