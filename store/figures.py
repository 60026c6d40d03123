"""What Mongo says of a command that was sent: the index used, what was read, what came of it. Pure.

An explain differs from server to server and from command to command; what is looked for here is
found wherever it stands (https://www.mongodb.com/docs/manual/reference/explain-results/).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from store.trace import Command

Doc = dict[str, Any]

# Reading this many times what is returned is worth a sentence; a few documents never are.
WASTE = 10
FEW = 100

# Stages after which documents are no longer those that were read.
_COUNTING = frozenset({"$group", "$facet", "$count", "$bucket", "$sortByCount"})

# Stages that go straight to a document by its _id and name no index.
_BY_ID = frozenset({"IDHACK", "EXPRESS_IXSCAN"})


@dataclass(frozen=True, slots=True)
class Figures:
    """How one command ran. `index` is None where the whole collection was read."""

    index: str | None
    keys_examined: int
    documents_examined: int
    returned: int


def to_explain(command: Command) -> Doc:
    """The command that was sent, as Mongo's `explain` takes it."""
    if command.kind == "aggregate":
        return {"aggregate": command.collection, "pipeline": command.where, "cursor": {}}
    if command.kind == "count":
        return {"count": command.collection, "query": command.where}
    find = {"find": command.collection, "filter": command.where, "limit": command.limit or 0}
    if command.projection:
        find["projection"] = command.projection
    if command.hint:
        find["hint"] = command.hint
    return find | ({"sort": dict(command.order)} if command.order else {})


def figures_of(explained: Doc) -> Figures:
    """The figures in the answer to an explain with "executionStats"."""
    stats = [one["executionStats"] for one in _maps(explained) if "executionStats" in one]
    stages = list(_maps(explained))
    names = {one["indexName"]: None for one in stages if isinstance(one.get("indexName"), str)}
    if not names and any(one.get("stage") in _BY_ID for one in stages):
        names = {"_id_": None}
    # A union has figures for each of its parts; what comes out of a pipeline is its last stage's.
    ends = explained.get("stages") or [stats[0] if stats else {}]
    return Figures(
        index=", ".join(names) or None,
        keys_examined=sum(int(one.get("totalKeysExamined", 0)) for one in stats),
        documents_examined=sum(int(one.get("totalDocsExamined", 0)) for one in stats),
        returned=int(ends[-1].get("nReturned", 0)),
    )


def advice(command: Command, figures: Figures) -> str | None:
    """One sentence where a page reads far more than it returns; None where all is well."""
    where = _where_of_page(command)
    read = max(figures.documents_examined, figures.keys_examined)
    if where is None or read < FEW or read < WASTE * max(figures.returned, 1):
        return None
    what = "documents" if read == figures.documents_examined else "keys"
    said = f"Read {read:,} {what} of {command.collection} to return {figures.returned:,}"
    return f"{said}; {_remedy(command, where, figures)}."


def _where_of_page(command: Command) -> Doc | None:
    """The where of a command that returns a page of what it reads; None for one that counts."""
    if command.kind == "find":
        return dict(command.where)
    if command.kind != "aggregate" or not any("$limit" in stage for stage in command.where):
        return None
    if any(stage.keys() & _COUNTING for stage in command.where):
        return None
    return next((dict(stage["$match"]) for stage in command.where if "$match" in stage), None)


def _remedy(command: Command, where: Doc, figures: Figures) -> str:
    if "$text" in where:
        return "every match is scored to find the best, and rarer words match fewer"
    if any(_is_anywhere(test) for _, test in _tests(where)):
        return "words that may stand anywhere in a text are looked for in each; search has an index"
    paths = ", ".join(_index_paths(command, where))
    return f"an index on {paths} would read about {figures.returned:,}" if paths else "all are read"


def _is_anywhere(test: Any) -> bool:
    return isinstance(test, dict) and not str(test.get("$regex", "^")).startswith("^")


def _index_paths(command: Command, where: Doc) -> list[str]:
    """Equality first, then the order, then ranges, as the ESR rule has it."""
    equal: dict[str, None] = {}
    ranged: dict[str, None] = {}
    for path, test in _tests(where):
        is_range = isinstance(test, dict) and not {"$eq", "$in"} & test.keys()
        (ranged if is_range else equal)[path] = None
    return list(equal | {path: None for path, _ in command.order} | ranged)


def _tests(where: Any) -> Iterator[tuple[str, Any]]:
    for key, test in where.items():
        if key == "$and":
            for part in test:
                yield from _tests(part)
        elif not key.startswith("$"):
            yield key, test


def _maps(node: Any) -> Iterator[Doc]:
    if isinstance(node, dict):
        yield node
        for key, value in node.items():
            if key != "rejectedPlans":
                yield from _maps(value)
    elif isinstance(node, list):
        for value in node:
            yield from _maps(value)
