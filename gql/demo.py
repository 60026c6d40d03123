"""What `newsstand demo` does before it serves: the samples go into the store."""

import asyncio
from importlib import import_module
from pathlib import Path
from typing import Any

from gql.settings import Settings
from store.collections import ARTICLES
from store.connect import connect
from store.store import Store

DEMO_QUERY = "{ articles(first: 3) { totalCount nodes { title provider { name } } } }"


def load_samples(settings: Settings) -> int:
    """Loads the samples, those that changed, and returns how many articles can be read."""

    async def load() -> int:
        async with connect(
            uri=settings.mongodb_uri or None,
            database=settings.mongodb_db,
            driver=settings.driver,
            data_dir=settings.data_dir,
        ) as store:
            await _load(store)
            return await store.reader().count(ARTICLES, {})

    return asyncio.run(load())


async def _load(store: Store) -> None:
    seed: Any = import_module("seed.load")  # its readers of files are needed by nothing else here
    samples = Path(seed.__file__).with_name("samples")
    await seed.load(store, [samples])


def demo_text(url: str, articles: int) -> str:
    """Where to point a browser, and a line for the shell that works as pasted."""
    return f"""
Newsstand serves {articles} articles.

  In a browser   {url}/graphql
  In a shell     curl -s {url}/graphql -H 'content-type: application/json' \\
                   -d '{{"query": "{DEMO_QUERY}"}}'

Ctrl-C stops it."""
