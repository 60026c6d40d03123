"""Both executors give the same bytes for whatever is asked of whatever is stored."""

import base64
import os
from typing import Any

import pytest

from gql.execute import execute
from gql.schema import build_schema
from store.memory import Memory
from store.store import Store
from tests.conftest import Run
from tests.plan.conformance import compare, context, prepared
from tests.plan.operations import Generator
from tests.plan.world import load, pool

SCHEMA = build_schema()._schema
# Tens of thousands on demand: NEWSSTAND_CONFORMANCE=20000 pytest tests/plan
OPERATIONS = int(os.environ.get("NEWSSTAND_CONFORMANCE", "250"))


async def known_values(store: Store) -> tuple[list[str], list[str]]:
    """Some real ids and cursors of what is loaded, and some that are none."""
    source = "{ articles(first: 9) { edges { cursor node { id } } } topics { nodes { id } } }"
    operation = prepared(SCHEMA, source)
    assert operation is not None
    result = await execute(SCHEMA, operation, None, context(store))
    data: Any = result.data or {"articles": {"edges": []}, "topics": {"nodes": []}}
    edges = data["articles"]["edges"]
    ids = [edge["node"]["id"] for edge in edges] + [node["id"] for node in data["topics"]["nodes"]]
    nothing = base64.urlsafe_b64encode(b"Article:nothing").decode().rstrip("=")
    return [*ids, nothing, "none"], [*(edge["cursor"] for edge in edges), "none"]


class Unchanging:
    """Versions of a store that nobody writes to."""

    def version(self, _collection: str) -> int:
        return 1


@pytest.mark.parametrize("keeping", [False, True], ids=["all is read", "much is kept"])
@pytest.mark.parametrize("share", [0.0, 0.08], ids=["good", "corrupted"])
def test_random_operations_get_the_same_bytes_from_both_executors(
    store: Store, run: Run, share: float, keeping: bool
) -> None:
    memory = Memory(Unchanging()) if keeping else None
    run(load(store, seed=7, share=share))

    async def all_of_them() -> int:
        values = pool(*await known_values(store))
        planned = 0
        for seed in range(OPERATIONS):
            source, variables = Generator(SCHEMA, values, seed).operation()
            operation = prepared(SCHEMA, source)
            if operation is not None:
                planned += await compare(
                    SCHEMA, store, operation, variables, memory, good=share == 0
                )
        return planned

    # Most operations are planned; those with a bad literal argument are the reference's.
    assert run(all_of_them()) > OPERATIONS * 0.4


@pytest.mark.parametrize(
    "source",
    [
        "{ topics { nodes { articles(first: 2) { nodes { extra } } } } }",
        "{ articles { facets { __typename } } }",
    ],
)
def test_what_random_operations_once_broke_is_answered_without_errors(
    store: Store, run: Run, source: str
) -> None:
    run(load(store, seed=7))
    operation = prepared(SCHEMA, source)
    assert operation is not None
    for compiled in (True, False):
        result = run(execute(SCHEMA, operation, None, context(store), compiled=compiled))
        assert result.errors == []
