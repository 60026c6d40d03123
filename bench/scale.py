"""What each read of the API costs in a large store: `python -m bench.scale [--articles 200000]`.

Generates articles, loads them as `newsstand seed` does into a mongod of its own, and prints a
Markdown table: for each read its first page and page 500, the indexes that Mongo used, the keys and
documents that it examined for the documents it returned (of the page's own command, by `explain`),
the commands sent and the median time of the whole answer. With `--data FOLDER` the store is kept
there and used again. Exits with 1 where a read is over its bounds (`bench/reads.py`).
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import click

from bench.reads import READS, Read, Seen, examined
from gql.context import Context
from gql.execute import execute
from gql.operation import Operations
from gql.schema import build_schema
from seed.generate import tree
from seed.load import load
from store.connect import connect
from store.deadline import Deadline
from store.embedded import embedded
from store.store import Store
from store.trace import Trace

SCHEMA = build_schema()._schema
OPERATIONS = Operations(SCHEMA)
DEEP_PAGE = 500
RUNS = 7
SECONDS = 60.0


async def answer(store: Store, source: str, variables: dict[str, Any], trace: Trace) -> Any:
    deadline = Deadline(SECONDS)
    reader = store.reader(deadline=deadline, trace=trace)
    operation = OPERATIONS.prepare(source)
    result = await execute(SCHEMA, operation, variables, Context(reader, deadline, trace=trace))
    if result.errors:
        raise SystemExit(f"{source}\n{result.errors}")
    return result.data


async def measured(store: Store, read: Read, variables: dict[str, Any]) -> tuple[Seen, float]:
    """What Mongo did for a read, and the median milliseconds of its answer."""
    times = []
    for _ in range(RUNS):
        trace = Trace()
        started = time.perf_counter()
        await answer(store, read.source, variables, trace)
        times.append((time.perf_counter() - started) * 1000)
    return await examined(store.reader(deadline=Deadline(SECONDS)), trace), statistics.median(times)


async def deep_cursor(store: Store, read: Read) -> str | None:
    """The cursor before page 500 (or the last page before it), walked to through the API."""
    cursor: str | None = None
    for _ in range((DEEP_PAGE - 1) * 20 // 100):
        variables = {"first": 100, "after": cursor}
        page = (await answer(store, read.walk, variables, Trace()))["page"]["pageInfo"]
        if not page["hasNextPage"]:
            return cursor
        cursor = page["endCursor"]
    return cursor


async def rows(store: Store) -> AsyncIterator[tuple[str, bool]]:
    """Lines of the table, and whether the read kept to its bounds."""
    for read in READS:
        cursors: dict[str, str | None] = {"1": None}
        if read.is_page and not read.why and (cursor := await deep_cursor(store, read)):
            cursors["deep"] = cursor
        for page, cursor in cursors.items():
            seen, ms = await measured(store, read, {"first": 20, "after": cursor})
            yield line(read, page, seen, ms), read.holds(seen)


def line(read: Read, page: str, seen: Seen, ms: float) -> str:
    figures = f"{seen.keys:,} | {seen.documents:,} | {seen.returned:,} | {seen.commands}"
    return f"| {read.name} | {page} | {seen.index} | {figures} | {ms:.1f} |"


HEAD = """\
| read | page | index | keys | documents | returned | commands | ms |
|---|---|---|--:|--:|--:|--:|--:|"""


@asynccontextmanager
async def filled(folder: Path, articles: int) -> AsyncIterator[Store]:
    """A store of so many generated articles, in a mongod whose data lie in `folder`."""
    with embedded(folder / "mongod") as uri:
        async with connect(uri=uri, database=f"scale_{articles}") as store:
            if not await store.database["articles"].count_documents({}):
                with tempfile.TemporaryDirectory() as site:
                    for path, text in tree(articles):
                        file = Path(site) / path
                        file.parent.mkdir(parents=True, exist_ok=True)
                        file.write_text(text, encoding="utf-8")
                    await load(store, [Path(site)])
            await store.ensure_indexes()
            yield store


async def run(folder: Path, articles: int, only: str) -> bool:
    held = True
    async with filled(folder, articles) as store:
        print(HEAD, flush=True)
        READS[:] = [read for read in READS if only in read.name]
        async for said, holds in rows(store):
            print(said if holds else f"{said} OVER ITS BOUNDS", flush=True)
            held = held and holds
    return held


@click.command()
@click.option("--articles", default=200_000, show_default=True)
@click.option("--data", type=click.Path(path_type=Path), help="Keep the store in this folder.")
@click.option("--only", default="", help="Only reads that have this in their name.")
def main(articles: int, data: Path | None, only: str) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = data or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        sys.exit(0 if asyncio.run(run(folder, articles, only)) else 1)


if __name__ == "__main__":
    main()
