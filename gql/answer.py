"""Answer -> bytes: JSON, status, compression, headers."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

import orjson
from starlette.types import Send

from gql.errors import CODES, RequestErrors, format_error
from gql.media import JSON, choose_encoding

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

# Below this a frame's overhead eats the gain, and the answer fits a packet or two anyway.
COMPRESS_FROM_BYTES = 1_024

NO_CONTENT = 204
PARTIAL_SUCCESS = 294  # the edition of September 2026, "Partial success"


class Executed(Protocol):
    """What an executor returns; `gql.execute.Result` is one."""

    @property
    def data(self) -> Any:
        """The data, null where an error took it all."""

    @property
    def errors(self) -> list[dict[str, Any]]:
        """The errors, formatted."""

    @property
    def extensions(self) -> dict[str, Any] | None:
        """What else the answer carries."""

    @property
    def executed(self) -> bool:
        """Whether the operation began: a variable that does not fit ends it before."""


@dataclass(slots=True)
class Answer:
    """An HTTP response before it is compressed and sent."""

    status: int
    body: bytes
    media: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    code: str | None = None  # of the refusal, for the log


def dump(value: Any) -> bytes:
    """Write JSON; instants are aware and leave as UTC with a Z."""
    return orjson.dumps(value, option=orjson.OPT_UTC_Z)


def body_of(result: Executed) -> dict[str, Any]:
    """Make the map of an operation's answer, errors first as the GraphQL spec advises.

    An operation that never began has no `data`, not even null.
    """
    body: dict[str, Any] = {"errors": result.errors} if result.errors else {}
    if result.executed:
        body["data"] = result.data
    if result.extensions:
        body["extensions"] = result.extensions
    return body


def refused_body(refused: RequestErrors, request_id: str) -> dict[str, Any]:
    """Make the map of a refused request's answer: it has no data."""
    body: dict[str, Any] = {"errors": [format_error(one, request_id) for one in refused.errors]}
    if refused.extensions:
        body["extensions"] = refused.extensions
    return body


def refused_answer(refused: RequestErrors, media: str, request_id: str, *, edition: str) -> Answer:
    """Make the answer of a refused request, its status from the table of codes."""
    body = dump(refused_body(refused, request_id))
    status = status_of(refused.code, media, edition)
    return Answer(status, body, media, dict(refused.headers), refused.code)


def status_of(code: str, media: str, edition: str) -> int:
    """Return the status of an answer without data, by its first error's code."""
    row = CODES.get(code, CODES["INTERNAL_SERVER_ERROR"])
    if media == JSON:
        return row.legacy_status
    return row.edition_2026 if edition == "2026" else row.status


def status_with_data(body: dict[str, Any], media: str, edition: str) -> int:
    """Return the status of an answer with data, null included: was it all of the data?"""
    partial = "errors" in body and media != JSON and edition == "2026"
    return PARTIAL_SUCCESS if partial else 200


async def send_answer(
    answer: Answer,
    send: Send,
    *,
    accept_encoding: str,
    head: bool,
    headers: Iterable[tuple[str, str]],
) -> int:
    """Send an answer, compressed where it pays; returns the bytes of the body as sent."""
    body, encoding = compress(answer.body, accept_encoding)
    raw = [(b"x-content-type-options", b"nosniff")]
    if answer.status != NO_CONTENT:  # which has neither (RFC 9110, section 8.6)
        raw += [
            (b"content-type", f"{answer.media}; charset=utf-8".encode()),
            (b"content-length", str(len(body)).encode()),
        ]
    if encoding:
        raw.append((b"content-encoding", encoding.encode()))
    for source in (answer.headers.items(), headers):
        raw += [(name.encode("latin-1"), value.encode("latin-1")) for name, value in source]
    await send({"type": "http.response.start", "status": answer.status, "headers": raw})
    await send({"type": "http.response.body", "body": b"" if head else body})
    return len(body)


def compress(body: bytes, accept_encoding: str) -> tuple[bytes, str | None]:
    """Compress a body where the client takes it and it is long enough to pay."""
    if len(body) < COMPRESS_FROM_BYTES or not accept_encoding:
        return body, None
    encoding = choose_encoding(accept_encoding, tuple(COMPRESSORS))
    return (COMPRESSORS[encoding](body), encoding) if encoding else (body, None)


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, compresslevel=4, mtime=0)


def _zstd(body: bytes) -> bytes:
    return zstd.compress(body, 3)


# Best first: of 36 KB zstd makes 11.3 KB in 0.07 ms, gzip 11.5 KB in 0.17 ms; 4 KB likewise.
COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {"zstd": _zstd, "gzip": _gzip}
