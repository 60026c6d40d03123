"""The bench: its workloads are compiled, its contenders say where they differ, its table adds up.

Timings are no matter of tests; `make bench` compares the contenders' answers before it times them.
"""

from pathlib import Path

import pytest
from graphql import build_schema, parse, validate

from bench.contenders import ALL, CONTENDERS, LIMIT
from bench.load import Figures
from bench.plans import compiled
from bench.run import difference
from bench.table import markdown
from bench.workloads import workloads
from gql.operation import Operations
from gql.schema import build_schema as served_schema

ROOT = Path(__file__).parents[2]
WORKLOADS = workloads()


@pytest.mark.parametrize("name", ALL)
def test_a_workload_has_a_plan_and_is_valid_for_contenders_that_read_the_printed_schema(
    name: str,
) -> None:
    workload, schema = WORKLOADS[name], served_schema()._schema
    assert compiled(schema, Operations(schema).prepare(workload.source, name), workload)
    printed = build_schema((ROOT / "schema.graphql").read_text())
    assert validate(printed, parse(workload.source)) == []


def test_every_workload_is_measured_by_the_limit() -> None:
    limit = next(one for one in CONTENDERS if one.name == LIMIT)
    assert set(limit.workloads) == set(WORKLOADS)


@pytest.mark.parametrize(
    ("one", "other", "says"),
    [
        ({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}, "data.a[1].b is 3, not 2"),
        ({"a": [1]}, {"a": [1, 2]}, "data.a is [1, 2], not [1]"),
        ({"a": 1}, {"b": 1}, 'data is {"b": 1}, not {"a": 1}'),
    ],
)
def test_a_difference_is_told_by_its_first_place(one: object, other: object, says: str) -> None:
    assert difference(one, other) == says


def test_the_table_shows_medians_and_their_ratio_to_the_limit() -> None:
    def rounds(*cpu: float) -> list[Figures]:
        return [Figures(1000.0, 1.0, 2.0, one, 0.5) for one in cpu]

    results = {(LIMIT, "W3"): rounds(1, 3, 2), ("other", "W3"): rounds(9, 3, 4)}
    text = markdown(results, [WORKLOADS["W3"]], 3, 1, 16, 20_000)
    assert f"| {LIMIT} | 2.00 ms |\n| other | 2.00x |" in text
    assert "| other | 4.00 | 2.00x | 3.00-9.00 | 1,000 | 1.0 | 2.0 | 0.50 |" in text
