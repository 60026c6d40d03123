"""From a checked operation to a result: the one seam between the executors."""

from __future__ import annotations

from dataclasses import dataclass
from inspect import isawaitable
from typing import Any

from graphql import ExecutionResult, GraphQLSchema
from graphql import execute as graphql_execute

from gql.context import Context
from gql.errors import format_error
from gql.operation import Operation


@dataclass(frozen=True, slots=True)
class Result:
    """An answer before it is bytes: ``data`` (with ``datetime`` values), formatted errors, and
    extensions. ``executed`` is False where the operation never began, so that there is no
    ``data`` to speak of.
    """

    data: dict[str, Any] | None
    errors: list[dict[str, Any]]
    extensions: dict[str, Any] | None = None
    executed: bool = True


async def execute(
    schema: GraphQLSchema,
    operation: Operation,
    variables: dict[str, Any] | None,
    context: Context,
) -> Result:
    """The answer to an operation. Never raises for what the operation or its data do wrong."""
    return await execute_reference(schema, operation, variables, context)


async def execute_reference(
    schema: GraphQLSchema,
    operation: Operation,
    variables: dict[str, Any] | None,
    context: Context,
) -> Result:
    """The answer by graphql-core: the fallback, and the oracle of the tests."""
    running = graphql_execute(
        schema,
        operation.document,
        context_value=context,
        variable_values=variables,
        operation_name=operation.name,
    )
    result = await running if isawaitable(running) else running
    assert isinstance(result, ExecutionResult)
    errors = [format_error(error, context.request_id) for error in result.errors or ()]
    return Result(result.data, errors, executed=result.data is not None or _was_begun(errors))


def _was_begun(errors: list[dict[str, Any]]) -> bool:
    return any("path" in error for error in errors)
