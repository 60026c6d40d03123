"""What is made of Mongo's explains: the figures, and the one sentence where something is wrong."""

from typing import Any

import pytest

from store.figures import Figures, advice, figures_of, to_explain
from store.reader import Reader
from store.store import Store
from store.trace import Command, Trace
from tests.conftest import Run


def command(kind: str = "find", **changes: Any) -> Command:
    given: dict[str, Any] = {
        "collection": "topics",
        "kind": kind,
        "where": {"a": 1},
        "projection": None,
        "order": (),
        "limit": 10,
        "ms": 1.0,
    }
    return Command(**given | changes)


def test_a_read_of_far_more_than_it_returns_gets_one_sentence_with_an_index_that_helps():
    sent = command(where={"$and": [{"b": {"$gt": 3}}, {"a": 1}]}, order=(("day", -1), ("_id", -1)))
    assert advice(sent, Figures(None, 0, 20_114, 10)) == (
        "Read 20,114 documents of topics to return 10; "
        "an index on a, day, _id, b would read about 10."
    )


@pytest.mark.parametrize(
    ("sent", "remedy"),
    [
        (command(where={"a": 1, "title": {"$regex": "zebra"}}),
         "words that may stand anywhere in a text are looked for in each; search has an index."),
        (command(where={"title": {"$regex": "^zebra"}}), "an index on title would read about 10."),
        (command("aggregate", where=[{"$match": {"$text": {"$search": "a"}}}, {"$limit": 10}]),
         "every match is scored to find the best, and rarer words match fewer."),
        (command("aggregate", where=[{"$match": {"a": 1}}, {"$limit": 10}]),
         "an index on a would read about 10."),
    ],
)  # fmt: skip
def test_the_sentence_names_an_index_only_where_one_would_help(sent: Command, remedy: str):
    said = advice(sent, Figures("some", 20_114, 20_114, 10))
    assert said == f"Read 20,114 documents of topics to return 10; {remedy}"


def test_a_pipeline_that_counts_what_it_reads_gets_no_advice():
    pipeline = [{"$match": {"a": 1}}, {"$group": {"_id": "$b"}}, {"$limit": 10}]
    assert advice(command("aggregate", where=pipeline), Figures("some", 5000, 5000, 10)) is None


def test_the_parts_of_a_union_are_summed_and_what_comes_out_is_its_end(store: Store, run: Run):
    run(store.database["topics"].insert_many([{"_id": n, "n": n} for n in range(50)]))
    part = [{"$match": {"_id": {"$lt": 20}}}]
    union = {"$unionWith": {"coll": "topics", "pipeline": [{"$match": {"_id": {"$gte": 40}}}]}}
    sent = command("aggregate", where=[*part, union, {"$match": {"n": {"$lt": 5}}}])
    figures = figures_of(run(store.reader().explain_sent(sent)))
    assert (figures.documents_examined, figures.returned) == (30, 5)


@pytest.mark.parametrize(
    ("kind", "figures"),
    [
        ("find", Figures("_id_", 10, 10, 10)),
        ("find", Figures(None, 0, 99, 0)),
        ("find", Figures("some", 999, 999, 100)),
        ("count", Figures("some", 5_000, 0, 1)),
    ],
)
def test_what_is_in_order_or_small_gets_no_advice(kind: str, figures: Figures):
    assert advice(command(kind), figures) is None


@pytest.mark.parametrize(
    ("sent", "index", "read"),
    [
        (command(where={"_id": 1}), "_id_", 1),
        (command(where={"n": 7}), None, 50),
        (command("count", where={"_id": {"$gte": 40}}, limit=None), "_id_", 10),
        (command("aggregate", where=[{"$match": {"_id": {"$lt": 5}}}, {"$group": {"_id": "$n"}}]),
         "_id_", 5),
    ],
)  # fmt: skip
def test_mongo_tells_what_every_kind_of_command_read(
    store: Store, run: Run, sent: Command, index: str | None, read: int
):
    run(store.database["topics"].insert_many([{"_id": n, "n": n % 50} for n in range(50)]))
    reader = store.reader()
    figures = figures_of(run(reader.explain_sent(sent)))
    assert figures.index == index
    assert max(figures.keys_examined, figures.documents_examined) - read in (0, 1)


def test_an_explain_leaves_nothing_in_the_trace(store: Store, run: Run):
    trace = Trace()
    reader: Reader = store.reader(trace=trace)
    run(reader.explain_sent(command()))
    assert trace.commands == []


def test_what_was_sent_is_explained_as_it_was():
    sent = command(projection={"name": 1}, order=(("name", 1),))
    assert to_explain(sent) == {
        "find": "topics",
        "filter": {"a": 1},
        "projection": {"name": 1},
        "sort": {"name": 1},
        "limit": 10,
    }
