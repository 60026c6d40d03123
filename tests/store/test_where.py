"""Filters: each operator means what its row says, and no value becomes an operator.

The reference is a predicate in plain Python over the same documents.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.names import fold
from store.operators import MAX_TEXT_LENGTH, MAX_VALUES, NOWHERE, OPERATORS
from store.store import Store
from store.where import (
    ARTICLE_FIELDS,
    PROVIDER_FIELDS,
    TOPIC_FIELDS,
    WhereError,
    where_for,
)
from tests.conftest import Run

AT = datetime(2020, 10, 8, 3, 47, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given_filter", "where"),
    [
        (None, {}),
        ({}, {}),
        ({"title": None}, {}),
        ({"title": {}}, {}),
        ({"title": {"contains": None, "in": None}}, {}),
        ({"category": {"eq": "A"}}, {"category": {"$eq": "A"}}),
        (
            {"title": {"eq": "Á"}},
            {"$and": [{"_index.fold.title": {"$eq": "a"}}, {"title": {"$eq": "Á"}}]},
        ),
        (
            {"title": {"in": ["A", "b"]}},
            {"$and": [{"_index.fold.title": {"$in": ["a", "b"]}}, {"title": {"$in": ["A", "b"]}}]},
        ),
        ({"title": {"eq": None}}, {"title": {"$eq": None}}),
        ({"title": {"ne": None}}, {"title": {"$ne": None}}),
        ({"slug": {"in": []}}, {"_id": {"$in": []}}),
        ({"slug": {"notIn": []}}, {"_id": {"$nin": []}}),
        ({"type": {"eq": "video"}}, {"_index.type": {"$eq": "video"}}),
        ({"title": {"contains": "É.*"}}, {"_index.fold.title": {"$regex": r"e\.\*"}}),
        ({"title": {"startsWith": "^a b"}}, {"_index.fold.title": {"$regex": r"^\^a\ b"}}),
        ({"title": {"contains": "\0"}}, {"_index.fold.title": {"$regex": r"\x00"}}),
        ({"category": {"eq": "$gt"}}, {"category": {"$eq": "$gt"}}),
        (
            {"provider": {"domain": {"eq": "a.com"}, "name": {"ne": "A"}}},
            {
                "$and": [
                    {"_index.domain": {"$eq": "a.com"}},
                    {"_index.providerName": {"$ne": "A"}},
                ]
            },
        ),
        (
            {"topics": {"anyOf": ["Computer Vision"]}},
            {"_index.topics": {"$in": ["computer-vision"]}},
        ),
        ({"topics": {"allOf": []}}, {}),
        ({"hasImages": False}, {"_index.hasImages": False}),
        ({"published": True}, {"_index.visible": True}),
        ({"and": []}, {}),
        ({"or": []}, NOWHERE),
        ({"not": {}}, NOWHERE),
        ({"or": [{"heat": {"eq": 1}}, {}]}, {}),
        ({"not": {"heat": {"eq": 1}}}, {"$nor": [{"heat": {"$eq": 1}}]}),
        (
            {"publishedDateTime": {"gte": AT + timedelta(microseconds=1)}},
            {"publishedDateTime": {"$gte": AT + timedelta(milliseconds=1)}},
        ),
        ({"publishedDateTime": {"eq": AT + timedelta(microseconds=1)}}, NOWHERE),
    ],
)  # fmt: skip
def test_a_filter_becomes_a_where(given_filter: Any, where: Any) -> None:
    assert where_for(given_filter, ARTICLE_FIELDS) == where


def test_providers_and_topics_have_filters_of_their_own() -> None:
    assert where_for({"domain": {"eq": "a.com"}}, PROVIDER_FIELDS) == {"domain": {"$eq": "a.com"}}
    assert where_for({"parent": "Machine Learning"}, TOPIC_FIELDS) == {
        "_index.parent": {"$eq": "machine-learning"}
    }


@pytest.mark.parametrize(
    ("given_filter", "message"),
    [
        ({"title": {"eq": {"$gt": ""}}}, "Filter \"title.eq\" is {'$gt': ''}; allowed is a text"),
        ({"title": {"in": ["a", {"$ne": 1}]}}, 'Filter "title.in[1]" is'),
        ({"title": {"in": "abc"}}, "allowed is a list"),
        ({"title": {"$where": "1"}}, 'Filter "title.$where" is not known; allowed are eq, ne,'),
        ({"$where": {"eq": "1"}}, 'Filter "$where" is not known; allowed are slug, title'),
        ({"title": {"contains": "\ud800"}}, "allowed is a text of at most 1000 characters"),
        ({"title": {"contains": "a" * (MAX_TEXT_LENGTH + 1)}}, "aaa...; allowed is a text"),
        ({"heat": {"eq": True}}, 'Filter "heat.eq" is True; allowed is an integer of 64 bits'),
        ({"heat": {"gt": 2**63}}, "allowed is an integer of 64 bits"),
        ({"heat": {"lt": 1.5}}, "allowed is an integer"),
        ({"publishedDateTime": {"gt": "2020"}}, "allowed is an instant"),
        ({"publishedDateTime": {"gt": datetime(2020, 1, 1)}}, "with its offset"),
        ({"hasImages": 1}, 'Filter "hasImages" is 1; allowed is true or false'),
        ({"title": "a"}, "Filter \"title\" is 'a'; allowed is an object"),
        ({"and": {"title": {}}}, "allowed is a list"),
        ({"not": []}, "allowed is an object"),
        ({"slug": {"in": ["a"] * (MAX_VALUES + 1)}}, "has 501 values; allowed are at most 500"),
        ({"or": [{"heat": {"eq": 1}}] * 120}, "more than 200 conditions"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(given_filter: Any, message: str) -> None:
    with pytest.raises(WhereError, match=re.escape(message)):
        where_for(given_filter, ARTICLE_FIELDS)


def test_a_filter_nests_only_so_deep() -> None:
    nested: dict[str, Any] = {"heat": {"eq": 1}}
    for _ in range(1000):
        nested = {"not": nested}
    with pytest.raises(WhereError, match="deeper than 10 levels"):
        where_for(nested, ARTICLE_FIELDS)


def test_each_operator_of_the_table_says_what_it_means() -> None:
    for operators in OPERATORS.values():
        assert all(row.help.endswith(".") for row in operators)
        assert len({row.name for row in operators}) == len(operators)


# --- the same as a predicate in Python --------------------------------------------------------

TITLES = ["Élan vital", "elan", "a.*b", "A^b", "", "x\ny"]
TOPICS = ["ai", "computer-vision", "robots"]
INSTANTS = [AT + timedelta(days=days) for days in range(-1, 2)]

titles = st.sampled_from([*TITLES, "ELAN", "l", ".", "$", "\0"])
ints = st.integers(0, 3)
instants = st.sampled_from([*INSTANTS, AT + timedelta(microseconds=500)])


def operations(values: Any, *, compares: bool, texts: bool) -> Any:
    maybe = st.one_of(st.none(), values)
    options: dict[str, Any] = {"eq": maybe}
    if compares:
        options |= dict.fromkeys(["gt", "gte", "lt", "lte"], maybe)
    if texts:
        options |= dict.fromkeys(["contains", "startsWith"], maybe)
        options["notIn"] = st.lists(values, max_size=2)
    if not (compares and values is instants):
        options |= {"ne": maybe, "in": st.lists(values, max_size=2)}
    return st.fixed_dictionaries({}, optional=options)


fields = st.fixed_dictionaries(
    {},
    optional={
        "title": operations(titles, compares=False, texts=True),
        "heat": operations(ints, compares=True, texts=False),
        "publishedDateTime": operations(instants, compares=True, texts=False),
        "topics": st.fixed_dictionaries(
            {},
            optional=dict.fromkeys(
                ["anyOf", "allOf", "noneOf"],
                st.lists(st.sampled_from([*TOPICS, "Computer Vision"]), max_size=2),
            ),
        ),
        "hasImages": st.one_of(st.none(), st.booleans()),
    },
)
filters = st.recursive(
    fields,
    lambda inner: st.one_of(
        st.fixed_dictionaries({"and": st.lists(inner, max_size=2)}),
        st.fixed_dictionaries({"or": st.lists(inner, max_size=2)}),
        st.fixed_dictionaries({"not": inner}),
        st.tuples(fields, st.fixed_dictionaries({"or": st.lists(inner, max_size=2)})).map(
            lambda pair: pair[0] | pair[1]
        ),
    ),
    max_leaves=5,
)
documents = st.lists(
    st.fixed_dictionaries(
        {"topics": st.lists(st.sampled_from(TOPICS), max_size=2, unique=True)},
        optional={
            "title": st.sampled_from(TITLES),
            "heat": ints,
            "publishedDateTime": st.sampled_from(INSTANTS),
            "hasImages": st.booleans(),
        },
    ),
    max_size=8,
)


def holds(given_filter: dict[str, Any], doc: dict[str, Any]) -> bool:
    return all(
        condition_holds(name, condition, doc)
        for name, condition in given_filter.items()
        if condition is not None
    )


def condition_holds(name: str, condition: Any, doc: dict[str, Any]) -> bool:
    if name == "and":
        return all(holds(member, doc) for member in condition)
    if name == "or":
        return any(holds(member, doc) for member in condition)
    if name == "not":
        return not holds(condition, doc)
    if name == "hasImages":
        return bool(doc.get("hasImages") is condition)
    value = doc.get(name)
    return all(operator_holds(operator, value, asked) for operator, asked in condition.items())


def operator_holds(operator: str, value: Any, asked: Any) -> bool:
    if operator in ("eq", "ne"):
        return (value == asked) is (operator == "eq")
    if asked is None:
        return True
    if operator in ("in", "notIn"):
        return (value in asked) is (operator == "in")
    if operator in ("anyOf", "allOf", "noneOf"):
        slugs = {text.lower().replace(" ", "-") for text in asked}
        held = slugs & set(value)
        return {"anyOf": bool(held), "allOf": held == slugs, "noneOf": not held}[operator]
    if value is None:
        return False
    return {
        "gt": lambda: value > asked,
        "gte": lambda: value >= asked,
        "lt": lambda: value < asked,
        "lte": lambda: value <= asked,
        "contains": lambda: fold(asked) in fold(value),
        "startsWith": lambda: fold(value).startswith(fold(asked)),
    }[operator]()


def stored(number: int, doc: dict[str, Any]) -> dict[str, Any]:
    keys = {key: doc[key] for key in ("title", "heat", "publishedDateTime") if key in doc}
    index: dict[str, Any] = {"visible": True, "topics": doc["topics"]}
    if "hasImages" in doc:
        index["hasImages"] = doc["hasImages"]
    if "title" in doc:
        index["fold"] = {"title": fold(doc["title"])}
    return {"_id": str(number), **keys, "_index": index}


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(filters, documents)
def test_mongo_finds_what_the_predicate_finds(
    store: Store, run: Run, given_filter: dict[str, Any], made: list[dict[str, Any]]
) -> None:
    articles = store.database["articles"]
    run(articles.delete_many({}))
    if made:
        run(articles.insert_many([stored(number, doc) for number, doc in enumerate(made)]))
    where = where_for(given_filter, ARTICLE_FIELDS)
    docs = run(store.reader().find("articles", where, projection={"_id": 1}, limit=100))
    expected = {str(number) for number, doc in enumerate(made) if holds(given_filter, doc)}
    assert {doc["_id"] for doc in docs} == expected
