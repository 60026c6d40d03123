"""The nearest BSON form of a value, and whether it is exact. Pure."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

MAX_DEPTH = 64
_INT64 = 2**63
_EXACT = frozenset({bool, float, bytes, type(None)})
_MAX_CACHED = 4096
_plain_keys: set[str] = set()  # those that were looked at: files share their keys


class TooDeep(ValueError):
    """A value with more than MAX_DEPTH levels."""


class BadText(ValueError):
    """Text that UTF-8 cannot carry."""


def bson_form(value: Any, depth: int = 0) -> tuple[Any, bool]:
    """The nearest value that MongoDB can hold, and whether reading it gives the same back.

    Instants become UTC with milliseconds, integers over 64 bits floats or text, dates
    midnight, sets lists; entries whose key is no plain text are left out.
    """
    if _is_exact(value, depth):
        return value, True
    kind = value.__class__
    if kind is str:
        return _text(value), True
    if kind is int:
        return _big(value), False
    if depth > MAX_DEPTH:
        raise TooDeep(f"more than {MAX_DEPTH} levels of nesting")
    if kind is dict:
        return _mapping(value, depth)
    if kind is list:
        forms = [bson_form(one, depth + 1) for one in value]
        return [form for form, _ in forms], all(exact for _, exact in forms)
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC), False
    if isinstance(value, (set, frozenset, tuple)):
        return bson_form(sorted(value, key=repr), depth)[0], False
    return str(value), False


def _is_exact(value: Any, depth: int) -> bool:
    """Whether a value is its own nearest form, as nearly all are; copies nothing."""
    kind = value.__class__
    if kind is str:
        return bool(value.isascii())
    if kind is list:
        return depth <= MAX_DEPTH and all(
            one.isascii() if one.__class__ is str else _is_exact(one, depth + 1) for one in value
        )
    if kind is dict:
        if depth > MAX_DEPTH:
            return False
        for key, one in value.items():
            if key not in _plain_keys and not _is_plain_ascii(key):
                return False
            if not (one.isascii() if one.__class__ is str else _is_exact(one, depth + 1)):
                return False
        return True
    if kind is int:
        return bool(-_INT64 <= value < _INT64)
    if kind is datetime:
        return instant(value)[1]
    return kind in _EXACT


def _is_plain_ascii(key: Any) -> bool:
    if not plain_key(key) or not key.isascii():
        return False
    if len(_plain_keys) < _MAX_CACHED:
        _plain_keys.add(key)
    return True


def instant(value: datetime) -> tuple[datetime, bool]:
    """An instant in UTC with milliseconds; without a zone it is taken as UTC."""
    exact = value.tzinfo is not None and not value.utcoffset() and value.microsecond % 1000 == 0
    if exact:
        return value, True
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    try:
        aware = aware.astimezone(UTC)
    except OverflowError:  # the first or last day there is
        aware = aware.replace(tzinfo=UTC)
    return aware.replace(microsecond=aware.microsecond // 1000 * 1000), False


def plain_key(key: Any) -> bool:
    """Whether MongoDB can hold, find and project a key of this name."""
    return (
        key.__class__ is str
        and key != ""
        and not key.startswith("$")
        and "." not in key
        and "\0" not in key
    )


def _mapping(value: Mapping[Any, Any], depth: int) -> tuple[dict[str, Any], bool]:
    made: dict[str, Any] = {}
    all_exact = True
    for key, one in value.items():
        if not plain_key(key):
            all_exact = False
            continue
        made[_text(key)], exact = bson_form(one, depth + 1)
        all_exact = all_exact and exact
    return made, all_exact


def _text(value: str) -> str:
    if not value.isascii():
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise BadText("text with a lone surrogate") from None
    return value


def _big(value: int) -> float | str:
    try:
        return float(value)
    except OverflowError:
        return str(value)
