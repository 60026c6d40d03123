"""One load: files -> documents -> the store, all at once for readers."""

import os
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from seed.apply import Applying, Change, Stored
from seed.build import build
from seed.files import SourceFile, read, walk
from seed.issues import Issue, issue
from seed.reference import refresh
from seed.report import Report
from seed.site import Sites
from store.collections import ensure_indexes
from store.store import Store
from store.write import Doc, Writing, transaction

FILE_COLLECTIONS = ("articles", "topics", "providers")
CHUNK_FILES = 500


@dataclass(frozen=True, slots=True)
class Options:
    """How to load."""

    collection: str | None = None
    match: str | None = None
    site: str | None = None  # the name under which the tree is known, else its folder's
    url: str | None = None  # makes relative URLs absolute, before what _config.yml says
    dry_run: bool = False
    diff: bool = False
    on_progress: Callable[[int], None] = field(default=lambda done: None)


async def load(store: Store, paths: list[Path], options: Options | None = None) -> Report:
    """Loads files and folders; the report says what happened to each file.

    Raises StoreError where MongoDB cannot be reached; then nothing was changed.
    """
    options = options or Options()
    report = Report([str(path) for path in paths], dry_run=options.dry_run)
    sites = Sites(options.site, options.url)
    if not options.dry_run:
        await ensure_indexes(store)
    number = await _next_number(Writing(store))
    changes = [one async for one in _changes(store, paths, options, report, sites, number)]
    if changes:
        async with transaction(store) as writing:
            await _write(writing, changes, report, sites, options, number)
    await _count(Writing(store), report)
    report.finish()
    return report


async def _next_number(writing: Writing) -> int:
    pipeline: list[Doc] = [{"$sort": {"_id": -1}}, {"$limit": 1}, {"$project": {"_id": 1}}]
    numbers = [int(doc["_id"]) async for doc in writing.aggregate("loads", pipeline)]
    return max(numbers, default=0) + 1


async def _changes(
    store: Store, paths: list[Path], options: Options, report: Report, sites: Sites, number: int
) -> AsyncIterator[Change]:
    """What is new or different, file by file; all else is noted in the report."""
    found = walk(paths, collection=options.collection, match=options.match)
    sources = _only_files(found, report)
    files = articles = 0
    while chunk := list(islice(sources, CHUNK_FILES)):
        stored = await _stored(Writing(store), chunk)
        for source in chunk:
            articles += source.collection == "articles"
            was = stored.get((sites.of(source.site).name, source.path))
            if change := _change(source, was, number, report, sites):
                yield change
        files += len(chunk)
        options.on_progress(files)
    if not articles and any(path.is_dir() for path in paths):
        folder = next(path for path in paths if path.is_dir())
        rule = "no-article" if files else "nothing-to-load"
        report.issues.append(issue(str(folder), rule, "a folder without any article"))


def _only_files(found: Iterator[SourceFile | Issue], report: Report) -> Iterator[SourceFile]:
    for one in found:
        if isinstance(one, SourceFile):
            yield one
        else:
            report.issues.append(one)


async def _stored(writing: Writing, chunk: list[SourceFile]) -> dict[tuple[str, str], Stored]:
    known = {}
    where = {"_seed.path": {"$in": [source.path for source in chunk]}}
    for name in FILE_COLLECTIONS:
        async for doc in writing.find(name, where, {"_seed": 1}):
            seed = doc["_seed"]
            path, site, build_id = seed["path"], seed.get("site", ""), seed.get("build", "")
            known[site, path] = Stored(doc["_id"], name, seed["hash"], build_id, path, site)
    return known


def _change(
    source: SourceFile, was: Stored | None, number: int, report: Report, sites: Sites
) -> Change | None:
    data = read(source)
    if isinstance(data, Issue):
        report.issues.append(data)
        report.counts["refused"] += 1
        return None
    built = build(source, data, load=number, site=sites.of(source.site))
    report.issues.extend(built.issues)
    if built.doc is None:
        report.counts["skipped" if built.skipped else "refused"] += 1
        return None
    if was and was.hash == built.hash and was.build == built.doc["_seed"]["build"]:
        report.counts["unchanged"] += 1
        return None
    return Change(built, was)


async def _write(
    writing: Writing,
    changes: list[Change],
    report: Report,
    sites: Sites,
    options: Options,
    number: int,
) -> None:
    applying = Applying(writing, report, sites.folders, diff=options.diff)
    await applying.apply(changes)
    await _report_duplicate_urls(writing, applying, report, sites)
    if report.dry_run:
        return
    await refresh(writing, applying.touched)
    report.number = number
    await writing.put("loads", [report.document()])


async def _report_duplicate_urls(
    writing: Writing, applying: Applying, report: Report, sites: Sites
) -> None:
    """Two published articles at one URL: both stay, and both are named."""
    urls = list(applying.urls)
    where = {"_index.visible": True, "_index.urls": {"$in": urls}}
    first: dict[str, tuple[str, str]] = {}
    keys = {"_index.urls": 1, "_seed": 1}
    found = [doc async for doc in writing.find("articles", where, keys)]
    for doc in sorted(found, key=lambda doc: str(doc["_seed"]["path"])):
        seed = doc["_seed"]
        folder = sites.folders.get(seed.get("site", ""), seed.get("site", ""))
        file = os.path.join(folder, seed["path"])
        for url in doc["_index"]["urls"]:
            if url not in applying.urls:
                continue
            other = first.setdefault(url, (doc["_id"], file))
            if other[0] != doc["_id"]:
                came = f"the URL {url}, which {other[1]} has too"
                report.issues.append(issue(file, "duplicate-url", came))
                break


async def _count(writing: Writing, report: Report) -> None:
    for name in ("articles", "topics", "providers", "images"):
        report.collections[name] = await writing.count(name, {})
