"""From a checked operation to a plan.

The walk follows graphql-core's executor: collect the fields of each type that a value may
have, in the order of the answer, and for each field decide from its ``Spec`` what a run must
look up and what the shape reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, cast

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    SelectionSetNode,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)
from graphql.execution.values import VariableValues, get_argument_values

from gql.operation import Operation
from gql.plan.nodes import (
    Embedded,
    Fill,
    Level,
    Lookup,
    Plan,
    Request,
    TypeLevel,
    Unplannable,
    Variable,
)
from gql.plan.source import Source
from gql.plan.varying import Varying
from gql.schema.fields import Spec
from gql.schema.selection import Reading, Selected, collect, spec_of


def compile_plan(schema: GraphQLSchema, operation: Operation, variables: VariableValues) -> Plan:
    """The plan of an operation, for the values that its ``@skip`` and ``@include`` have now.
    Raises ``Unplannable`` where only the reference executor will do.
    """
    if operation.kind != "query":
        raise Unplannable(f"it is a {operation.kind}")
    assert schema.query_type is not None
    compiler = Compiler(Reading(schema, operation.fragments, variables))
    shape, level = compiler.object(schema.query_type, [operation.definition.selection_set])
    namespace = compiler.source.compiled()
    return Plan(
        constants=tuple(compiler.slots),
        variables=tuple(compiler.variables),
        requests=compiler.requests,
        root=level.linked(namespace),
        shape=namespace[shape],
        source=compiler.source.text(),
    )


class Compiler:
    """One walk over one operation."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.source = Source()
        self.slots: list[Any] = []
        self.variables: list[Variable] = []
        self.requests: dict[int, Request] = {}
        self.varying = Varying(reading.fragments)

    def object(
        self, type_: GraphQLObjectType, selection_sets: Iterable[SelectionSetNode | None]
    ) -> tuple[str, Draft]:
        """The name of the function that shapes a document of ``type_``, and its level."""
        draft = Draft()
        lines: list[str] = []
        members: list[tuple[str, str]] = []
        for number, (key, nodes) in enumerate(collect(self.reading, type_, selection_sets).items()):
            name = nodes[0].name.value
            if name == "__typename":
                members.append((key, repr(type_.name)))
                continue
            field = type_.fields.get(name)
            if field is None:
                raise Unplannable(f'"{name}" is introspection')
            _check_directives(nodes)
            lines += self._field(f"v{number}", key, field, nodes, draft)
            members.append((key, f"v{number}"))
        return self.source.function(lines, members), draft

    def _field(
        self,
        var: str,
        key: str,
        field: GraphQLField,
        nodes: list[FieldNode],
        draft: Draft,
    ) -> list[str]:
        spec = spec_of(field)
        assert spec is not None
        if spec.kind == "doc":
            return self.source.doc(var, spec, field.type)
        if spec.kind == "filled":
            found = draft.fill(spec, self._slot)
            return self.source.filled(var, spec, found, field.type)
        args = self._args(field, nodes[0])
        shapes, below = self._below(field, nodes)
        if spec.kind == "derived":
            if below is not None and below.needs_anything:
                kept = self._slot(None)
                made = partial(Embedded, spec, key, bool(field.args), args, _is_list(field), kept)
                draft.embedded.append((made, below))
                return self.source.embedded(var, kept, field, shapes)
            return self.source.derived(var, spec, field, args, shapes)
        request = self._request(spec, args, field, nodes)
        found = self._slot(None)
        # A key's answer is the same for every document that has the key, unless `pick` looks
        # at the document too.
        shared = shapes is not None and spec.pick is None
        name = self.source.value_function(field, spec, shapes) if shared and shapes else None
        found_by = partial(
            Lookup, spec, key, bool(field.args), args, request, found, _is_list(field)
        )
        draft.lookups.append((found_by, name, below))
        return self.source.lookup(var, spec, field, args, found, shapes, shared=shared)

    def _below(
        self, field: GraphQLField, nodes: list[FieldNode]
    ) -> tuple[dict[str, str] | None, LevelDraft | None]:
        """The shapes of the documents that the field leads to, by type; None for a leaf."""
        named = get_named_type(field.type)
        if is_leaf_type(named):
            return None, None
        types: Sequence[GraphQLObjectType] = (
            self.reading.schema.get_possible_types(named)
            if is_abstract_type(named)
            else [cast(GraphQLObjectType, named)]
        )
        selection_sets = [node.selection_set for node in nodes]
        drafts = {type_.name: self.object(type_, selection_sets) for type_ in types}
        shapes = {name: shape for name, (shape, _) in drafts.items()}
        levels = {name: level for name, (_, level) in drafts.items()}
        return shapes, LevelDraft(levels, is_abstract_type(named))

    def _slot(self, value: Any) -> int:
        self.slots.append(value)
        return len(self.slots) - 1

    def _args(self, field: GraphQLField, node: FieldNode) -> int:
        """The slot of a field's arguments, -1 for a field that has none."""
        if not field.args:
            return -1
        if self.varying.uses(*(node.arguments or ())):
            slot = self._slot(None)
            self.variables.append(Variable(slot, field, node))
            return slot
        return self._slot(get_argument_values(field, node, self.reading.variables))

    def _request(
        self, spec: Spec, args: int, field: GraphQLField, nodes: list[FieldNode]
    ) -> int | None:
        if spec.request is None:
            return None
        selected = Selected.of(self.reading, field, nodes)
        # The selections' own arguments count too: a facet's `first` is part of the request.
        below = (node.selection_set for node in nodes if node.selection_set)
        ask = None if self.varying.uses(*below) else spec.request(selected)
        slot = self._slot(None)
        if ask is None:
            self.requests[slot] = Request(spec, args, selected, None)
        elif args in {one.slot for one in self.variables}:
            self.requests[slot] = Request(spec, args, None, ask)
        else:
            self.slots[slot] = ask(self.slots[args] if args >= 0 else {})
        return slot


class Draft:
    """A level of one type while it is being compiled; shapes are still names."""

    def __init__(self) -> None:
        self.lookups: list[tuple[Callable[..., Lookup], str | None, LevelDraft | None]] = []
        self.fills: dict[tuple[str, str], tuple[Spec, list[str], int]] = {}
        self.embedded: list[tuple[Callable[..., Embedded], LevelDraft]] = []

    @property
    def needs_anything(self) -> bool:
        """Whether documents of this level need lookups, or hold documents that do."""
        return bool(self.lookups or self.fills or self.embedded)

    def fill(self, spec: Spec, slot: Any) -> int:
        """The slot of the documents that fill gaps, one for all fields filled alike."""
        group = (spec.batch, spec.via)
        if group not in self.fills:
            self.fills[group] = (spec, [], slot(None))
        _, keys, found = self.fills[group]
        if spec.key not in keys:
            keys.append(spec.key)
        return found

    def linked(self, namespace: dict[str, Any]) -> TypeLevel:
        """The level, its shapes now functions."""
        return TypeLevel(
            lookups=tuple(
                made(None if name is None else namespace[name], _level(below, namespace))
                for made, name, below in self.lookups
            ),
            fills=tuple(
                Fill(spec, tuple(keys), found) for spec, keys, found in self.fills.values()
            ),
            embedded=tuple(made(below.linked(namespace)) for made, below in self.embedded),
        )


class LevelDraft:
    """The drafts of the types that a level's documents may have."""

    def __init__(self, types: dict[str, Draft], abstract: bool) -> None:
        self.types = types
        self.abstract = abstract

    @property
    def needs_anything(self) -> bool:
        """Whether any of the types does."""
        return any(draft.needs_anything for draft in self.types.values())

    def linked(self, namespace: dict[str, Any]) -> Level:
        """The level with its functions."""
        types = {name: draft.linked(namespace) for name, draft in self.types.items()}
        return Level(types, None if self.abstract else next(iter(types.values())))


def _level(below: LevelDraft | None, namespace: dict[str, Any]) -> Level | None:
    return below.linked(namespace) if below is not None and below.needs_anything else None


def _is_list(field: GraphQLField) -> bool:
    type_ = field.type
    return is_list_type(type_.of_type if is_non_null_type(type_) else type_)


def _check_directives(nodes: list[FieldNode]) -> None:
    for node in nodes:
        for directive in node.directives or ():
            if directive.name.value not in ("skip", "include"):
                raise Unplannable(f'it has the directive "@{directive.name.value}"')
