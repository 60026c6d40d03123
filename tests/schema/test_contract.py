"""The served schema holds the contract, explains itself, and is what schema.graphql says."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
)

from gql.schema import build_schema as build_served
from tests.schema.asking import SCHEMA

ROOT = Path(__file__).parents[2]
# What the contract has and nothing serves yet. A line that is served has to go from here.
NOT_YET = {
    "Subscription",
    "Subscription.articleChanged",
    "ArticleChange",
    "ChangeKind",
}


def described(schema: GraphQLSchema) -> Iterator[tuple[str, str | None]]:
    """Every name of a schema with its type: types, fields, arguments, values."""
    for name, type_ in schema.type_map.items():
        if name.startswith("__") or name in ("String", "Int", "Float", "Boolean", "ID"):
            continue
        yield name, None
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            for field_name, field in type_.fields.items():
                yield f"{name}.{field_name}", str(field.type)
                for arg, argument in getattr(field, "args", {}).items():
                    yield f"{name}.{field_name}({arg})", str(argument.type)
        if isinstance(type_, GraphQLEnumType):
            for value in type_.values:
                yield f"{name}.{value}", None


def test_the_served_schema_holds_everything_of_the_contract_with_its_type(shared: Path) -> None:
    contract = build_schema((shared / "schema.graphql").read_text(), assume_valid=True)
    served = dict(described(SCHEMA))
    wanted = {
        name: type_
        for name, type_ in described(contract)
        if not any(name == one or name.startswith((f"{one}.", f"{one}(")) for one in NOT_YET)
    }
    assert {name: served.get(name, "missing") for name in wanted} == wanted


def test_what_is_said_not_to_be_served_is_not() -> None:
    assert not NOT_YET & set(dict(described(SCHEMA)))


def descriptions(schema: GraphQLSchema) -> Iterator[tuple[str, Any]]:
    for name, type_ in schema.type_map.items():
        if name.startswith("__"):
            continue
        yield name, type_.description
        for field_name, field in getattr(type_, "fields", {}).items():
            yield f"{name}.{field_name}", field.description
            for arg, argument in getattr(field, "args", {}).items():
                yield f"{name}.{field_name}({arg})", argument.description
        for value, one in getattr(type_, "values", {}).items():
            yield f"{name}.{value}", one.description


def test_every_type_field_argument_and_value_is_described() -> None:
    silent = [name for name, text in descriptions(SCHEMA) if not text or len(text) < 6]
    assert silent == []


def test_the_schema_file_is_the_served_schema() -> None:
    file = ROOT / "schema.graphql"
    assert file.read_text() == build_served().as_str() + "\n", (
        "schema.graphql is out of date: newsstand schema > schema.graphql"
    )


@pytest.mark.parametrize("scalar", ["DateTime", "URL", "JSON"])
def test_a_scalar_says_what_specifies_it(scalar: str) -> None:
    assert SCHEMA.type_map[scalar].specified_by_url  # type: ignore[attr-defined]
