"""YAML as nearly all front matter has it, read line by line: several times faster than a parser.

Block mappings and lists of one-line scalars, plain or quoted without escapes. Everything else (flow
style, folded text, anchors, tags, comments behind values, odd characters, keys that come twice,
whatever is wrong) gives None and is left to the parser in `yamlread`, whose word is the standard:
a test holds both to the same values. Pure.
"""

import re
from collections.abc import Callable
from typing import Any

_MAX_DEPTH = 20
# What no line may hold: controls, tabs, and what YAML takes for a line's end or a byte order mark.
_ODD = re.compile(
    "[^\\n\\x20-\\x7e\\xa0-\\u2027\\u202a-\\ud7ff\\ue000-\\ufefe\\uff00-\\ufffd\\U00010000-\\U0010ffff]"
)
# indent, dash, key, value
_LINES = re.compile(r"^( *)(- +)?(?:([A-Za-z_][A-Za-z0-9_-]{0,99}):(?: +|$))?(.*)$", re.MULTILINE)
_NOT_PLAIN = frozenset("-?:,[]{}#&*!|>'\"%@`")  # what no plain text begins with


def read_plain(text: str, scalar: Callable[[str], Any]) -> dict[str, Any] | None:
    """The mapping that a text holds; None where it takes more than this to tell.

    `scalar` gives the value of an unquoted text; it may raise ValueError.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if not text.replace("\n", "").isprintable() and _ODD.search(text):
        return None
    try:
        return _read(_LINES.findall(text), scalar)
    except (ValueError, OverflowError):
        return None


def _read(
    lines: list[tuple[str, str, str, str]], scalar: Callable[[str], Any]
) -> dict[str, Any] | None:
    root: dict[str, Any] = {}
    at: int = 0  # the column of the open dict or list
    box: Any = root
    around: list[tuple[int, Any]] = []  # those around it
    waiting: str | None = None  # the last key, where its value may be on the lines that follow
    for spaces, dash, key, value in lines:
        if not key and not dash:
            if value and value[0] != "#":
                return None
            continue
        column = len(spaces)
        if waiting is not None:
            if column > at or (dash and column == at):
                inner: Any = [] if dash else {}
                box[waiting] = inner
                around.append((at, box))
                at, box = column, inner
            waiting = None
        while column < at or (column == at and not dash and box.__class__ is list):
            at, box = around.pop()
        if column != at or (box.__class__ is list) is not bool(dash) or len(around) > _MAX_DEPTH:
            return None
        if dash:
            if not key:
                box.append(_value(value, scalar))
                continue
            item: dict[str, Any] = {}
            box.append(item)
            around.append((at, box))
            at, box = column + len(dash), item
        if key in box or scalar(key).__class__ is not str:
            return None
        if value:
            box[key] = _value(value, scalar)
        else:
            box[key], waiting = None, key
    return root or None


def _value(written: str, scalar: Callable[[str], Any]) -> Any:
    first = written[:1]
    if not first or first in _NOT_PLAIN:
        return _quoted(written.rstrip(" "), first)
    if ": " in written or " #" in written:
        raise ValueError(written)
    written = written.rstrip(" ")
    if written[-1] == ":":
        raise ValueError(written)
    return scalar(written)


def _quoted(written: str, quote: str) -> str:
    inside = written[1:-1]
    if quote not in ("'", '"') or len(written) < 2 or written[-1] != quote:
        raise ValueError(written)
    if quote in inside or (quote == '"' and "\\" in inside):
        raise ValueError(written)
    return inside
