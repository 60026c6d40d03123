"""Running a plan: level by level one command a lookup, then one pass that shapes the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from graphql import GraphQLSchema
from graphql.execution.values import VariableValues, get_argument_values

from gql.plan.nodes import Doc, Embedded, Fill, Level, Lookup, Plan, Slots, TypeLevel
from gql.schema.selection import Reading, Selected
from loaders.nodes import TYPE_NAME
from store.together import together


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
    slots, request = slots_of(plan, schema, variables)
    run = _Run(slots, batches, request)
    await run.settle(run.type_level(plan.root, [None]))
    run.shape_shared()
    data: dict[str, Any] = plan.shape(None, slots)
    return data


def slots_of(
    plan: Plan, schema: GraphQLSchema, variables: VariableValues
) -> tuple[Slots, Callable[[int | None], Any]]:
    """The slots as a run begins, and what gives the request in a slot.

    A request is made when the first key asks for it: a wrong argument that nothing reaches is none.
    """
    slots = list(plan.constants)
    for one in plan.variables:
        slots[one.slot] = get_argument_values(one.field, one.node, variables)

    def request(slot: int | None) -> Any:
        if slot is None:
            return None
        if slots[slot] is None:
            slots[slot] = _made(plan, schema, variables, slots, slot)
        return slots[slot]

    return slots, request


def _made(
    plan: Plan, schema: GraphQLSchema, variables: VariableValues, slots: Slots, slot: int
) -> Any:
    """The request that belongs into a slot, for the variables of this run."""
    request = plan.requests[slot]
    ask = request.ask
    if ask is None:
        old, first = request.selected, request.spec.request
        assert old is not None
        assert first is not None
        reading = Reading(schema, old.reading.fragments, variables)
        ask = first(Selected(reading, old.types, old.selection_sets))
    return ask(slots[request.args] if request.args >= 0 else {})


@dataclass(frozen=True, slots=True)
class Need:
    """Keys that a batch function has to read, and what to do with the values by key: that returns
    the next needs. Nothing runs yet, so a document that surprises the run leaves nothing running.
    """

    batch: str
    request: Any
    keys: list[Any]
    then: Callable[[dict[Any, Any]], Needs]


Needs = list[Need]


class _Run:
    """The slots and the batch functions of one run.

    A level settles at once what needs no waiting, and returns the rest as needs. What several needs
    of a level ask of one batch function is one command.
    """

    def __init__(
        self, slots: Slots, batches: Batches, request: Callable[[int | None], Any]
    ) -> None:
        self.slots = slots
        self.batches = batches
        self._request = request
        self._shared: list[tuple[Lookup, dict[Any, Any]]] = []

    async def settle(self, needs: Needs) -> None:
        """Meets needs, and those that follow from them, side by side."""
        groups: dict[tuple[str, int], Needs] = {}
        for need in needs:
            groups.setdefault((need.batch, id(need.request)), []).append(need)
        await together([self._met(group) for group in groups.values()])

    async def _met(self, needs: Needs) -> None:
        batch, request = needs[0].batch, needs[0].request
        keys = needs[0].keys
        if len(needs) > 1:
            keys = list(dict.fromkeys(key for need in needs for key in need.keys))
        values = await self.batches.load(batch, keys, request)
        found = dict(zip(keys, values, strict=True))
        if len(needs) == 1:
            await self.settle(needs[0].then(found))
            return
        own = [need.then({key: found[key] for key in need.keys}) for need in needs]
        await self.settle([need for some in own for need in some])

    def shape_shared(self) -> None:
        """Makes finished answers of what is the same wherever it is found, the deepest first: what
        stands above reads them.
        """
        slots = self.slots
        for lookup, found in reversed(self._shared):
            shape = lookup.shape
            assert shape is not None
            slots[lookup.found] = {
                key: None if one is None else shape(one, slots) for key, one in found.items()
            }

    def level(self, level: Level, docs: list[Any]) -> Needs:
        """All that documents of one or several types need."""
        if level.only is not None:
            return self.type_level(level.only, docs)
        by_type: dict[str, list[Any]] = {}
        for doc in docs:
            by_type.setdefault(doc[TYPE_NAME], []).append(doc)
        return [
            need
            for name, some in by_type.items()
            for need in self.type_level(level.types[name], some)
        ]

    def type_level(self, level: TypeLevel, docs: list[Any]) -> Needs:
        """All that documents of one type need."""
        needs: Needs = []
        if docs:
            for lookup in level.lookups:
                needs += self._lookup(lookup, docs)
            for fill in level.fills:
                needs += self._fill(fill, docs)
            for embedded in level.embedded:
                needs += self._embedded(embedded, docs)
        return needs

    def _lookup(self, lookup: Lookup, docs: list[Any]) -> Needs:
        ask, args = lookup.spec.ask, self.slots[lookup.args] if lookup.has_args else None
        assert ask is not None
        asked = [ask(doc, args) for doc in docs] if lookup.has_args else [ask(doc) for doc in docs]
        if lookup.spec.many:
            keys = list({key: None for some in asked for key in some if key is not None})
        else:
            keys = list({key: None for key in asked if key is not None})
        known = self.batches.known(lookup.spec.batch, keys) if keys else []
        if known is None:
            then = partial(self._found, lookup, docs, asked)
            return [Need(lookup.spec.batch, self._request(lookup.request), keys, then)]
        return self._found(lookup, docs, asked, dict(zip(keys, known, strict=True)))

    def _found(
        self, lookup: Lookup, docs: list[Any], asked: list[Any], found: dict[Any, Any]
    ) -> Needs:
        self.slots[lookup.found] = found
        if lookup.shape is not None:
            self._shared.append((lookup, found))
        if lookup.below is None:
            return []
        return self.level(lookup.below, self._below(lookup, docs, asked, found))

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

    def _fill(self, fill: Fill, docs: list[Doc]) -> Needs:
        via, names = fill.spec.via, fill.keys
        keys = list({doc[via]: None for name in names for doc in docs if doc.get(name) is None})
        known = self.batches.known(fill.spec.batch, keys) if keys else []
        if known is None:
            return [Need(fill.spec.batch, None, keys, partial(self._filled, fill))]
        return self._filled(fill, dict(zip(keys, known, strict=True)))

    def _filled(self, fill: Fill, found: dict[Any, Any]) -> Needs:
        self.slots[fill.found] = found
        return []

    def _embedded(self, embedded: Embedded, docs: list[Any]) -> Needs:
        compute = embedded.spec.compute
        assert compute is not None
        if embedded.has_args:
            args = self.slots[embedded.args]
            kept = {id(doc): compute(doc, args) for doc in docs}
        else:
            kept = {id(doc): compute(doc) for doc in docs}
        self.slots[embedded.kept] = kept
        return self.level(embedded.below, _flat(kept.values()))


def _flat(values: Iterable[Any]) -> list[Doc]:
    docs: list[Doc] = []
    for value in values:
        if value.__class__ is list:
            docs += [one for one in value if one is not None]
        elif value is not None:
            docs.append(value)
    return docs
