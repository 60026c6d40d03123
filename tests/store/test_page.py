"""Pages by keyset: whatever the order, a walk meets each document once."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.collections import Order
from store.page import (
    CursorError,
    Page,
    beyond,
    cursor_of,
    cut,
    fingerprint,
    page_order,
    page_where,
    position_from,
    position_of,
    read_limit,
)
from store.store import Store
from tests.conftest import Run

NEWEST: Order = (("publishedDateTime", -1), ("_id", -1))
BASE = datetime(2020, 10, 8, tzinfo=UTC)
SHARED = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

scalars = st.one_of(
    st.none(),
    st.integers(-(2**63) + 1, 2**63 - 1),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.datetimes(timezones=st.just(UTC)).map(lambda at: at.replace(microsecond=0)),
)


@given(st.tuples(scalars, scalars))
def test_a_position_comes_back_from_its_cursor(position: tuple[Any, Any]) -> None:
    order: Order = (("heat", 1), ("_id", 1))
    assert position_from(cursor_of(position, "p"), order, "p") == position


def cursor_for(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "", "x", "€", "AAAA", "a" * 5000, base64.b64encode(b"{}").decode(), cursor_for(),
        cursor_for("p", {"$gt": ""}, "a"), cursor_for("p", ["a"], "a"),
        cursor_for("p", "\ud800", "a"),
        cursor_for("p", 2**64, "a"), cursor_for("p", float("nan"), "a"),
        cursor_for("p", {"at": 10**30}, "a"), cursor_for("p", {"at": "1"}, "a"),
        base64.urlsafe_b64encode(b"[" * 4000).decode()[:4096],
    ],
)  # fmt: skip
def test_what_is_no_cursor_is_refused_in_one_sentence(cursor: str) -> None:
    with pytest.raises(CursorError, match="is not one; allowed are the cursors of this list"):
        position_from(cursor, NEWEST, "p")


def test_a_cursor_of_another_order_or_filter_is_refused() -> None:
    where = {"heat": {"$gt": 3}}
    mine = fingerprint(NEWEST, where)
    cursor = cursor_of((BASE, "a"), mine)
    assert position_from(cursor, NEWEST, mine) == (BASE, "a")
    for order, other in [(NEWEST, {}), ((("heat", -1), ("_id", -1)), where)]:
        with pytest.raises(CursorError, match="belongs to another order or filter"):
            position_from(cursor, order, fingerprint(order, other))


def test_a_fingerprint_does_not_depend_on_how_keys_are_ordered() -> None:
    assert fingerprint(NEWEST, {"a": 1, "b": 2}) == fingerprint(NEWEST, {"b": 2, "a": 1})


def test_a_position_reads_nested_and_missing_values() -> None:
    order: Order = (("_index.fold.title", 1), ("heat", 1), ("_id", 1))
    doc = {"_id": "a", "_index": {"fold": {"title": "t"}}}
    assert position_of(doc, order) == ("t", None, "a")


@pytest.mark.parametrize(
    ("page", "read", "has_next", "has_previous"),
    [
        (Page(2), 3, True, False),
        (Page(2), 2, False, False),
        (Page(2, after=(1, "a")), 3, True, None),
        (Page(2, before=(1, "a")), 2, None, False),
        (Page(2, before=(1, "a")), 3, True, False),
        (Page(2, backward=True), 3, False, True),
        (Page(2, backward=True), 2, False, False),
        (Page(2, backward=True, before=(1, "a")), 3, None, True),
        (Page(2, backward=True, after=(1, "a")), 1, False, None),
    ],
)
def test_a_page_knows_its_neighbours_or_says_where_to_look(
    page: Page, read: int, has_next: bool | None, has_previous: bool | None
) -> None:
    part = cut(list(range(read)), {}, (("heat", 1), ("_id", 1)), page)
    assert (part.has_next, part.has_previous) == (has_next, has_previous)
    assert (part.next_where is not None) == (has_next is None)
    assert (part.previous_where is not None) == (has_previous is None)
    assert len(part.docs) == min(read, 2)


def test_a_page_from_the_end_comes_in_the_order_of_the_list() -> None:
    assert cut([5, 4, 3], {}, NEWEST, Page(2, backward=True)).docs == [4, 5]


# --- against mongod ---------------------------------------------------------------------------

values = st.one_of(st.none(), st.integers(0, 3))
documents = st.lists(st.tuples(values, values), max_size=14)
orders = st.sampled_from(
    [
        (("a", -1), ("_id", -1)),
        (("a", 1), ("_id", 1)),
        (("a", -1), ("b", 1), ("_id", 1)),
        (("b", 1), ("a", -1), ("_id", -1)),
        (("_id", 1),),
    ]
)


def read_page(store: Store, run: Run, order: Order, page: Page) -> tuple[list[Any], bool, bool]:
    reader = store.reader()
    where: dict[str, Any] = {"kept": True}

    def exists(known: bool | None, look: Any) -> bool:
        return bool(run(reader.count("things", look))) if known is None else known

    docs = run(
        reader.find(
            "things",
            page_where(where, order, page),
            projection={"a": 1, "b": 1},
            order=page_order(order, page),
            limit=read_limit(page),
        )
    )
    part = cut(docs, where, order, page)
    return (
        part.docs,
        exists(part.has_next, part.next_where),
        exists(part.has_previous, part.previous_where),
    )


def fill(store: Store, run: Run, made: list[tuple[int | None, int | None]]) -> None:
    things = store.database["things"]
    run(things.delete_many({}))
    docs = [
        {"_id": f"{number:02}", "kept": True}
        | {key: value for key, value in zip("ab", pair, strict=True) if value is not None}
        for number, pair in enumerate(made)
    ]
    run(things.insert_many([*docs, {"_id": "other", "kept": False}]))


@SHARED
@given(documents, orders, st.integers(1, 5), st.booleans())
def test_a_walk_meets_each_document_once_and_in_order(
    store: Store,
    run: Run,
    made: list[tuple[int | None, int | None]],
    order: Order,
    size: int,
    backward: bool,
) -> None:
    fill(store, run, made)
    whole = run(
        store.reader().find("things", {"kept": True}, projection={}, order=order, limit=100)
    )
    met: list[str] = []
    page = Page(size, backward=backward)
    while True:
        docs, has_next, has_previous = read_page(store, run, order, page)
        ids = [doc["_id"] for doc in docs]
        met = [*ids, *met] if backward else [*met, *ids]
        further, behind = (has_previous, has_next) if backward else (has_next, has_previous)
        assert behind == (len(met) > len(ids))
        assert further == (len(met) < len(made))
        if not further:
            break
        edge = position_of(docs[0 if backward else -1], order)
        page = Page(
            size,
            backward=backward,
            after=None if backward else edge,
            before=edge if backward else None,
        )
    assert met == [doc["_id"] for doc in whole]


@SHARED
@given(documents, orders, st.integers(0, 13), st.integers(0, 13), st.booleans())
def test_between_two_cursors_lies_what_lies_between_them(
    store: Store,
    run: Run,
    made: list[tuple[int | None, int | None]],
    order: Order,
    low: int,
    high: int,
    backward: bool,
) -> None:
    fill(store, run, made)
    whole = run(
        store.reader().find("things", {"kept": True}, projection={}, order=order, limit=100)
    )
    if not whole:
        return
    low, high = min(low, len(whole) - 1), min(high, len(whole) - 1)
    page = Page(
        3,
        backward=backward,
        after=position_of(whole[low], order),
        before=position_of(whole[high], order),
    )
    docs, has_next, has_previous = read_page(store, run, order, page)
    between = whole[low + 1 : high]
    assert [doc["_id"] for doc in docs] == [
        doc["_id"] for doc in (between[-3:] if backward else between[:3])
    ]
    assert has_next
    assert has_previous


def test_nothing_comes_after_the_last_of_those_without_value() -> None:
    where = beyond((("_id", 1),), ("a",))
    assert where == {"_id": {"$gte": "a"}, "$or": [{"_id": {"$gt": "a"}}]}


def test_a_removed_document_still_marks_its_place(store: Store, run: Run) -> None:
    fill(store, run, [(1, 1), (1, 2), (1, 3), (1, 4)])
    order: Order = (("a", 1), ("_id", 1))
    run(store.database["things"].delete_one({"_id": "01"}))
    docs, has_next, has_previous = read_page(store, run, order, Page(1, after=(1, "01")))
    assert ([doc["_id"] for doc in docs], has_next, has_previous) == (["02"], True, True)


def test_dates_keep_their_millisecond_in_a_cursor() -> None:
    at = BASE + timedelta(milliseconds=123)
    assert position_from(cursor_of((at, "a"), "p"), NEWEST, "p") == (at, "a")
