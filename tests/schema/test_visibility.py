"""Not published means not there, on every path; ciphertext is nowhere."""

from typing import Any

import orjson
import pytest

from gql.schema.node import global_id
from store.collections import CONFIDENTIAL
from store.store import Store
from tests.conftest import Commands, Run
from tests.schema.asking import SCHEMA, ask, data_of

WALK = """
{
  articles(first: 100) {
    totalCount
    nodes {
      ...Card
      provider { articleCount }
      topics { articleCount }
      images { articles(first: 100) { ...Card } }
    }
    facets {
      types { value count }
      topics(first: 100) { count }
      providers(first: 100) { count }
      timeline(unit: DAY) { count }
    }
  }
  unpublished: articles(first: 100, filter: {published: false}) { totalCount nodes { ...Card } }
  either: articles(first: 100, filter: {or: [{published: false}, {published: true}]}) {
    nodes { slug }
  }
  topics(first: 100) {
    nodes {
      name
      articles(first: 100) { nodes { ...Card } }
      children { articles(first: 100) { nodes { slug } } }
    }
  }
  providers(first: 100) { nodes { name articles(first: 100) { nodes { ...Card } } } }
}
fragment Card on Article {
  slug title content extra related { title article { slug title } }
}
"""


@pytest.fixture(scope="session")
def hidden(samples: Store, run: Run) -> list[dict[str, Any]]:
    async def find() -> list[dict[str, Any]]:
        return [doc async for doc in samples.database["articles"].find({"_index.visible": False})]

    found = run(find())
    assert len(found) >= 3
    return found


def test_no_walk_through_the_schema_meets_an_article_that_is_not_published(
    samples: Store, run: Run, hidden: list[dict[str, Any]]
) -> None:
    answer = orjson.dumps(run(data_of(samples, WALK))).decode()
    assert [doc["_id"] for doc in hidden if f'"{doc["_id"]}"' in answer] == []


def test_asking_for_what_is_not_published_by_name_finds_nothing(
    samples: Store, run: Run, hidden: list[dict[str, Any]]
) -> None:
    for doc in hidden:
        ask_for = """query ($slug: String!, $url: URL!, $id: ID!) { article(slug: $slug) { slug }
          articleByUrl(url: $url) { slug } node(id: $id) { id } nodes(ids: [$id]) { id }
          articles(filter: {slug: {eq: $slug}}) { totalCount nodes { slug } } }"""
        url = doc.get("webUrl") or doc.get("originalUrl") or "https://nothing.example/"
        variables = {"slug": doc["_id"], "url": url, "id": global_id("Article", doc["_id"])}
        data = run(data_of(samples, ask_for, variables))
        assert data["articleByUrl"] is None or data["articleByUrl"]["slug"] != doc["_id"]
        del data["articleByUrl"]
        assert data == {
            "article": None,
            "node": None,
            "nodes": [None],
            "articles": {"totalCount": 0, "nodes": []},
        }


def test_counts_leave_out_what_is_not_published(samples: Store, run: Run) -> None:
    data = run(data_of(samples, WALK))
    total = run(samples.reader().count("articles", {}))
    assert data["articles"]["totalCount"] == total
    assert sum(row["count"] for row in data["articles"]["facets"]["types"]) == total


def test_ciphertext_is_served_nowhere_and_never_leaves_mongo(
    samples: Store, run: Run, commands: Commands
) -> None:
    async def secrets() -> list[str]:
        return [
            doc["secured"]
            async for doc in samples.database["articles"].find({"secured": {"$exists": True}})
        ]

    ciphertexts = run(secrets())
    assert len(ciphertexts) >= 3
    commands.clear()
    answer = orjson.dumps(run(data_of(samples, WALK))).decode()
    assert [text for text in ciphertexts if text in answer] == []
    projections = [command["projection"] for command in commands.sent if "find" in command]
    assert projections
    for projection in projections:
        assert all(projection.get(key, 0) == 0 for key in CONFIDENTIAL)
        assert 1 in projection.values() or set(projection) >= CONFIDENTIAL


def test_the_body_is_read_only_where_it_is_asked_for(
    samples: Store, run: Run, commands: Commands
) -> None:
    commands.clear()
    run(data_of(samples, "{ articles { nodes { title } } }"))
    run(data_of(samples, "{ articles { nodes { title extra } } }"))
    plain, extra = (command["projection"] for command in commands.sent)
    assert set(plain) == {"_id", "title", "publishedDateTime"}
    assert extra["content"] == 0
    commands.clear()
    run(data_of(samples, "{ articles { nodes { contentHtml } } }"))
    assert commands.sent[0]["projection"]["content"] == 1


def test_no_field_of_the_schema_is_named_after_what_is_confidential() -> None:
    names = {name for type_ in SCHEMA.type_map.values() for name in getattr(type_, "fields", {})}
    assert not names & CONFIDENTIAL


def test_the_right_to_read_all_shows_what_is_not_published(
    samples: Store, run: Run, hidden: list[dict[str, Any]]
) -> None:
    source = "{ articles(first: 100, filter: {published: false}) { totalCount } }"
    result = run(ask(samples, source, unpublished=True))
    assert result.data == {"articles": {"totalCount": len(hidden)}}
