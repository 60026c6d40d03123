"""What the text of a setting may be: for each kind how it is read, and in words what is allowed.

A kind is a function that raises ValueError or KeyError for what it does not take, and those words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path


def _text(text: str) -> str:
    return text


def _path(text: str) -> Path | None:
    return Path(text) if text else None


def _names(text: str) -> frozenset[str]:
    return frozenset(part.strip() for part in text.split(",") if part.strip())


def _switch(text: str) -> bool:
    return {"on": True, "1": True, "true": True, "off": False, "0": False, "false": False}[
        text.lower()
    ]


def _mongodb_uri(text: str) -> str:
    if text and not text.startswith(("mongodb://", "mongodb+srv://")):
        raise ValueError(text)
    return text


def _database_name(text: str) -> str:
    if not re.fullmatch(r"[^/\\. \"$*<>:|?\0]{1,63}", text):
        raise ValueError(text)
    return text


def whole(low: int, high: int) -> tuple[Callable[[str], int], str]:
    """Whole numbers, both ends included."""

    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,12}", text) or not low <= int(text) <= high:
            raise ValueError(text)
        return int(text)

    return parse, f"whole numbers {low} to {high}"


def number(low: float, high: float) -> tuple[Callable[[str], float], str]:
    """Numbers with up to six decimals, both ends included."""

    def parse(text: str) -> float:
        if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,6})?", text) or not low <= float(text) <= high:
            raise ValueError(text)
        return float(text)

    return parse, f"numbers {low:g} to {high:g}"


def one_of(*names: str) -> tuple[Callable[[str], str], str]:
    """One of these names."""

    def parse(text: str) -> str:
        if text not in names:
            raise ValueError(text)
        return text

    return parse, ", ".join(names)


TEXT = (_text, "any text")
PATH = (_path, "a path")
MONGODB_URI = (_mongodb_uri, "URIs that begin with mongodb:// or mongodb+srv://")
DATABASE_NAME = (_database_name, '1 to 63 characters, none of them a space or in /\\."$*<>:|?')
NAMES = (_names, "names between commas")
SWITCH = (_switch, "on, off")
