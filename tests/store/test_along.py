"""Which index Mongo is told to read along, and that an answer does without it."""

from typing import Any

import pytest

from store.along import index_along
from store.collections import DEFAULT_ORDERS, INDEXES, order_for
from store.store import Store
from store.trace import Trace
from store.where import ARTICLE_FIELDS, where_for
from tests.conftest import Run
from tests.schema.asking import ask

NEWEST = DEFAULT_ORDERS["articles"]
HEAT = order_for("articles", (("HEAT", "ASC"),))


@pytest.mark.parametrize(
    ("given_filter", "order", "index"),
    [
        ({"title": {"contains": "a"}}, NEWEST, "newest"),
        ({"title": {"contains": "a"}}, HEAT, "heat"),
        ({"title": {"contains": "a"}, "slug": {"contains": "b"}}, NEWEST, "newest"),
        ({"category": {"startsWith": "a"}}, NEWEST, "newest"),
        ({"title": {"startsWith": "a"}}, NEWEST, None),
        ({"slug": {"startsWith": "a"}}, NEWEST, None),
        ({"title": {"contains": "a"}, "heat": {"eq": 1}}, NEWEST, None),
        ({"or": [{"title": {"contains": "a"}}]}, NEWEST, None),
        ({"not": {"title": {"contains": "a"}}}, NEWEST, None),
        ({}, NEWEST, None),
        ({"title": {"contains": "a"}}, (("heat", -1), ("quality", 1), ("_id", 1)), None),
    ],
)
def test_an_index_is_named_where_only_parts_of_texts_are_looked_for(
    given_filter: dict[str, Any], order: Any, index: str | None
) -> None:
    assert index_along("articles", where_for(given_filter, ARTICLE_FIELDS), order) == index
    assert index is None or index in {one.name for one in INDEXES}


def test_other_collections_are_left_to_mongo() -> None:
    assert index_along("topics", {"_index.fold.name": {"$regex": "a"}}, NEWEST) is None


@pytest.mark.parametrize("filter_", ['{title: {contains: "b"}}', '{category: {contains: "e"}}'])
def test_without_its_index_a_page_is_answered_all_the_same(
    store: Store, run: Run, filter_: str
) -> None:
    async def write(*slugs: str) -> None:
        for slug in slugs:
            index = {"visible": True, "fold": {"title": slug, "category": "news"}}
            doc = {"_id": slug, "title": slug, "category": "news", "_index": index}
            await store.database["articles"].insert_one(doc)

    source = f"{{ articles(filter: {filter_}) {{ nodes {{ slug }} }} }}"
    trace = Trace()
    assert run(ask(store, source, trace=trace)).data == {"articles": {"nodes": []}}
    run(write("ab", "bc"))
    trace = Trace()
    data = run(ask(store, source, trace=trace)).data
    assert data == {"articles": {"nodes": [{"slug": "bc"}, {"slug": "ab"}]}}
    assert [command.hint for command in trace.commands] == ["newest", None]
