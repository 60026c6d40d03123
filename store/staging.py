"""A load too large for one transaction: written beside the live collections, then swapped in.

The staged collections start as copies of the live ones and get their indexes before anyone reads
them. The swap renames all of them in one `applyOps`, which MongoDB runs under its global lock, so
no reader sees some old and some new. Where a server does not permit that command, the renames
follow one another within milliseconds. Either way the intent is noted first: whoever comes next
after a crash finishes the renames before anything else.
"""

from typing import Any

from pymongo import IndexModel, WriteConcern
from pymongo.errors import OperationFailure

from store.collections import COLLECTIONS, INDEXES
from store.driver import settle
from store.errors import translated
from store.store import Store
from store.together import together
from store.write import Writing

STATE = "seed_state"
_MARK = ".next-"
_SWAP = "swap"
_WITH_TEXT = 5
_NOT_PERMITTED = frozenset({13, 59, 8000})  # Unauthorized, CommandNotFound, AtlasError


async def stage(store: Store, token: str) -> Writing:
    """Copies of all collections to write to; earlier leftovers are dropped."""
    await drop_staged(store)
    names = {name: f"{name}{_MARK}{token}" for name in COLLECTIONS}
    for name, staged in names.items():
        with translated(f"copying {name}"):
            await store.database.create_collection(staged)
            if await store.database[name].find_one({}, {"_id": 1}):
                cursor = await settle(store.database[name].aggregate([{"$out": staged}]))
                async for _ in cursor:
                    pass
    # Nobody reads what is staged: it need not reach the disk batch by batch.
    return Writing(store, names, concern=WriteConcern(w=1, j=False))


async def drop_staged(store: Store) -> None:
    """Drops what loads that did not end have left."""
    with translated("dropping what an earlier load has left"):
        for name in await store.database.list_collection_names():
            if _MARK in name:
                await store.database.drop_collection(name)


async def index_staged(store: Store, writing: Writing) -> None:
    """Makes the indexes of what is staged; after the documents, which costs a sixth of before."""
    for name, staged in writing.names.items():
        models = [
            IndexModel(list(index.keys), name=index.name, **dict(index.options))
            for index in INDEXES
            if index.collection == name
        ]
        collection = store.database[staged]
        with translated(f"making the indexes of {name}"):
            await together(
                [collection.create_indexes(part) for part in _side_by_side(models) if part]
            )


def _side_by_side(models: list[IndexModel]) -> tuple[list[IndexModel], list[IndexModel]]:
    """The indexes of one command and of another, each of which reads the collection once.

    The text index, which is the last one of the articles, takes more than all others together, so
    these are made beside it. A few are left with it: they divide the memory that a command has
    for sorting, and many small sorts are faster than a large one (`_SORTING_MB`
    of `store.embedded`).
    """
    return models[:-_WITH_TEXT], models[-_WITH_TEXT:]


async def swap(store: Store, writing: Writing) -> None:
    """Puts the staged collections in the place of the live ones, all at once."""
    with translated("noting the swap"):
        note = {"_id": _SWAP, "names": [list(pair) for pair in writing.names.items()]}
        await store.database[STATE].replace_one({"_id": _SWAP}, note, upsert=True)
    await finish_swap(store)


async def finish_swap(store: Store) -> None:
    """Finishes the swap that is noted, if one is: at its time, or after a crash."""
    with translated("swapping collections"):
        note = await store.database[STATE].find_one({"_id": _SWAP})
        if note is None:
            return
        there = set(await store.database.list_collection_names())
        pairs = [(staged, name) for name, staged in note["names"] if staged in there]
        await _rename(store, pairs)
        await store.database[STATE].delete_one({"_id": _SWAP})


async def _rename(store: Store, pairs: list[tuple[str, str]]) -> None:
    database = store.database.name
    renames = [_rename_command(database, staged, name) for staged, name in pairs]
    if not renames:
        return
    operations: list[dict[str, Any]] = [
        {"op": "c", "ns": f"{database}.$cmd", "o": rename} for rename in renames
    ]
    try:
        await store.client.admin.command("applyOps", operations)
    except OperationFailure as error:
        if error.code not in _NOT_PERMITTED:
            raise
        for rename in renames:
            await store.client.admin.command(rename)


def _rename_command(database: str, staged: str, name: str) -> dict[str, Any]:
    source, target = f"{database}.{staged}", f"{database}.{name}"
    return {"renameCollection": source, "to": target, "dropTarget": True}
