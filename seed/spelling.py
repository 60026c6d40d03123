"""Names of topics and providers that no file of reference data knows, and the nearest known."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from rapidfuzz import fuzz, process

from seed.build import Built
from seed.derive import topic_slug
from seed.files import SourceFile, read
from seed.findings import Findings
from seed.frontmatter import FrontMatter, Refused, place, read_data_file, read_front_matter
from seed.issues import Issue, KeyPath, Problem, issue
from store.write import Writing

MAX_TOLD = 500  # names of each rule; the others are counted
# How many pairs of domains are compared, which takes two to three seconds; domains beyond them are
# not looked at. With 200 files of organizations these are 100,000 domains.
MAX_COMPARED = 20_000_000
# From 0 to 100: how alike two names have to be to be taken for one.
_NEAR_TOPIC, _NEAR_DOMAIN = 75, 85
_PLACES: dict[str, KeyPath] = {
    "unknown-topic": ("topics",),
    "unknown-parent": ("parent",),
    "unknown-provider": ("provider", "domain"),
}


@dataclass(frozen=True, slots=True)
class _Named:
    """The file that gives a name, the first published one where there is any."""

    source: SourceFile
    name: str
    visible: bool = True


class _Unknown(NamedTuple):
    rule: str
    named: _Named


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
        self._parents: list[_Named] = []
        self._from_domain: dict[str, _Named] = {}
        self._known_domains: list[str] = []

    def add(self, built: Built) -> None:
        """Notes the names in one file that was read."""
        source = built.source
        if source.collection == "topics":
            self.topics[built.id] = built.name
            self._parents += [_Named(source, built.parent)] if built.parent else []
        elif source.collection == "providers":
            self.domains.add(built.id.partition("/")[0])
        elif built.facts:
            for slug, name in reversed(built.facts.topics.items()):  # as the file has them
                self.counts[slug] += built.facts.visible
                _note(self._naming, slug, _Named(source, name, built.facts.visible))
            if built.facts.provider:
                domain = built.facts.provider.partition("/")[0]
                _note(self._from_domain, domain, _Named(source, domain, built.facts.visible))

    async def tell_with(self, writing: Writing, found: Findings, more: Mapping[str, int]) -> None:
        """Tells what neither the files of this load know nor the store, with the store's counts.

        `more`: articles of each topic that the store does not count yet, where nothing is written.
        """
        self.counts = Counter()
        keys = {"name": 1, "_index.articleCount": 1, "_seed.path": 1}
        async for doc in writing.find("topics", {}, keys):
            if "_seed" in doc:
                self.topics[doc["_id"]] = doc["name"]
            self.counts[doc["_id"]] = doc.get("_index", {}).get("articleCount", 0)
        async for doc in writing.find("providers", {"_seed": {"$exists": True}}, {"_id": 1}):
            self.domains.add(doc["_id"].partition("/")[0])
        self.counts.update(more)
        self.tell(found)

    def tell(self, found: Findings) -> None:
        """Tells what is unknown, once a name, at the first file that has it."""
        self._known_domains = sorted(self.domains)
        told: Counter[str] = Counter()
        by_source: dict[SourceFile, list[_Unknown]] = {}
        for one in self._unknown():
            told[one.rule] += 1
            if told[one.rule] <= MAX_TOLD:
                by_source.setdefault(one.named.source, []).append(one)
            else:
                found.leave_out(one.rule)
        for source, some in by_source.items():
            found.add(*self._placed(source, some))

    def _unknown(self) -> Iterator[_Unknown]:
        if self.topics:  # where no topic has a file, there is nothing to be unknown to
            for slug, named in self._naming.items():
                if slug not in self.topics:
                    yield _Unknown("unknown-topic", named)
        for named in self._parents:
            if topic_slug(named.name) not in self.topics:
                yield _Unknown("unknown-parent", named)
        left = MAX_COMPARED
        for domain, named in self._from_domain.items():
            if domain in self.domains:
                continue
            left -= len(self.domains)
            if left < 0:
                return
            if _nearest(domain, self._known_domains, _NEAR_DOMAIN):
                yield _Unknown("unknown-provider", named)

    def _placed(self, source: SourceFile, some: Iterable[_Unknown]) -> Iterator[Issue]:
        """The names of one file at their lines and columns: it is read once more, which is rare."""
        front = _front(source)
        for rule, named in some:
            problem = self._problem(rule, named.name)
            if front is None:  # it has changed meanwhile
                placed = issue(source.file, rule, problem.came, suggestion=problem.suggestion)
            else:
                placed = place(_at_name(problem, named.name, front), front.block, source.file)
            yield placed if named.visible else placed.hidden()

    def _problem(self, rule: str, name: str) -> Problem:
        if rule == "unknown-provider":
            near = _nearest(name, self._known_domains, _NEAR_DOMAIN)
            came, suggestion = f'unknown provider domain "{name}"', f"did you mean {near}?"
            return Problem(rule, _PLACES[rule], came, suggestion=suggestion)
        slug = topic_slug(name)
        came = f'unknown parent "{name}"'
        if rule == "unknown-topic":
            came = f'unknown topic "{name}" ({self._articles(slug)})'
        return Problem(rule, _PLACES[rule], came, suggestion=self._near_topic(slug))

    def _near_topic(self, slug: str) -> str | None:
        near = _nearest(slug, self.topics.keys(), _NEAR_TOPIC)
        return near and f'did you mean "{self.topics[near]}" ({self._articles(near)})?'

    def _articles(self, slug: str) -> str:
        count = self.counts[slug]
        return f"{count:,} article{'' if count == 1 else 's'}"


def _nearest(name: str, known: Iterable[str], near: int) -> str | None:
    found = process.extractOne(name, known, scorer=fuzz.ratio, score_cutoff=near)
    return found and found[0]


def _front(source: SourceFile) -> FrontMatter | None:
    data = read(source)
    if isinstance(data, Issue):
        return None
    reader = read_front_matter if source.collection == "articles" else read_data_file
    try:
        return reader(data, source.file)
    except Refused:
        return None


def _at_name(problem: Problem, name: str, front: FrontMatter) -> Problem:
    """The problem at the one of an article's topics that it is about."""
    names: Any = front.values.get("topics")
    if problem.rule != "unknown-topic" or not isinstance(names, list):
        return problem
    slug = topic_slug(name)
    numbers = (number for number, one in enumerate(names) if topic_slug(str(one)) == slug)
    return replace(problem, at=("topics", next(numbers, 0)))
