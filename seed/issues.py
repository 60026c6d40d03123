"""What can be wrong with a seed file: one table of rules, one shape for what was found."""

from dataclasses import dataclass, replace
from typing import Any

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is looked at. An error keeps its file out; a warning does not."""

    severity: str  # "error" or "warning"
    allowed: str  # what is allowed, said to the person who wrote the file
    why: str  # what goes wrong otherwise


def _error(allowed: str, why: str) -> Rule:
    return Rule("error", allowed, why)


def _warning(allowed: str, why: str) -> Rule:
    return Rule("warning", allowed, why)


# The one table: it feeds the loader, `--check`, SARIF and docs/seeding.md (a test compares).
RULES: dict[str, Rule] = {
    "unreadable": _error("a file that can be opened and read", "Nothing of it can be known."),
    "too-large": _error("at most 8 MiB a file", "MongoDB holds at most 16 MB in one document."),
    "encoding": _error("UTF-8 text", "Guessing another encoding would change what was written."),
    "empty-file": _error("front matter between two lines of ---", "It says nothing."),
    "no-front-matter": _error(
        "front matter between two lines of --- (or +++, or a JSON object) at the very start",
        "Without it there is no title, no date and no address.",
    ),
    "unclosed-front-matter": _error(
        "a closing line that is the same as the opening one", "Where the body starts is unknown."
    ),
    "syntax": _error(
        "YAML (---), TOML (+++) or JSON ({) as its standard has it", "It has no meaning."
    ),
    "not-a-mapping": _error("keys with values, as in `title: Hello`", "Values need names."),
    "too-deep": _error("at most 64 levels of nesting", "MongoDB refuses deeply nested documents."),
    "alias-bomb": _error(
        "aliases (*name) that expand to at most 20,000 values and never to themselves",
        "A few lines could fill the memory of every reader.",
    ),
    "type": _error("a value of the key's own type", "Filters and orders compare like with like."),
    "date": _error(
        "a date such as 2020-10-08T03:47:00Z or 2020-10-08", "Articles are ordered by it."
    ),
    "integer-range": _error(
        "a whole number from -2147483648 to 2147483647", "GraphQL's Int holds no more."
    ),
    "text": _error(
        "Unicode text without lone surrogates or NUL", "JSON and UTF-8 cannot carry them."
    ),
    "missing-title": _error("a `title` that is not blank", "Every card and every page shows it."),
    "missing-name": _error("a `name` that is not blank", "It is what other files refer to."),
    "missing-domain": _error("a `domain` such as example.org", "A provider is a name at a domain."),
    "duplicate-slug": _error(
        "one file for one slug; rename one of the two", "The slug is the identity of an article."
    ),
    "duplicate-topic": _error(
        "one file for one topic; join the two", "The slug of its name is the identity of a topic."
    ),
    "duplicate-provider": _error(
        "one file for one provider; join the two",
        "Domain and name are the identity of a provider.",
    ),
    "symlink-loop": _warning("links that do not lead back to a folder above", "It never ends."),
    "nothing-to-load": _error(
        "at least one article (.md with front matter)", "Nothing was loaded."
    ),
    "no-article": _warning("at least one article (.md with front matter)", "Readers see none."),
    "duplicate-url": _warning(
        "one published article for one URL", "`articleByUrl` can answer with one only."
    ),
    "duplicate-key": _warning("each key once; the last one counts", "The first value is lost."),
    "key-type": _warning(
        "keys that are text; quote it", "MongoDB and GraphQL name things with text only."
    ),
    "typo": _warning("a known key, or one of your own with another name", "It would go unseen."),
    "url": _warning("an absolute http or https URL", "Readers get null in its place."),
    "relative-url": _warning("an absolute http or https URL", "Readers get null in its place."),
    "image-without-url": _warning("a `url` for every image", "It cannot be shown."),
    "image-size": _warning("width and height of at least 1", "No box fits it."),
    "related-empty": _warning("a `title` and a URL for every related item", "It leads nowhere."),
    "related-to-itself": _warning("related items that are other articles", "It leads in a circle."),
    "provider-without-domain": _warning(
        "`name` and `domain` for every provider", "Without a domain it is no provider of the store."
    ),
    "unknown-topic": _warning(
        "a topic that has a file in _data/topics, where there are such files",
        "A misspelt topic splits its articles.",
    ),
    "unknown-parent": _warning("the name of another topic", "The topic hangs in the air."),
    "unknown-provider": _warning(
        "a domain spelt as in _data/organizations", "A misspelt domain splits its articles."
    ),
    "html-excerpt": _warning("plain text", "Readers see the tags and entities as they stand."),
    "large-file": _warning("at most 1 MiB a file", "Every reader of the body waits for it."),
    "ignored-config": _warning("plain values in _config.yml", "What it asks for is not done."),
}


def rules_markdown() -> str:
    """The table of docs/seeding.md."""
    head = "| rule | is | allowed | why |\n|---|---|---|---|\n"
    rows = [f"| `{name}` | {r.severity} | {r.allowed} | {r.why} |\n" for name, r in RULES.items()]
    return head + "".join(rows)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something found in a mapping, not yet placed in a file: `at` are the keys that lead to it."""

    rule: str
    at: KeyPath
    came: str
    allowed: str | None = None
    suggestion: str | None = None
    on_key: bool = False  # the key itself is what is wrong, not its value


@dataclass(frozen=True, slots=True)
class Issue:
    """Something found in a file. Line and column count from 1."""

    path: str
    line: int
    column: int
    rule: str
    came: str
    allowed: str
    severity: str
    suggestion: str | None = None
    excerpt: str | None = None  # the line of the file, where there is one to show
    visible: bool = True  # to every reader of the API: its file is not kept from them

    def __str__(self) -> str:
        """One line: `path:line:column: what came; what is allowed`."""
        hint = f" ({self.suggestion})" if self.suggestion else ""
        text = f"{self.path}:{self.line}:{self.column}: {self.severity}: {self.came}; "
        return f"{text}allowed: {self.allowed}{hint} [{self.rule}]"

    def as_json(self) -> dict[str, Any]:
        """The issue as JSON has it; what is not there is left out."""
        pairs = {name: getattr(self, name) for name in self.__slots__ if name != "visible"}
        return {name: value for name, value in pairs.items() if value is not None}

    def strict(self) -> "Issue":
        """The same issue as an error."""
        return replace(self, severity="error")

    def hidden(self) -> "Issue":
        """The same issue, of a file that is kept from readers."""
        return replace(self, visible=False)


def issue(
    path: str,
    rule: str,
    came: str,
    *,
    line: int = 1,
    column: int = 1,
    allowed: str | None = None,
    suggestion: str | None = None,
    excerpt: str | None = None,
) -> Issue:
    """An issue of this rule, with the rule's severity and, unless told, its `allowed`."""
    known = RULES[rule]
    allowed = allowed or known.allowed
    return Issue(path, line, column, rule, came, allowed, known.severity, suggestion, excerpt)
