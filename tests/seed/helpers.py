"""Helpers of the loader's tests."""

from pathlib import Path

from store.write import Writing


def put(folder: Path, path: str, text: str) -> Path:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


async def everything(store, *, but=()) -> dict[str, dict]:
    """Every document but for load numbers, by collection and id."""
    found = {}
    for name in ("articles", "topics", "providers", "images"):
        async for doc in Writing(store).find(name, {}):
            if "_seed" in doc:
                doc["_seed"] = {k: v for k, v in doc["_seed"].items() if k not in ("load", *but)}
            found[f"{name} {doc['_id']}"] = doc
    return found
