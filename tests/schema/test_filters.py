"""Filters mean on every list what a predicate in plain Python over the files means."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings

from gql.errors import RequestErrors
from seed.derive import index_article, index_provider, index_topic
from store.names import provider_key
from store.store import Store
from tests.conftest import Run
from tests.schema import meaning
from tests.schema.asking import ask
from tests.schema.meaning import PROVIDERS, TOPICS, holds, slug_of

TRIES = settings(max_examples=80)
ARTICLES = """
query ($filter: ArticleFilter) {
  articles(first: 100, filter: $filter) { ...Page }
  topic(slug: "computer-vision") { articles(first: 100, filter: $filter) { ...Page } }
  provider(domain: "a.example", name: "A") { articles(first: 100, filter: $filter) { ...Page } }
  search(query: "everywhere", first: 100, filter: $filter) {
    totalCount nodes { slug } facets { types { value count } }
  }
}
fragment Page on ArticleConnection { totalCount nodes { slug } facets { types { value count } } }
"""


def document(slug: str, front: dict[str, Any]) -> dict[str, Any]:
    """An article as the loader stores it."""
    doc = {"_id": slug, "content": "everywhere", **front}
    if "provider" in doc:
        domain, name = doc["provider"]
        doc["provider"] = {"domain": domain, "name": name}
    if "publishedDateTime" in doc:
        doc["publishedDateTime"] = datetime.fromisoformat(doc["publishedDateTime"])
    return {**doc, "_index": index_article(doc)}


async def write(store: Store, files: dict[str, dict[str, Any]]) -> None:
    await store.database["articles"].delete_many({})
    if files:
        docs = [document(slug, front) for slug, front in files.items()]
        await store.database["articles"].insert_many(docs)


async def write_reference(store: Store) -> None:
    """The providers and the topics, each under the one before it."""
    for domain, name in PROVIDERS:
        doc: dict[str, Any] = {"_id": provider_key(domain, name), "domain": domain, "name": name}
        await store.database["providers"].insert_one({**doc, "_index": index_provider(doc)})
    for name, parent in zip(TOPICS, [None, *TOPICS], strict=False):
        doc = {"_id": slug_of(name), "name": name, "parent": parent}
        await store.database["topics"].insert_one({**doc, "_index": index_topic(doc)})
    await store.ensure_indexes()


def values_of(slug: str, front: dict[str, Any]) -> dict[str, Any]:
    """What a filter sees of a file."""
    domain, name = front.get("provider", (None, None))
    return {
        "slug": slug,
        "title": front["title"],
        "category": front.get("category"),
        "type": front.get("type", "article"),
        "locale": front.get("locale"),
        "provider": {"domain": domain, "name": name},
        "topics": front.get("topics", []),
        "publishedDateTime": front.get("publishedDateTime"),
        "quality": front.get("quality"),
        "heat": front.get("heat"),
        "hasImages": bool(front.get("images")),
        "published": front.get("published", True),
    }


def test_every_list_of_articles_holds_what_the_predicate_holds(store: Store, run: Run) -> None:
    run(write_reference(store))

    @TRIES
    @given(meaning.articles, meaning.files)
    def compare(given_filter: dict[str, Any], files: dict[str, Any]) -> None:
        run(write(store, files))
        result = run(ask(store, ARTICLES, {"filter": given_filter}))
        assert result.errors == []
        every = {slug: values_of(slug, front) for slug, front in files.items()}
        visible = {slug: one for slug, one in every.items() if one["published"]}
        found = {slug: one for slug, one in visible.items() if holds(given_filter, one)}
        in_topic = {k: one for k, one in found.items() if "Computer Vision" in one["topics"]}
        by_a = {
            k: one for k, one in found.items()
            if one["provider"] == {"domain": "a.example", "name": "A"}
        }  # fmt: skip
        data: Any = result.data
        for page, expected in [
            (data["articles"], found),
            (data["search"], found),
            (data["topic"]["articles"], in_topic),
            (data["provider"]["articles"], by_a),
        ]:
            assert {node["slug"] for node in page["nodes"]} == set(expected)
            assert page["totalCount"] == len(expected)
            types = [one["type"] for one in expected.values()]
            counted = {row["value"]: row["count"] for row in page["facets"]["types"]}
            assert counted == {one: types.count(one) for one in types}

    compare()


EVERY, NOTHING = ["a", "b", "c"], list[str]()


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize(
    ("given_filter", "found"),
    [
        # No condition at all.
        ("null", EVERY), ("{}", EVERY), ("{heat: null}", EVERY), ("{heat: {}}", EVERY),
        ("{heat: {gt: null, in: null}}", EVERY), ("{topics: {anyOf: null}}", EVERY),
        ("{provider: null}", EVERY), ("{provider: {name: {}}}", EVERY), ("{and: null}", EVERY),
        ("{or: null}", EVERY), ("{not: null}", EVERY), ("{hasImages: null}", EVERY),
        # Null is "no value" to `eq`, and "any value" to `ne`.
        ("{heat: {eq: null}}", ["c"]), ("{heat: {ne: null}}", ["a", "b"]),
        ("{publishedDateTime: {eq: null}}", ["b", "c"]), ("{heat: {ne: 1}}", ["b", "c"]),
        ("{heat: {notNull: true}}", None),
        # Empty lists.
        ("{heat: {in: []}}", NOTHING), ("{title: {in: []}}", NOTHING),
        ("{title: {notIn: []}}", EVERY), ("{topics: {anyOf: []}}", NOTHING),
        ("{topics: {allOf: []}}", EVERY), ("{topics: {noneOf: []}}", EVERY),
        ("{and: []}", EVERY), ("{or: []}", NOTHING), ("{or: [{}]}", EVERY), ("{not: {}}", NOTHING),
        # Contradictions.
        ("{heat: {gt: 2, lt: 1}}", NOTHING), ("{heat: {gt: 1, lt: 2}}", NOTHING),
        ("{heat: {eq: 1, ne: 1}}", NOTHING), ("{heat: {eq: 1, in: [2]}}", NOTHING),
        ("{heat: {gte: 1, lte: 1}}", ["a"]), ("{and: [{heat: {eq: 1}}, {heat: {eq: 2}}]}", NOTHING),
        ("{topics: {allOf: [\"AI\"], noneOf: [\"ai\"]}}", NOTHING),
        # Both together: `or` is one more condition beside the others.
        ("{heat: {gt: 0}, or: [{title: {eq: \"a\"}}, {title: {eq: \"c\"}}]}", ["a"]),
        # Only what is published is ever seen.
        ("{published: false}", NOTHING), ("{published: true}", EVERY),
        ("{not: {published: true}}", NOTHING),
    ],
)  # fmt: skip
def test_nulls_empty_lists_and_contradictions_have_their_meaning(
    store: Store, run: Run, given_filter: str, found: list[str] | None, compiled: bool
) -> None:
    files = {
        "a": {"title": "a", "heat": 1, "topics": ["AI"], "publishedDateTime": meaning.INSTANTS[0]},
        "b": {"title": "b", "heat": 2},
        "c": {"title": "c"},
        "d": {"title": "d", "heat": 1, "published": False},
    }
    run(write(store, files))
    source = f"{{ articles(filter: {given_filter}) {{ totalCount nodes {{ slug }} }} }}"
    if found is None:
        with pytest.raises(RequestErrors):
            run(ask(store, source, compiled=compiled))
        return
    data: Any = run(ask(store, source, compiled=compiled)).data
    assert sorted(node["slug"] for node in data["articles"]["nodes"]) == found
    assert data["articles"]["totalCount"] == len(found)


def test_the_lists_of_providers_and_topics_hold_what_the_predicate_holds(
    store: Store, run: Run
) -> None:
    run(write_reference(store))
    source = """query ($providers: ProviderFilter, $topics: TopicFilter) {
      providers(filter: $providers) { totalCount nodes { domain name } }
      topics(filter: $topics) { totalCount nodes { name } }
    }"""

    @TRIES
    @given(meaning.providers, meaning.topics)
    def compare(providers: dict[str, Any], topics: dict[str, Any]) -> None:
        variables = {"providers": providers, "topics": topics}
        result = run(ask(store, source, variables))
        assert result.errors == []
        data: Any = result.data
        of_providers = [{"domain": domain, "name": name} for domain, name in PROVIDERS]
        expected = [one for one in of_providers if holds(providers, one)]
        found = data["providers"]["nodes"]
        assert sorted(found, key=str) == sorted(expected, key=str)
        assert data["providers"]["totalCount"] == len(expected)
        parents = [None, *map(slug_of, TOPICS)]
        of_topics = [
            {"slug": slug_of(name), "name": name, "parent": parent}
            for name, parent in zip(TOPICS, parents, strict=False)
        ]
        names = {one["name"] for one in of_topics if holds(topics, one)}
        assert {node["name"] for node in data["topics"]["nodes"]} == names
        assert data["topics"]["totalCount"] == len(names)

    compare()
