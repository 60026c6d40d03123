"""Names of topics and providers that no file of reference data knows, and the nearest known."""

import difflib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from seed.build import Built
from seed.derive import topic_slug
from seed.files import SourceFile, read
from seed.frontmatter import place, read_data_file, read_front_matter
from seed.issues import Issue, KeyPath, Problem
from store.write import Writing

_DOMAIN: KeyPath = ("provider", "domain")


@dataclass(frozen=True, slots=True)
class _Named:
    """The file that gives a name, the first published one where there is any."""

    source: SourceFile
    name: str
    visible: bool

    def placed(self, problem: Problem, slug: str = "") -> Iterator[Issue]:
        """The problem at its line and column: the file is read once more, which is rare."""
        source = self.source
        data = read(source)
        if isinstance(data, Issue):
            return
        reader = read_front_matter if source.collection == "articles" else read_data_file
        front = reader(data, source.file)
        names = front.values.get("topics")
        if slug and isinstance(names, list):
            named = (number for number, one in enumerate(names) if topic_slug(str(one)) == slug)
            problem = replace(problem, at=("topics", next(named, 0)))
        placed = place(problem, front.block, source.file)
        yield placed if self.visible else placed.hidden()


def _note(names: dict[str, _Named], key: str, named: _Named) -> None:
    if key not in names or (named.visible and not names[key].visible):
        names[key] = named


class Spelling:
    """The names in the files that were seen: as many as there are names, however many files."""

    def __init__(self) -> None:
        self.topics: dict[str, str] = {}  # name by slug, of topics that have a file
        self.domains: set[str] = set()  # of providers that have a file
        self.counts: Counter[str] = Counter()  # published articles by topic slug
        self._naming: dict[str, _Named] = {}  # by topic slug
        self._parents: list[tuple[SourceFile, str]] = []
        self._from_domain: dict[str, _Named] = {}

    def add(self, built: Built) -> None:
        """Notes the names in one file that was read."""
        source = built.source
        if source.collection == "topics":
            self.topics[built.id] = built.name
            self._parents += [(source, built.parent)] if built.parent else []
        elif source.collection == "providers":
            self.domains.add(built.id.partition("/")[0])
        elif built.facts:
            for slug, name in built.facts.topics.items():
                self.counts[slug] += built.facts.visible
                _note(self._naming, slug, _Named(source, name, built.facts.visible))
            if built.facts.provider:
                domain = built.facts.provider.partition("/")[0]
                _note(self._from_domain, domain, _Named(source, domain, built.facts.visible))

    async def issues_with(self, writing: Writing) -> list[Issue]:
        """What neither the files of this load know nor the store, with the store's counts."""
        keys = {"name": 1, "_index.articleCount": 1, "_seed.path": 1}
        async for doc in writing.find("topics", {}, keys):
            if "_seed" in doc:
                self.topics[doc["_id"]] = doc["name"]
            self.counts[doc["_id"]] = doc.get("_index", {}).get("articleCount", 0)
        async for doc in writing.find("providers", {"_seed": {"$exists": True}}, {"_id": 1}):
            self.domains.add(doc["_id"].partition("/")[0])
        return list(self.issues())

    def issues(self) -> Iterator[Issue]:
        """What is unknown, once a name, at the first file that has it. Where no topic has a file,
        there is nothing to be unknown to.
        """
        if self.topics:
            for slug, named in self._naming.items():
                if slug not in self.topics:
                    came = f'unknown topic "{named.name}" ({self.counts[slug]} articles)'
                    suggestion = self._near_topic(slug)
                    problem = Problem("unknown-topic", ("topics",), came, suggestion=suggestion)
                    yield from named.placed(problem, slug)
        for source, parent in self._parents:
            if topic_slug(parent) not in self.topics:
                came = f'unknown parent "{parent}"'
                suggestion = self._near_topic(topic_slug(parent))
                problem = Problem("unknown-parent", ("parent",), came, suggestion=suggestion)
                yield from _Named(source, parent, True).placed(problem)
        for domain, named in self._from_domain.items():
            near = difflib.get_close_matches(domain, self.domains, 1, 0.85)
            if near and domain not in self.domains:
                came = f'unknown provider domain "{domain}"'
                suggestion = f"did you mean {near[0]}?"
                problem = Problem("unknown-provider", _DOMAIN, came, suggestion=suggestion)
                yield from named.placed(problem)

    def _near_topic(self, slug: str) -> str | None:
        near = difflib.get_close_matches(slug, self.topics, 1, 0.75)
        if not near:
            return None
        return f'did you mean "{self.topics[near[0]]}" ({self.counts[near[0]]} articles)?'
