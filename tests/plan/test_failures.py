"""What fails below, fails alike above: both executors tell of it in the same places."""

from collections.abc import Sequence
from typing import Any

import pytest
from pymongo.errors import AutoReconnect

from gql.context import Context
from gql.execute import Result, execute
from gql.operation import Operation
from loaders import BATCHES
from store.deadline import Deadline
from store.errors import StoreUnavailable
from store.store import Store
from tests.conftest import Run
from tests.plan.conformance import data_of, errors_of, prepared
from tests.plan.operations import Generator
from tests.plan.test_conformance import SCHEMA, known_values
from tests.plan.world import load, pool

OPERATIONS = 30
GONE = "STORE_UNAVAILABLE"


class Failing(Context):
    """A context in which one batch function fails, whatever it is asked."""

    failing = ""

    async def load(self, name: str, keys: Sequence[Any], request: Any) -> Sequence[Any]:
        if name == self.failing:
            raise StoreUnavailable("gone")
        return await super().load(name, keys, request)


class FailingReads:
    """Reads that lose the connection where one collection is read."""

    def __init__(self, reads: Any, collection: str) -> None:
        self._reads, self._collection = reads, collection

    def __getattr__(self, name: str) -> Any:
        send = getattr(self._reads, name)

        async def sent(collection: str, *args: Any) -> Any:
            if collection == self._collection:
                raise AutoReconnect("connection closed")
            return await send(collection, *args)

        return sent


async def both(operation: Operation, variables: Any, store: Store, failing: str) -> list[Result]:
    results = []
    for compiled in (True, False):
        deadline = Deadline(20)
        context = Failing(store.reader(deadline=deadline), deadline)
        context.failing = failing
        results.append(await execute(SCHEMA, operation, variables, context, compiled=compiled))
    return results


async def compared(store: Store, operations: Store, failing: str) -> int:
    """How many operations met the failure, each alike on both executors."""
    values = pool(*await known_values(operations))
    met = 0
    for seed in range(OPERATIONS):
        source, variables = Generator(SCHEMA, values, seed).operation()
        operation = prepared(SCHEMA, source)
        if operation is not None:
            compiled, reference = await both(operation, variables, store, failing)
            said = f"{source}\n{variables}\n{compiled}\n{reference}"
            assert data_of(compiled) == data_of(reference), said
            assert errors_of(compiled) == errors_of(reference), said
            met += any(error["extensions"]["code"] == GONE for error in compiled.errors)
    return met


@pytest.mark.parametrize("failing", sorted(BATCHES))
def test_a_batch_function_that_fails_is_told_alike(store: Store, run: Run, failing: str) -> None:
    run(load(store, seed=7))
    run(compared(store, store, failing))


@pytest.mark.parametrize("collection", ["articles", "topics", "providers", "images"])
def test_a_collection_that_cannot_be_read_is_told_alike(
    store: Store, run: Run, collection: str
) -> None:
    run(load(store, seed=7))
    broken = Store(store.client, store.database.name, store.driver)
    broken._reads = FailingReads(broken._reads, collection)
    assert run(compared(broken, store, "")) > 0


def test_the_log_names_what_a_plan_met_where_reads_ran_side_by_side(
    store: Store, run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    run(load(store, seed=7))
    operation = prepared(SCHEMA, "{ topics { nodes { name } } articles { nodes { title } } }")
    assert operation is not None
    with caplog.at_level("INFO", "newsstand.execute"):
        run(both(operation, None, store, "pages"))
    assert "left the plan: StoreUnavailable('gone')" in caplog.text
