"""``Load``: a run of the loader that changed the store, and what it found wrong with its files."""

from __future__ import annotations

from typing import Any

import strawberry

from gql.schema.fields import Doc, derived, doc, lookup
from gql.schema.filters import List
from gql.schema.page import (
    PAGE_ARGS,
    PageInfo,
    cursor_field,
    edges_field,
    node_field,
    nodes_field,
    page_info_field,
    page_request,
)
from gql.schema.scalars import DateTime
from store.collections import ISSUES, LOADS

_LOADS = List(LOADS, {}, ())
_ISSUES = List(ISSUES, {}, ())


def _seconds(load: Doc) -> Any:
    took: float = (load["finishedAt"] - load["startedAt"]).total_seconds()
    return took


@strawberry.type(description="How many files a load met, by what became of them.")
class LoadCounts:
    """The counts of a load's report."""

    added: int = doc("Files that are new.", default=0)
    changed: int = doc("Files that say something else than before.", default=0)
    renamed: int = doc("Files that moved and kept their document.", default=0)
    unchanged: int = doc("Files that are as they were.", default=0)
    removed: int = doc("Documents that went with their files.", default=0)
    refused: int = doc("Files with errors, which were kept out.", default=0)
    skipped: int = doc("Pages of the tree, such as a README, that are no articles.", default=0)


@strawberry.type(description="Something that a load found wrong or odd in a file.")
class LoadIssue:
    """A row of a load's report."""

    site: str = doc("The tree of files; empty where it is none of the load's.", default="")
    path: str = doc("Where the file stands in its tree: `_news/2020-10-08-some-words.md`.")
    line: int = doc("The line, from 1.")
    column: int = doc("The column, from 1.")
    rule: str = doc("The rule that it breaks: `missing-title`.")
    severity: str = doc("`error`: the file was kept out; `warning`: it was loaded.")
    came: str = doc("What stands there.")
    allowed: str = doc("What may stand there.")
    suggestion: str | None = doc("What may have been meant.")


@strawberry.type(description="An issue in a list, and where it stands.")
class LoadIssueEdge:
    """An edge of issues."""

    cursor: str = cursor_field()
    node: LoadIssue = node_field()


@strawberry.type(description="A page of issues.")
class LoadIssueConnection:
    """A connection of issues."""

    edges: list[LoadIssueEdge] = edges_field()
    nodes: list[LoadIssue] = nodes_field()
    page_info: PageInfo = page_info_field()
    total_count: int = derived(
        "How many of its issues can be read, over all pages.",
        lambda connection: connection["totalCount"],
    )


@strawberry.type(description="A run of the loader that changed what can be read here.")
class Load:
    """A document of ``loads``."""

    number: int = doc("Its number; each load has a higher one than all before it.", key="_id")
    started_at: DateTime = doc("When it began.")
    finished_at: DateTime = doc("When it was done, and its changes were seen.")
    seconds: float = derived("How long it took.", _seconds, needs=("startedAt", "finishedAt"))
    sites: list[str] = doc("The trees of files that it read, by name.", default=[])
    counts: LoadCounts = derived(
        "How many files it met, by what became of them.",
        lambda load: load["counts"],
        needs=("counts",),
        at="counts",
    )
    issues: LoadIssueConnection = lookup(
        "What was wrong or odd in its files, errors first, a page at a time. The first 500 are "
        "kept; those of files that are not published are for who may read these.",
        "pages",
        lambda load, _args: load["_id"],
        needs=("_id",),
        request=page_request(_ISSUES, "load"),
        args=PAGE_ARGS,
    )


@strawberry.type(description="A load in a list, and where it stands.")
class LoadEdge:
    """An edge of loads."""

    cursor: str = cursor_field()
    node: Load = node_field()


@strawberry.type(description="A page of loads.")
class LoadConnection:
    """A connection of loads."""

    edges: list[LoadEdge] = edges_field()
    nodes: list[Load] = nodes_field()
    page_info: PageInfo = page_info_field()
    total_count: int = derived(
        "How many loads are kept.", lambda connection: connection["totalCount"]
    )


def loads_field() -> Any:
    """The connection of the last loads."""
    return lookup(
        "The last 100 loads that changed something, newest first.",
        "pages",
        lambda _root, _args: "",
        request=page_request(_LOADS, None),
        args=PAGE_ARGS,
    )
