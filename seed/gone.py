"""Which documents came from files that are no longer there."""

import os
import re
from pathlib import Path
from typing import NamedTuple

from seed.files import glob, scope
from seed.site import Sites
from store.write import Writing


class Gone(NamedTuple):
    """A document whose file is gone."""

    id: str
    collection: str
    path: str
    hash: str


async def find_gone(
    live: Writing, paths: list[Path], sites: Sites, known: int, *, match: str | None
) -> list[Gone]:
    """What came from under these paths and is there no more; cheap where nothing is gone.

    `known` is how many of the files that were found the store knew.
    """
    wheres = [_where(path, sites) for path in paths if path.is_dir()]
    if not wheres or (known and not match and await _is_complete(live, wheres, known)):
        return []
    matches = glob(match) if match else None
    gone: dict[tuple[str, str], Gone] = {}
    keys = {"_seed.path": 1, "_seed.site": 1, "_seed.hash": 1, "_seed.build": 1}
    for name in ("articles", "topics", "providers"):
        for where in wheres:
            async for doc in live.find(name, where, keys):
                seed = doc["_seed"]
                file = os.path.join(sites.folders[seed["site"]], seed["path"])
                if not _is_there(file) and (not matches or matches(seed["path"])):
                    gone[name, doc["_id"]] = Gone(doc["_id"], name, seed["path"], seed["hash"])
    return list(gone.values())


async def _is_complete(live: Writing, wheres: list[dict[str, object]], known: int) -> bool:
    where = {"$or": wheres} if len(wheres) > 1 else wheres[0]
    counts = [await live.count(name, where) for name in ("articles", "topics", "providers")]
    return sum(counts) == known


def _where(path: Path, sites: Sites) -> dict[str, object]:
    site, inside = scope(path)
    names = [sites.of(site).name] if inside or len(sites.folders) == 0 else list(sites.folders)
    prefix = f"^{re.escape(inside)}/" if inside else ""
    return {"_seed.path": {"$regex": prefix}, "_seed.site": {"$in": names}}


def _is_there(file: str) -> bool:
    return os.path.exists(file)
