"""`newsstand seed --watch`: loads what changes in a tree, a line a load."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from watchfiles import awatch

from seed.load import Options, load
from seed.report import Report
from store.errors import StoreConflict, StoreUnavailable
from store.store import Store

DEBOUNCE_MS = 200
_STEP_MS = 50


async def follow(
    store: Store,
    paths: list[Path],
    options: Options,
    tell: Callable[[Report], None],
    stop: Any = None,
) -> None:
    """Loads at once, then after every burst of changes, until `stop` (an event) is set.

    A load looks at the whole tree again: what is unchanged costs only its reading, and a rename
    storm or a checkout needs no bookkeeping of single events.
    """
    tell(await load(store, paths, options))
    async for _ in awatch(
        *paths, debounce=DEBOUNCE_MS, step=_STEP_MS, stop_event=stop, raise_interrupt=True
    ):
        try:
            report = await load(store, paths, options)
        except (StoreConflict, StoreUnavailable):
            continue  # the next change, or the one that waits, tries again
        if report.has_written or report.errors:
            tell(report)
