"""Search: what matches, in which order, page by page, and what never does."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.names import slug
from store.store import Store
from tests.conftest import Commands, Run
from tests.schema.asking import ask, data_of

BOTH = pytest.mark.parametrize("compiled", [True, False])
FULL = """
query ($query: String!, $first: Int, $after: String, $last: Int, $before: String,
       $filter: ArticleFilter) {
  search(query: $query, first: $first, after: $after, last: $last, before: $before,
         filter: $filter) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    facets { types { value count } topics { count } timeline(unit: YEAR) { count } }
    nodes { slug }
    edges { cursor score highlights node { slug } }
  }
}
"""


def found(store: Store, run: Run, query: str, *, compiled: bool = True, **more: Any) -> Any:
    result = run(ask(store, FULL, {"query": query} | more, compiled=compiled))
    assert result.errors == []
    return result.data["search"]


def slugs(search: Any) -> list[str]:
    return [node["slug"] for node in search["nodes"]]


@BOTH
def test_a_search_finds_words_in_every_form_and_says_where(
    samples: Store, run: Run, compiled: bool
) -> None:
    search = found(samples, run, "whale", compiled=compiled)
    assert slugs(search)[0] == "2024-07-09-counting-whales-from-orbit"
    assert search["edges"][0]["highlights"][0] == "Counting <mark>whales</mark> from orbit"
    scores = [edge["score"] for edge in search["edges"]]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] > 0
    assert search["totalCount"] == len(scores)
    assert sum(row["count"] for row in search["facets"]["types"]) == len(scores)


@BOTH
@pytest.mark.parametrize("query", ["zyzzyva", "the", "", "   ", "-whales", '""', '"the"', "$where"])
def test_a_search_of_nothing_to_find_is_an_empty_page(
    samples: Store, run: Run, query: str, compiled: bool
) -> None:
    search = found(samples, run, query, compiled=compiled)
    assert search["edges"] == search["nodes"] == search["facets"]["types"] == []
    assert search["totalCount"] == 0
    assert search["pageInfo"] == {
        "hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None,
    }  # fmt: skip


def test_a_phrase_has_to_be_there_and_a_word_with_a_minus_must_not(
    samples: Store, run: Run
) -> None:
    words = set(slugs(found(samples, run, "night buses", first=100)))
    phrase = set(slugs(found(samples, run, '"night buses"', first=100)))
    without = set(slugs(found(samples, run, "night buses -wind", first=100)))
    assert "2024-05-19-night-buses-come-back" in phrase < words
    assert without < words
    assert "2024-04-22-who-owns-the-wind-at-night" in words - without


def test_the_title_weighs_more_than_topics_and_these_more_than_the_body(
    store: Store, run: Run
) -> None:
    fill(store, run, [("whale", "", ""), ("x", "whale", ""), ("x", "", "whale")])
    assert slugs(found(store, run, "whale")) == ["a-00", "a-01", "a-02"]


def test_a_filter_holds_for_page_total_and_facets(samples: Store, run: Run) -> None:
    given_filter = {"type": {"eq": "video"}}
    every = found(samples, run, "line sea", first=100)
    videos = found(samples, run, "line sea", filter=given_filter)
    assert 0 < videos["totalCount"] == len(videos["nodes"]) < every["totalCount"]
    assert videos["facets"]["types"] == [{"value": "video", "count": videos["totalCount"]}]
    assert set(slugs(videos)) < set(slugs(every))


@BOTH
def test_a_search_and_a_cursor_that_cannot_be_meant_are_refused(
    samples: Store, run: Run, compiled: bool
) -> None:
    cursor = found(samples, run, "whale")["pageInfo"]["endCursor"]
    for variables, message in [
        ({"query": "x" * 1001}, "allowed is a text of at most 1000 characters"),
        ({"query": "bees", "after": cursor}, "belongs to another order or filter"),
        ({"query": "whale", "first": 101}, 'Argument "first" is 101; allowed are 1 to 100.'),
    ]:
        result = run(ask(samples, FULL, variables, compiled=compiled))
        assert message in result.errors[0]["message"]
        assert result.errors[0]["extensions"]["code"] == "BAD_USER_INPUT"


def test_neither_what_is_not_published_nor_ciphertext_is_ever_found(
    samples: Store, run: Run
) -> None:
    async def all_of_them() -> list[dict[str, Any]]:
        return [doc async for doc in samples.database["articles"].find({})]

    docs = run(all_of_them())
    hidden = [doc for doc in docs if not doc["_index"]["visible"]]
    assert hidden
    for doc in hidden:
        assert doc["_id"] not in slugs(found(samples, run, doc["title"], first=100))
    secrets = [doc["secured"] for doc in docs if "secured" in doc]
    assert secrets
    for secret in secrets:
        assert found(samples, run, f'"{secret}"')["totalCount"] == 0
    by_all = run(ask(samples, FULL, {"query": hidden[0]["title"]}, unpublished=True)).data
    assert hidden[0]["_id"] not in slugs(by_all["search"])


def test_page_and_counts_are_two_commands_and_nothing_more_is_computed(
    samples: Store, run: Run, commands: Commands
) -> None:
    commands.clear()
    found(samples, run, "whale", first=1)
    assert commands.names == ["aggregate"] * 2
    commands.clear()
    run(data_of(samples, '{ search(query: "whale") { nodes { title } } }'))
    (sent,) = commands.sent
    projection = sent["pipeline"][-1]["$project"]
    assert set(projection) == {"_id", "title", "_index.score"}


# --- pages ------------------------------------------------------------------------------------


def fill(store: Store, run: Run, parts: list[tuple[str, str, str]]) -> None:
    """Articles `a-00`, `a-01` ... of these titles, topics and bodies."""

    async def write() -> None:
        await store.database["articles"].delete_many({})
        docs = [
            {
                "_id": f"a-{number:02}",
                "title": title,
                "content": body,
                "_index": {
                    "visible": True, "topics": [slug(topic)], "topicNames": topic, "type": "x",
                },
            }
            for number, (title, topic, body) in enumerate(parts)
        ]  # fmt: skip
        if docs:
            await store.database["articles"].insert_many(docs)
        await store.ensure_indexes()

    run(write())


# Repeated words make many equal scores, so that ties are walked through too.
texts = st.sampled_from(["", "whale", "whale bee", "bee bee", "ant"])


@settings(max_examples=40)
@given(st.lists(st.tuples(texts, texts, texts), max_size=12), st.integers(1, 5), st.booleans())
def test_a_walk_in_pages_of_any_size_meets_each_match_once_either_way(
    store: Store, run: Run, parts: list[tuple[str, str, str]], size: int, backward: bool
) -> None:
    fill(store, run, parts)
    every = found(store, run, "whale -ant", first=100)
    matching = {
        f"a-{number:02}"
        for number, texts_ in enumerate(parts)
        if "whale" in " ".join(texts_) and "ant" not in " ".join(texts_)
    }
    assert set(slugs(every)) == matching
    met: list[str] = []
    ahead, at = ("hasPreviousPage", "startCursor") if backward else ("hasNextPage", "endCursor")
    behind = "hasNextPage" if backward else "hasPreviousPage"
    cursor = None
    while True:
        sizes = {"last": size, "before": cursor} if backward else {"first": size, "after": cursor}
        page = found(store, run, "whale -ant", **sizes)
        assert page["pageInfo"][behind] is bool(met)
        met = slugs(page) + met if backward else met + slugs(page)
        if not page["pageInfo"][ahead]:
            break
        cursor = page["pageInfo"][at]
    assert met == slugs(every)
