"""Request bytes -> `Asked`; answer -> response bytes. GraphQL over HTTP, and nothing of GraphQL.

What is refused here is not a GraphQL request: a 4xx whichever media type is answered with.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.types import Receive, Scope

from gql.errors import RequestErrors, refusal
from gql.media import GRAPHQL_RESPONSE, HTML, JSON, choose_media, parse_media_type

ALLOWED = "GET, HEAD, POST, OPTIONS"
STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)


class ClientGone(Exception):
    """The client hung up; there is nobody to answer."""


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """What a request may bring: sizes in bytes, times in seconds."""

    max_body_bytes: int = 1_048_576
    max_url_bytes: int = 16_384
    body_seconds: float = 10.0
    max_batch: int = 0  # how many requests a batch may hold; 0 is no batches
    max_json_values: int = 10_000  # at all levels
    max_json_depth: int = 100  # what reads it is recursive, and a filter nests some ten deep


@dataclass(frozen=True, slots=True)
class Asked:
    """One GraphQL request as it came: well formed, not yet parsed."""

    source: str
    operation_name: str | None = None
    variables: dict[str, Any] | None = None
    extensions: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """What the handler needs of the HTTP request; header names are lower-case bytes."""

    method: str
    query_string: bytes
    headers: Mapping[bytes, bytes]
    receive: Receive

    @classmethod
    def of(cls, scope: Scope, receive: Receive) -> Request:
        """Take it from ASGI; where a header repeats, its values are joined as RFC 9110 has it."""
        headers: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            headers[name] = b"%b, %b" % (headers[name], value) if name in headers else value
        return cls(scope["method"], scope["query_string"], headers, receive)

    def header(self, name: bytes) -> str:
        """Return a header's text, empty where it is missing."""
        return self.headers.get(name, b"").decode("latin-1")


def answer_media(request: Request, *, explorer: bool) -> str:
    """Choose the media type to answer with; raises RequestErrors (NOT_ACCEPTABLE)."""
    # A link to an operation gets its answer from a browser too, as the front page's does.
    asks = re.search(rb"(^|&)query=", request.query_string) is not None
    html = explorer and request.method in ("GET", "HEAD") and not asks
    accept = request.header(b"accept")
    media = choose_media(accept, html=html)
    if media is None:
        served = f"{JSON}, {GRAPHQL_RESPONSE}" + (f", {HTML}" if html else "")
        raise refusal("NOT_ACCEPTABLE", f'Accept is "{accept[:100]}"; served are {served}.')
    return media


async def read_request(request: Request, limits: BodyLimits) -> Asked | list[Asked]:
    """Read what is asked: one request, or a list of them where batches are allowed."""
    if request.method == "POST":
        _check_content_type(request)
        body = await read_body(request, limits)
        return _asked(parse_json(body, limits), limits)
    if request.method in ("GET", "HEAD"):
        return _asked_by_url(request.query_string, limits)
    message = f"{request.method[:20]} is not served; allowed are {ALLOWED}."
    raise refusal("METHOD_NOT_ALLOWED", message, headers={"allow": ALLOWED})


def _check_content_type(request: Request) -> None:
    text = request.header(b"content-type")
    media = parse_media_type(text)
    charset = media.parameters.get("charset", "utf-8").lower() if media else ""
    if media is None or media.name != JSON or charset not in ("utf-8", "utf8"):
        message = f'Content-Type is "{text[:100]}"; allowed is {JSON} in UTF-8.'
        raise refusal("UNSUPPORTED_MEDIA_TYPE", message, headers={"accept-post": JSON})
    coding = request.header(b"content-encoding").strip().lower()
    if coding not in ("", "identity"):
        message = f'Content-Encoding is "{coding[:40]}"; a body is taken only as it is.'
        raise refusal("UNSUPPORTED_MEDIA_TYPE", message, headers={"accept-encoding": "identity"})


async def read_body(request: Request, limits: BodyLimits) -> bytes:
    """Read the body, no longer than `max_body_bytes`, no slower than `body_seconds`."""
    declared = request.headers.get(b"content-length", b"0")
    if declared.isdigit() and (len(declared) > 15 or int(declared) > limits.max_body_bytes):
        raise _too_large(limits)
    try:
        async with asyncio.timeout(limits.body_seconds):
            return await _receive_all(request.receive, limits)
    except TimeoutError:
        message = f"The body took over {limits.body_seconds:g} seconds."
        raise refusal("BODY_TIMEOUT", message, headers={"connection": "close"}) from None


async def _receive_all(receive: Receive, limits: BodyLimits) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > limits.max_body_bytes:
            raise _too_large(limits)
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks) if len(chunks) > 1 else chunk


def _too_large(limits: BodyLimits) -> RequestErrors:
    message = f"The body is longer than {limits.max_body_bytes} bytes, which is the limit."
    # Without the rest of the body read, this connection cannot carry another request.
    return refusal("BODY_TOO_LARGE", message, headers={"connection": "close"})


def parse_json(body: bytes, limits: BodyLimits) -> Any:
    """Parse a body; refuse what JSON leaves open: keys twice, NUL, endless depth and length."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise refusal("BAD_JSON", f"The body is not JSON in UTF-8: {error}.") from None
    keys = _count_keys(value, limits)
    # A colon outside of strings stands after a key: fewer keys than colons, and one was twice.
    if STRING.sub(b"", body).count(b":") != keys:
        raise refusal("BAD_REQUEST", "A key stands twice in one object; each may stand once.")
    if b"\\u0000" in body and _has_nul(value):
        raise refusal("BAD_REQUEST", "A string has a NUL character (\\u0000); none is allowed.")
    return value


def _count_keys(value: Any, limits: BodyLimits) -> int:
    """Count the keys of all objects in a JSON value; refuse one too deep or of too many values."""
    keys = values = 0
    level = [value]
    for _ in range(limits.max_json_depth):
        below: list[Any] = []
        for member in level:
            if member.__class__ is dict:
                keys += len(member)
                below += member.values()
            elif member.__class__ is list:
                below += member
        if not below:
            return keys
        values += len(below)
        if values > limits.max_json_values:
            message = f"The JSON has over {limits.max_json_values} values, which is the limit."
            raise refusal("BAD_REQUEST", message)
        level = below
    raise refusal(
        "BAD_REQUEST", f"The JSON nests over {limits.max_json_depth} deep, which is the limit."
    )


def _has_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any("\x00" in key or _has_nul(member) for key, member in value.items())
    return isinstance(value, list) and any(_has_nul(member) for member in value)


def _asked(body: Any, limits: BodyLimits) -> Asked | list[Asked]:
    if not isinstance(body, list):
        return _one(body)
    if not limits.max_batch:
        raise refusal("BATCH_REFUSED", "The body is a list; batches are off, send one object.")
    if not 0 < len(body) <= limits.max_batch:
        message = f"The batch holds {len(body)} requests; allowed are 1 to {limits.max_batch}."
        raise refusal("BATCH_REFUSED", message)
    return [_one(member) for member in body]


def _one(body: Any) -> Asked:
    """Check the shape of one request; keys it does not know are ignored, as the spec says."""
    if not isinstance(body, dict):
        raise refusal("BAD_REQUEST", f"The body is {_kind(body)}; it must be an object.")
    query, extensions = body.get("query"), body.get("extensions")
    if query is None and isinstance(extensions, dict) and "persistedQuery" in extensions:
        # Clients that ask by hash know this message and this code, and send the source then.
        raise refusal("PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported")
    if not isinstance(query, str) or not query:
        raise _wrong("query", query, "a string, the GraphQL document")
    name = body.get("operationName")
    if name is not None and not isinstance(name, str):
        raise _wrong("operationName", name, "a string or null")
    for key in ("variables", "extensions"):
        if not isinstance(body.get(key), dict | None):
            raise _wrong(key, body[key], "an object or null")
    return Asked(query, name, body.get("variables"), extensions or {})


def _wrong(key: str, value: Any, allowed: str) -> RequestErrors:
    return refusal("BAD_REQUEST", f'"{key}" is {_kind(value)}; it must be {allowed}.')


def _kind(value: Any) -> str:
    kinds = {str: "a string", bool: "a boolean", list: "a list", dict: "an object"}
    if value is None:
        return "missing or null"
    if value == "":
        return "empty"
    return kinds.get(type(value), "a number")


def _asked_by_url(query_string: bytes, limits: BodyLimits) -> Asked:
    if len(query_string) > limits.max_url_bytes:
        message = f"The query string is longer than {limits.max_url_bytes} bytes; use POST."
        raise refusal("URL_TOO_LONG", message)
    try:
        pairs = parse_qsl(
            query_string.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=50
        )
    except ValueError:
        message = "The query string is not percent-encoded UTF-8 of at most 50 parameters."
        raise refusal("BAD_REQUEST", message) from None
    body: dict[str, Any] = {}
    for key, value in pairs:
        if key in body:
            raise refusal("BAD_REQUEST", f'"{key[:40]}" stands twice in the URL; once is allowed.')
        if "\x00" in value:
            raise refusal("BAD_REQUEST", f'"{key[:40]}" has a NUL character; none is allowed.')
        parsed = key in ("variables", "extensions") and value
        body[key] = parse_json(value.encode(), limits) if parsed else value
    for key in ("operationName", "variables", "extensions"):
        if body.get(key) == "":
            del body[key]
    return _one(body)
