"""The scalars of the API: ``DateTime``, ``URL`` and ``JSON``.

Serialising checks and hands the value on: a ``DateTime`` leaves the executor as a
``datetime``, and orjson writes it as text. Both executors therefore agree to the byte.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

DateTime = NewType("DateTime", datetime)
URL = NewType("URL", str)
JSON = NewType("JSON", object)

HTTP = ("http://", "https://")


def _write_datetime(value: object) -> datetime:
    if not isinstance(value, datetime):
        raise GraphQLError(f"DateTime cannot represent {value!r}: it is no point in time.")
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def read_datetime(value: object) -> datetime:
    """A client's timestamp as an aware ``datetime`` in UTC; ``GraphQLError`` says what is wrong."""
    allowed = 'allowed is an RFC 3339 timestamp such as "2020-10-08T03:47:00Z"'
    if not isinstance(value, str):
        raise GraphQLError(f"DateTime came as {value!r}; {allowed}.")
    try:
        # "2020-10-08" alone and week dates are ISO 8601, but no RFC 3339 timestamps.
        if value[10:11] not in ("T", "t", " "):
            raise ValueError
        instant = datetime.fromisoformat(value.upper())
        if instant.tzinfo is None:
            raise GraphQLError(f'DateTime "{value}" has no offset; {allowed}.')
        return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        raise GraphQLError(f'DateTime came as "{value[:60]}"; {allowed}.') from None


def _write_url(value: object) -> str:
    if not isinstance(value, str) or not value.startswith(HTTP):
        raise GraphQLError(f"URL cannot represent {value!r}: it is no absolute http or https URL.")
    return value


def read_url(value: object) -> str:
    """A client's URL as it came; ``GraphQLError`` where it is not absolute http or https."""
    if not isinstance(value, str) or not value.lower().startswith(HTTP):
        shown = f'"{value[:60]}"' if isinstance(value, str) else repr(value)[:60]
        raise GraphQLError(f"URL came as {shown}; allowed is an absolute http or https URL.")
    return value


def _as_it_is(value: Any) -> Any:
    return value


SCALARS: dict[object, ScalarDefinition] = {
    DateTime: strawberry.scalar(
        name="DateTime",
        description="An RFC 3339 timestamp, always in UTC: 2020-10-08T03:47:00Z.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        serialize=_write_datetime,
        parse_value=read_datetime,
    ),
    URL: strawberry.scalar(
        name="URL",
        description="An absolute http or https URL.",
        specified_by_url="https://url.spec.whatwg.org/",
        serialize=_write_url,
        parse_value=read_url,
    ),
    JSON: strawberry.scalar(
        name="JSON",
        description="Any JSON value.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc8259",
        serialize=_as_it_is,
        parse_value=_as_it_is,
    ),
}


def absolute(value: object) -> object:
    """A URL of a document, or None where a file wrote something that is no absolute URL.
    What is no text at all is handed on, for the scalar to refuse.
    """
    if isinstance(value, str) and not value.startswith(HTTP):
        return None
    return value
