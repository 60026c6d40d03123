"""Pages by keyset: a cursor holds the order's values of one document, so a page starts right
beyond it however many documents come and go. Pure.

A cursor is base64url JSON, `[fingerprint, value, ...]`, one value a field of the order. The
fingerprint is of order and filter: a cursor from another list is refused, not misread.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

from store.collections import Order
from store.operators import NOWHERE, Where

Doc = Mapping[str, Any]
Position = tuple[Any, ...]

MAX_CURSOR_LENGTH = 4096
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class CursorError(ValueError):
    """A cursor that is none, or is one of another list; the message is for the client."""


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list: the first `size` (the last, when `backward`) between two positions."""

    size: int
    backward: bool = False
    after: Position | None = None
    before: Position | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """The documents of a page in the list's order, and what is known of its neighbours.

    Where more can only be told by a look, `has_next` or `has_previous` is None and
    `next_where` or `previous_where` is the where that some document passes if there is one.
    """

    docs: list[Any]
    has_next: bool | None
    has_previous: bool | None
    next_where: Where | None = None
    previous_where: Where | None = None


# --- cursors ----------------------------------------------------------------------------------


def fingerprint(order: Order, where: Where) -> str:
    """What tells one list from another: eight letters of order and where."""
    text = json.dumps([order, where], sort_keys=True, default=str)
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).digest()
    return base64.urlsafe_b64encode(digest).decode("ascii")


def position_of(doc: Doc, order: Order) -> Position:
    """The order's values of a document; its projection has to hold the order's paths."""
    return tuple(_value_at(doc, path) for path, _ in order)


def cursor_of(position: Position, print_: str) -> str:
    """The opaque text for a position."""
    text = json.dumps([print_, *map(_written, position)], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode("ascii")).decode("ascii").rstrip("=")


def position_from(cursor: str, order: Order, print_: str) -> Position:
    """The position that a cursor holds; raises CursorError where it is none of this list."""
    shown = cursor if len(cursor) <= 40 else f"{cursor[:37]}..."
    try:
        held_print, *values = _parsed(cursor)
        position = tuple(_read(value) for value in values)
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise CursorError(
            f'Cursor "{shown}" is not one; allowed are the cursors of this list.'
        ) from None
    if held_print != print_ or len(position) != len(order):
        raise CursorError(
            f'Cursor "{shown}" belongs to another order or filter; '
            "allowed are the cursors of this list."
        )
    return position


def _value_at(doc: Any, path: str) -> Any:
    for step in path.split("."):
        doc = doc.get(step) if isinstance(doc, Mapping) else None
    return doc


def _written(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"at": (value - _EPOCH) // timedelta(milliseconds=1)}
    return value


def _parsed(cursor: str) -> list[Any]:
    if len(cursor) > MAX_CURSOR_LENGTH:
        raise ValueError
    padded = cursor + "=" * (-len(cursor) % 4)
    try:
        text = base64.b64decode(padded, altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError from error
    parsed = json.loads(text, parse_constant=_no_constant)
    if not isinstance(parsed, list) or not parsed:
        raise ValueError
    return parsed


def _no_constant(name: str) -> Any:
    raise ValueError(name)  # NaN and Infinity are in no order


def _read(value: Any) -> Any:
    """A value of a cursor: only what a scalar can be, never an operator."""
    if isinstance(value, dict):
        (at,) = (value["at"],) if list(value) == ["at"] else (None,)
        if not isinstance(at, int):
            raise ValueError
        return _EPOCH + timedelta(milliseconds=at)
    if isinstance(value, str):
        value.encode()  # a lone surrogate cannot be sent to Mongo
        return value
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int) and abs(value) < 2**63:
        return value
    raise ValueError


# --- wheres -----------------------------------------------------------------------------------


def page_order(order: Order, page: Page) -> Order:
    """The order to read in: turned round for a page from the end."""
    return tuple((path, -way) for path, way in order) if page.backward else order


def page_where(where: Where, order: Order, page: Page) -> Where:
    """A list's where, kept to what lies strictly between the page's positions."""
    bounds = []
    if page.after is not None:
        bounds.append(beyond(order, page.after))
    if page.before is not None:
        bounds.append(beyond(order, page.before, backward=True))
    return _both(where, *bounds)


def first_key(order: Order) -> Order:
    """The order by its first field alone, which some index has."""
    path, way = order[0]
    return ((path, way), ("_id", way))


def up_to(order: Order, position: Doc) -> Where:
    """What does not come after a document by the first field of the order."""
    path, way = order[0]
    return _bound(path, -way, _value_at(position, path))


def beyond(
    order: Order, position: Position, *, backward: bool = False, including: bool = False
) -> Where:
    """What comes after a position (before it, when `backward`), it too when `including`.

    As Mongo sorts: what has no value comes first going up and last going down.
    """
    turned = [(path, -way if backward else way) for path, way in order]
    branches: list[Where] = []
    equal: Where = {}
    for (path, way), value in zip(turned, position, strict=True):
        branches.extend({**equal, **past} for past in _past(path, way, value))
        equal = {**equal, path: {"$eq": value}}
    if including:
        branches.append(equal)
    if not branches:
        return NOWHERE
    # The bound follows from the branches. Said aloud it lets an index on a filter's field and
    # then the order's begin at the position, where Mongo does not merge one scan a branch.
    return {**_bound(*turned[0], position[0]), "$or": branches}


def _bound(path: str, way: int, value: Any) -> Where:
    if value is None:
        return {} if way > 0 else {path: {"$eq": None}}
    if way > 0:
        return {path: {"$gte": value}}
    return {path: {"$lte": value}} if path == "_id" else {path: {"$not": {"$gt": value}}}


def _past(path: str, way: int, value: Any) -> list[Where]:
    if value is None:
        return [{path: {"$ne": None}}] if way > 0 else []
    if way > 0:
        return [{path: {"$gt": value}}]
    below: Where = {path: {"$lt": value}}
    return [below] if path == "_id" else [below, {path: {"$eq": None}}]


def _both(*wheres: Where) -> Where:
    held = [where for where in wheres if where]
    if len(held) > 1:
        return {"$and": held}
    return held[0] if held else {}


# --- cutting ----------------------------------------------------------------------------------


def read_limit(page: Page) -> int:
    """How many documents to read for a page: one more, to see whether there is one."""
    return page.size + 1


def cut(docs: Sequence[Any], where: Where, order: Order, page: Page) -> Cut:
    """A page from what was read by `page_where`, `page_order` and `read_limit`."""
    kept = list(docs[: page.size])
    more = len(docs) > page.size
    if page.backward:
        kept.reverse()
    has_next, next_where = _neighbour(
        more and not page.backward, _outside(where, order, page.before, backward=False)
    )
    has_previous, previous_where = _neighbour(
        more and page.backward, _outside(where, order, page.after, backward=True)
    )
    return Cut(kept, has_next, has_previous, next_where, previous_where)


def _neighbour(more: bool, outside: Where | None) -> tuple[bool | None, Where | None]:
    if more:
        return True, None
    return (False, None) if outside is None else (None, outside)


def _outside(where: Where, order: Order, bound: Position | None, *, backward: bool) -> Where | None:
    """The where for what a bound shuts out, its own document included; None without a bound."""
    if bound is None:
        return None
    return _both(where, beyond(order, bound, backward=backward, including=True))
