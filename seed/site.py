"""The site that a tree of files belongs to: what its `_config.yml` says, as far as it is plain.

Honoured: `url`, `baseurl`, `permalink`, and `defaults` whose scope is a plain path or type. All
else is for Jekyll alone; what looks honoured and is not is said.
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from seed.issues import Issue, issue
from seed.yamlread import Unreadable, read_yaml

CONFIG = "_config.yml"
_MAX_CONFIG_BYTES = 1024 * 1024
_STYLES = {
    "date": "/:categories/:year/:month/:day/:title.html",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "none": "/:categories/:title.html",
}
_TOKENS = frozenset(["categories", "year", "month", "day", "title", "slug", "collection", "name"])
_DATED = re.compile(r"(\d{4})-(\d{2})-(\d{2})-(.+)")


@dataclass(frozen=True, slots=True)
class Default:
    """Values for the files of a scope that do not give them."""

    path: str
    kind: str
    values: dict[str, Any]

    def covers(self, path: str) -> bool:
        """Whether a file is in the scope."""
        inside = path.removeprefix(self.path.strip("/"))
        in_path = not self.path.strip("/") or (inside != path and inside[:1] in ("", "/"))
        return in_path and (not self.kind or path.startswith(f"_{self.kind}/"))


@dataclass(frozen=True, slots=True)
class Site:
    """What a site adds to its files: a name, an address, values for keys that a file leaves out."""

    name: str = ""
    url: str = ""  # scheme, host and base path, without a slash at the end
    permalink: str = ""
    defaults: tuple[Default, ...] = field(default=())

    @property
    def has_settings(self) -> bool:
        """Whether anything but the name is set."""
        return bool(self.url or self.permalink or self.defaults)

    def absolute(self, relative: str) -> str | None:
        """A path of the site as a URL; None where the site has no address."""
        if not self.url or not relative.startswith("/") or relative.startswith("//"):
            return None
        return f"{self.url}{relative}"

    def fill(self, values: Mapping[Any, Any], path: str) -> dict[str, Any]:
        """Values for keys that the file leaves out: its date, its defaults, its address."""
        filled: dict[str, Any] = {}
        for default in self.defaults:  # later ones win, as in Jekyll
            if default.covers(path):
                filled |= {key: one for key, one in default.values.items() if key not in values}
        whole = {**filled, **values}
        dated = _DATED.fullmatch(_stem(path))
        if "publishedDateTime" not in whole and (when := whole.get("date") or _date_of(dated)):
            filled["publishedDateTime"] = when
        if self.url and "webUrl" not in whole and "originalUrl" not in whole:
            filled |= self._address(whole, path, dated)
        return filled

    def _address(
        self, values: Mapping[Any, Any], path: str, dated: "re.Match[str] | None"
    ) -> dict[str, Any]:
        template = values.get("permalink") or self.permalink
        if not isinstance(template, str) or not template:
            return {}
        template = _STYLES.get(template, template)
        title = dated[4] if dated else _stem(path)
        categories = values.get("categories") or values.get("category") or []
        some = categories.split() if isinstance(categories, str) else categories
        known = {
            "categories": "/".join(str(one).lower() for one in some if isinstance(one, str)),
            "collection": path.partition("/")[0].lstrip("_"),
            "title": title,
            "slug": title,
            "name": title,
        }
        if dated:
            known |= {"year": dated[1], "month": dated[2], "day": dated[3]}
        if not set(re.findall(r":([a-z_]+)", template)) <= known.keys():
            return {}
        made = re.sub(r":([a-z_]+)", lambda token: known[token[1]], template)
        return {"webUrl": self.url + re.sub("/{2,}", "/", f"/{made}")}


NO_SITE = Site()


def _stem(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[0]


def _date_of(dated: "re.Match[str] | None") -> datetime | None:
    try:
        return datetime(*map(int, dated.groups()[:3]), tzinfo=UTC) if dated else None  # type: ignore[arg-type,misc]
    except ValueError:
        return None


class Sites:
    """The sites of one load, by folder and by name."""

    def __init__(self, name: str | None = None, url: str | None = None) -> None:
        self.name, self.url = name, (url or "").rstrip("/")
        self.folders: dict[str, str] = {}
        self.issues: list[Issue] = []
        self._known: dict[str, Site] = {}

    def of(self, folder: str) -> Site:
        """The site in this folder."""
        if folder not in self._known:
            name = self.name or os.path.basename(os.path.realpath(folder))
            config = _read(os.path.join(folder, CONFIG), self.issues)
            said = str(config.get("url") or "").rstrip("/")
            base = str(config.get("baseurl") or "").strip("/")
            url = self.url or (f"{said}/{base}".rstrip("/") if said else "")
            permalink = str(config.get("permalink") or "")
            file = os.path.join(folder, CONFIG)
            self.issues += _ignored(file, permalink)
            defaults = tuple(_defaults(file, config.get("defaults"), self.issues))
            self._known[folder] = Site(name, url, permalink, defaults)
            self.folders[name] = folder
        return self._known[folder]


def _read(file: str, issues: list[Issue]) -> dict[str, Any]:
    try:
        with open(file, encoding="utf-8-sig") as opened:
            config, _ = read_yaml(opened.read(_MAX_CONFIG_BYTES))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        issues.append(issue(file, "ignored-config", f"a file that cannot be read ({error})"))
        return {}
    except Unreadable as error:
        line, column = error.line + 1, error.column + 1
        issues.append(issue(file, "ignored-config", error.came, line=line, column=column))
        return {}
    return config if isinstance(config, dict) else {}


def _ignored(file: str, permalink: str) -> Iterator[Issue]:
    template = _STYLES.get(permalink, permalink)
    unknown = set(re.findall(r":([a-z_]+)", template)) - _TOKENS
    if unknown or (permalink and not template.startswith("/")):
        allowed = "date, pretty, none, or a path with " + ", ".join(f":{one}" for one in _TOKENS)
        yield issue(file, "ignored-config", f"the permalink `{permalink}`", allowed=allowed)


def _defaults(file: str, said: Any, issues: list[Issue]) -> Iterator[Default]:
    for one in said if isinstance(said, list) else ():
        scope, values = (one.get("scope"), one.get("values")) if isinstance(one, dict) else (0, 0)
        if not isinstance(scope, dict) or not isinstance(values, dict):
            continue
        path, kind = str(scope.get("path") or ""), str(scope.get("type") or "")
        if "*" in path:
            issues.append(issue(file, "ignored-config", f"defaults for the pattern `{path}`"))
            continue
        yield Default(path, kind, {str(key): value for key, value in values.items()})
