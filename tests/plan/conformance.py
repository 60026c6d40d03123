"""Runs one operation on both executors and says where they differ."""

from typing import Any

import orjson
from graphql import GraphQLSchema

from gql.context import Context
from gql.errors import RequestErrors
from gql.execute import Result, execute
from gql.operation import Operation, Operations
from gql.plan.nodes import Plan
from store.deadline import Deadline
from store.store import Store


def context(store: Store) -> Context:
    deadline = Deadline(20)
    return Context(store.reader(deadline=deadline), deadline)


def written(result: Result) -> tuple[bytes, bytes]:
    """Data and errors as bytes; errors by path, for their order follows the store's answers."""
    errors = sorted(
        result.errors, key=lambda error: (str(error.get("path")), str(error.get("message")))
    )
    return orjson.dumps(result.data, option=orjson.OPT_UTC_Z), orjson.dumps(errors)


def prepared(schema: GraphQLSchema, source: str) -> Operation | None:
    """The checked operation, None where the generator made one that is refused."""
    try:
        return Operations(schema).prepare(source)
    except RequestErrors:
        return None


async def compare(
    schema: GraphQLSchema, store: Store, operation: Operation, variables: dict[str, Any]
) -> bool:
    """Asserts that both executors answer alike; whether a plan was there to run."""
    compiled = await execute(schema, operation, variables, context(store))
    reference = await execute(schema, operation, variables, context(store), compiled=False)
    got, wanted = written(compiled), written(reference)
    assert got == wanted, f"{operation.source}\n{variables}\n{got}\n{wanted}"
    return any(isinstance(plan, Plan) for plan in operation.plans.values())
