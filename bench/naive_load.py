"""What one would write in ten minutes: `python -m bench.naive_load URI FOLDER`.

A loop of `yaml.safe_load` and `replace_one`, an upsert a file, into a collection that has the
indexes that the gateway needs.
"""

import asyncio
import sys
from pathlib import Path
from typing import Any

import yaml
from pymongo import MongoClient

from store.connect import connect

DATABASE = "bench_naive"


async def _indexes(uri: str) -> None:
    async with connect(uri=uri, database=DATABASE) as store:
        await store.ensure_indexes()


def main() -> None:
    uri, folder = sys.argv[1], Path(sys.argv[2])
    asyncio.run(_indexes(uri))
    with MongoClient[dict[str, Any]](uri) as client:
        articles = client[DATABASE]["articles"]
        for file in sorted(folder.rglob("_news/**/*.md")):
            _, front, body = file.read_text(encoding="utf-8").split("---\n", 2)
            doc = {"_id": file.stem, **yaml.safe_load(front), "content": body}
            articles.replace_one({"_id": doc["_id"]}, doc, upsert=True)


if __name__ == "__main__":
    main()
