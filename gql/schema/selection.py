"""What a field's selections ask of the documents behind it.

One reading of selections serves both executors: the reference executor asks at
run time, with the request's variables, the compiled one at plan time, with the
values of the variables that conditions use.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    get_named_type,
    is_abstract_type,
    is_object_type,
    value_from_ast_untyped,
)
from graphql.execution.values import VariableValues, get_argument_values

from gql.schema.fields import Spec

Collected = dict[str, list[FieldNode]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What every reading of an operation's selections needs: the schema, the operation's
    fragments by name, and the values of its variables.
    """

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: VariableValues


def spec_of(field: GraphQLField) -> Spec | None:
    """The declaration behind a field of the built schema, None for introspection."""
    spec: Spec | None = field.extensions.get("spec")
    return spec


def collect(
    reading: Reading, type_: GraphQLObjectType, selection_sets: Iterable[SelectionSetNode | None]
) -> Collected:
    """The fields selected on ``type_``, by response key, in the order of the answer (GraphQL
    spec 6.3.2, CollectFields).
    """
    collected: Collected = {}
    visited: set[str] = set()
    for selection_set in selection_sets:
        if selection_set is not None:
            _collect_into(collected, visited, reading, type_, selection_set.selections)
    return collected


def _collect_into(
    collected: Collected,
    visited: set[str],
    reading: Reading,
    type_: GraphQLObjectType,
    selections: Sequence[SelectionNode],
) -> None:
    for node in selections:
        if not is_included(node, reading.variables.coerced):
            continue
        if isinstance(node, FieldNode):
            key = node.alias.value if node.alias else node.name.value
            collected.setdefault(key, []).append(node)
            continue
        fragment: InlineFragmentNode | FragmentDefinitionNode
        if isinstance(node, FragmentSpreadNode):
            if node.name.value in visited:
                continue
            visited.add(node.name.value)
            fragment = reading.fragments[node.name.value]
        else:
            assert isinstance(node, InlineFragmentNode)
            fragment = node
        if _applies(reading.schema, fragment, type_):
            _collect_into(collected, visited, reading, type_, fragment.selection_set.selections)


def is_included(node: SelectionNode, variables: Mapping[str, Any]) -> bool:
    """Whether ``@skip`` and ``@include`` let this selection take part."""
    for directive in node.directives or ():
        name = directive.name.value
        if name in ("skip", "include") and directive.arguments:
            condition = value_from_ast_untyped(directive.arguments[0].value, dict(variables))
            if bool(condition) is (name == "skip"):
                return False
    return True


def _applies(
    schema: GraphQLSchema,
    fragment: InlineFragmentNode | FragmentDefinitionNode,
    type_: GraphQLObjectType,
) -> bool:
    condition = fragment.type_condition
    if condition is None or condition.name.value == type_.name:
        return True
    other = schema.get_type(condition.name.value)
    return is_abstract_type(other) and schema.is_sub_type(other, type_)


@dataclass(frozen=True, slots=True)
class Selected:
    """The selections on one field's value, merged over all nodes that select it."""

    reading: Reading
    types: tuple[GraphQLObjectType, ...]
    selection_sets: tuple[SelectionSetNode | None, ...]

    @classmethod
    def of(cls, reading: Reading, field: GraphQLField, nodes: Sequence[FieldNode]) -> Selected:
        """What ``nodes``, all selecting ``field``, ask of its value."""
        named = get_named_type(field.type)
        types: tuple[GraphQLObjectType, ...] = ()
        if is_object_type(named):
            types = (named,)
        elif is_abstract_type(named):
            types = tuple(reading.schema.get_possible_types(named))
        return cls(reading, types, tuple(node.selection_set for node in nodes))

    def fields(self) -> Iterator[tuple[GraphQLField, list[FieldNode]]]:
        """Each selected field of each possible type, with its nodes, a response key at a time."""
        for type_ in self.types:
            for nodes in collect(self.reading, type_, self.selection_sets).values():
                field = type_.fields.get(nodes[0].name.value)
                if field is not None:
                    yield field, nodes

    def named(self, name: str) -> list[tuple[dict[str, Any], Selected]]:
        """The arguments and selections of each response key that selects the field ``name``."""
        return [
            (
                get_argument_values(field, nodes[0], self.reading.variables),
                Selected.of(self.reading, field, nodes),
            )
            for field, nodes in self.fields()
            if nodes[0].name.value == name
        ]

    def has(self, *names: str) -> bool:
        """Whether any of the fields of these names is selected."""
        return any(nodes[0].name.value in names for _, nodes in self.fields())

    def paths(self) -> frozenset[str]:
        """The paths of the document behind this value that its selections read."""
        found: set[str] = set()
        for field, nodes in self.fields():
            spec = spec_of(field)
            if spec is None:
                continue
            found.update(spec.needs)
            if spec.kind in ("doc", "filled"):
                found.add(spec.key)
            elif spec.kind == "derived" or spec.at is not None:
                below = Selected.of(self.reading, field, nodes).paths()
                found.update(_moved(path, spec) for path in below)
        return frozenset(found)


def _moved(path: str, spec: Spec) -> str:
    """A path of an embedded document as a path of the document around it."""
    if spec.at is None:
        return path
    if spec.index_at is not None and path.startswith("_index."):
        return spec.index_at + path.removeprefix("_index")
    return f"{spec.at}.{path}"
