"""The contract of a batch function, and what all of them share.

    async def topics_by_slug(reader, slugs, request) -> list[Doc | None]

takes a ``Reader``, a sequence of distinct hashable keys and one request (the paths
to read, a page; None where the keys say it all), sends at most a fixed number of
commands to the store whatever the number of keys, and returns one value a key, in
the order of the keys: None, or an empty list, for a key that the store does not
hold. Errors are the store's (``store.errors``) and concern all keys alike.

Both executors call the same functions: the reference executor through a dataloader
that gathers the keys of a level, the compiled one with all keys of a level at hand.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any, TypeVar

from store.reader import Reader

Doc = dict[str, Any]
T = TypeVar("T")
Paths = frozenset[str]
Batch = Callable[[Reader, Sequence[Any], Any], Coroutine[Any, Any, Sequence[Any]]]

# Documents of these collections are small and shared by many fields, so they are
# read whole, and one lookup serves every selection.
REFERENCE_PATHS: dict[str, Paths] = {
    "topics": frozenset(
        {"name", "shortname", "keywords", "hashtags", "parent", "images", "_index.parent"}
    ),
    "providers": frozenset({"domain", "name", "images"}),
    "images": frozenset({"url", "width", "height", "isCached", "title", "attribution"}),
}


def aligned(keys: Sequence[Any], docs: Iterable[Doc], path: str = "_id") -> list[Doc | None]:
    """The documents in the order of ``keys``, by their value at ``path``; None for the missing."""
    found = {doc[path]: doc for doc in docs}
    return [found.get(key) for key in keys]


async def together(reads: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    """What several reads give, side by side; one alone needs no task of its own.

    The first that fails is the failure of all; the others have ended before it is told, so nothing
    reads on for an answer that nobody waits for.
    """
    if len(reads) < 2:
        return [await read for read in reads]
    tasks = [asyncio.create_task(read) for read in reads]
    try:
        return await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        raise
