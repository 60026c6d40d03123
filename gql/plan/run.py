"""Running a plan: level by level one command a lookup, then one pass that shapes the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any, Protocol

from graphql import GraphQLSchema
from graphql.execution.values import VariableValues, get_argument_values

from gql.plan.nodes import Doc, Embedded, Fill, Level, Lookup, Plan, Request, Slots, TypeLevel
from gql.schema.selection import Reading, Selected
from loaders.nodes import TYPE_NAME


class Batches(Protocol):
    """How a run reaches the batch functions: ``loaders`` by name, for one request's reader."""

    async def load(self, name: str, keys: Sequence[Any], request: Any) -> Sequence[Any]:
        """One value a key, in their order."""


async def run_plan(
    plan: Plan, schema: GraphQLSchema, variables: VariableValues, batches: Batches
) -> dict[str, Any]:
    """The answer's ``data``. Raises whatever surprises it: a client's mistake, a failing store,
    a document that is not what the schema promises. What to answer then is not decided here.
    """
    slots = list(plan.constants)
    for one in plan.variables:
        slots[one.slot] = get_argument_values(one.field, one.node, variables)
    for request in plan.requests:
        ask = request.ask or _first_step(request, schema, variables)
        slots[request.slot] = ask(slots[request.args] if request.args >= 0 else {})
    await _Run(slots, batches).type_level(plan.root, [None])
    data: dict[str, Any] = plan.shape(None, slots)
    return data


def _first_step(
    request: Request, schema: GraphQLSchema, variables: VariableValues
) -> Callable[[Any], Any]:
    old, first = request.selected, request.spec.request
    assert old is not None
    assert first is not None
    reading = Reading(schema, old.reading.fragments, variables)
    return first(Selected(reading, old.types, old.selection_sets))


class _Run:
    """The slots and the batch functions of one run."""

    def __init__(self, slots: Slots, batches: Batches) -> None:
        self.slots = slots
        self.batches = batches

    async def level(self, level: Level, docs: list[Any]) -> None:
        """All that documents of one or several types need."""
        if level.only is not None:
            await self.type_level(level.only, docs)
            return
        by_type: dict[str, list[Any]] = {}
        for doc in docs:
            by_type.setdefault(doc[TYPE_NAME], []).append(doc)
        await _all([self.type_level(level.types[name], some) for name, some in by_type.items()])

    async def type_level(self, level: TypeLevel, docs: list[Any]) -> None:
        """All that documents of one type need, the lookups side by side."""
        if not docs:
            return
        await _all(
            [
                *(self._lookup(lookup, docs) for lookup in level.lookups),
                *(self._fill(fill, docs) for fill in level.fills),
                *(self._embedded(embedded, docs) for embedded in level.embedded),
            ]
        )

    async def _lookup(self, lookup: Lookup, docs: list[Any]) -> None:
        asked = [self._asked(lookup, doc) for doc in docs]
        if lookup.spec.many:
            keys = dict.fromkeys(key for some in asked for key in some if key is not None)
        else:
            keys = dict.fromkeys(key for key in asked if key is not None)
        request = None if lookup.request is None else self.slots[lookup.request]
        found = await self._load(lookup.spec.batch, keys, request)
        if lookup.below is not None:
            await self.level(lookup.below, self._below(lookup, docs, asked, found))
        if lookup.shape is not None:
            shape, slots = lookup.shape, self.slots
            found = {k: None if one is None else shape(one, slots) for k, one in found.items()}
        self.slots[lookup.found] = found

    def _asked(self, lookup: Lookup, doc: Any) -> Any:
        assert lookup.spec.ask is not None
        if lookup.has_args:
            return lookup.spec.ask(doc, self.slots[lookup.args])
        return lookup.spec.ask(doc)

    async def _load(self, batch: str, keys: dict[Any, None], request: Any) -> dict[Any, Any]:
        if not keys:
            return {}
        listed = list(keys)
        return dict(zip(listed, await self.batches.load(batch, listed, request), strict=True))

    def _below(
        self, lookup: Lookup, docs: list[Any], asked: list[Any], found: dict[Any, Any]
    ) -> list[Doc]:
        """The documents that a lookup leads to: those found, or those picked from them."""
        pick = lookup.spec.pick
        if pick is None:
            return _flat(found.values())
        picked = []
        for doc, keys in zip(docs, asked, strict=True):
            some = [found.get(key) for key in keys] if lookup.spec.many else found.get(keys)
            picked.append(
                pick(doc, some, self.slots[lookup.args]) if lookup.has_args else pick(doc, some)
            )
        return _flat(picked)

    async def _fill(self, fill: Fill, docs: list[Doc]) -> None:
        via = fill.spec.via
        keys = {doc[via]: None for doc in docs if any(doc.get(key) is None for key in fill.keys)}
        self.slots[fill.found] = await self._load(fill.spec.batch, keys, None)

    async def _embedded(self, embedded: Embedded, docs: list[Any]) -> None:
        compute = embedded.spec.compute
        assert compute is not None
        if embedded.has_args:
            args = self.slots[embedded.args]
            inner = _flat(compute(doc, args) for doc in docs)
        else:
            inner = _flat(compute(doc) for doc in docs)
        await self.level(embedded.below, inner)


def _flat(values: Iterable[Any]) -> list[Doc]:
    docs: list[Doc] = []
    for value in values:
        if value.__class__ is list:
            docs.extend(one for one in value if one is not None)
        elif value is not None:
            docs.append(value)
    return docs


async def _all(steps: list[Coroutine[Any, Any, None]]) -> None:
    """Runs steps side by side. Where one fails, the others end before the failure is told."""
    if len(steps) == 1:
        await steps[0]
    elif steps:
        async with asyncio.TaskGroup() as group:
            for step in steps:
                group.create_task(step)
