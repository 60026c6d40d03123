"""The plans of an operation, kept with it: made when first needed, one a set of conditions."""

from __future__ import annotations

from graphql import GraphQLSchema
from graphql.execution.values import VariableValues

from gql.errors import UserError
from gql.operation import Operation
from gql.plan.compile import compile_plan
from gql.plan.nodes import Plan, Unplannable
from gql.plan.varying import condition_variables

# An operation whose conditions have more values than this is compiled anew for the rest.
MAX_PLANS = 16
_CONDITIONS = "conditions"


def plan_for(
    schema: GraphQLSchema, operation: Operation, variables: VariableValues
) -> Plan | Unplannable:
    """The plan for an operation under these variables, or why there is none."""
    plans = operation.plans
    names = plans.get(_CONDITIONS)
    if names is None:
        names = condition_variables([operation.definition, *operation.fragments.values()])
        plans[_CONDITIONS] = names
    key = tuple(variables.coerced.get(name) for name in names)
    if None in key:  # null where a default would do passes validation, and is an error when met
        return Unplannable("a condition is null")
    plan: Plan | Unplannable | None = plans.get(key)
    if plan is None:
        plan = _made(schema, operation, variables)
        if len(plans) <= MAX_PLANS:
            plans[key] = plan
    return plan


def _made(
    schema: GraphQLSchema, operation: Operation, variables: VariableValues
) -> Plan | Unplannable:
    try:
        return compile_plan(schema, operation, variables)
    except Unplannable as reason:
        return reason
    except UserError as error:
        return Unplannable(f"an argument is refused: {error}")
