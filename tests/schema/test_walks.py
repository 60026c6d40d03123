"""A walk over all pages while articles come and go: none twice, none that stayed is missed."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from seed.derive import index_article
from store.store import Store
from tests.conftest import Run
from tests.schema.asking import ask

AT = datetime(2024, 1, 1, tzinfo=UTC)
MAX_PAGES = 40  # more than there are articles
TRIES = settings(max_examples=60)

# What an article is ordered and filtered by: heat, quality, date, title; few values, many ties.
few = st.one_of(st.none(), st.integers(0, 2))
traits = st.tuples(few, few, few, st.sampled_from(["Ant", "ant", "Bee", "Élan"]))
orders = st.lists(
    st.fixed_dictionaries(
        {
            "field": st.sampled_from(["PUBLISHED_DATE_TIME", "HEAT", "QUALITY", "TITLE"]),
            "direction": st.sampled_from(["ASC", "DESC"]),
        }
    ),
    max_size=3,
)
filters = st.sampled_from(
    [None, {"heat": {"gte": 1}}, {"topics": {"anyOf": ["t"]}}, {"not": {"quality": {"eq": 0}}}]
)


@dataclass(frozen=True)
class Change:
    """Between two pages: an article comes, or one of those there goes."""

    comes: tuple[Any, ...] | None
    goes: int


changes = st.lists(
    st.one_of(
        st.builds(Change, traits, st.just(0)), st.builds(Change, st.none(), st.integers(0, 20))
    ),
    max_size=8,
)


def document(number: int, made: tuple[Any, ...]) -> dict[str, Any]:
    heat, quality, days, title = made
    doc = {"_id": f"a-{number:03}", "title": title, "topics": ["T"] if number % 3 else []}
    doc |= {} if heat is None else {"heat": heat}
    doc |= {} if quality is None else {"quality": quality}
    doc |= {} if days is None else {"publishedDateTime": AT + timedelta(days=days)}
    doc["content"] = f"{title} everywhere"
    return {**doc, "_index": index_article(doc)}


class World:
    """The articles of one walk, and who was there all along."""

    def __init__(self, store: Store, run: Run, made: list[tuple[Any, ...]]) -> None:
        self.articles, self.run = store.database["articles"], run
        self.number = 0
        self.there: list[str] = []
        run(self.articles.delete_many({}))
        for one in made:
            self.add(one)
        self.all_along = set(self.there)

    def add(self, made: tuple[Any, ...]) -> None:
        # Numbers go round, so that new ones come before and after those that are there.
        self.number = (self.number + 37) % 101
        doc = document(self.number, made)
        self.run(self.articles.insert_one(doc))
        self.there.append(doc["_id"])

    def change(self, change: Change) -> None:
        if change.comes:
            self.add(change.comes)
        elif self.there:
            gone = self.there.pop(change.goes % len(self.there))
            self.all_along.discard(gone)
            self.run(self.articles.delete_one({"_id": gone}))


def walk(
    store: Store,
    run: Run,
    world: World,
    ask_for: str,
    variables: dict[str, Any],
    size: int,
    backward: bool,
    coming: list[Change],
) -> list[str]:
    """The slugs met, page by page, with a change after each page while there are any."""
    count, cursor, more, edge = (
        ("last", "before", "hasPreviousPage", "startCursor")
        if backward
        else ("first", "after", "hasNextPage", "endCursor")
    )
    source = ask_for % (f"{count}: $size, {cursor}: $at", f"{more} {edge}")
    met: list[str] = []
    at = None
    for _ in range(MAX_PAGES):
        result = run(ask(store, source, {**variables, "size": size, "at": at}))
        assert result.errors == []
        page = (result.data or {})["page"]
        slugs = [node["slug"] for node in page["nodes"]]
        assert len(slugs) <= size
        met = [*slugs, *met] if backward else [*met, *slugs]
        if not page["pageInfo"][more]:
            return met
        at = page["pageInfo"][edge]
        if coming:
            world.change(coming.pop(0))
    raise AssertionError(f"The walk does not end: {met}")


ARTICLES = """query ($size: Int, $at: String, $filter: ArticleFilter, $order: [ArticleOrder!]) {
  page: articles(%s, filter: $filter, orderBy: $order) { nodes { slug } pageInfo { %s } }
}"""
SEARCH = """query ($size: Int, $at: String, $filter: ArticleFilter) {
  page: search(query: "everywhere ant", %s, filter: $filter) { nodes { slug } pageInfo { %s } }
}"""


def passing(store: Store, run: Run, variables: dict[str, Any]) -> set[str]:
    source = "query ($f: ArticleFilter) { articles(first: 100, filter: $f) { nodes { slug } } }"
    data: Any = run(ask(store, source, {"f": variables["filter"]})).data
    return {node["slug"] for node in data["articles"]["nodes"]}


def test_a_walk_over_articles_meets_each_once_whatever_comes_and_goes(
    store: Store, run: Run
) -> None:
    run(store.ensure_indexes())

    @TRIES
    @given(
        st.lists(traits, max_size=16), orders, filters, st.integers(1, 4), st.booleans(), changes
    )
    def walked(
        made: list[Any], order: list[Any], given_filter: Any, size: int, backward: bool, coming: Any
    ) -> None:
        world = World(store, run, made)
        variables = {"filter": given_filter, "order": order}
        met = walk(store, run, world, ARTICLES, variables, size, backward, list(coming))
        assert len(met) == len(set(met))
        assert world.all_along & passing(store, run, variables) <= set(met)

    walked()


def test_a_walk_over_search_results_meets_each_once_whatever_comes_and_goes(
    store: Store, run: Run
) -> None:
    run(store.ensure_indexes())

    @TRIES
    @given(st.lists(traits, max_size=16), filters, st.integers(1, 4), st.booleans(), changes)
    def walked(made: list[Any], given_filter: Any, size: int, backward: bool, coming: Any) -> None:
        world = World(store, run, made)
        variables = {"filter": given_filter}
        met = walk(store, run, world, SEARCH, variables, size, backward, list(coming))
        assert len(met) == len(set(met))
        assert world.all_along & passing(store, run, variables) <= set(met)

    walked()
