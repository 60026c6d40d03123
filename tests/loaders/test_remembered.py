"""Answers that are kept between requests: right as long as nobody has changed anything."""

from typing import Any

import pytest

from loaders import BATCHES
from loaders.facets import FacetsAsked, facets_each
from loaders.remembered import Remembered
from store.memory import Memory
from store.reader import Reader
from store.store import Store
from tests.conftest import Commands, Run

Doc = dict[str, Any]


class Versions:
    """Changes as a test says them."""

    def __init__(self) -> None:
        self.by_name: dict[str, int] = {}

    def version(self, collection: str) -> int:
        return self.by_name.get(collection, 0)

    def changed(self, collection: str) -> None:
        self.by_name[collection] = self.version(collection) + 1


@pytest.fixture
def versions() -> Versions:
    return Versions()


@pytest.fixture
def filled(store: Store, run: Run, commands: Commands) -> Store:
    database = store.database
    run(database.topics.insert_many([{"_id": f"t{n}", "name": f"T{n}"} for n in range(3)]))
    run(
        database.articles.insert_many(
            [
                {"_id": "seen", "_index": {"visible": True, "topics": ["t0"]}},
                {"_id": "hidden", "_index": {"visible": False, "topics": ["t0"]}},
            ]
        )
    )
    commands.clear()
    return store


def reader(store: Store, memory: Memory, **rights: bool) -> Reader:
    return store.reader(memory=memory, **rights)


def test_what_was_found_once_is_not_read_again(
    filled: Store, run: Run, commands: Commands, versions: Versions
) -> None:
    memory = Memory(versions)
    first = run(BATCHES["topics_by_slug"](reader(filled, memory), ["t0", "none"], None))
    second = run(BATCHES["topics_by_slug"](reader(filled, memory), ["none", "t0"], None))
    assert [one and one["name"] for one in first] == ["T0", None]
    assert second == first[::-1]
    assert commands.names == ["find"]


def test_only_keys_that_are_not_kept_are_read(
    filled: Store, run: Run, commands: Commands, versions: Versions
) -> None:
    memory = Memory(versions)
    run(BATCHES["topics_by_slug"](reader(filled, memory), ["t0"], None))
    found = run(BATCHES["topics_by_slug"](reader(filled, memory), ["t1", "t0", "t1"], None))
    assert [one["_id"] for one in found] == ["t1", "t0", "t1"]
    assert commands.sent[-1]["filter"] == {"_id": {"$in": ["t1"]}}


def test_a_changed_collection_is_read_again(filled: Store, run: Run, versions: Versions) -> None:
    memory = Memory(versions)
    batch = BATCHES["topics_by_slug"]
    run(batch(reader(filled, memory), ["t0"], None))
    run(filled.database.topics.update_one({"_id": "t0"}, {"$set": {"name": "New"}}))
    versions.changed("topics")
    (found,) = run(batch(reader(filled, memory), ["t0"], None))
    assert found["name"] == "New"


def test_all_keys_or_none_are_known_without_reading(
    filled: Store, run: Run, versions: Versions
) -> None:
    memory = Memory(versions)
    batch = BATCHES["topics_by_slug"]
    assert isinstance(batch, Remembered)
    run(batch(reader(filled, memory), ["t0"], None))
    assert [one["_id"] for one in batch.known(reader(filled, memory), ["t0"]) or ()] == ["t0"]
    assert batch.known(reader(filled, memory), ["t0", "t1"]) is None
    assert batch.known(filled.reader(), ["t0"]) is None


@pytest.mark.parametrize("what", ["articles of a topic", "all articles"])
def test_who_may_read_more_does_not_count_for_others(
    filled: Store, run: Run, versions: Versions, what: str
) -> None:
    memory = Memory(versions)

    def counted(rights: dict[str, bool]) -> int:
        asking = reader(filled, memory, **rights)
        if what == "articles of a topic":
            return int(run(BATCHES["counts_by_topic"](asking, ["t0"], None))[0])
        (doc,) = run(facets_each(asking, "articles", [{}], FacetsAsked(True)))
        return int(doc["totalCount"])

    assert [counted(rights) for rights in ({"unpublished": True}, {}) * 2] == [2, 1, 2, 1]


def test_counts_are_kept_for_a_filter_and_not_for_another(
    filled: Store, run: Run, commands: Commands, versions: Versions
) -> None:
    memory = Memory(versions)
    asked = FacetsAsked(True, (("topics", 10),))

    def totals(*wheres: Doc) -> list[int]:
        docs = run(facets_each(reader(filled, memory), "articles", wheres, asked))
        return [doc["totalCount"] for doc in docs]

    assert totals({"_id": "seen"}, {"_id": "none"}) == [1, 0]
    commands.clear()
    assert totals({"_id": "none"}, {"_id": "seen"}) == [0, 1]
    assert commands.names == []
    assert totals({}, {"_id": "seen"}) == [1, 1]
    assert commands.names == ["aggregate"]
    versions.changed("articles")
    assert totals({"_id": "seen"}) == [1]
    assert commands.names == ["aggregate"] * 2
