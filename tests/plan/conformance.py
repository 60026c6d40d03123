"""Runs one operation on both executors and says where they differ."""

from typing import Any

import orjson
from graphql import GraphQLSchema

from gql.context import Context
from gql.errors import RequestErrors
from gql.execute import COMPILED, Result, execute
from gql.operation import Operation, Operations
from gql.plan.nodes import Plan
from store.deadline import Deadline
from store.memory import Memory
from store.store import Store


def context(store: Store, memory: Memory | None = None) -> Context:
    deadline = Deadline(20)
    return Context(store.reader(deadline=deadline, memory=memory), deadline)


def data_of(result: Result) -> bytes:
    return orjson.dumps(result.data, option=orjson.OPT_UTC_Z)


def errors_of(result: Result) -> set[bytes]:
    """The errors, each whole where it stands at the field that failed. Where it nulled a parent,
    only that parent: which of the errors below it are told is graphql-core's timing (GraphQL spec
    6.4.4), in two runs of the reference executor as well.
    """
    told = set()
    for error in result.errors:
        path = error.get("path")
        nulled = path if path is None else _nulled(result.data, path)
        told.add(orjson.dumps(error if nulled == path else {"nulled": nulled}))
    return told


def _nulled(data: Any, path: list[Any]) -> list[Any]:
    """How far a path goes until it meets a null."""
    for length, key in enumerate(path):
        if data is None:
            return path[:length]
        data = data[key]
    return path


def prepared(schema: GraphQLSchema, source: str) -> Operation | None:
    """The checked operation, None where the generator made one that is refused."""
    try:
        return Operations(schema).prepare(source)
    except RequestErrors:
        return None


async def compare(
    schema: GraphQLSchema,
    store: Store,
    operation: Operation,
    variables: dict[str, Any],
    memory: Memory | None = None,
    *,
    good: bool = False,
) -> bool:
    """Asserts that both executors answer alike, the compiled one with what ``memory`` keeps, and
    over ``good`` documents without help; whether a plan was there to run.
    """
    own = context(store, memory)
    compiled = await execute(schema, operation, variables, own)
    reference = await execute(schema, operation, variables, context(store), compiled=False)
    said = f"{operation.source}\n{variables}\n{compiled}\n{reference}"
    assert data_of(compiled) == data_of(reference), said
    assert reference.errors or compiled.extensions == reference.extensions, said
    assert errors_of(compiled) == errors_of(reference), said
    planned = any(isinstance(plan, Plan) for plan in operation.plans.values())
    if good:
        # A plan is left for what surprises it, and that is never a good answer.
        assert (own.executor == COMPILED) is (planned and not reference.errors), said
    return planned
