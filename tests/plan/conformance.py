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

# Where an error nulls a parent, which of the errors below it are told is graphql-core's timing
# (GraphQL spec 6.4.4), in two runs of the reference executor as well; one of a few runs agrees.
MAX_RUNS = 5


def context(store: Store) -> Context:
    deadline = Deadline(20)
    return Context(store.reader(deadline=deadline), deadline)


def data_of(result: Result) -> bytes:
    return orjson.dumps(result.data, option=orjson.OPT_UTC_Z)


def errors_of(result: Result) -> set[bytes]:
    return {orjson.dumps(error) for error in result.errors}


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
    got = errors_of(compiled)
    for _ in range(MAX_RUNS):
        reference = await execute(schema, operation, variables, context(store), compiled=False)
        said = f"{operation.source}\n{variables}\n{compiled}\n{reference}"
        assert data_of(compiled) == data_of(reference), said
        wanted = errors_of(reference)
        assert wanted or compiled.extensions == reference.extensions, said
        assert bool(got) is bool(wanted), said
        if got <= wanted or wanted <= got:
            break
    else:
        raise AssertionError(said)
    return any(isinstance(plan, Plan) for plan in operation.plans.values())
