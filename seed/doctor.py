"""`newsstand seed --check`: every rule over every file, those that look across files too."""

import difflib
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from seed.build import Built
from seed.derive import topic_slug
from seed.files import SourceFile, read, walk
from seed.frontmatter import place, read_data_file, read_front_matter
from seed.issues import Issue, KeyPath, Problem, issue
from seed.load import CHUNK_FILES, Options
from seed.pool import Pool, Task, Work, in_order
from seed.report import Report
from seed.site import Sites

_DOMAIN: KeyPath = ("provider", "domain")
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
    report.issues += sites.issues
    check.finish()
    if not done:
        report.issues.append(issue(str(paths[0]), "nothing-to-load", "nothing to check"))
    report.finish()
    return report


async def _batches(
    paths: list[Path], options: Options, sites: Sites, report: Report
) -> AsyncIterator[Work]:
    found = walk(paths, collection=options.collection, match=options.match)
    while chunk := list(islice(found, CHUNK_FILES)):
        report.issues += [one for one in chunk if isinstance(one, Issue)]
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
        self.topics: dict[str, str] = {}  # name by slug, of topics that have a file
        self.domains: set[str] = set()  # of providers that have a file
        self.counts: Counter[str] = Counter()  # published articles by topic slug
        self.naming: dict[str, tuple[SourceFile, str]] = {}  # first file with a topic, its name
        self.parents: list[tuple[SourceFile, str]] = []
        self.from_domain: dict[str, SourceFile] = {}

    def add(self, built: Built) -> None:
        """Notes one file."""
        self.report.issues.extend(built.issues)
        if built.doc is None:
            self.report.counts["skipped" if built.skipped else "refused"] += 1
            return
        self.report.counts["fine"] += 1
        source = built.source
        self._unique(built)
        if source.collection == "topics":
            self.topics[built.id] = built.name
            self.parents += [(source, built.parent)] if built.parent else []
        elif source.collection == "providers":
            self.domains.add(built.id.partition("/")[0])
        elif built.facts:
            for slug, name in built.facts.topics.items():
                self.counts[slug] += built.facts.visible
                self.naming.setdefault(slug, (source, name))
            if built.facts.provider:
                domain = built.facts.provider.partition("/")[0]
                self.from_domain.setdefault(domain, source)

    def _unique(self, built: Built) -> None:
        source = built.source
        other = self.ids.setdefault((source.collection, built.id), source.file)
        if other != source.file:
            rule = _DUPLICATES.get(source.collection, "duplicate-slug")
            came = f"`{built.id}`, which {other} is already"
            self.report.issues.append(issue(source.file, rule, came))
            return
        for url in built.urls:
            other = self.urls.setdefault(url, source.file)
            if other != source.file:
                came = f"the URL {url}, which {other} has too"
                self.report.issues.append(issue(source.file, "duplicate-url", came))
                break

    def finish(self) -> None:
        """Looks at what only the whole tree can tell."""
        if self.topics:
            for slug, (source, name) in self.naming.items():
                if slug not in self.topics:
                    came = f'unknown topic "{name}" ({self.counts[slug]} articles)'
                    suggestion = self._near_topic(slug)
                    problem = Problem("unknown-topic", ("topics",), came, suggestion=suggestion)
                    self._add(source, problem, slug)
        for source, parent in self.parents:
            if topic_slug(parent) not in self.topics:
                came = f'unknown parent "{parent}"'
                suggestion = self._near_topic(topic_slug(parent))
                self._add(
                    source, Problem("unknown-parent", ("parent",), came, suggestion=suggestion)
                )
        for domain, source in self.from_domain.items():
            near = difflib.get_close_matches(domain, self.domains, 1, 0.85)
            if near and domain not in self.domains:
                came = f'unknown provider domain "{domain}"'
                suggestion = f"did you mean {near[0]}?"
                self._add(source, Problem("unknown-provider", _DOMAIN, came, suggestion=suggestion))

    def _near_topic(self, slug: str) -> str | None:
        near = difflib.get_close_matches(slug, self.topics, 1, 0.75)
        if not near:
            return None
        return f'did you mean "{self.topics[near[0]]}" ({self.counts[near[0]]} articles)?'

    def _add(self, source: SourceFile, problem: Problem, slug: str = "") -> None:
        """Places a problem: the file is read once more, which is rare."""
        data = read(source)
        if isinstance(data, Issue):
            return
        reader = read_front_matter if source.collection == "articles" else read_data_file
        front = reader(data, source.file)
        names = front.values.get("topics")
        if slug and isinstance(names, list):
            named = (number for number, one in enumerate(names) if topic_slug(str(one)) == slug)
            problem = replace(problem, at=("topics", next(named, 0)))
        self.report.issues.append(place(problem, front.block, source.file))
