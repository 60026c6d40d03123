"""However many articles a page holds and however deep it nests, a level costs one round trip a
lookup.
"""

import itertools
from pathlib import Path

import pytest

from seed.generate import tree
from seed.load import load
from store.store import Store
from tests.conftest import Commands, Run
from tests.schema.asking import ask

DEEPEST = """
query Deepest($first: Int) {
  articles(first: $first) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    facets { topics { topic { name parent { name } } count } types { value count } }
    edges { cursor node {
      id slug title content extra
      provider { name images { url width } articleCount articles(first: 3) { nodes { title } } }
      topics {
        name parent { name parent { name } } children { name articleCount }
        articleCount articles(first: 2) { totalCount nodes { title provider { name } } }
      }
      images { url width height articles(first: 2) { title } }
      image(minWidth: 300) { url width }
      similar(first: 3) { title provider { name } }
      related {
        title image { url } provider { name images { url height } }
        article { slug topics { name } related { article { title provider { name } } } }
      }
    } }
  }
}
"""


@pytest.fixture
def generated(store: Store, run: Run, tmp_path: Path) -> Store:
    """160 generated articles. The newest one leads everywhere that the others lead: to related
    items that are in the store, to topics with a parent and children, to an image without a size.
    """
    for path, text in tree(160):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    run(load(store, [tmp_path]))
    run(lead_everywhere(store))
    return store


async def lead_everywhere(store: Store) -> None:
    articles = store.database["articles"]
    newest = await articles.find({"_index.visible": True}).sort("publishedDateTime", -1).to_list(3)
    topic = await store.database["topics"].find_one({"_index.parent": {"$ne": None}})
    slugs = [topic["_id"], topic["_index"]["parent"]]
    for doc, other in itertools.pairwise(newest):
        item = {"title": "Related", "images": [{"url": "https://img.example/unsized.png"}]}
        index = {"provider": doc["_index"]["provider"], "urls": other["_index"]["urls"]}
        await articles.update_one(
            {"_id": doc["_id"]},
            {
                "$set": {
                    "images": item["images"],
                    "related": [item],
                    "_index.related": [index],
                    "_index.topics": slugs,
                }
            },
        )


def commands_by_size(store: Store, run: Run, commands: Commands, *, compiled: bool) -> list[int]:
    sent = []
    for first in (1, 20, 100):
        commands.clear()
        result = run(ask(store, DEEPEST, {"first": first}, compiled=compiled))
        assert result.errors == []
        sent.append(len(commands.sent))
    return sent


def test_the_deepest_query_sends_as_many_commands_for_1_article_as_for_20_and_100(
    generated: Store, run: Run, commands: Commands
) -> None:
    one, twenty, hundred = commands_by_size(generated, run, commands, compiled=True)
    assert one == twenty == hundred <= 31


def test_the_reference_executor_sends_no_more_for_100_articles_than_for_1(
    generated: Store, run: Run, commands: Commands
) -> None:
    # Fewer may do: its dataloaders remember what another level has found.
    one, twenty, hundred = commands_by_size(generated, run, commands, compiled=False)
    assert max(twenty, hundred) <= max(one, 31)
