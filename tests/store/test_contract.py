"""What a store promises, held by each of the three drivers, and by the wire."""

from collections.abc import Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any

import pytest

from store.collections import order_for
from store.deadline import Deadline
from store.errors import DeadlineExceeded, StoreError, translated
from store.projection import WHOLE, project
from store.store import Store
from store.trace import Trace
from tests.conftest import Commands, Run, opened_with

PUBLISHED = datetime(2020, 10, 8, 3, 47, tzinfo=UTC)


def article(slug: str, *, visible: bool = True, **keys: Any) -> dict[str, Any]:
    return {
        "_id": slug,
        "title": slug.title(),
        "publishedDateTime": PUBLISHED,
        "secured": "Q2lwaGVydGV4dA==",
        "provider": {"name": "Example", "domain": "example.com"},
        "_seed": {"path": f"_news/{slug}.md", "written": {"secured": "!!set", "odd": "1"}},
        "_index": {"visible": visible, "topics": ["ai"], "fold": {"title": slug}},
    } | keys


@pytest.fixture(params=["wire", "pymongo", "motor", "mongomock"])
def any_store(request: pytest.FixtureRequest, run: Run) -> Iterator[Store]:
    opened = AsyncExitStack()
    uri = name = "unused"
    if request.param != "mongomock":
        uri, name = request.getfixturevalue("mongod_uri"), request.getfixturevalue("database_name")
    wire = request.param == "wire"
    driver = "pymongo" if wire else request.param
    store = run(opened.enter_async_context(opened_with(driver, uri, name, wire=wire)))
    run(store.ensure_indexes())
    run(store.database["articles"].insert_many([article("alpha"), article("beta", heat=3)]))
    run(store.database["articles"].insert_one(article("hidden", visible=False)))
    yield store
    run(opened.aclose())


def test_it_answers_a_ping(any_store: Store, run: Run) -> None:
    run(any_store.ping(timeout_seconds=5))


def test_an_unpublished_article_is_not_found_and_not_counted(any_store: Store, run: Run) -> None:
    reader = any_store.reader()
    found = run(reader.find("articles", {}, projection=project(["title"]), limit=10))
    assert {doc["_id"] for doc in found} == {"alpha", "beta"}
    assert run(reader.count("articles", {})) == 2
    assert run(reader.count("articles", {"_index.visible": False})) == 0
    assert run(reader.aggregate("articles", [{"$count": "n"}])) == [{"n": 2}]


def test_who_may_read_the_unpublished_finds_them(any_store: Store, run: Run) -> None:
    reader = any_store.reader(unpublished=True)
    assert run(reader.count("articles", {})) == 3
    assert run(reader.count("articles", {"_index.visible": False})) == 1


def test_a_whole_document_comes_without_what_is_confidential(any_store: Store, run: Run) -> None:
    reader = any_store.reader()
    (doc,) = run(reader.find("articles", {"_id": "alpha"}, projection=project([WHOLE]), limit=1))
    (piped,) = run(reader.aggregate("articles", [{"$match": {"_id": "alpha"}}]))
    assert doc == piped
    assert "secured" not in doc
    assert doc["_seed"]["written"] == {"odd": "1"}
    assert doc["publishedDateTime"] == PUBLISHED


def test_only_what_is_asked_is_read(any_store: Store, run: Run) -> None:
    reader = any_store.reader()
    projection = project(["provider.name", "heat", "secured"])
    (doc,) = run(reader.find("articles", {"_id": "beta"}, projection=projection, limit=1))
    assert doc == {"_id": "beta", "heat": 3, "provider": {"name": "Example"}}


@pytest.mark.parametrize(
    ("direction", "slugs"), [("DESC", ["beta", "alpha"]), ("ASC", ["alpha", "beta"])]
)
def test_what_has_no_value_sorts_last_going_down_and_first_going_up(
    any_store: Store, run: Run, direction: str, slugs: list[str]
) -> None:
    order = order_for("articles", (("HEAT", direction),))
    read = any_store.reader().find("articles", {}, projection=project([]), order=order, limit=10)
    assert [doc["_id"] for doc in run(read)] == slugs


def test_each_round_trip_is_traced(any_store: Store, run: Run) -> None:
    trace = Trace()
    reader = any_store.reader(trace=trace)
    run(reader.find("topics", {"_id": "ai"}, projection={"_id": 1}, limit=5))
    run(reader.count("articles", {}))
    assert [(c.collection, c.kind, c.where, c.limit) for c in trace.commands] == [
        ("topics", "find", {"_id": "ai"}, 5),
        ("articles", "count", {"_index.visible": True}, None),
    ]
    assert trace.round_trips == 2


def test_a_used_up_deadline_sends_nothing(any_store: Store, run: Run) -> None:
    trace = Trace()
    reader = any_store.reader(deadline=Deadline(0), trace=trace)
    with pytest.raises(DeadlineExceeded):
        run(reader.count("articles", {}))
    assert trace.round_trips == 0


@pytest.mark.parametrize("limit", [0, -1, 20_001])
def test_a_read_without_a_sane_limit_is_refused(any_store: Store, run: Run, limit: int) -> None:
    with pytest.raises(ValueError, match="allowed are 1 to 20000"):
        run(any_store.reader().find("articles", {}, projection={"_id": 1}, limit=limit))


def test_indexes_can_be_made_again(any_store: Store, run: Run) -> None:
    run(any_store.ensure_indexes())
    names = run(any_store.database["articles"].index_information())
    assert {"newest", "topics", "urls"} <= set(names)


def test_several_wheres_are_read_in_one_round_trip_each_with_its_own_order_and_limit(
    store: Store, run: Run, commands: Commands
) -> None:
    docs = [
        {"_id": f"{topic}-{number}", "_index": {"visible": number != 3, "topics": [topic]}}
        for topic in ("a", "b", "c")
        for number in range(5)
    ]
    run(store.database["articles"].insert_many(docs))
    commands.clear()
    found = run(
        store.reader().find_each(
            "articles",
            [{"_index.topics": topic} for topic in ("b", "missing", "a")],
            projection=project({"_id"}),
            order=(("_id", -1),),
            limit=2,
        )
    )
    assert [[doc["_id"] for doc in docs] for docs in found] == [
        ["b-4", "b-2"],
        [],
        ["a-4", "a-2"],
    ]
    assert commands.names == ["aggregate"]


def test_a_refused_bulk_write_is_told_in_a_sentence_and_not_with_all_its_documents(
    store: Store, run: Run
) -> None:
    docs = [{"_id": number, "text": "long " * 200} for number in (1, 2, 1)]

    async def write_twice() -> None:
        with translated("writing"):
            await store.database["articles"].insert_many(docs)

    with pytest.raises(StoreError) as refused:
        run(write_twice())
    assert "duplicate key" in str(refused.value)
    assert len(str(refused.value)) < 400
