"""Batch functions whose answers are kept between requests (``store.memory``)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from loaders.batch import Batch
from store.errors import StoreUnavailable
from store.memory import Table
from store.reader import Reader

Read = Callable[[list[Any]], Awaitable[Sequence[Any]]]


async def recalled(table: Table | None, keys: Sequence[Any], read: Read) -> list[Any]:
    """A value for each key: from the table where it has them, else read and kept.

    What another request is reading already is awaited, not read again: after a change, the first
    to ask counts a million articles, and the others wait for it. Where MongoDB is out of reach
    they fail with it. Where the read ends for a reason of its own (its deadline, a client that hung
    up, a key that cannot be sent) one of them reads, and the others wait for that.
    """
    if table is None:
        return list(await read(list(keys)))
    found: dict[Any, Any] = {}
    while left := [key for key in dict.fromkeys(keys) if key not in found]:
        found |= {key: table.values[key] for key in left if key in table.values}
        missing = [key for key in left if key not in found]
        awaited = {key: table.reading[key] for key in missing if key in table.reading}
        own = [key for key in missing if key not in awaited]
        if own:
            found |= await _read_and_kept(table, own, read)
        if awaited:
            await asyncio.wait(awaited.values())
            found |= {key: one.result() for key, one in awaited.items() if not one.cancelled()}
    return [found[key] for key in keys]


async def _read_and_kept(table: Table, keys: list[Any], read: Read) -> dict[Any, Any]:
    loop = asyncio.get_running_loop()
    reading = {key: loop.create_future() for key in keys}
    table.reading |= reading
    try:
        found = dict(zip(keys, await read(keys), strict=True))
        for key, value in found.items():
            table.keep(key, value)
            if not reading[key].done():
                reading[key].set_result(value)
        return found
    except StoreUnavailable as error:
        for one in reading.values():
            if not one.done():
                one.set_exception(error)
                one.exception()  # it is told here, whether or not somebody waits
        raise
    finally:
        for key, one in reading.items():
            one.cancel()  # nothing, where it has its result
            if table.reading.get(key) is one:
                del table.reading[key]


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
