"""Operations with their answers and their plans, as sibling files, on every executor and store.

``name.graphql`` (with ``name.vars.json``) has its answer in ``name.json`` and its plan in
``name.plan``. After a change that is meant, ``NEWSSTAND_WRITE_CASES=1 pytest tests/queries`` writes
both anew, to be read before they are committed; CI never does.
"""

import os
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import orjson
import pytest
from graphql.execution.values import VariableValues, get_variable_values

from gql.answer import body_of
from gql.context import Context
from gql.execute import COMPILED, execute
from gql.operation import Operation
from gql.plan.cache import plan_for
from gql.plan.describe import describe
from gql.plan.nodes import Unplannable
from seed.load import load
from store.connect import connect
from store.deadline import Deadline
from store.store import Store
from store.trace import Trace
from tests.conftest import Run
from tests.schema.asking import OPERATIONS, SCHEMA

HERE = Path(__file__).parent
SAMPLES = HERE.parents[1] / "seed" / "samples"
CASES = sorted(path.stem for path in HERE.glob("*.graphql"))
WRITING = bool(os.environ.get("NEWSSTAND_WRITE_CASES")) and not os.environ.get("CI")
REFERENCE = "reference executor: "

# Why a plan answers some of the cases not: that there is none, or what it met.
NO_PLAN = {
    "a_size_that_is_refused": (
        'an argument is refused: Argument "first" is 5000; allowed are 1 to 100.'
    ),
    "a_variable_of_the_wrong_type": "its variables are refused",
    "introspection": '"__type" is introspection',
}
LEFT_PLAN = {"a_cursor_that_is_refused"}

# What mongomock 4.3 has not: text search, $unionWith, $dateTrunc; a load's own record.
NOT_ON_MOCK = {
    "an_image",
    "facets_of_a_filter",
    "loads",
    "providers_of_a_domain",
    "search",
    "similar",
    "topic_page",
    "topics_with_articles",
}


def asked(name: str) -> tuple[Operation, dict[str, Any]]:
    variables = HERE / f"{name}.vars.json"
    given = orjson.loads(variables.read_bytes()) if variables.exists() else {}
    return OPERATIONS.prepare((HERE / f"{name}.graphql").read_text()), given


def answer(
    store: Store, run: Run, name: str, *, compiled: bool
) -> tuple[dict[str, Any], Context, Trace]:
    operation, variables = asked(name)
    deadline, trace = Deadline(20), Trace()
    context = Context(store.reader(deadline=deadline, trace=trace), deadline)
    result = run(execute(SCHEMA, operation, variables, context, compiled=compiled))
    body = orjson.dumps(body_of(result), option=orjson.OPT_UTC_Z)
    return orjson.loads(body), context, trace


def plan_text(name: str) -> str:
    operation, variables = asked(name)
    values = get_variable_values(SCHEMA, operation.definition.variable_definitions or (), variables)
    if not isinstance(values, VariableValues):
        return f"{REFERENCE}its variables are refused\n"
    plan = plan_for(SCHEMA, operation, values)
    if isinstance(plan, Unplannable):
        return f"{REFERENCE}{plan}\n"
    return describe(plan, SCHEMA, values)


def held(path: Path, text: str) -> None:
    """Asserts that a file has this text, or writes it."""
    if WRITING:
        path.write_text(text)
    assert path.read_text() == text


@pytest.fixture(scope="module")
def wired(mongod_uri: str, run: Run) -> Iterator[Store]:
    """The samples, read as a server reads them."""
    opened = AsyncExitStack()
    store = run(opened.enter_async_context(connect(uri=mongod_uri, database="queries")))
    run(load(store, [SAMPLES]))
    yield store
    run(store.client.drop_database("queries"))
    run(opened.aclose())


@pytest.fixture(scope="module")
def mocked(run: Run) -> Iterator[Store]:
    opened = AsyncExitStack()
    store = run(opened.enter_async_context(connect(database="queries", driver="mongomock")))
    run(load(store, [SAMPLES]))
    yield store
    run(opened.aclose())


@pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "reference"])
@pytest.mark.parametrize("name", CASES)
def test_a_case_has_its_answer(wired: Store, run: Run, name: str, compiled: bool) -> None:
    body, context, _ = answer(wired, run, name, compiled=compiled)
    text = orjson.dumps(body, option=orjson.OPT_INDENT_2).decode() + "\n"
    held(HERE / f"{name}.json", text)
    by_plan = compiled and name not in LEFT_PLAN | NO_PLAN.keys()
    assert (context.executor == COMPILED) is by_plan


@pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "reference"])
@pytest.mark.parametrize("name", [name for name in CASES if name not in NOT_ON_MOCK])
def test_a_case_has_its_answer_from_a_mock_too(
    mocked: Store, run: Run, name: str, compiled: bool
) -> None:
    body, _, _ = answer(mocked, run, name, compiled=compiled)
    assert body == orjson.loads((HERE / f"{name}.json").read_bytes())


@pytest.mark.parametrize("name", CASES)
def test_a_case_has_its_plan(name: str) -> None:
    held(HERE / f"{name}.plan", plan_text(name))


def test_few_cases_have_no_plan_and_each_says_why() -> None:
    texts = {name: (HERE / f"{name}.plan").read_text() for name in CASES}
    assert {
        name: text.removeprefix(REFERENCE).rstrip()
        for name, text in texts.items()
        if text.startswith(REFERENCE)
    } == NO_PLAN


@pytest.mark.parametrize("name", sorted(set(CASES) - LEFT_PLAN - NO_PLAN.keys()))
def test_a_plan_promises_no_fewer_round_trips_than_are_made(
    wired: Store, run: Run, name: str
) -> None:
    _, context, trace = answer(wired, run, name, compiled=True)
    assert context.plan is not None
    promised = int(context.plan().splitlines()[-1].split()[2])
    hints = 10 if context.hints else 0  # an empty page looks for what is near
    sent = [(one.kind, one.collection, one.where) for one in trace.commands]
    assert len(sent) <= promised + hints, [one[:2] for one in sent]


def test_a_plan_for_others_to_read_has_no_value_of_a_filter(wired: Store, run: Run) -> None:
    _, context, _ = answer(wired, run, "filters", compiled=True)
    assert context.plan is not None
    assert "computer-vision" in plan_text("filters")
    assert "computer-vision" not in context.plan()
    assert '"_index.topics":{"$in":["?"]}' in context.plan()


def test_no_file_is_left_of_a_case_that_is_gone() -> None:
    stems = {path.name.split(".")[0] for path in HERE.iterdir() if path.suffix != ".py"}
    assert stems - {"__pycache__"} == set(CASES)


def test_a_condition_that_is_null_is_refused_by_both_executors(wired: Store, run: Run) -> None:
    source = "query ($x: Boolean = true) { topics(first: 1) { nodes { name @include(if: $x) } } }"

    def answered(*, compiled: bool) -> dict[str, Any]:
        context = Context(wired.reader(deadline=Deadline(20)), Deadline(20))
        operation = OPERATIONS.prepare(source)
        return body_of(run(execute(SCHEMA, operation, {"x": None}, context, compiled=compiled)))

    assert answered(compiled=False)["errors"]
    assert answered(compiled=True) == answered(compiled=False)


def test_a_plan_without_values_holds_none_of_a_refused_argument(wired: Store, run: Run) -> None:
    source = (
        'query ($c: String) { topic(slug: "no-such") '
        "{ articles(first: 3, after: $c) { nodes { title } } } }"
    )
    context = Context(wired.reader(deadline=Deadline(20)), Deadline(20))
    run(execute(SCHEMA, OPERATIONS.prepare(source), {"c": "what-a-reader-said"}, context))
    assert context.plan is not None
    assert "refused" in context.plan()
    assert "what-a-reader-said" not in context.plan()
