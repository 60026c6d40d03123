"""YAML as PyYAML's SafeLoader reads it: from events, hence faster, and safe against nesting.

libyaml's composer recurses in C and dies of deep nesting; its parser does not. So the parser's
events are read here into plain values. What is rare (anchors, tags, merge keys, odd keys) is
handed to CSafeLoader once the events have shown that it is shallow and bounded. What is plainest
needs no parser at all, see `yamlplain`.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import yaml
from yaml import events
from yaml.cyaml import CParser  # type: ignore[attr-defined]

from seed.issues import KeyPath
from seed.yamlplain import read_plain

MAX_DEPTH = 64
MAX_EXPANDED_VALUES = 20_000
MAX_MERGE_ALIASES = 20
_MAX_CACHED = 4096
_RESOLVERS: dict[str, list[tuple[str, re.Pattern[str]]]] = yaml.SafeLoader.yaml_implicit_resolvers
_STR = "tag:yaml.org,2002:str"
_USUAL_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_plain_cache: dict[str, Any] = {}


class Unreadable(Exception):
    """What was read is not what is allowed. Line and column count from 0 in the text read."""

    def __init__(self, rule: str, came: str, line: int, column: int) -> None:
        super().__init__(came)
        self.rule, self.came, self.line, self.column = rule, came, line, column


def read_yaml(text: str) -> tuple[Any, list[KeyPath]]:
    """The value of a YAML text and the paths of keys that it gives twice; raises Unreadable."""
    found = read_plain(text, plain)
    if found is not None:
        return found, []
    try:
        reader = _Reader(text)
        reader.run()
        if not reader.odd:
            return reader.value, reader.twice
        return _read_odd(text, reader), reader.twice
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        came = str(error.problem or error.context)
        raise _unreadable(came, mark) from None
    except yaml.reader.ReaderError as error:
        raise _control_character(text, error) from None
    except (ValueError, OverflowError) as error:  # 2020-13-45 looks like a date and is none
        raise _bad_scalar(text, error) from None


def _unreadable(came: str, mark: Any, rule: str = "syntax") -> Unreadable:
    line, column = (mark.line, mark.column) if mark else (0, 0)
    return Unreadable(rule, came, line, column)


class _Reader:
    """One pass over the events of one text; holds the stack of what is still open."""

    def __init__(self, text: str) -> None:
        self.parser = CParser(text)
        self.value: Any = None
        self.odd = False  # needs the full loader
        self.merges = False
        self.aliases = 0
        self.twice: list[KeyPath] = []
        self.documents = 0

    def run(self) -> None:
        """Read all events: fills `value`, or sets `odd`."""
        stack: list[tuple[Any, Any]] = []  # what is open around, and its key that waits
        box: Any = None  # the open list or dict
        key: Any = _NONE  # the key that waits for its value
        get_event: Callable[[], Any] = self.parser.get_event
        while (event := get_event()) is not None:
            kind = event.__class__
            if kind is events.ScalarEvent:
                value = self._scalar(event)
            elif kind is events.MappingStartEvent or kind is events.SequenceStartEvent:
                if event.anchor or event.tag:
                    self.odd = True
                if box.__class__ is dict and key is _NONE:
                    self.odd = True  # a list or a mapping as a key
                if len(stack) >= MAX_DEPTH:
                    came = f"more than {MAX_DEPTH} levels of nesting"
                    raise _unreadable(came, event.start_mark, "too-deep")
                stack.append((box, key))
                box, key = ({} if kind is events.MappingStartEvent else []), _NONE
                continue
            elif kind is events.MappingEndEvent or kind is events.SequenceEndEvent:
                value = box
                box, key = stack.pop()
            elif kind is events.AliasEvent:
                self.odd, value = True, None
                self.aliases += 1
            else:
                self._document(event, kind)
                continue
            # Put the finished value where it belongs.
            if box is None:
                self.value = value
            elif box.__class__ is list:
                box.append(value)
            elif key is not _NONE:
                box[key] = value
                key = _NONE
            else:
                key = self._key(value, box, stack)

    def _scalar(self, event: Any) -> Any:
        if event.anchor or event.tag:
            self.odd = True
            return event.value
        return plain(event.value) if event.implicit[0] else event.value

    def _key(self, value: Any, box: dict[Any, Any], stack: list[tuple[Any, Any]]) -> Any:
        if value == "<<":
            self.merges = self.odd = True
        if value.__class__ in (dict, list):
            return repr(value)  # `odd` is set: only the depth of what follows counts
        if value in box:
            self.twice.append((*_path(stack), value))
        return value

    def _document(self, event: Any, kind: type) -> None:
        if kind is events.DocumentStartEvent:
            self.documents += 1
            if self.documents > 1:
                came = "a second YAML document"
                raise _unreadable(came, event.start_mark)


class _None:
    """No key waits (None itself can be a key)."""


_NONE: Any = _None()


def _path(stack: list[tuple[Any, Any]]) -> KeyPath:
    """The keys that lead to what is open now."""
    return tuple(
        len(box) if box.__class__ is list else key for box, key in stack if box is not None
    )


def plain(text: str) -> Any:
    """The value of a plain (unquoted) scalar, by YAML 1.1 as PyYAML has it."""
    found = _plain_cache.get(text, _NONE)
    if found is not _NONE:
        return found
    value = _resolve(text)
    if len(text) <= 40 and len(_plain_cache) < _MAX_CACHED:
        _plain_cache[text] = value
    return value


def _resolve(text: str) -> Any:
    for tag, pattern in _RESOLVERS.get(text[:1], ()):
        if pattern.match(text):
            return text if tag == _STR else _construct(tag, text)
    return text


def _construct(tag: str, text: str) -> Any:
    if tag.endswith((":merge", ":value")):
        return text
    if tag.endswith(":timestamp") and _USUAL_INSTANT.fullmatch(text):
        return datetime.fromisoformat(text)  # the same, five times as fast
    constructor = yaml.constructor.SafeConstructor()
    return constructor.construct_object(yaml.ScalarNode(tag, text))


def _read_odd(text: str, reader: _Reader) -> Any:
    """The full loader, for what the events have shown to be shallow."""
    if reader.merges and reader.aliases > MAX_MERGE_ALIASES:
        came = f"{reader.aliases} aliases beside merge keys (<<)"
        raise Unreadable("alias-bomb", came, 0, 0)
    value = yaml.load(text, yaml.CSafeLoader)
    if reader.aliases and _expanded(value, {}, set()) > MAX_EXPANDED_VALUES:
        raise Unreadable("alias-bomb", "aliases that expand without end", *_first_alias(text))
    return value


def _first_alias(text: str) -> tuple[int, int]:
    event: Any
    for event in yaml.parse(text, yaml.CSafeLoader):
        if isinstance(event, events.AliasEvent) and (mark := event.start_mark):
            return mark.line, mark.column
    return 0, 0


def _expanded(value: Any, known: dict[int, int], open_ids: set[int]) -> int:
    """How many values there are when every alias is written out; beyond the limit for a loop."""
    if value.__class__ not in (dict, list, set):
        return 1
    if id(value) in open_ids:
        return MAX_EXPANDED_VALUES + 1
    if id(value) not in known:
        open_ids.add(id(value))
        inside = value.values() if isinstance(value, dict) else value
        known[id(value)] = 1 + sum(_expanded(one, known, open_ids) for one in inside)
        open_ids.discard(id(value))
    return known[id(value)]


def _control_character(text: str, error: Any) -> Unreadable:
    found = yaml.reader.Reader.NON_PRINTABLE.search(text)
    if not found:
        return Unreadable("syntax", str(error.reason), 0, 0)
    before = text[: found.start()]
    line = before.count("\n")
    column = len(before) - (before.rfind("\n") + 1)
    return Unreadable("text", f"the control character {found.group()!r}", line, column)


def _bad_scalar(text: str, error: Exception) -> Unreadable:
    """Which scalar it was that looked like a date or a number and is none."""
    for event in yaml.parse(text, yaml.CSafeLoader):
        if isinstance(event, events.ScalarEvent) and event.implicit[0]:
            try:
                _resolve(event.value)
            except (ValueError, OverflowError):
                shown = event.value if len(event.value) <= 60 else event.value[:57] + "..."
                rule = "date" if re.match(r"\d{4}-", event.value) else "syntax"
                return _unreadable(f"`{shown}` ({error})", event.start_mark, rule)
    return Unreadable("syntax", str(error), 0, 0)


def locate(text: str, path: KeyPath, *, on_key: bool = False) -> tuple[int, int]:
    """Line and column (from 0) of the value at a path, or of its key; the nearest that is there."""
    try:
        node = yaml.compose(text, yaml.CSafeLoader)
    except (yaml.YAMLError, RecursionError):
        return 0, 0
    mark = node.start_mark if node else None
    for depth, step in enumerate(path):
        key, value = _child(node, step)
        if value is None:
            break
        at_key = on_key and depth == len(path) - 1
        node, mark = value, (key if at_key and key else value).start_mark
    return (mark.line, mark.column) if mark else (0, 0)


def _child(node: Any, step: str | int) -> tuple[Any, Any]:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return None, node.value[step]
    if isinstance(node, yaml.MappingNode):
        for key, value in reversed(node.value):  # the last one counts
            if isinstance(key, yaml.ScalarNode) and _same_key(key, step):
                return key, value
    return None, None


def _same_key(key: yaml.ScalarNode, step: str | int | date | datetime) -> bool:
    written = key.value in (step, str(step))
    return written or (not key.style and plain(key.value) == step)
