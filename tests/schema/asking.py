"""Helpers of the API's tests: one way to ask, of either executor."""

from typing import Any

from gql.context import Context
from gql.execute import Result, execute
from gql.operation import Operations
from gql.schema import build_schema
from store.deadline import Deadline
from store.store import Store
from store.trace import Trace

SCHEMA = build_schema()._schema
OPERATIONS = Operations(SCHEMA)


async def ask(
    store: Store,
    source: str,
    variables: dict[str, Any] | None = None,
    *,
    compiled: bool = True,
    trace: Trace | None = None,
    unpublished: bool = False,
) -> Result:
    deadline = Deadline(20)
    reader = store.reader(deadline=deadline, trace=trace, unpublished=unpublished)
    operation = OPERATIONS.prepare(source)
    return await execute(SCHEMA, operation, variables, Context(reader, deadline), compiled=compiled)


async def data_of(store: Store, source: str, variables: dict[str, Any] | None = None) -> Any:
    result = await ask(store, source, variables)
    assert result.errors == []
    return result.data
