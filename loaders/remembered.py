"""Batch functions whose answers are kept between requests (``store.memory``)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from loaders.batch import Batch
from store.memory import Table
from store.reader import Reader


async def recalled(
    table: Table | None, keys: Sequence[Any], read: Callable[[list[Any]], Awaitable[Sequence[Any]]]
) -> list[Any]:
    """A value for each key: from the table where it has them, else read and kept."""
    if table is None:
        return list(await read(list(keys)))
    known = table.values
    missing = [key for key in dict.fromkeys(keys) if key not in known]
    found = dict(zip(missing, await read(missing) if missing else (), strict=True))
    values = [found[key] if key in found else known[key] for key in keys]
    for key, value in found.items():
        table.keep(key, value)
    return values


class Remembered:
    """A batch function that reads only keys whose answers are not kept already.

    It must read one collection, and its answers must follow from the key and the reader's rights
    alone. They are shared by all requests: nobody may change them.
    """

    def __init__(self, batch: Batch, collection: str) -> None:
        self.__name__ = batch.__name__
        self.__doc__ = batch.__doc__
        self._batch = batch
        self._collection = collection

    async def __call__(
        self, reader: Reader, keys: Sequence[Any], request: Any = None
    ) -> Sequence[Any]:
        """One value a key; see `loaders.batch`."""
        return await recalled(
            self._table(reader), keys, lambda missing: self._batch(reader, missing, request)
        )

    def known(self, reader: Reader, keys: Sequence[Any]) -> list[Any] | None:
        """The answers, where all of them are kept; None where something has to be read."""
        table = self._table(reader)
        if table is None:
            return None
        try:
            return [table.values[key] for key in keys]
        except KeyError:
            return None

    def _table(self, reader: Reader) -> Table | None:
        memory = reader.memory
        if memory is None:
            return None
        return memory.table((self.__name__, reader.unpublished), self._collection)


def remembered(collection: str) -> Callable[[Batch], Remembered]:
    """Keeps the answers of a batch function until the collection that it reads changes."""
    return lambda batch: Remembered(batch, collection)
