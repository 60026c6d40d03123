"""The hand-written limit answers what Newsstand answers, through PyMongo and over the wire."""

from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from bench.contenders.limit import HANDLERS
from bench.contenders.limit_wire import Database
from bench.workloads import workloads
from gql.context import Context
from gql.execute import execute
from gql.operation import Operations
from gql.schema import build_schema
from seed.generate import tree
from seed.load import load
from store.deadline import Deadline
from store.store import Store
from tests.conftest import Run

ARTICLES = 60
SCHEMA = build_schema()._schema


@pytest.fixture(scope="module")
def generated(mongod_store: Store, run: Run, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The first articles of what the bench generates, loaded into a database of their own."""
    site = tmp_path_factory.mktemp("site") / "generated"
    for path, text in tree(ARTICLES):
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(text, encoding="utf-8")
    store = Store(mongod_store.client, "test_limit", mongod_store.driver)
    run(load(store, [site]))
    return store


@pytest.fixture(params=["through PyMongo", "over the wire"])
def database(
    request: pytest.FixtureRequest,
    generated: Store,
    mongod_uri: str,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Any]:
    if request.param == "through PyMongo":
        yield generated.database
        return
    monkeypatch.setenv("MONGODB_URI", mongod_uri)
    monkeypatch.setenv("MONGODB_DB", generated.database.name)
    opened = Database()
    yield opened
    opened.articles.wire.close()
    run(opened.client.close())


@pytest.mark.parametrize("name", sorted(HANDLERS))
def test_the_limit_answers_as_newsstand_does(
    name: str, database: Any, generated: Store, run: Run
) -> None:
    workload = workloads()[name]
    newest = run(generated.database.articles.find_one({"_index.visible": True}))
    variables = workload.variables | ({"slug": newest["_id"]} if name == "W2" else {})
    deadline = Deadline(20)
    context = Context(generated.reader(deadline=deadline), deadline)
    operation = Operations(SCHEMA).prepare(workload.source, name)
    expected = run(execute(SCHEMA, operation, variables, context))
    assert expected.errors == []
    assert told(run(HANDLERS[name](database, variables))) == told(expected.data)


def told(data: Any) -> Any:
    return orjson.loads(orjson.dumps(data, option=orjson.OPT_NAIVE_UTC | orjson.OPT_UTC_Z))
