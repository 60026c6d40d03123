"""Files -> Built, in order: here for a few, in processes for many."""

import asyncio
import gc
import os
from collections import deque
from collections.abc import AsyncIterator, Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, NamedTuple

from seed.build import Built, build_if_changed
from seed.files import SourceFile, read
from seed.issues import Issue
from seed.site import Site
from store.write import encoded

FEW_FILES = 400  # starting processes costs as much as reading this many


class Task(NamedTuple):
    """A file to look at, and what is known of it."""

    source: SourceFile
    known: tuple[str, str] | None  # hash and build of the stored document
    force: bool = False  # read it even where it is unchanged


Work = tuple[list[Task], dict[str, Site], int]


def work(given: Work) -> list[Built | None]:
    """What became of each file; None where it is unchanged. Documents are BSON bytes."""
    tasks, sites, load = given
    return [_pack(_look(task, sites[task.source.site], load)) for task in tasks]


def look(given: Work) -> list[Built | None]:
    """The same with documents as they are."""
    tasks, sites, load = given
    return [_look(task, sites[task.source.site], load) for task in tasks]


def _look(task: Task, site: Site, load: int) -> Built | None:
    data = read(task.source)
    if isinstance(data, Issue):
        return Built(task.source, "", None, None, [data])
    known = None if task.force else task.known
    return build_if_changed(task.source, data, load=load, site=site, known=known)


def _pack(built: Built | None) -> Built | None:
    return built._replace(doc=encoded(built.doc)) if built and built.doc else built


def few_collections() -> None:
    """Looks for circles of garbage more rarely: documents have none, and there are many."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


class Pool:
    """Processes that look at files: from the first large batch to the end of the load."""

    def __init__(self) -> None:
        self._executor: ProcessPoolExecutor | None = None
        self.processes = max(1, min(os.cpu_count() or 1, 8))

    def submit(self, given: Work, *, many: bool) -> "asyncio.Future[list[Built | None]]":
        """Starts a batch; its documents are BSON bytes."""
        loop = asyncio.get_running_loop()
        if not many:
            done = loop.create_future()
            done.set_result(look(given))
            return done
        if self._executor is None:
            # forkserver: this process has threads and connections, which a fork would copy.
            context = get_context("forkserver")
            context.set_forkserver_preload(["seed.pool"])
            self._executor = ProcessPoolExecutor(
                self.processes, mp_context=context, initializer=few_collections
            )
        return loop.run_in_executor(self._executor, work, given)

    def close(self) -> None:
        """Ends the processes."""
        if self._executor:
            self._executor.shutdown(wait=True, cancel_futures=True)


async def in_order(
    batches: AsyncIterator[Work], pool: Pool
) -> AsyncIterator[tuple[Work, list[Built | None]]]:
    """Every batch with its outcome, in order; few are on their way at a time."""
    waiting: deque[tuple[Work, Any]] = deque()
    many = False
    async for given in batches:
        many = many or len(given[0]) >= FEW_FILES
        waiting.append((given, pool.submit(given, many=many)))
        if len(waiting) > 2 * pool.processes:
            first, future = waiting.popleft()
            yield first, await future
    while waiting:
        first, future = waiting.popleft()
        yield first, await future


def issues_of(outcomes: Iterable[Built | None]) -> list[Issue]:
    """All issues of some outcomes."""
    return [issue for built in outcomes if built for issue in built.issues]
