"""The data that is served: generated articles in a mongod of the bench's own."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pymongo import MongoClient

from seed.generate import tree
from seed.load import load
from store.connect import connect
from store.embedded import embedded

DATABASE = "newsstand"


@dataclass(frozen=True, slots=True)
class World:
    """A running mongod: where it listens, and its process, whose CPU is told apart."""

    uri: str
    pid: int
    articles: int


def load_generated(uri: str, articles: int) -> None:
    """Writes the files of a site and loads them."""
    with tempfile.TemporaryDirectory(prefix="newsstand-bench-") as folder:
        site = Path(folder) / "generated"
        for path, text in tree(articles):
            file = site / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")

        async def run() -> None:
            async with connect(uri=uri, database=DATABASE) as store:
                await load(store, [site])

        asyncio.run(run())


Fill = Callable[[str, int], None]


@contextmanager
def world(folder: Path, articles: int, fill: Fill = load_generated) -> Iterator[World]:
    """A mongod with so many articles, loaded as any files are, and kept for the next run."""
    with embedded(folder / f"{articles}") as uri:
        with MongoClient(uri) as client:
            pid = int(client.admin.command("serverStatus")["pid"])
            found = client[DATABASE]["articles"].estimated_document_count()
        if found != articles:
            print(f"Loading {articles:,} generated articles; this is done once.", flush=True)
            fill(uri, articles)
        yield World(uri, pid, articles)
