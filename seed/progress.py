"""How far a load is: a bar on a terminal, now and then a line elsewhere; rate and time left."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, Task, TextColumn, TimeElapsedColumn
from rich.text import Text

LINE_SECONDS = 5.0


@contextmanager
def progress(
    count: Callable[[], int] | None = None, *, quiet: bool = False
) -> Iterator[Callable[[int], None]]:
    """A function to call with the number of files done.

    `count` gives how many there are; it runs beside, so that nothing waits for it.
    """
    if quiet:
        yield lambda done: None
        return
    total: list[int] = []
    if count is not None:
        threading.Thread(target=lambda: total.append(count()), daemon=True).start()
    if not sys.stderr.isatty():
        yield _lines(total)
        return
    with _bar() as bar:
        task = bar.add_task("Loading", total=None)

        def update(done: int) -> None:
            # What is done is read; what was read last is still being written.
            bar.update(task, completed=done, total=max(total[0], done) if total else None)

        yield update


class _Pace(TextColumn):
    """Files a second since the start, and how long the rest takes at that rate."""

    def __init__(self) -> None:
        super().__init__("")

    def render(self, task: Task) -> Text:
        return Text(pace(int(task.completed), task.elapsed or 0.0, task.total))


def pace(done: int, seconds: float, total: float | None) -> str:
    """The words for a rate and the time left: `2,000/s, 0:12 left`."""
    if not done or seconds <= 0:
        return ""
    rate = done / seconds
    if total is None:
        return f"{rate:,.0f}/s"
    left = max(0, int((total - done) / rate))  # files may come while they are counted
    return f"{rate:,.0f}/s, {left // 60}:{left % 60:02} left"


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,} files"),
        TimeElapsedColumn(),
        _Pace(),
        console=Console(stderr=True),
        transient=True,
    )


def _lines(total: list[int]) -> Callable[[int], None]:
    started = last = time.monotonic()

    def line(done: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= LINE_SECONDS:
            last = now
            of = f" of {total[0]:,}" if total else ""
            told = pace(done, now - started, total[0] if total else None)
            print(f"{done:,}{of} files, {told}", file=sys.stderr)

    return line
