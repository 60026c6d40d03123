"""From a checked operation to a result: the one seam between the executors."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial
from inspect import isawaitable
from typing import Any

from graphql import ExecutionResult, GraphQLSchema
from graphql import execute as graphql_execute
from graphql.execution.values import VariableValues, get_variable_values

from gql.context import Context
from gql.errors import format_error
from gql.operation import Operation
from gql.plan.cache import plan_for
from gql.plan.describe import describe
from gql.plan.nodes import Unplannable
from gql.plan.run import run_plan

log = logging.getLogger("newsstand.execute")

# What `Context.executor` says of an answer that a plan made.
COMPILED = "compiled plan"
_NO_VARIABLES = VariableValues({}, {})


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
    *,
    compiled: bool = True,
) -> Result:
    """The answer to an operation. Never raises for what the operation or its data do wrong.

    The compiled executor answers what goes well. Whatever does not (an operation that it cannot
    plan, a variable of the wrong type, a failing store, a document that is not what the schema
    promises) is the reference executor's to answer, from the beginning: there is one authority
    on errors.
    """
    if compiled and operation.kind == "query":
        data = await _compiled(schema, operation, variables, context)
        if data is not None:
            return Result(data, [], _extensions(context))
    return await execute_reference(schema, operation, variables, context)


async def _compiled(
    schema: GraphQLSchema,
    operation: Operation,
    variables: dict[str, Any] | None,
    context: Context,
) -> dict[str, Any] | None:
    values = _NO_VARIABLES
    if operation.definition.variable_definitions:
        coerced = get_variable_values(
            schema, operation.definition.variable_definitions, variables or {}
        )
        if isinstance(coerced, list):
            return None
        values = coerced
    plan = plan_for(schema, operation, values)
    if isinstance(plan, Unplannable):
        log.debug("request %s: not compiled: %s", context.request_id, plan)
        context.executor = "reference executor: it has no plan"
        return None
    try:
        data = await run_plan(plan, schema, values, context)
    except Exception as surprise:
        log.info("request %s: left the plan: %r", context.request_id, surprise)
        # Its kind alone: a message may hold what only the client may read.
        context.executor = f"reference executor: its plan met {type(surprise).__name__}"
        return None
    context.executor = COMPILED
    context.plan = partial(describe, plan, schema, values, values=False)
    return data


def _extensions(context: Context) -> dict[str, Any] | None:
    # Pages end in any order, and one list may be asked for twice.
    hints = {(one["argument"], one["value"]): one for one in context.hints}
    return {"hints": [hints[key] for key in sorted(hints)]} if hints else None


async def execute_reference(
    schema: GraphQLSchema,
    operation: Operation,
    variables: dict[str, Any] | None,
    context: Context,
) -> Result:
    """The answer by graphql-core: the fallback, and the oracle of the tests."""
    context.hints.clear()  # of a plan that was left
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
    begun = result.data is not None or _was_begun(errors)
    return Result(result.data, errors, _extensions(context), executed=begun)


def _was_begun(errors: list[dict[str, Any]]) -> bool:
    return any("path" in error for error in errors)
