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

from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any

from store.reader import Reader

Doc = dict[str, Any]
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
