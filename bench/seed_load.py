"""How fast loading is: `python bench/seed_load.py FOLDER` (make one with `newsstand generate`).

Prints files a second and the peak memory of a first load, of a load of the unchanged tree, and of
a straightforward loop of `yaml.safe_load` and `replace_one` into the same server, same indexes.
"""

import asyncio
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml
from pymongo import MongoClient

from seed.load import load
from store.collections import ensure_indexes
from store.connect import connect
from store.embedded import embedded


def naive(uri: str, folder: Path) -> int:
    """What one would write in ten minutes."""

    async def indexes() -> None:
        async with connect(uri=uri, database="bench_naive") as store:
            await ensure_indexes(store)

    asyncio.run(indexes())
    count = 0
    with MongoClient[dict[str, Any]](uri) as client:
        articles = client["bench_naive"]["articles"]
        for file in sorted(folder.rglob("_news/**/*.md")):
            _, front, body = file.read_text(encoding="utf-8").split("---\n", 2)
            doc = {"_id": file.stem, **yaml.safe_load(front), "content": body}
            articles.replace_one({"_id": doc["_id"]}, doc, upsert=True)
            count += 1
    return count


def ours(uri: str, folder: Path) -> int:
    async def run() -> int:
        async with connect(uri=uri, database="bench_seed") as store:
            return (await load(store, [folder])).files

    return asyncio.run(run())


RUNS = {"first": ours, "unchanged": ours, "naive": naive}


def one(name: str, uri: str, folder: Path) -> None:
    started = time.perf_counter()
    count = RUNS[name](uri, folder)
    seconds = time.perf_counter() - started
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    worker = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        f"{name:10} {count:8,} files {seconds:7.1f} s {count / seconds:8,.0f}/s   "
        f"peak {own:.0f} MB, largest worker {worker:.0f} MB",
        flush=True,
    )


def main() -> None:
    folder = Path(sys.argv[1])
    names = sys.argv[2].split(",") if len(sys.argv) > 2 else list(RUNS)
    with tempfile.TemporaryDirectory() as data, embedded(Path(data)) as uri:
        for name in names:  # each in a process of its own, for its memory
            script = "import sys; from bench.seed_load import one; from pathlib import Path\n"
            script += f"one({name!r}, {uri!r}, Path({str(folder)!r}))"
            subprocess.run([sys.executable, "-c", script], check=True)


if __name__ == "__main__":
    main()
