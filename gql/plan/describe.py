"""A plan as a person reads it: what is fetched, for which fields, in how many round trips.

    articles <- pages
        find articles, where {"heat": {"$gt": ?}}
        order publishedDateTime desc, _id desc, first 20
        read _index.provider, _index.topics, title
      nodes
        provider <- providers_by_key, kept
        topics <- topics_by_slug, kept
          parent <- topics_by_slug, kept
    at most 4 round trips, 3 one after another

An arrow stands for a batch function of ``loaders``, which is called once for all the documents at
that place. What stands side by side is asked side by side, and at most once for one batch function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson
from graphql import GraphQLSchema
from graphql.execution.values import VariableValues

from gql.errors import UserError
from gql.plan.nodes import Fill, Level, Lookup, Plan, TypeLevel
from gql.plan.run import slots_of
from loaders import BATCHES
from loaders.pages import PageRequest
from loaders.remembered import Remembered
from store.projection import project
from store.trace import without_values

# Commands of the batch functions that send more than one.
_COMMANDS = {"nodes_by_id": 3, "similar_to": 4}
_DIRECTIONS = {1: "asc", -1: "desc"}


def describe(
    plan: Plan, schema: GraphQLSchema, variables: VariableValues, *, values: bool = True
) -> str:
    """The text of a plan under these variables. Without ``values`` each value of a where is ``?``:
    it may be a reader's, and logs are read by others.
    """
    _, request = slots_of(plan, schema, variables)
    written = _Written(request, values)
    lines = [*written.type_level(plan.root, 0, 0)]
    steps = written.steps
    trips = sum(sum(step.values()) for step in steps.values())
    total = f"at most {trips} round trip{'s' * (trips != 1)}"
    if len(steps) > 1:
        total += f", {len(steps)} one after another"
    return "\n".join([*lines, total]) + "\n"


@dataclass(slots=True)
class _Written:
    """Writes down the levels, and counts the commands of each step by what they ask."""

    request: Callable[[int | None], Any]
    values: bool
    steps: dict[int, dict[Any, int]] = field(default_factory=dict)

    def level(self, level: Level, depth: int, step: int) -> Iterator[str]:
        if level.only is not None:
            yield from self.type_level(level.only, depth, step)
            return
        for name, one in level.types.items():
            lines = list(self.type_level(one, depth + 1, step))
            if lines:
                yield _indented(depth, f"on {name}")
                yield from lines

    def type_level(self, level: TypeLevel, depth: int, step: int) -> Iterator[str]:
        for lookup in level.lookups:
            yield from self.lookup(lookup, depth, step)
        for fill in level.fills:
            yield self.fill(fill, depth, step)
        for embedded in level.embedded:
            yield _indented(depth, embedded.name)
            yield from self.level(embedded.below, depth + 1, step)

    def lookup(self, lookup: Lookup, depth: int, step: int) -> Iterator[str]:
        batch = lookup.spec.batch
        try:
            request = self.request(lookup.request)
        except UserError as error:
            why = f": {error}" if self.values else ""
            yield _indented(depth, f"{lookup.name} <- {batch}, refused{why}")
            return
        self._count(step, batch, request)
        yield _indented(depth, f"{lookup.name} <- {batch}{_kept(batch)}")
        for line in _request_lines(request, self.values):
            yield _indented(depth + 2, line)
        if lookup.below is not None:
            yield from self.level(lookup.below, depth + 1, step + 1)

    def fill(self, fill: Fill, depth: int, step: int) -> str:
        self._count(step, fill.spec.batch, None)
        return _indented(
            depth, f"{', '.join(fill.keys)} <- {fill.spec.batch}{_kept(fill.spec.batch)}"
        )

    def _count(self, step: int, batch: str, request: Any) -> None:
        asked = self.steps.setdefault(step, {})
        asked[batch, id(request)] = _commands(batch, request)


def _indented(depth: int, line: str) -> str:
    return "  " * depth + line


def _kept(batch: str) -> str:
    return ", kept" if isinstance(BATCHES[batch], Remembered) else ""


def _commands(batch: str, request: Any) -> int:
    if isinstance(request, PageRequest):
        page, wanted = request.page, request.wanted
        looks = wanted.previous_page * (page.after is not None) + wanted.next_page * (
            page.before is not None
        )
        return wanted.documents + (wanted.facets is not None) + looks
    return _COMMANDS.get(batch, 1)


def _request_lines(request: Any, values: bool) -> Iterator[str]:
    if isinstance(request, PageRequest):
        yield from _page_lines(request, values)
    elif isinstance(request, frozenset):
        yield _reads(request)
    elif request is not None:
        yield f"first {request.first}"
        yield _reads(request.paths)


def _page_lines(request: PageRequest, values: bool) -> Iterator[str]:
    searched = "search" if request.text is not None else "find"
    parent = f", {request.parent} of the parent" if request.parent else ""
    where = f", where {_where(request.where, values)}" if request.where else ""
    yield f"{searched} {request.collection}{parent}{where}"
    page, wanted = request.page, request.wanted
    if wanted.documents:
        order = ", ".join(f"{path} {_DIRECTIONS[way]}" for path, way in request.order)
        size = f"{'last' if page.backward else 'first'} {page.size}"
        bounds = "after a cursor, " * bool(page.after) + "before a cursor, " * bool(page.before)
        yield f"order {order}, {bounds}{size}"
        yield _reads(wanted.paths)
    if wanted.facets is not None:
        facets = wanted.facets
        counted = [f"{name} {limit}" for name, limit in facets.grouped]
        counted += [f"timeline {unit.lower()}" for unit in facets.timelines]
        yield f"count {', '.join(['total'] * facets.total + counted)}"


def _reads(paths: frozenset[str]) -> str:
    projection = project(paths)
    without = [path for path, sent in projection.items() if not sent]
    if without:
        return f"read all but {', '.join(without)}"
    return f"read {', '.join(projection)}"


def _where(where: Any, values: bool) -> str:
    return orjson.dumps(where if values else without_values(where)).decode()
