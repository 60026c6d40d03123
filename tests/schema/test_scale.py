"""Each read of the API, at its first page and at a deep one, examines little more than it returns.

`bench/scale.py` does the same in a store of 200,000 articles; docs/performance.md has its figures.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from bench.reads import READS, Read, examined
from seed.generate import tree
from seed.load import load
from store.store import Store
from store.trace import Trace
from tests.conftest import Run
from tests.schema.asking import ask

ARTICLES = 3_000
DEEP_PAGES = 5  # of 100 articles, before the page that is looked at


@pytest.fixture(scope="module")
def thousands(
    mongod_store: Store, mongod_uri: str, run: Run, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    store = Store(mongod_store.client, "thousands", mongod_store.driver)
    folder: Path = tmp_path_factory.mktemp("site")
    for path, text in tree(ARTICLES):
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    run(load(store, [folder]))
    yield store
    with MongoClient[Any](mongod_uri) as client:
        client.drop_database("thousands")


def deep_cursor(store: Store, run: Run, read: Read) -> str | None:
    """The cursor after up to 500 articles; None where the list is one page."""
    cursor: str | None = None
    for _ in range(DEEP_PAGES):
        result = run(ask(store, read.walk, {"first": 100, "after": cursor}))
        assert result.errors == []
        page = result.data["page"]["pageInfo"]
        if not page["hasNextPage"]:
            break
        cursor = page["endCursor"]
    return cursor


@pytest.mark.parametrize("read", READS, ids=lambda read: read.name)
def test_a_read_is_served_by_an_index_at_its_first_page_and_at_a_deep_one(
    thousands: Store, run: Run, read: Read
) -> None:
    cursors = [None]
    if read.is_page and (deep := deep_cursor(thousands, run, read)):
        cursors.append(deep)
    for cursor in cursors:
        trace = Trace()
        result = run(ask(thousands, read.source, {"first": 20, "after": cursor}, trace=trace))
        assert result.errors == []
        seen = run(examined(thousands.reader(), trace))
        assert read.holds(seen), (cursor, seen)


def test_every_root_list_filter_and_order_is_among_the_reads() -> None:
    text = " ".join(read.source for read in READS)
    for name in (
        "article(", "articleByUrl", "articles(", "node(", "provider(", "providers(", "topic(",
        "topics(", "image(", "search(", "similar", "HEAT", "QUALITY", "TITLE", "ARTICLE_COUNT",
        "PUBLISHED_DATE_TIME", "slug:", "title:", "category:", "type:", "locale:", "domain:",
        "name:", "anyOf", "allOf", "noneOf", "publishedDateTime:", "quality:", "heat:",
        "hasImages:", "parent:",
    ):  # fmt: skip
        assert name in text
