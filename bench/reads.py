"""The reads of the API, one of each kind, and how much MongoDB may examine for each.

`bench/scale.py` measures them in a large store, `tests/schema/test_scale.py` holds them to their
bounds in a smaller one.
"""

from dataclasses import dataclass

from store.figures import figures_of
from store.reader import Reader
from store.trace import Trace

# An index may be entered at several places and read one key too far at each.
FACTOR, SOME = 3, 60


@dataclass(frozen=True)
class Read:
    """A read. `args` are a list's own; `bounded` says that what is examined has to be a small
    multiple of what is returned, `why` why it is not.
    """

    name: str
    root: str
    args: str = ""
    select: str = ""
    why: str = ""

    @property
    def is_page(self) -> bool:
        return not self.select

    @property
    def source(self) -> str:
        if self.select:
            return f"{{ {self.root}{self.args} {self.select} }}"
        return self._list("nodes { id }")

    @property
    def walk(self) -> str:
        """The same list, to be walked through."""
        return self._list("pageInfo { hasNextPage endCursor }")

    def _list(self, select: str) -> str:
        return (
            "query ($first: Int, $after: String) { page: "
            f"{self.root}(first: $first, after: $after{self.args}) {{ {select} }} }}"
        )

    def holds(self, seen: "Seen") -> bool:
        """Whether what was seen is within the bounds: no scan, and little more than returned."""
        most = max(seen.keys, seen.documents)
        return seen.scans == 0 and (bool(self.why) or most <= FACTOR * seen.returned + SOME)


@dataclass(frozen=True)
class Seen:
    """What the commands of a read did, together; `scans`: how many read a whole collection."""

    index: str
    keys: int
    documents: int
    returned: int
    commands: int
    scans: int


async def examined(reader: Reader, trace: Trace) -> Seen:
    """What Mongo says of each command of a trace."""
    figures = [figures_of(await reader.explain_sent(command)) for command in trace.commands]
    names = dict.fromkeys(one.index for one in figures if one.index)
    return Seen(
        index=", ".join(names),
        keys=sum(one.keys_examined for one in figures),
        documents=sum(one.documents_examined for one in figures),
        returned=sum(one.returned for one in figures),
        commands=len(figures),
        scans=sum(one.index is None and one.documents_examined > 0 for one in figures),
    )


def _articles(name: str, args: str = "", why: str = "") -> Read:
    return Read(name, "articles", ", " + args if args else "", why=why)


def _by(*keys: str) -> str:
    parts = (key.split() for key in keys)
    inner = ", ".join(f"{{field: {field}, direction: {way}}}" for field, way in parts)
    return f"orderBy: [{inner}]"


def _where(filter_: str) -> str:
    return f"filter: {{{filter_}}}"


# Why what is examined cannot be a small multiple of what is returned.
_LOOKS = "it looks through the articles until the page is full"
_SORTS = "what passes the filter is sorted"
_MATCHES = "Mongo scores all that match, and keeps the best"
_COUNTS = "it counts all that pass"
_RATES = "it rates 20 times some 100 candidates"

_ENERGY = 'topics: {anyOf: ["energy"]}'
_RARE = 'topics: {anyOf: ["food-startups"]}'
_ZEPHYR = 'provider: {name: {eq: "Zephyr Times"}}'
_IN_2021 = 'publishedDateTime: {gte: "2021-01-01T00:00:00Z", lt: "2022-01-01T00:00:00Z"}'
_FACETS = """{ totalCount facets { types { count } categories { count } topics { count }
  providers { count } timeline(unit: MONTH) { count } } }"""
_NOTHING = 'type: {eq: "x"}, topics: {anyOf: ["energi"]}, provider: {name: {eq: "y"}}'

READS = [
    Read("article(slug)", "article", '(slug: "2020-01-01-x")', "{ title }"),
    Read("articleByUrl", "articleByUrl", '(url: "https://x.example/")', "{ title }"),
    Read("node", "node", '(id: "VG9waWM6ZW5lcmd5")', "{ id }"),
    Read("provider(domain)", "provider", '(domain: "harbour-post.example")', "{ name }"),
    Read("topic(slug)", "topic", '(slug: "energy")', "{ name parent { name } children { name } }"),
    Read("image(url)", "image", '(url: "https://images.harbour-post.example/7.jpg")', "{ width }"),
    _articles("articles"),
    _articles("order PUBLISHED_DATE_TIME ASC", _by("PUBLISHED_DATE_TIME ASC")),
    _articles("order HEAT DESC", _by("HEAT DESC")),
    _articles("order HEAT ASC", _by("HEAT ASC")),
    _articles("order QUALITY DESC", _by("QUALITY DESC")),
    _articles("order TITLE ASC", _by("TITLE ASC")),
    _articles("order TITLE DESC", _by("TITLE DESC")),
    _articles("order HEAT DESC, TITLE ASC", _by("HEAT DESC", "TITLE ASC"), _SORTS),
    _articles("order QUALITY ASC, HEAT DESC", _by("QUALITY ASC", "HEAT DESC"), _SORTS),
    _articles("slug eq", _where('slug: {eq: "2020-01-01-x"}')),
    _articles("slug startsWith", _where('slug: {startsWith: "2020-06-1"}'), _SORTS),
    _articles("title eq", _where('title: {eq: "New plan for river ports 1"}')),
    _articles("title startsWith", _where('title: {startsWith: "new plan"}'), _SORTS),
    _articles("title contains", _where('title: {contains: "new plan"}'), _LOOKS),
    _articles("category eq", _where('category: {eq: "news"}')),
    _articles("type eq", _where('type: {eq: "video"}')),
    _articles("type ne", _where('type: {ne: "video"}')),
    _articles("locale eq null", _where("locale: {eq: null}")),
    _articles("provider.domain eq", _where('provider: {domain: {eq: "zephyr-times.example"}}')),
    _articles("provider.name eq", _where(_ZEPHYR)),
    _articles(
        "provider.name in", _where('provider: {name: {in: ["Zephyr Times", "Tundra Post"]}}')
    ),
    _articles("topics anyOf one", _where(_ENERGY)),
    _articles("topics anyOf two", _where('topics: {anyOf: ["energy", "food-research"]}')),
    _articles("topics allOf two", _where('topics: {allOf: ["energy", "transport"]}'), _LOOKS),
    _articles("topics noneOf", _where('topics: {noneOf: ["energy"]}')),
    _articles("publishedDateTime between", _where(_IN_2021)),
    _articles("quality gte", _where("quality: {gte: 150}"), _LOOKS),
    _articles("heat eq", _where("heat: {eq: 77}"), _LOOKS),
    _articles("hasImages true", _where("hasImages: true")),
    _articles("or", _where(f'or: [{{type: {{eq: "video"}}}}, {{{_RARE}}}]'), _LOOKS),
    _articles("topic, order HEAT DESC", f"{_where(_ENERGY)}, {_by('HEAT DESC')}"),
    _articles("topic, order QUALITY DESC", f"{_where(_ENERGY)}, {_by('QUALITY DESC')}"),
    _articles("topic, order TITLE ASC", f"{_where(_ENERGY)}, {_by('TITLE ASC')}"),
    _articles("rare topic, order HEAT DESC", f"{_where(_RARE)}, {_by('HEAT DESC')}"),
    _articles("rare topic, order TITLE ASC", f"{_where(_RARE)}, {_by('TITLE ASC')}"),
    _articles("provider, order HEAT DESC", f"{_where(_ZEPHYR)}, {_by('HEAT DESC')}", _SORTS),
    _articles(
        "quality gte, order QUALITY DESC", f"{_where('quality: {gte: 150}')}, {_by('QUALITY DESC')}"
    ),
    Read("providers", "providers"),
    Read("providers, order ARTICLE_COUNT DESC", "providers", ", " + _by("ARTICLE_COUNT DESC")),
    Read("providers domain eq", "providers", ", " + _where('domain: {eq: "zephyr-times.example"}')),
    Read("topics", "topics"),
    Read("topics, order ARTICLE_COUNT DESC", "topics", ", " + _by("ARTICLE_COUNT DESC")),
    Read("topics parent", "topics", ", " + _where('parent: "energy"')),
    Read("search, a rare word", "search", ', query: "138"', why=_MATCHES),
    Read("search, a common word", "search", ', query: "harbour"', why=_MATCHES),
    Read("search, filtered", "search", ', query: "solar", ' + _where(_RARE), why=_MATCHES),
    Read("similar of 20", "articles", "(first: 20)", "{ nodes { similar { title } } }", _RATES),
    Read("total", "articles", "", "{ totalCount }", _COUNTS),
    Read("total of a topic", "articles", f"({_where(_ENERGY)})", "{ totalCount }", _COUNTS),
    Read("all facets of a rare topic", "articles", f"({_where(_RARE)})", _FACETS, _COUNTS),
    Read("all facets", "articles", "", _FACETS, _COUNTS),
    Read(
        "hints of three kinds", "articles", f"({_where(_NOTHING)})", "{ nodes { title } }", _COUNTS
    ),
]
