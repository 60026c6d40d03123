"""`similar`: what is most alike, the same at every asking, in a fixed number of commands."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from loaders.likeness import Traits, most_alike, rarest
from loaders.similar import AROUND, traits_of
from store.store import Store
from tests.conftest import Commands, Run
from tests.plan.world import load
from tests.schema.asking import ask, data_of

WHALES = "2024-07-09-counting-whales-from-orbit"
AT = datetime(2024, 5, 1, tzinfo=UTC)
COUNTS = {"rare": 2, "common": 5000, "ai": 40}


def traits(slug: str, topics: str = "", title: str = "", days: float | None = 0) -> Traits:
    published = None if days is None else AT + timedelta(days=days)
    return Traits(slug, tuple(topics.split()), title, published)


ARTICLE = traits("it", "rare common", "A dam breaks in the north")


@pytest.mark.parametrize(
    ("others", "best_first"),
    [
        # A rare topic says more than a common one, both more than either.
        ([traits("a", "common"), traits("b", "rare"), traits("c", "rare common")], "c b a"),
        # The same story, told again, comes before what only shares a topic.
        ([traits("a", "common"), traits("b", "", "Dam in the North breaks")], "b a"),
        # Of what is alike the nearer in time, whichever way.
        ([traits("a", "ai rare", days=9), traits("b", "rare", days=-2)], "b a"),
        ([traits("a", "rare", days=None), traits("b", "rare", days=4000)], "b a"),
        # Equals: the newer, then by slug.
        ([traits("b", "rare", days=-1), traits("c", "rare", days=1)], "c b"),
        ([traits("b", "rare"), traits("a", "rare")], "a b"),
        # One shared word is no story, and nearness alone is not likeness.
        ([traits("a", "ai", "The north wind")], ""),
        ([traits("a", "", "A different thing")], ""),
        ([traits("it", "rare common", "A dam breaks in the north")], ""),
    ],
)
def test_the_most_alike_come_first(others: list[Traits], best_first: str) -> None:
    assert most_alike(ARTICLE, others, COUNTS, 10) == best_first.split()
    assert most_alike(ARTICLE, others[::-1], COUNTS, 1) == best_first.split()[:1]


def test_titles_of_one_word_are_alike_where_they_are_the_same() -> None:
    one = traits("a", title="Whales")
    assert most_alike(one, [traits("b", title="The whale"), traits("c", title="x")], {}, 9) == ["b"]
    assert most_alike(traits("a", title="The"), [traits("b", title="And")], {}, 9) == []


def test_the_rarest_topic_is_the_one_that_fewest_articles_name() -> None:
    assert rarest(["common", "rare"], COUNTS) == "rare"
    assert rarest([], COUNTS) is None


SIMILAR = """
query ($first: Int) {
  articles(first: $first) { nodes { slug similar(first: 5) { slug title topics { name } } } }
}
"""


async def everything(store: Store) -> list[Traits]:
    visible = store.database["articles"].find({"_index.visible": True})
    return [traits_of(doc) async for doc in visible]


async def counts_of(store: Store) -> dict[str, int]:
    topics = store.database["topics"].find({})
    return {doc["_id"]: doc["_index"]["articleCount"] async for doc in topics}


@pytest.mark.parametrize("compiled", [True, False])
def test_in_a_small_store_it_is_what_comparing_with_each_article_gives(
    samples: Store, run: Run, compiled: bool
) -> None:
    every, counts = run(everything(samples)), run(counts_of(samples))
    assert len(every) <= 2 * AROUND
    data = run(ask(samples, SIMILAR, {"first": 100}, compiled=compiled)).data
    assert data is not None
    for node in data["articles"]["nodes"]:
        article = next(one for one in every if one.slug == node["slug"])
        got = [one["slug"] for one in node["similar"]]
        assert got == most_alike(article, every, counts, 5)
        assert node["slug"] not in got
    assert any(node["similar"] for node in data["articles"]["nodes"])


def test_it_never_leads_to_what_is_not_published(samples: Store, run: Run) -> None:
    async def hide(hidden: bool) -> None:
        await samples.database["articles"].update_one(
            {"_id": WHALES},
            {"$set": {"_index.visible": not hidden}},
        )

    def shown() -> set[str]:
        data = run(data_of(samples, SIMILAR, {"first": 100}))
        return {one["slug"] for node in data["articles"]["nodes"] for one in node["similar"]}

    assert WHALES in shown()
    run(hide(True))
    try:
        assert WHALES not in shown()
    finally:
        run(hide(False))


@pytest.mark.parametrize("compiled", [True, False])
def test_it_sends_as_many_commands_for_20_articles_as_for_one(
    store: Store, run: Run, commands: Commands, compiled: bool
) -> None:
    run(load(store, seed=3))
    source = "query ($first: Int) { articles(first: $first) { nodes { similar { slug } } } }"
    sent = []
    for first in (1, 20, 100):
        commands.clear()
        result = run(ask(store, source, {"first": first}, compiled=compiled))
        assert result.errors == []
        sent.append(commands.names)
    assert [len(names) for names in sent] == [5, 5, 5]


@pytest.mark.parametrize(
    "doc",
    [
        {"_id": "a"},
        {"_id": "a", "title": 7, "publishedDateTime": "then", "_index": {"topics": [[], None]}},
        {"_id": "a", "title": None, "_index": "nothing"},
    ],
)
def test_a_document_that_no_loader_would_make_has_no_traits(doc: dict[str, Any]) -> None:
    assert traits_of(doc) == Traits("a", (), "", None)
