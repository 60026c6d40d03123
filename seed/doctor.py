"""`newsstand seed --check`: every rule over every file, those that look across files too."""

from collections.abc import AsyncIterator
from itertools import islice
from pathlib import Path

from seed.build import Built
from seed.files import SourceFile, walk
from seed.issues import Issue, issue
from seed.load import CHUNK_FILES, Options
from seed.pool import Pool, Task, Work, in_order
from seed.report import Report
from seed.site import Sites
from seed.spelling import Spelling

_DUPLICATES = {"topics": "duplicate-topic", "providers": "duplicate-provider"}


async def check_files(paths: list[Path], options: Options) -> Report:
    """The report of looking at every file; nothing is stored, no store is needed."""
    report = Report([str(path) for path in paths], dry_run=True, is_check=True)
    check = _Check(report)
    pool = Pool()
    sites = Sites(options.site, options.url)
    done = 0
    try:
        async for (tasks, _, _), outcomes in in_order(
            _batches(paths, options, sites, report), pool
        ):
            for built in outcomes:
                if built:
                    check.add(built)
            done += len(tasks)
            options.on_progress(done)
    finally:
        pool.close()
    report.found.add(*sites.issues)
    check.finish()
    if not done:
        report.found.add(issue(str(paths[0]), "nothing-to-load", "nothing to check"))
    report.finish()
    return report


async def _batches(
    paths: list[Path], options: Options, sites: Sites, report: Report
) -> AsyncIterator[Work]:
    found = walk(paths, collection=options.collection, match=options.match)
    while chunk := list(islice(found, CHUNK_FILES)):
        report.found.add(*(one for one in chunk if isinstance(one, Issue)))
        sources = [one for one in chunk if isinstance(one, SourceFile)]
        yield (
            [Task(source, None) for source in sources],
            {source.site: sites.of(source.site) for source in sources},
            0,
        )


class _Check:
    """What was seen so far, for the rules that compare files."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.ids: dict[tuple[str, str], str] = {}
        self.urls: dict[str, str] = {}
        self.spelling = Spelling()

    def add(self, built: Built) -> None:
        """Notes one file."""
        self.report.found.add(*built.issues)
        if built.doc is None:
            self.report.counts["skipped" if built.skipped else "refused"] += 1
            return
        self.report.counts["fine"] += 1
        self._unique(built)
        self.spelling.add(built)

    def _unique(self, built: Built) -> None:
        source = built.source
        other = self.ids.setdefault((source.collection, built.id), source.file)
        if other != source.file:
            rule = _DUPLICATES.get(source.collection, "duplicate-slug")
            came = f"`{built.id}`, which {other} is already"
            self.report.found.add(issue(source.file, rule, came))
            return
        for url in built.urls:
            other = self.urls.setdefault(url, source.file)
            if other != source.file:
                came = f"the URL {url}, which {other} has too"
                self.report.found.add(issue(source.file, "duplicate-url", came))
                break

    def finish(self) -> None:
        """Looks at what only the whole tree can tell."""
        self.spelling.tell(self.report.found)
