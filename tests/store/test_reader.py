"""A reader and its Mongo: indexes serve the reads, deadlines arrive, one that is gone is said."""

from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pymongo.errors import OperationFailure

from store.collections import ORDERS, order_for
from store.connect import connect
from store.deadline import Deadline
from store.embedded import embedded
from store.errors import DeadlineExceeded, StoreConflict, StoreError, StoreUnavailable, translated
from store.page import Page, page_order, page_where, position_of
from store.store import Store
from store.where import ARTICLE_FIELDS, where_for
from tests.conftest import Commands, Run

BASE = datetime(2020, 1, 1, tzinfo=UTC)
COUNT = 300


def article(number: int) -> dict[str, Any]:
    return {
        "_id": f"article-{number:03}",
        "title": f"Title {number}",
        "content": "leaks",
        "heat": number % 7 or None,
        "quality": number % 5,
        "publishedDateTime": BASE + timedelta(hours=number // 2),
        "_index": {
            "visible": number % 3 != 0,
            "topics": [f"topic-{number % 4}"],
            "type": "article",
            "fold": {"title": f"title {number}"},
        },
    }


@pytest.fixture
def filled(store: Store, run: Run) -> Store:
    run(store.ensure_indexes())
    run(store.database["articles"].insert_many([article(number) for number in range(COUNT)]))
    names = [{"_id": f"n{n}", "_index": {"fold": {"name": f"{n}"}}} for n in range(50)]
    run(store.database["providers"].insert_many(names))
    run(store.database["topics"].insert_many(names))
    return store


def stages(plan: dict[str, Any]) -> set[str]:
    inner = [plan["inputStage"]] if "inputStage" in plan else plan.get("inputStages", [])
    return {plan["stage"]}.union(*map(stages, inner))


@pytest.mark.parametrize("unpublished", [False, True])
@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("direction", ["ASC", "DESC"])
@pytest.mark.parametrize(
    ("collection", "name"), [(held, name) for held, names in ORDERS.items() for name in names]
)
def test_every_order_is_served_by_an_index(
    filled: Store, run: Run, collection: str, name: str, direction: str, backward: bool,
    unpublished: bool,
) -> None:  # fmt: skip
    reader = filled.reader(unpublished=unpublished)
    order = order_for(collection, ((name, direction),))
    page = Page(5, backward=backward)
    explained = run(
        reader.explain(
            collection, page_where({}, order, page), projection={"title": 1},
            order=page_order(order, page), limit=6,
        )
    )  # fmt: skip
    used = stages(explained["queryPlanner"]["winningPlan"])
    assert "IXSCAN" in used
    assert used.isdisjoint({"COLLSCAN", "SORT"})


@pytest.mark.parametrize("given_filter", [{}, {"topics": {"anyOf": ["topic-1"]}}])
def test_a_deep_page_reads_little_more_than_it_returns(
    filled: Store, run: Run, given_filter: dict[str, Any]
) -> None:
    reader, order = filled.reader(), order_for("articles")
    where = where_for(given_filter, ARTICLE_FIELDS)
    projection = {"publishedDateTime": 1}
    docs = run(reader.find("articles", where, projection=projection, order=order, limit=COUNT))
    page = Page(5, after=position_of(docs[-10], order))
    explained = run(
        reader.explain(
            "articles", page_where(where, order, page), projection=projection, order=order, limit=6
        )
    )
    stats = explained["executionStats"]
    assert stats["nReturned"] == 6
    assert stats["totalKeysExamined"] <= 12


def test_a_text_search_finds_the_visible_only_and_knows_english(filled: Store, run: Run) -> None:
    reader = filled.reader()
    assert run(reader.count("articles", {"$text": {"$search": "leak"}})) == COUNT * 2 // 3
    assert run(reader.count("articles", {"$text": {"$search": "the"}})) == 0


def test_the_text_index_does_not_hold_what_nobody_may_find(filled: Store, run: Run) -> None:
    with pytest.raises(OperationFailure, match="failed to use text index"):
        run(filled.database["articles"].find_one({"$text": {"$search": "leak"}}))


def test_a_text_index_of_an_earlier_version_is_made_anew(store: Store, run: Run) -> None:
    articles = store.database["articles"]
    run(articles.create_index([("title", "text"), ("_index.visible", 1)], name="text"))
    run(store.ensure_indexes())
    made = run(articles.index_information())["text"]
    assert made["partialFilterExpression"] == {"_index.visible": True}
    assert made["weights"].keys() == {"title", "excerpt", "_index.topicNames", "content"}


def test_an_index_that_was_declared_otherwise_is_made_anew(store: Store, run: Run) -> None:
    articles = store.database["articles"]
    run(articles.create_index([("heat", 1)], name="newest"))
    run(store.ensure_indexes())
    assert run(articles.index_information())["newest"]["key"][0] == ("_index.visible", 1)


def test_a_deadline_reaches_mongo(filled: Store, run: Run, commands: Commands) -> None:
    reader = filled.reader(deadline=Deadline(5))
    commands.clear()
    run(reader.find("articles", {}, projection={"_id": 1}, limit=1))
    run(reader.count("articles", {}))
    run(reader.aggregate("articles", [{"$count": "n"}]))
    assert commands.names == ["find", "aggregate", "aggregate"]
    assert all(0 < command["maxTimeMS"] <= 5000 for command in commands.sent)


def test_a_full_page_is_one_round_trip(filled: Store, run: Run, commands: Commands) -> None:
    commands.clear()
    docs = run(filled.reader().find("articles", {}, projection={"_id": 1}, limit=200))
    assert len(docs) == 200
    assert commands.names == ["find"]


def test_mongo_ends_what_takes_too_long(filled: Store, run: Run) -> None:
    endless = {"body": "function() { while (true) {} }", "args": [], "lang": "js"}
    slow = {"$expr": {"$function": endless}}
    with pytest.raises(DeadlineExceeded):
        run(filled.reader(deadline=Deadline(0.2)).count("articles", slow))


def test_a_duplicate_key_is_a_conflict(store: Store, run: Run) -> None:
    things = store.database["things"]

    async def twice() -> None:
        with translated("writing"):
            await things.insert_one({"_id": 1})
            await things.insert_one({"_id": 1})

    with pytest.raises(StoreConflict, match="while writing"):
        run(twice())


def test_a_value_that_cannot_be_sent_is_an_error_of_the_store(store: Store, run: Run) -> None:
    with pytest.raises(StoreError, match="cannot be sent"):
        run(store.reader().count("articles", {"title": "\ud800"}))


@pytest.mark.parametrize("driver", ["pymongo", "motor"])
def test_a_mongo_that_is_gone_is_said_at_once_and_used_when_it_is_back(
    mongod_uri: str, tmp_path: Path, run: Run, driver: str
) -> None:
    with embedded(tmp_path) as uri:
        opened = AsyncExitStack()
        store = run(opened.enter_async_context(connect(uri=uri, database="d", driver=driver)))
        run(store.ping(timeout_seconds=5))
    reader = store.reader(deadline=Deadline(60))
    with pytest.raises(StoreUnavailable):
        run(store.ping(timeout_seconds=60))
    with pytest.raises(StoreUnavailable, match="out of reach while running a count"):
        run(reader.count("articles", {}))
    with embedded(tmp_path) as again:
        assert again == uri
        run(store.ping(timeout_seconds=5))
        assert run(store.reader().count("articles", {})) == 0
        run(opened.aclose())
