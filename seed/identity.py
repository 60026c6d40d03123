"""The identity of an article: its slug. Pure."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from store.names import slug

_DATED_STEM = re.compile(r"\d{4}-\d{2}-\d{2}-\S+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def stem(path: str) -> str:
    """The name of a file without its folders and its suffix."""
    return path.rpartition("/")[2].rpartition(".")[0]


def slug_by_path(path: str) -> str | None:
    """The slug where the file's stem reads `YYYY-MM-DD-words`."""
    name = stem(path)
    return name if _DATED_STEM.fullmatch(name) else None


def article_slug(path: str, doc: Mapping[str, Any]) -> str:
    """The stem where it reads `YYYY-MM-DD-words`, else date and slugged title.

    `doc` holds the stored front matter; its title is not blank.
    """
    if name := slug_by_path(path):
        return name
    day = _day(path, doc)
    words = slug(str(doc["title"]))[:150].rstrip("-")
    return f"{day}-{words}" if day else words


def _day(path: str, doc: Mapping[str, Any]) -> str | None:
    for key in ("publishedDateTime", "date"):
        value = doc.get(key)
        if isinstance(value, (datetime, date)):
            return value.strftime("%Y-%m-%d").rjust(10, "0")
        if isinstance(value, str) and (found := _DATE.match(value)):
            return found.group()
    found = _DATE.match(stem(path))
    return found.group() if found else None
