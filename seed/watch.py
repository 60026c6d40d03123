"""`newsstand seed --watch`: loads what changes in a tree, a line a load."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from watchfiles import Change, DefaultFilter, awatch

from seed.load import Options, load
from seed.report import Report
from store.errors import StoreConflict, StoreUnavailable
from store.store import Store

DEBOUNCE_MS = 200
_STEP_MS = 50
_QUIET_MS = 200  # after this long without a change, what is waiting is tried


async def follow(
    store: Store,
    paths: list[Path],
    options: Options,
    tell: Callable[[Report], None],
    stop: Any = None,
    *,
    ignored: Path | None = None,
) -> None:
    """Loads at once, then after every burst of changes, until `stop` (an event) is set.

    What changes in the folder `ignored` is no change: there MongoDB writes whenever we load.

    A load looks at the whole tree again: what is unchanged costs only its reading, and a rename
    storm or a checkout needs no bookkeeping of single events.
    """
    told = False
    waiting = True  # the watcher runs before the first load: no change falls between
    async for changes in awatch(
        *paths,
        watch_filter=matters(ignored),
        debounce=DEBOUNCE_MS,
        step=_STEP_MS,
        rust_timeout=_QUIET_MS,
        yield_on_timeout=True,
        stop_event=stop,
    ):
        if not (changes or waiting):
            continue
        try:
            report = await load(store, paths, options)
        except (StoreConflict, StoreUnavailable):
            waiting = True  # another load runs, or MongoDB is away: tried again
            continue
        waiting = False
        if report.has_written or report.found.errors or not told:
            told = True
            tell(report)


def matters(ignored: Path | None) -> Callable[[Change, str], bool]:
    """Whether a changed path is a reason to load: it is no file of an editor or of version control,
    and not in this folder.
    """
    usual = DefaultFilter()
    folder = os.path.realpath(ignored) + os.sep if ignored else None

    def answer(change: Change, path: str) -> bool:
        inside = folder is not None and (os.path.realpath(path) + os.sep).startswith(folder)
        return not inside and usual(change, path)

    return answer
