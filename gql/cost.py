"""The cost of an operation, known before it runs: how many objects it may read and make.

An object costs a point, a leaf nothing, a list its size times what one member costs; sizes are
those of the page asked for, with the variables of this request. What makes Mongo work beyond the
objects that it returns (counts, facets, search) costs what `EXTRA` says. `docs/http.md` has an
example. The tree is made once an operation, evaluating it takes microseconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    is_composite_type,
    is_list_type,
    is_non_null_type,
)

from gql.errors import refusal
from gql.operation import Operation

PAGE = 20  # what a page holds where neither first nor last is given
MAX_PAGE = 100  # more is refused by the field itself
LIST = 3  # what a list without pages is taken to hold: topics, images, related items

# The same where a list says itself how long it is by default, by schema coordinate.
LISTS: dict[str, int] = {
    "Article.similar": 10,
    "Image.articles": 10,
    "ArticleFacets.topics": 10,
    "ArticleFacets.providers": 10,
    "ArticleFacets.timeline": 50,
}

# Points beside those of the objects, by schema coordinate.
EXTRA: dict[str, int] = {
    "Query.search": 20,
    "Article.similar": 20,
    "Article.contentHtml": 1,
    "ArticleConnection.totalCount": 10,
    "SearchConnection.totalCount": 10,
    "ProviderConnection.totalCount": 10,
    "TopicConnection.totalCount": 10,
    "LoadConnection.totalCount": 10,
    "LoadIssueConnection.totalCount": 10,
    "ArticleConnection.facets": 10,
    "SearchConnection.facets": 10,
    "ArticleFacets.topics": 10,
    "ArticleFacets.providers": 10,
    "ArticleFacets.types": 10,
    "ArticleFacets.categories": 10,
    "ArticleFacets.timeline": 10,
}

Size = int | str  # a number, or the name of the variable that holds it (or a list of that size)


@dataclass(frozen=True, slots=True)
class Costs:
    """What one field costs: `extra`, and `sizes` times (a point an object, and what is below)."""

    extra: int
    point: int
    sizes: tuple[Size, ...]  # one at most but for first and last together
    defaults: Mapping[str, Any]
    below: tuple[Costs, ...]


def check_cost(
    operation: Operation,
    schema: GraphQLSchema,
    variables: Mapping[str, Any] | None,
    max_cost: int,
    spent: int = 0,
) -> int:
    """Return the cost of this request; raises RequestErrors when it is over `max_cost`.

    `spent` is the cost of what ran before it in the same batch: all of a batch has one limit.
    """
    if operation.costs is None:
        operation.costs = costs_of(operation, schema)
    cost = sum(evaluate(one, variables or {}) for one in operation.costs)
    if spent + cost > max_cost:
        before = f", those before it in the batch {spent}" if spent else ""
        refused = refusal(
            "COST_LIMIT_EXCEEDED",
            f"The operation costs {cost} points{before}; allowed are {max_cost}. "
            "Ask for smaller pages.",
        )
        refused.extensions = {"cost": {"requested": spent + cost, "limit": max_cost}}
        raise refused
    return cost


def costs_of(operation: Operation, schema: GraphQLSchema) -> tuple[Costs, ...]:
    """Make the tree of an operation's costs, fragments spread out."""
    root = schema.get_root_type(operation.definition.operation)
    defaults = {
        definition.variable.name.value: _constant(definition.default_value)
        for definition in operation.definition.variable_definitions or ()
        if definition.default_value is not None
    }
    making = _Making(schema, operation, defaults)
    return tuple(making.selections(root, operation.definition.selection_set, ()))


def evaluate(costs: Costs, variables: Mapping[str, Any]) -> int:
    """Return the points of a field and of all below it, with these variables."""
    each = costs.point
    for one in costs.below:
        each += evaluate(one, variables)
    sizes = [_size(size, variables, costs.defaults) for size in costs.sizes]
    return costs.extra + (max(sizes) if sizes else 1) * each


def _size(size: Size, variables: Mapping[str, Any], defaults: Mapping[str, Any]) -> int:
    if isinstance(size, int):
        return size
    value = variables[size] if size in variables else defaults.get(size)
    if isinstance(value, list):
        return len(value)
    if value is None:
        return PAGE
    return min(max(value, 0), MAX_PAGE) if type(value) is int else MAX_PAGE


class _Making:
    """The making of one operation's tree."""

    def __init__(
        self, schema: GraphQLSchema, operation: Operation, defaults: dict[str, Any]
    ) -> None:
        self.schema = schema
        self.fragments = operation.fragments
        self.defaults = defaults

    def selections(
        self, parent: Any, selection_set: SelectionSetNode, page: tuple[Size, ...]
    ) -> Iterator[Costs]:
        for node in selection_set.selections:
            if isinstance(node, FieldNode):
                yield from self._field(parent, node, page)
                continue
            inside: Any = node
            if isinstance(node, FragmentSpreadNode):
                inside = self.fragments[node.name.value]
            condition = inside.type_condition
            named = self.schema.get_type(condition.name.value) if condition else parent
            assert isinstance(node, FragmentSpreadNode | InlineFragmentNode)
            yield from self.selections(named, inside.selection_set, page)

    def _field(self, parent: Any, node: FieldNode, page: tuple[Size, ...]) -> Iterator[Costs]:
        name = node.name.value
        if name.startswith("__") or not isinstance(
            parent, GraphQLObjectType | GraphQLInterfaceType
        ):
            return
        field = parent.fields[name]
        named = get_named_type(field.type)
        listed = _is_list(field)
        coordinate = f"{parent.name}.{name}"
        usual = LISTS.get(coordinate, LIST) if listed else PAGE
        own = _sizes(node, field, usual)
        below: tuple[Costs, ...] = ()
        if node.selection_set is not None:
            below = tuple(self.selections(named, node.selection_set, () if listed else own))
        sizes = (page or own or (usual,)) if listed else ()
        extra = EXTRA.get(coordinate, 0)
        # A connection is not read: its page of nodes is.
        point = int(is_composite_type(named) and not (own and not listed))
        if extra or point or below:
            yield Costs(extra, point, sizes, self.defaults, below)


def _sizes(node: FieldNode, field: GraphQLField, default: int) -> tuple[Size, ...]:
    """Return the sizes that the arguments of a paged field give, `default` where they do not."""
    given = {argument.name.value: argument.value for argument in node.arguments or ()}
    if "ids" in field.args:
        return (_size_of(given.get("ids")),)
    if "first" not in field.args:
        return ()
    return tuple(_size_of(given[name]) for name in ("first", "last") if name in given) or (default,)


def _size_of(value: ValueNode | None) -> Size:
    if isinstance(value, VariableNode):
        return value.name.value
    if isinstance(value, ListValueNode):
        return len(value.values)
    if isinstance(value, IntValueNode):
        return min(max(int(value.value[:12]), 0), MAX_PAGE)
    return PAGE


def _constant(value: ValueNode) -> Any:
    if isinstance(value, IntValueNode):
        return int(value.value[:12])
    return [None] * len(value.values) if isinstance(value, ListValueNode) else None


def _is_list(field: GraphQLField) -> bool:
    kind = field.type.of_type if is_non_null_type(field.type) else field.type
    return is_list_type(kind)
