"""Two published articles at one URL: both stay, and both are named."""

import os
from collections.abc import Iterable

from seed.derive import Doc
from seed.issues import issue
from seed.report import Report
from seed.site import Sites
from store.write import Writing

_ASKED_AT_ONCE = 5_000


class Urls:
    """The URLs of the articles that a load wrote and that readers see."""

    def __init__(self, *, fresh: bool) -> None:
        self.fresh = fresh  # there are no other articles
        self._all: set[str] = set()
        self._hashes: set[int] = set()  # a tenth of the memory of the URLs themselves
        self._again: set[str] = set()

    def add(self, urls: Iterable[str]) -> None:
        """Notes the URLs of one article."""
        if not self.fresh:
            self._all.update(urls)
            return
        for url in urls:
            found = hash(url)
            if found in self._hashes:
                self._again.add(url)
            self._hashes.add(found)

    @property
    def to_ask(self) -> set[str]:
        """Those that more than one article may have."""
        return self._again if self.fresh else self._all


async def report_duplicates(writing: Writing, urls: set[str], sites: Sites, report: Report) -> None:
    """Notes an issue for every article whose URL an article before it, by path, has too."""
    wanted = sorted(urls)
    first: dict[str, tuple[str, str]] = {}
    for start in range(0, len(wanted), _ASKED_AT_ONCE):
        where = {
            "_index.visible": True,
            "_index.urls": {"$in": wanted[start : start + _ASKED_AT_ONCE]},
        }
        keys = {"_index.urls": 1, "_seed.path": 1, "_seed.site": 1}
        found = [doc async for doc in writing.find("articles", where, keys)]
        for doc in sorted(found, key=lambda doc: str(doc["_seed"]["path"])):
            _compare(doc, urls, first, sites, report)


def _compare(
    doc: Doc, urls: set[str], first: dict[str, tuple[str, str]], sites: Sites, report: Report
) -> None:
    seed = doc["_seed"]
    site = seed.get("site", "")
    file = os.path.join(sites.folders.get(site, site), seed["path"])
    for url in doc["_index"]["urls"]:
        other = first.setdefault(url, (doc["_id"], file)) if url in urls else None
        if other and other[0] != doc["_id"]:
            came = f"the URL {url}, which {other[1]} has too"
            report.found.add(issue(file, "duplicate-url", came))
            return
