"""One load: files -> documents -> the store, all at once for readers."""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path

from seed.apply import Applying, Change, Stored
from seed.build import Built
from seed.duplicates import report_duplicates
from seed.files import SourceFile, walk
from seed.gone import Gone, find_gone
from seed.issues import Issue, issue
from seed.noting import note
from seed.pool import Pool, Task, Work, in_order
from seed.reference import refresh, spill_images, write_all
from seed.report import Report
from seed.retry import tried
from seed.site import Sites
from seed.spelling import Spelling
from store.lock import locked, new_token, note_session, still_ours
from store.staging import drop_staged, finish_swap, index_staged, stage, swap
from store.store import Store
from store.together import together
from store.write import Doc, Writing, transaction

FILE_COLLECTIONS = ("articles", "topics", "providers")
CHUNK_FILES = 500
# More than this is staged: a transaction keeps all it wrote in MongoDB's cache until it ends.
TRANSACTION_CHANGES = 2_000
IMAGES_IN_MEMORY = 250_000  # some 350 bytes each
_FILE_KEYS = {"_seed.path": 1, "_seed.site": 1, "_seed.hash": 1, "_seed.build": 1}


@dataclass(frozen=True, slots=True)
class Options:
    """How to load."""

    collection: str | None = None
    match: str | None = None
    site: str | None = None  # the name under which the tree is known, else its folder's
    url: str | None = None  # makes relative URLs absolute, before what _config.yml says
    dry_run: bool = False
    diff: bool = False
    prune: bool = False  # remove the documents of files that are gone
    wait_seconds: float = 0.0  # for another load to end
    on_progress: Callable[[int], None] = field(default=lambda done: None)
    on_retry: Callable[[str], None] = field(default=lambda why: None)  # why it starts anew


async def load(store: Store, paths: list[Path], options: Options | None = None) -> Report:
    """Loads files and folders; the report says what happened to each file.

    Raises StoreError where MongoDB cannot be reached or another load runs; then nothing was
    changed, nor is it when this process is killed: readers see all of a load or nothing of it.
    """
    options = options or Options()
    token = new_token()

    async def once() -> Report:
        report = Report([str(path) for path in paths], dry_run=options.dry_run)
        await _load(store, paths, options, report, token)
        return report

    report = await tried(store, once, wait_seconds=options.wait_seconds, tell=options.on_retry)
    for name in ("articles", "topics", "providers", "images"):
        report.collections[name] = await Writing(store).count(name, {})
    report.finish()
    return report


async def _load(
    store: Store, paths: list[Path], options: Options, report: Report, token: str
) -> None:
    if options.dry_run:
        await _Load(store, paths, options, report, "").run()
        return
    async with locked(store, wait_seconds=options.wait_seconds, token=token):
        if not store.driver.is_mock:
            await finish_swap(store)
            await drop_staged(store)
        await store.ensure_indexes()
        await _Load(store, paths, options, report, token).run()


class _Load:
    """One load from its first file to its last write."""

    def __init__(
        self, store: Store, paths: list[Path], options: Options, report: Report, token: str
    ) -> None:
        self.store, self.paths, self.options, self.report = store, paths, options, report
        self.token = token
        self.live = Writing(store)
        self.sites = Sites(options.site, options.url)
        self.spelling = Spelling()
        self.known = 0  # files that the store knew before
        self.articles = 0
        self.is_empty = False  # the store, before

    async def run(self) -> None:
        number = await self._next_number()
        self.is_empty = not sum([await self.live.count(name, {}) for name in FILE_COLLECTIONS])
        pool = Pool()
        changes: list[Change] = []
        batches = self._changes(pool, number)
        try:
            async for some in batches:
                changes += some
                if len(changes) > TRANSACTION_CHANGES and self._may_stage:
                    await self._staged(changes, batches, number)
                    return
        finally:
            pool.close()
        gone = await self._gone()
        if not changes and not gone:
            return
        if self.options.dry_run:
            applying = self._applying(self.live)
            await applying.apply(changes)
            await report_duplicates(applying.writing, applying.urls.to_ask, self.sites, self.report)
            await self._remove(applying, gone)
            await self._tell_unknown(applying)
            return
        if self._may_stage and not await self.store.transacts():
            await self._staged(changes, batches, number)
            return
        async with transaction(self.store, partial(note_session, token=self.token)) as writing:
            await still_ours(writing, self.token)
            applying = self._applying(writing)
            await applying.apply(changes)
            await self._remove(applying, gone)
            await report_duplicates(applying.writing, applying.urls.to_ask, self.sites, self.report)
            await refresh(writing, applying.touched)
            await self._tell_unknown(applying)
            if self.report.has_written:
                await self._note(writing, number)

    @property
    def _may_stage(self) -> bool:
        return not self.options.dry_run and not self.store.driver.is_mock

    def _applying(self, writing: Writing, *, fresh: bool = False) -> Applying:
        return Applying(writing, self.report, self.sites, diff=self.options.diff, fresh=fresh)

    async def _staged(
        self, changes: list[Change], more: AsyncIterator[list[Change]], number: int
    ) -> None:
        """Writes beside the live collections, batch by batch, and swaps."""
        fresh = self.is_empty
        writing = await stage(self.store, self.token)
        applying = self._applying(writing, fresh=fresh)
        await applying.apply(changes)
        changes.clear()
        async for some in more:
            await applying.apply(some)
            await spill_images(writing, applying.knowledge, beyond=IMAGES_IN_MEMORY)
        gone = await self._gone()
        await self._remove(applying, gone)
        if not applying.has_written:
            await drop_staged(self.store)
            return
        if fresh:
            await together(
                [
                    index_staged(self.store, writing),
                    write_all(writing, applying.knowledge, fresh=True),
                ]
            )
        else:
            await index_staged(self.store, writing)
            await refresh(writing, applying.touched)
        await report_duplicates(writing, applying.urls.to_ask, self.sites, self.report)
        await self._tell_unknown(applying)
        if self.report.has_written:
            await self._note(writing, number)
        await still_ours(self.live, self.token)
        await swap(self.store, writing)

    async def _tell_unknown(self, applying: Applying) -> None:
        more = applying.touched.articles if self.options.dry_run else {}
        await self.spelling.tell_with(applying.writing, self.report.found, more)

    async def _note(self, writing: Writing, number: int) -> None:
        self.report.number = number
        await note(writing, self.report, self.sites.folders)

    async def _next_number(self) -> int:
        pipeline: list[Doc] = [{"$sort": {"_id": -1}}, {"$limit": 1}, {"$project": {"_id": 1}}]
        numbers = [int(doc["_id"]) async for doc in self.live.aggregate("loads", pipeline)]
        return max(numbers, default=0) + 1

    # --- reading ------------------------------------------------------------------------------

    async def _changes(self, pool: Pool, number: int) -> AsyncIterator[list[Change]]:
        """What is new or different, batch by batch; all else is noted in the report."""
        stored: dict[tuple[str, str], Stored] = {}
        files = 0
        async for (tasks, _, _), outcomes in in_order(self._batches(stored, number), pool):
            changes = []
            for task, built in zip(tasks, outcomes, strict=True):
                key = (self.sites.of(task.source.site).name, task.source.path)
                was = stored.pop(key, None)
                if self._is_change(built):
                    assert built is not None
                    changes.append(Change(built, was))
            files += len(tasks)
            self.options.on_progress(files)
            yield changes
        self.report.found.add(*self.sites.issues)
        if not self.articles:
            self._report_nothing(files)

    async def _batches(
        self, stored: dict[tuple[str, str], Stored], number: int
    ) -> AsyncIterator[Work]:
        found = walk(self.paths, collection=self.options.collection, match=self.options.match)
        sources = self._files(found)
        while chunk := list(islice(sources, CHUNK_FILES)):
            known = await self._stored(chunk)
            self.known += len(known)
            stored.update(known)
            tasks = []
            for source in chunk:
                self.articles += source.collection == "articles"
                was = known.get((self.sites.of(source.site).name, source.path))
                tasks.append(Task(source, (was.hash, was.build) if was else None))
            sites = {source.site: self.sites.of(source.site) for source in chunk}
            yield tasks, sites, number

    def _files(self, found: Iterable[SourceFile | Issue]) -> Iterator[SourceFile]:
        for one in found:
            if isinstance(one, SourceFile):
                yield one
            else:
                self.report.found.add(one)

    def _is_change(self, built: Built | None) -> bool:
        if built is None:
            self.report.counts["unchanged"] += 1
            return False
        self.report.found.add(*built.issues)
        if built.doc is None:
            self.report.counts["skipped" if built.skipped else "refused"] += 1
            return False
        self.spelling.add(built)
        return True

    async def _stored(self, chunk: list[SourceFile]) -> dict[tuple[str, str], Stored]:
        known: dict[tuple[str, str], Stored] = {}
        if self.is_empty:
            return known
        where = {"_seed.path": {"$in": [source.path for source in chunk]}}
        sites = {self.sites.of(source.site).name for source in chunk}
        for name in {source.collection for source in chunk}:
            async for doc in self.live.find(name, where, _FILE_KEYS):
                seed = doc["_seed"]
                path, site = seed["path"], seed.get("site", "")
                if site in sites:
                    was = Stored(doc["_id"], name, seed["hash"], seed.get("build", ""), path, site)
                    known[site, path] = was
        return known

    def _report_nothing(self, files: int) -> None:
        if folder := next((path for path in self.paths if path.is_dir()), None):
            rule = "no-article" if files else "nothing-to-load"
            self.report.found.add(issue(str(folder), rule, "a folder without any article"))

    # --- what is gone, and what is there twice --------------------------------------------------

    async def _gone(self) -> list[Gone]:
        match = self.options.match
        return await find_gone(self.live, self.paths, self.sites, self.known, match=match)

    async def _remove(self, applying: Applying, gone: list[Gone]) -> None:
        """Removes what was renamed, and with --prune what is gone; else only names it."""
        removing: dict[str, list[str]] = {}
        for one in gone:
            if (one.collection, one.id) in applying.claimed:
                continue  # a file that moved gave the document again
            renamed = applying.hashes.get(one.hash)
            if renamed:
                self.report.counts["added"] -= 1
                self.report.change("renamed", renamed, one.id, was=one.path)
            elif self.options.prune:
                self.report.change("removed", one.path, one.id)
            else:
                self.report.gone.append(one.path)
                continue
            removing.setdefault(one.collection, []).append(one.id)
        for name, ids in removing.items():
            await applying.remove(name, ids)
