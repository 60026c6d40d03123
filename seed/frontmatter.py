"""Bytes of a file -> its front matter as a mapping, and its body. Pure."""

import json
import re
import tomllib
from dataclasses import dataclass, field, replace
from datetime import time
from typing import Any

from seed.issues import Issue, KeyPath, Problem, issue
from seed.yamlread import Unreadable, locate, read_yaml
from store.collections import CONFIDENTIAL

_OPENING = re.compile(r"(---|\+\+\+)[ \t]*(\r?\n|\Z)")
_CLOSING = {
    "---": re.compile(r"\n(---|\.\.\.)[ \t]*(\r?\n|\Z)"),
    "+++": re.compile(r"\n\+\+\+[ \t]*(\r?\n|\Z)"),
}
_LANGUAGES = {"---": "yaml", "+++": "toml"}


@dataclass(frozen=True, slots=True)
class Block:
    """The front matter of a file as text, and what follows it."""

    language: str  # "yaml", "toml" or "json"
    text: str
    line: int  # the line of the file (from 1) on which `text` starts
    body: str


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The front matter of a file, read."""

    block: Block
    values: dict[Any, Any]
    twice: list[KeyPath] = field(default_factory=list)


class Refused(Exception):
    """A file that cannot be read; carries the one issue that says why."""

    def __init__(self, found: Issue) -> None:
        super().__init__(str(found))
        self.issue = found


def read_front_matter(data: bytes, path: str) -> FrontMatter:
    """The front matter of a file's bytes; raises Refused."""
    return read_block(split(decode(data, path), path), path)


def read_data_file(data: bytes, path: str) -> FrontMatter:
    """A file that is YAML from end to end, or front matter; raises Refused."""
    text = decode(data, path)
    if _OPENING.match(text) and _CLOSING["---"].search(text, _after_line(text) - 1):
        return read_block(split(text, path), path)
    return read_block(Block("yaml", text, 1, ""), path)


def decode(data: bytes, path: str) -> str:
    """UTF-8 text without its byte order mark; raises Refused."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line_start = before.rfind(b"\n") + 1
        column = len(before[line_start:].decode("utf-8", "replace")) + 1
        came = f"the byte 0x{data[error.start]:02x}, which is not UTF-8"
        line = before.count(b"\n") + 1
        raise Refused(issue(path, "encoding", came, line=line, column=column)) from None
    if "\0" in text:
        before_nul = text[: text.index("\0")]
        column = len(before_nul) - before_nul.rfind("\n")
        line = before_nul.count("\n") + 1
        raise Refused(issue(path, "text", "a NUL character", line=line, column=column))
    return text


def split(text: str, path: str) -> Block:
    """Front matter and body of a text; raises Refused."""
    if not text.strip():
        raise Refused(issue(path, "empty-file", "an empty file"))
    opening = _OPENING.match(text)
    if not opening:
        if text.startswith("{"):
            return _split_json(text, path)
        raise Refused(issue(path, "no-front-matter", _first_line(text), excerpt=_line(text, 1)))
    fence = opening[1]
    closing = _CLOSING[fence].search(text, opening.end() - 1)  # from the line's end on
    if not closing:
        came = f"{fence} on line 1 and no such line after it"
        raise Refused(issue(path, "unclosed-front-matter", came, excerpt=fence))
    inside = text[opening.end() : closing.start() + 1]
    return Block(_LANGUAGES[fence], inside, 2, text[closing.end() :])


def _after_line(text: str) -> int:
    return text.find("\n") + 1 or len(text)


def _first_line(text: str) -> str:
    if text.lstrip().startswith(("---", "+++")):
        return "blank space before the opening line"
    shown = text.strip().splitlines()[0]
    return f"`{shown[:60]}{'...' if len(shown) > 60 else ''}`"


def _split_json(text: str, path: str) -> Block:
    try:
        _, end = json.JSONDecoder().raw_decode(text)
    except RecursionError:
        raise Refused(issue(path, "too-deep", "JSON that is nested too deep")) from None
    except json.JSONDecodeError as error:
        excerpt = _line(text, error.lineno)
        raise Refused(
            issue(path, "syntax", error.msg, line=error.lineno, column=error.colno, excerpt=excerpt)
        ) from None
    body = text[end:]
    newline = re.match(r"[ \t]*\r?\n", body)
    return Block("json", text[:end], 1, body[newline.end() :] if newline else body)


def read_block(block: Block, path: str) -> FrontMatter:
    """The values of a block; raises Refused with the place in the file."""
    try:
        values, twice = _READERS[block.language](block.text)
    except Unreadable as error:
        raise Refused(
            issue(
                path,
                error.rule,
                error.came,
                line=block.line + error.line,
                column=error.column + 1,
                excerpt=_line(block.text, error.line + 1),
            )
        ) from None
    if values is None:
        values = {}
    if not isinstance(values, dict):
        came = f"a {_plain_name(values)} in place of keys and values"
        raise Refused(
            issue(path, "not-a-mapping", came, line=block.line, excerpt=_line(block.text, 1))
        )
    return FrontMatter(block, values, twice)


def _read_toml(text: str) -> tuple[Any, list[KeyPath]]:
    try:
        return _without_times(tomllib.loads(text.replace("\r\n", "\n"))), []
    except RecursionError:
        raise Unreadable("too-deep", "TOML that is nested too deep", 0, 0) from None
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"^(.*?) \(at line (\d+), column (\d+)\)$", str(error))
        if not found:
            came = str(error).removesuffix(" (at end of document)")
            raise Unreadable("syntax", came, max(text.count("\n") - 1, 0), 0) from None
        line, column = int(found[2]) - 1, int(found[3]) - 1
        raise Unreadable("syntax", found[1], line, column) from None


def _without_times(value: Any) -> Any:
    """TOML alone has times without a date; they become text."""
    if isinstance(value, dict):
        return {key: _without_times(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_without_times(one) for one in value]
    return value.isoformat() if isinstance(value, time) else value


def _read_json(text: str) -> tuple[Any, list[KeyPath]]:
    twice: list[KeyPath] = []

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        values = dict(found)
        if len(values) < len(found):
            names = [name for name, _ in found]
            twice.extend({(name,): None for name in names if names.count(name) > 1})
        return values

    return json.loads(text, object_pairs_hook=pairs), twice


_READERS = {"yaml": read_yaml, "toml": _read_toml, "json": _read_json}


def _plain_name(value: Any) -> str:
    return {list: "list", str: "text"}.get(value.__class__, "single value")


def _line(text: str, number: int) -> str | None:
    lines = text.split("\n", number)
    return lines[number - 1].rstrip("\r")[:200] if 0 < number <= len(lines) else None


def place(problem: Problem, block: Block, path: str) -> Issue:
    """A problem of a mapping as an issue of its file, with line, column and the line's text."""
    line, column = _find(problem, block)
    if problem.at and problem.at[0] in CONFIDENTIAL:  # its place is told, its value is not
        came = f"`{problem.at[0]}`, whose value is not shown"
        problem = replace(problem, came=came, suggestion=None)
        block = replace(block, text="")
    return issue(
        path,
        problem.rule,
        problem.came,
        line=block.line + line,
        column=column + 1,
        allowed=problem.allowed,
        suggestion=problem.suggestion,
        excerpt=_line(block.text, line + 1) if block.text else None,
    )


def _find(problem: Problem, block: Block) -> tuple[int, int]:
    if not problem.at:
        return 0, 0
    if block.language == "yaml":
        return locate(block.text, problem.at, on_key=problem.on_key)
    # TOML and JSON keep no marks: the first line that names the last key comes near.
    names = [step for step in problem.at if isinstance(step, str)]
    for name in reversed(names):
        found = re.search(rf"[\"']?{re.escape(name)}[\"']?\s*[=:\]]", block.text)
        if found:
            before = block.text[: found.start()]
            return before.count("\n"), len(before) - (before.rfind("\n") + 1)
    return 0, 0
