"""The operators of the API's filters: one table that feeds the where, the help and the docs. Pure.

What they mean in detail stands in `store.where`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from store.names import fold, slug

Where = dict[str, Any]

MAX_VALUES = 500
MAX_TEXT_LENGTH = 1000

NOWHERE: Where = {"_id": {"$in": []}}
_INT64 = range(-(2**63), 2**63)


class WhereError(ValueError):
    """A filter that cannot be meant; the message is for the client."""


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator: `takes` names a row of CHECKS, `build` gets the path and a checked value."""

    name: str
    takes: str
    help: str
    build: Callable[[str, Any], Where]
    on_folded: bool = False  # compares folded text, on the folded path


def _compare(symbol: str) -> Callable[[str, Any], Where]:
    return lambda path, value: {path: {symbol: value}}


def _equal(path: str, value: Any) -> Where:
    return {path: {"$eq": value}}


def _differ(path: str, value: Any) -> Where:
    return {path: {"$ne": value}}


def _match(prefix: str) -> Callable[[str, str], Where]:
    return lambda path, text: {path: {"$regex": prefix + _literal(text)}}


def _before(symbol: str) -> Callable[[str, datetime], Where]:
    # x < v and x >= v mean the same for the next whole millisecond after v, x > v and x <= v
    # for the last one before it: what is stored is whole milliseconds.
    up = symbol in ("$lt", "$gte")
    return lambda path, at: {path: {symbol: _millisecond(at, up=up)}}


def _at(path: str, at: datetime | None) -> Where:
    if at is not None and at.microsecond % 1000:
        return NOWHERE
    return {path: {"$eq": at}}


OPERATORS: dict[str, tuple[Operator, ...]] = {
    "text": (
        Operator("eq", "text?", "The same text; null: no value.", _equal),
        Operator("ne", "text?", "Not the same text, or no value; null: any value.", _differ),
        Operator("in", "texts", "One of these; an empty list holds nowhere.", _compare("$in")),
        Operator("notIn", "texts", "None of these, or no value.", _compare("$nin")),
        Operator(
            "contains", "text",
            "Has this text in it; case and accents do not count, no character is special.",
            _match(""), on_folded=True,
        ),
        Operator(
            "startsWith", "text",
            "Begins with this text; case and accents do not count, no character is special.",
            _match("^"), on_folded=True,
        ),
    ),
    "list": (
        Operator("anyOf", "slugs", "Has at least one of these.", _compare("$in")),
        Operator(
            "allOf", "slugs", "Has each of these; an empty list holds everywhere.",
            lambda path, slugs: {path: {"$all": slugs}} if slugs else {},
        ),
        Operator("noneOf", "slugs", "Has none of these.", _compare("$nin")),
    ),
    "instant": (
        Operator("eq", "instant?", "The same instant; null: no value.", _at),
        Operator("gt", "instant", "Later than this.", _before("$gt")),
        Operator("gte", "instant", "At this instant or later.", _before("$gte")),
        Operator("lt", "instant", "Earlier than this.", _before("$lt")),
        Operator("lte", "instant", "At this instant or earlier.", _before("$lte")),
    ),
    "int": (
        Operator("eq", "int?", "This number; null: no value.", _equal),
        Operator("ne", "int?", "Not this number, or no value; null: any value.", _differ),
        Operator("in", "ints", "One of these; an empty list holds nowhere.", _compare("$in")),
        Operator("gt", "int", "Greater than this.", _compare("$gt")),
        Operator("gte", "int", "This or greater.", _compare("$gte")),
        Operator("lt", "int", "Less than this.", _compare("$lt")),
        Operator("lte", "int", "This or less.", _compare("$lte")),
    ),
}  # fmt: skip


# --- values -----------------------------------------------------------------------------------


def checked(kind: str, value: Any, at: str) -> Any:
    """The value as an operator takes it; WhereError names the place where it is something else."""
    if kind in ("texts", "ints", "slugs"):
        members = [
            checked(kind.rstrip("s") if kind != "slugs" else "text", member, f"{at}[{number}]")
            for number, member in enumerate(list_of(value, at))
        ]
        return [slug(member) for member in members] if kind == "slugs" else members
    check, allowed = CHECKS[kind]
    if not check(value):
        raise refused(at, value, allowed)
    return value


def _is_text(value: Any) -> bool:
    # A lone surrogate is no character and cannot be sent to Mongo.
    return (
        isinstance(value, str)
        and len(value) <= MAX_TEXT_LENGTH
        and not any("\ud800" <= char <= "\udfff" for char in value)
    )


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value in _INT64


def _is_instant(value: Any) -> bool:
    return isinstance(value, datetime) and value.tzinfo is not None


CHECKS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "text": (_is_text, f"a text of at most {MAX_TEXT_LENGTH} characters"),
    "int": (_is_int, "an integer of 64 bits"),
    "instant": (_is_instant, "an instant with its offset from UTC"),
    "flag": (lambda value: isinstance(value, bool), "true or false"),
}


def list_of(value: Any, at: str) -> list[Any]:
    """A list of at most MAX_VALUES members."""
    if not isinstance(value, list | tuple):
        raise refused(at, value, "a list")
    if len(value) > MAX_VALUES:
        raise WhereError(
            f'Filter "{at}" has {len(value)} values; allowed are at most {MAX_VALUES}.'
        )
    return list(value)


def refused(at: str, value: Any, allowed: str) -> WhereError:
    """The error for a value that is not of its kind."""
    shown = repr(value)
    shown = shown if len(shown) <= 60 else f"{shown[:57]}..."
    return WhereError(f'Filter "{at}" is {shown}; allowed is {allowed}.')


def _literal(text: str) -> str:
    """A pattern that matches this text and nothing else, once it is folded."""
    return "".join(_escaped(char) for char in fold(text))


def _escaped(char: str) -> str:
    if char == "\0":
        return r"\x00"  # a pattern ends at NUL in BSON
    return char if char.isalnum() or ord(char) > 127 else f"\\{char}"


def _millisecond(at: datetime, *, up: bool) -> datetime:
    utc = at.astimezone(UTC)
    whole = utc.replace(microsecond=utc.microsecond // 1000 * 1000)
    if not up or whole == utc:
        return whole
    try:
        return whole + timedelta(milliseconds=1)
    except OverflowError:  # the last millisecond of the year 9999
        return whole
