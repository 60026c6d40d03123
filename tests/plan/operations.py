"""Random valid operations over the served schema: aliases, merged duplicates, named and inline
fragments, variables with and without defaults, conditions, nulls, good and bad arguments.
"""

import json
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
)

MAX_DEPTH = 6
Scope = dict[str, tuple[Any, "Scope"]]


@dataclass
class Pool:
    """Values that hit what is loaded: by the name of an argument, or else of a type."""

    by_name: dict[str, list[Any]] = field(default_factory=dict)


class Generator:
    def __init__(self, schema: GraphQLSchema, pool: Pool, seed: int) -> None:
        self.schema, self.pool, self.random = schema, pool, Random(seed)
        self.declared: list[str] = []
        self.variables: dict[str, Any] = {}
        self.fragments: list[str] = []
        self.budget = self.random.randint(3, 40)

    def operation(self) -> tuple[str, dict[str, Any]]:
        query = self.schema.query_type
        assert query is not None
        body = self.selections(query, {}, 0)
        declared = f"({', '.join(self.declared)})" if self.declared else ""
        return "\n".join([f"query Q{declared} {body}", *self.fragments]), self.variables

    def selections(self, type_: Any, scope: Scope, depth: int) -> str:
        parts = []
        for _ in range(self.random.randint(1, 5)):
            self.budget -= 1
            kind = self.random.random()
            if kind < 0.08:
                parts.append(self.inline(type_, scope, depth))
            elif kind < 0.14:
                parts.append(self.spread(type_, scope, depth))
            elif kind < 0.2:
                parts.append("__typename")
            else:
                parts.append(self.selected(type_, scope, depth))
        parts = [part for part in parts if part] or ["__typename"]
        return "{ " + " ".join(parts) + " }"

    def condition_type(self, type_: Any) -> Any:
        """A type that a fragment on `type_` may name."""
        options = [type_]
        if is_abstract_type(type_):
            options += list(self.schema.get_possible_types(type_))
        elif isinstance(type_, GraphQLObjectType):
            options += list(type_.interfaces)
        return self.random.choice(options)

    def inline(self, type_: Any, scope: Scope, depth: int) -> str:
        on = self.condition_type(type_)
        name = f" on {on.name}" if on is not type_ or self.random.random() < 0.5 else ""
        return f"...{name}{self.condition()} {self.selections(on, scope, depth)}"

    def spread(self, type_: Any, scope: Scope, depth: int) -> str:
        on = self.condition_type(type_)
        body = self.selections(on, scope, depth)
        name = f"F{len(self.fragments)}"
        self.fragments.append(f"fragment {name} on {on.name} {body}")
        return f"...{name}{self.condition()}"

    def selected(self, type_: Any, scope: Scope, depth: int) -> str:
        name, field_ = self.random.choice(list(type_.fields.items()))
        leaf = is_leaf_type(get_named_type(field_.type))
        if not leaf and (depth >= MAX_DEPTH or self.budget < 0):
            return ""
        args = self.arguments(field_)
        what = (type_.name, name, args)
        key = name if self.random.random() < 0.8 else f"a{self.random.randint(0, 3)}"
        while key in scope and scope[key][0] != what:
            key = f"b{self.random.randint(0, 10_000)}"
        below = scope.setdefault(key, (what, {}))[1]
        alias = "" if key == name else f"{key}: "
        body = "" if leaf else " " + self.selections(get_named_type(field_.type), below, depth + 1)
        return f"{alias}{name}{args}{self.condition()}{body}"

    def condition(self) -> str:
        if self.random.random() > 0.06:
            return ""
        value = self.random.random() < 0.6
        given = str(value).lower()
        if self.random.random() < 0.6:
            given = self.variable("Boolean!", value)
        return f" @{self.random.choice(['skip', 'include'])}(if: {given})"

    def arguments(self, field_: GraphQLField) -> str:
        parts = [
            f"{name}: {self.argument(name, arg)}"
            for name, arg in field_.args.items()
            if isinstance(arg.type, GraphQLNonNull) or self.random.random() < 0.25
        ]
        return f"({', '.join(parts)})" if parts else ""

    def argument(self, name: str, arg: GraphQLArgument) -> str:
        value = self.value(name, arg.type)
        if self.random.random() < 0.35:
            return self.variable(str(arg.type), value, arg.type)
        return literal(value, arg.type)

    def variable(self, type_: str, value: Any, declared: Any = None) -> str:
        name = f"v{len(self.declared)}"
        default = ""
        if declared is not None and self.random.random() < 0.2:
            default = f" = {literal(value, declared)}"
        else:
            self.variables[name] = value
        self.declared.append(f"${name}: {type_}{default}")
        return f"${name}"

    def value(self, name: str, type_: Any) -> Any:
        if isinstance(type_, GraphQLNonNull):
            return self.value_of(name, type_.of_type)
        return None if self.random.random() < 0.08 else self.value_of(name, type_)

    def value_of(self, name: str, type_: Any) -> Any:
        if isinstance(type_, GraphQLList):
            return [self.value(name, type_.of_type) for _ in range(self.random.randint(0, 3))]
        if isinstance(type_, GraphQLInputObjectType):
            return {
                key: self.value(key, one.type)
                for key, one in type_.fields.items()
                if isinstance(one.type, GraphQLNonNull) or self.random.random() < 0.15
            }
        if isinstance(type_, GraphQLEnumType):
            return self.random.choice(list(type_.values))
        options = self.pool.by_name.get(name) or self.pool.by_name[get_named_type(type_).name]
        return self.random.choice(options)


def literal(value: Any, type_: Any) -> str:
    """A value as GraphQL text."""
    if isinstance(type_, GraphQLNonNull):
        type_ = type_.of_type
    if value is None:
        return "null"
    if isinstance(type_, GraphQLList):
        return f"[{', '.join(literal(one, type_.of_type) for one in value)}]"
    if isinstance(type_, GraphQLInputObjectType):
        members = (f"{key}: {literal(one, type_.fields[key].type)}" for key, one in value.items())
        return f"{{{', '.join(members)}}}"
    return str(value) if isinstance(type_, GraphQLEnumType) else json.dumps(value)
