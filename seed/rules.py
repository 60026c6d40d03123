"""The rules that look at one file's values. Those that look across files are in `doctor`. Pure."""

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from seed.derive import canonical_urls
from seed.issues import KeyPath, Problem
from seed.keys import BY_COLLECTION, FOREIGN, IMAGE, PROVIDER, RELATED, Key

LARGE_FILE_BYTES = 1024 * 1024
_HTML = re.compile(r"</?[a-zA-Z][^>]*>|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]{2,8});")


def file_problems(values: Mapping[Any, Any], collection: str, size: int) -> list[Problem]:
    """What is odd about a file's values as they were written."""
    found = list(_typos(values, BY_COLLECTION[collection], ()))
    if collection == "articles":
        found += _nested_typos(values)
    if size > LARGE_FILE_BYTES:
        found.append(Problem("large-file", (), f"a file of {size / 1024 / 1024:.1f} MiB"))
    return found


def _nested_typos(values: Mapping[Any, Any]) -> Iterator[Problem]:
    provider = values.get("provider")
    if isinstance(provider, dict):
        yield from _typos(provider, PROVIDER, ("provider",))
    for name, table in (("images", IMAGE), ("related", RELATED)):
        items = values.get(name)
        for number, item in enumerate(items if isinstance(items, list) else ()):
            if isinstance(item, dict):
                yield from _typos(item, table, (name, number))


def _typos(values: Mapping[Any, Any], table: Mapping[str, Key], at: KeyPath) -> Iterator[Problem]:
    for name in values.keys() - table.keys() - FOREIGN:
        if isinstance(name, str) and (meant := _meant(name, table)) and meant not in values:
            came = f"the unknown key `{name}`"
            suggestion = f"did you mean `{meant}`?"
            yield Problem("typo", (*at, name), came, suggestion=suggestion, on_key=True)


def _meant(name: str, table: Mapping[str, Key]) -> str | None:
    bare = _bare(name)
    for known in table:
        if _bare(known) == bare:
            return known
    if len(bare) < 4:
        return None
    near = difflib.get_close_matches(bare, [_bare(known) for known in table], 1, 0.84)
    return next((known for known in table if near and _bare(known) == near[0]), None)


def _bare(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def article_problems(doc: Mapping[str, Any]) -> list[Problem]:
    """What is odd about an article that will be stored."""
    found = list(_related_problems(doc))
    if (excerpt := doc.get("excerpt")) and (tag := _HTML.search(excerpt)):
        found.append(Problem("html-excerpt", ("excerpt",), f"`{tag.group()[:40]}` in the excerpt"))
    return found


def _related_problems(doc: Mapping[str, Any]) -> Iterator[Problem]:
    own = set(doc["_index"]["urls"])
    for number, item in enumerate(doc.get("related") or ()):
        at: KeyPath = ("related", number)
        urls = canonical_urls(item)
        lacks = [name for name, there in (("title", item.get("title")), ("URL", urls)) if not there]
        if lacks:
            yield Problem("related-empty", at, f"`related[{number}]` without {' and '.join(lacks)}")
        if own.intersection(urls):
            came = f"`related[{number}]` is the article itself"
            yield Problem("related-to-itself", at, came)
