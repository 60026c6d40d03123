"""What `newsstand demo` does before it serves: the samples go into the store."""

import asyncio
from pathlib import Path

from gql.settings import Settings
from seed.load import load as seed
from store.collections import ARTICLES
from store.connect import connect

SAMPLES = Path(__file__).parents[1] / "seed" / "samples"
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
            await seed(store, [SAMPLES])
            return await store.reader().count(ARTICLES, {})

    return asyncio.run(load())


def demo_text(url: str, articles: int) -> str:
    """Where to point a browser, and a line for the shell that works as pasted."""
    return f"""
Newsstand serves {articles} articles.

  In a browser   {url}/graphql
  In a shell     curl -s {url}/graphql -H 'content-type: application/json' \\
                   -d '{{"query": "{DEMO_QUERY}"}}'

Ctrl-C stops it."""
