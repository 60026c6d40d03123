"""How far a load is: a bar on a terminal, now and then a line elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

LINE_SECONDS = 5.0


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[Callable[..., None]]:
    """A function to call with the number of files done and, once it is known, of all."""
    if quiet:
        yield lambda done, total=None: None
    elif sys.stderr.isatty():
        with _bar() as bar:
            task = bar.add_task("Loading", total=None)
            yield lambda done, total=None: bar.update(task, completed=done, total=total)
    else:
        yield _lines()


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,} files"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )


def _lines() -> Callable[..., None]:
    started = last = time.monotonic()

    def line(done: int, total: int | None = None) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= LINE_SECONDS:
            last = now
            of = f" of {total:,}" if total else ""
            print(f"{done:,}{of} files, {done / (now - started):,.0f}/s", file=sys.stderr)

    return line
