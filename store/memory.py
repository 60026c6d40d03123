"""What was read and is kept for later requests, until the collection that it is from changes.

A table holds values by key for one kind of read of one collection. All of it goes when
the collection changes, and after ``max_age_seconds`` whatever happens. While changes are not
heard of there is no table: everything is read anew.
"""

import time
from asyncio import Future
from collections.abc import Hashable
from typing import Any, Protocol

# Even what no change was heard of is read again after this, unless reading it is dear.
MAX_AGE_SECONDS = 60.0
MAX_VALUES = 10_000


class Versions(Protocol):
    """What tells that a collection changed; `store.changes.Changes` is one."""

    def version(self, collection: str) -> int | None:
        """Another number after each change; None while that is not known."""


class Table:
    """Values by key, of one version of their collection; the first in are the first out.
    ``reading``: the keys that somebody reads now, with the futures of their values.
    """

    __slots__ = ("born", "max_values", "reading", "values", "version")

    def __init__(self, version: int, born: float, max_values: int) -> None:
        self.version = version
        self.born = born
        self.max_values = max_values
        self.values: dict[Any, Any] = {}
        self.reading: dict[Any, Future[Any]] = {}

    def keep(self, key: Any, value: Any) -> None:
        """Keeps a value, and lets the oldest go where there are too many."""
        values = self.values
        if key not in values and len(values) >= self.max_values:
            del values[next(iter(values))]
        values[key] = value


class Memory:
    """The tables of a process, by name."""

    def __init__(self, versions: Versions) -> None:
        self._versions = versions
        self._tables: dict[Hashable, Table] = {}

    def table(
        self,
        name: Hashable,
        collection: str,
        max_values: int = MAX_VALUES,
        max_age_seconds: float = MAX_AGE_SECONDS,
    ) -> Table | None:
        """The table of this name as it is now; None while nothing may be kept. Names are few.

        Ask for it before reading: what is kept in it later goes with the version of now.
        """
        version = self._versions.version(collection)
        if version is None:
            return None
        now = time.monotonic()
        table = self._tables.get(name)
        if table is None or table.version != version or now - table.born > max_age_seconds:
            table = self._tables[name] = Table(version, now, max_values)
        return table
