"""The site that a tree of files belongs to: what its `_config.yml` says, as far as it is plain."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Site:
    """What a site adds to its files: a name, an address, values for keys that a file leaves out."""

    name: str = ""
    url: str = ""  # scheme, host and base path, without a slash at the end
    permalink: str = ""
    defaults: tuple[tuple[str, dict[str, Any]], ...] = field(default=())

    @property
    def has_settings(self) -> bool:
        """Whether anything but the name is set."""
        return bool(self.url or self.permalink or self.defaults)

    def absolute(self, relative: str) -> str | None:
        """A path of the site as a URL; None where the site has no address."""
        if not self.url or not relative.startswith("/") or relative.startswith("//"):
            return None
        return f"{self.url}{relative}"

    def fill(self, doc: Mapping[str, Any], path: str) -> dict[str, Any]:
        """Values for keys that the file leaves out."""
        return {}


NO_SITE = Site()


class Sites:
    """The sites of one load, by folder and by name."""

    def __init__(self, name: str | None = None, url: str | None = None) -> None:
        self.name, self.url = name, (url or "").rstrip("/")
        self.folders: dict[str, str] = {}
        self._known: dict[str, Site] = {}

    def of(self, folder: str) -> Site:
        """The site in this folder."""
        if folder not in self._known:
            site = Site(self.name or os.path.basename(os.path.realpath(folder)), self.url)
            self._known[folder] = site
            self.folders[site.name] = folder
        return self._known[folder]
