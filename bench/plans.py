"""What a plan costs: `python -m bench.plans` prints, for each workload, the time to parse and
validate its source, to compile its plan, and the memory of the plan itself (medians).
"""

from __future__ import annotations

import gc
import time
import tracemalloc
from collections.abc import Callable
from statistics import median
from typing import Any

from graphql import GraphQLSchema
from graphql.execution.values import VariableValues, get_variable_values

from bench.workloads import Workload, workloads
from gql.operation import Operation, Operations
from gql.plan.cache import plan_for
from gql.plan.nodes import Unplannable
from gql.schema import build_schema

TIMES = 30


def compiled(schema: GraphQLSchema, operation: Operation, workload: Workload) -> Any:
    """The plan of a workload. Raises RuntimeError where there is none."""
    definitions = operation.definition.variable_definitions or ()
    values = get_variable_values(schema, definitions, workload.variables)
    assert isinstance(values, VariableValues)
    operation.plans.clear()
    plan = plan_for(schema, operation, values)
    if isinstance(plan, Unplannable):
        raise RuntimeError(f"{workload.name} has no plan: {plan}")
    return plan


def main() -> None:
    schema = build_schema()._schema
    print("| | parse and validate, ms | compile, ms | plan, KB |\n|---|--:|--:|--:|")
    for workload in workloads().values():
        operation = Operations(schema).prepare(workload.source, workload.name)
        make = _maker(schema, operation, workload)
        prepare = _preparer(schema, workload)
        kept = _memory(make)
        print(
            f"| {workload.name} | {_milliseconds(prepare):.2f} | {_milliseconds(make):.2f} "
            f"| {kept / 1000:.0f} |"
        )


def _maker(schema: GraphQLSchema, operation: Operation, workload: Workload) -> Callable[[], Any]:
    return lambda: compiled(schema, operation, workload)


def _preparer(schema: GraphQLSchema, workload: Workload) -> Callable[[], Any]:
    return lambda: Operations(schema).prepare(workload.source, workload.name)


def _milliseconds(work: Callable[[], Any]) -> float:
    spent = []
    for _ in range(TIMES):
        start = time.perf_counter()
        work()
        spent.append((time.perf_counter() - start) * 1000)
    return median(spent)


def _memory(make: Callable[[], Any]) -> float:
    """Bytes that stay allocated for one plan, from many that are all kept."""
    make()
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    plans = [make() for _ in range(TIMES)]
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return (after - before) / len(plans)


if __name__ == "__main__":
    main()
