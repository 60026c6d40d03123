"""Running a plan: level by level one command a lookup, then one pass that shapes the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from functools import partial
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

    def known(self, name: str, keys: Sequence[Any]) -> Sequence[Any] | None:
        """The same without waiting, where all of it is known; else None."""


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
    await _all(_Run(slots, batches).type_level(plan.root, [None]))
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


# Not begun: where a document surprises the run before they are, nothing is left running.
Steps = list[Callable[[], Coroutine[Any, Any, None]]]


class _Run:
    """The slots and the batch functions of one run.

    A level does at once what needs no waiting, and returns what does, to be run side by side.
    """

    def __init__(self, slots: Slots, batches: Batches) -> None:
        self.slots = slots
        self.batches = batches

    def level(self, level: Level, docs: list[Any]) -> Steps:
        """All that documents of one or several types need."""
        if level.only is not None:
            return self.type_level(level.only, docs)
        by_type: dict[str, list[Any]] = {}
        for doc in docs:
            by_type.setdefault(doc[TYPE_NAME], []).append(doc)
        return [
            step
            for name, some in by_type.items()
            for step in self.type_level(level.types[name], some)
        ]

    def type_level(self, level: TypeLevel, docs: list[Any]) -> Steps:
        """All that documents of one type need."""
        steps: Steps = []
        if docs:
            for lookup in level.lookups:
                steps += self._lookup(lookup, docs)
            for fill in level.fills:
                steps += self._fill(fill, docs)
            for embedded in level.embedded:
                steps += self._embedded(embedded, docs)
        return steps

    def _lookup(self, lookup: Lookup, docs: list[Any]) -> Steps:
        ask, args = lookup.spec.ask, self.slots[lookup.args] if lookup.has_args else None
        assert ask is not None
        asked = [ask(doc, args) for doc in docs] if lookup.has_args else [ask(doc) for doc in docs]
        if lookup.spec.many:
            keys = list(dict.fromkeys(key for some in asked for key in some if key is not None))
        else:
            keys = list(dict.fromkeys(key for key in asked if key is not None))
        known = self.batches.known(lookup.spec.batch, keys) if keys else []
        if known is None:
            return [partial(self._read, lookup, docs, asked, keys)]
        return self._found(lookup, docs, asked, dict(zip(keys, known, strict=True)))

    async def _read(
        self, lookup: Lookup, docs: list[Any], asked: list[Any], keys: list[Any]
    ) -> None:
        request = None if lookup.request is None else self.slots[lookup.request]
        values = await self.batches.load(lookup.spec.batch, keys, request)
        await _all(self._found(lookup, docs, asked, dict(zip(keys, values, strict=True))))

    def _found(
        self, lookup: Lookup, docs: list[Any], asked: list[Any], found: dict[Any, Any]
    ) -> Steps:
        if lookup.below is None:
            self._keep(lookup, found)
            return []
        steps = self.level(lookup.below, self._below(lookup, docs, asked, found))
        if not steps:
            self._keep(lookup, found)
            return []
        return [partial(self._keep_after, steps, lookup, found)]

    async def _keep_after(self, steps: Steps, lookup: Lookup, found: dict[Any, Any]) -> None:
        await _all(steps)
        self._keep(lookup, found)

    def _keep(self, lookup: Lookup, found: dict[Any, Any]) -> None:
        """Puts what was found into its slot, once all that it needs in turn is there."""
        if lookup.shape is not None:
            shape, slots = lookup.shape, self.slots
            found = {k: None if one is None else shape(one, slots) for k, one in found.items()}
        self.slots[lookup.found] = found

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

    def _fill(self, fill: Fill, docs: list[Doc]) -> Steps:
        via, names = fill.spec.via, fill.keys
        keys = list(
            {doc[via]: None for doc in docs if any(doc.get(name) is None for name in names)}
        )
        known = self.batches.known(fill.spec.batch, keys) if keys else []
        if known is None:
            return [partial(self._filled, fill, keys)]
        self.slots[fill.found] = dict(zip(keys, known, strict=True))
        return []

    async def _filled(self, fill: Fill, keys: list[Any]) -> None:
        values = await self.batches.load(fill.spec.batch, keys, None)
        self.slots[fill.found] = dict(zip(keys, values, strict=True))

    def _embedded(self, embedded: Embedded, docs: list[Any]) -> Steps:
        compute = embedded.spec.compute
        assert compute is not None
        if embedded.has_args:
            args = self.slots[embedded.args]
            inner = _flat(compute(doc, args) for doc in docs)
        else:
            inner = _flat(compute(doc) for doc in docs)
        return self.level(embedded.below, inner)


def _flat(values: Iterable[Any]) -> list[Doc]:
    docs: list[Doc] = []
    for value in values:
        if value.__class__ is list:
            docs.extend(one for one in value if one is not None)
        elif value is not None:
            docs.append(value)
    return docs


async def _all(steps: Steps) -> None:
    """Runs steps side by side. Where one fails, the others end before the failure is told."""
    if len(steps) == 1:
        await steps[0]()
    elif steps:
        async with asyncio.TaskGroup() as group:
            for step in steps:
                group.create_task(step())
