"""What a load does to the store, change by change: who owns a slug, what is new, what is gone."""

import os
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from seed.build import Built
from seed.coerce import shown
from seed.derive import Doc, facts_of_article
from seed.duplicates import Urls
from seed.issues import issue
from seed.knowledge import Knowledge
from seed.reference import Touched
from seed.report import Report
from seed.site import Sites
from store.collections import CONFIDENTIAL
from store.write import Writing, stored_form, whole

_DUPLICATES = {
    "articles": "duplicate-slug",
    "topics": "duplicate-topic",
    "providers": "duplicate-provider",
}
_NO_CONTENT = object()


@dataclass(frozen=True, slots=True)
class Stored:
    """What the store knows of a file."""

    id: str
    collection: str
    hash: str
    build: str
    path: str
    site: str


class Change(NamedTuple):
    """A file that is new or different, and what it was."""

    built: Built
    was: Stored | None


class Applying:
    """The changes of one load on their way into the store."""

    def __init__(
        self,
        writing: Writing,
        report: Report,
        sites: Sites,
        *,
        diff: bool = False,
        fresh: bool = False,
    ) -> None:
        self.writing = writing
        self.report = report
        self.sites = sites
        self.diff = diff
        self.fresh = fresh  # there was nothing before: nothing to look up or to compare with
        self.knowledge = Knowledge()  # of all articles, where this is fresh
        self.touched = Touched()
        self.claimed: dict[tuple[str, str], str] = {}
        self.urls = Urls(fresh=fresh)  # of what was written and is visible
        self.has_written = False
        self.hashes: dict[str, str] = {}  # path of each added file by its hash

    async def apply(self, changes: Iterable[Change]) -> None:
        """Writes changes; those whose id another file owns are refused."""
        by_collection: dict[str, list[Change]] = {}
        for change in changes:
            by_collection.setdefault(change.built.source.collection, []).append(change)
        for name, some in by_collection.items():
            await self._apply(name, some)

    async def _apply(self, name: str, changes: list[Change]) -> None:
        ids = {change.built.id for change in changes}
        ids |= {change.was.id for change in changes if change.was and change.was.collection == name}
        where = {"_id": {"$in": list(ids)}}
        found = self.writing.find(name, where) if not self.fresh else _none()
        olds = {doc["_id"]: doc async for doc in found}
        puts: list[Built] = []
        gone: list[str] = []
        for change in changes:
            if self._is_taken(name, change, olds):
                continue
            doc_id = change.built.id
            was = change.was
            if was and was.id != doc_id and (name, was.id) not in self.claimed:
                gone.append(was.id)
                self._touch(name, olds.get(was.id), None)
            self._note(change, olds.get(doc_id) or (was and olds.get(was.id)) or None)
            self._touch(name, olds.get(doc_id), change.built)
            puts.append(change.built)
        if not self.report.dry_run:
            self.has_written = self.has_written or bool(puts or gone)
            written = {built.id for built in puts}
            await self.writing.remove(name, [one for one in gone if one not in written])
            docs = [stored_form(built.doc) for built in puts]
            await (self.writing.insert if self.fresh else self.writing.put)(name, docs)

    def _is_taken(self, name: str, change: Change, olds: dict[str, Doc]) -> bool:
        """Whether another file has this id: then this one is refused, and both are named."""
        source, doc_id = change.built.source, change.built.id
        owner = self.claimed.get((name, doc_id))
        suggestion = None
        if owner is None and (old := olds.get(doc_id)) and (seed := old.get("_seed")):
            site = self.sites.of(source.site).name
            owner, suggestion = self._other_owner(seed, source.path, site)
        if owner is None:
            self.claimed[name, doc_id] = source.file
            return False
        came = f"`{doc_id}`, which {owner} is already"
        rule = _DUPLICATES[name]
        found = issue(source.file, rule, came, suggestion=suggestion)
        facts = change.built.facts
        self.report.found.add(found.hidden() if facts and not facts.visible else found)
        self.report.counts["refused"] += 1
        return True

    def _other_owner(self, seed: Doc, path: str, site: str) -> tuple[str | None, str | None]:
        """The file that gave a stored document, where it is another one that is still there."""
        stored_site = seed.get("site", "")
        if stored_site != site:
            hint = f"if this is the same tree in another place, give --site {stored_site}"
            return f"{seed['path']} of the site `{stored_site}`", hint
        owner = os.path.join(self.sites.folders[site], seed["path"])
        if seed["path"] == path or not os.path.exists(owner):
            return None, None
        return owner, None

    def _note(self, change: Change, old: Doc | None) -> None:
        built, path = change.built, change.built.source.path
        old_seed = (old or {}).get("_seed")
        if not old or not old_seed:
            if not self.fresh:  # nothing was there that could have moved
                self.hashes[built.hash] = path
            self.report.change("added", path, built.id)
            return
        if old_seed["path"] != path:
            self.report.change("renamed", path, built.id, was=old_seed["path"])
            return
        doc = whole(built.doc)
        keys = differing(old, doc)
        if not keys and old_seed.get("build") == doc["_seed"]["build"]:
            self.report.counts["unchanged"] += 1  # other bytes, the same meaning
        else:
            said = difference(old, doc, keys) if self.diff else keys
            self.report.change("changed", path, built.id, keys=said)

    def _touch(self, name: str, old: Doc | None, new: Built | None) -> None:
        if name != "articles":
            for doc in (old, whole(new.doc) if new else None):
                if doc and "_seed" in doc:
                    self.touched.file(doc, name)
            return
        facts = new.facts if new else None
        if new:
            self.urls.add(new.urls)
        if self.fresh and facts:
            self.knowledge.add(facts)
        else:
            self.touched.compare(facts_of_article(old) if old else None, facts)

    async def remove(self, name: str, ids: list[str]) -> None:
        """Removes documents whose files are gone, with all that follows from it."""
        async for old in self.writing.find(name, {"_id": {"$in": ids}}):
            self._touch(name, old, None)
        if self.report.dry_run:
            return
        await self.writing.remove(name, ids)
        self.has_written = self.has_written or bool(ids)


async def _none() -> AsyncIterator[Doc]:
    """No documents."""
    nothing: tuple[Doc, ...] = ()
    for doc in nothing:
        yield doc


def _said(doc: Doc) -> dict[str, Any]:
    """What a document says: its front matter and its body, not what we added."""
    said = {key: value for key, value in doc.items() if key not in ("_id", "_seed", "_index")}
    seed = doc["_seed"]
    said |= {f"_written.{key}": value for key, value in (seed.get("written") or {}).items()}
    if "images" in seed:  # the logos of a provider's own file; the stored ones are all there are
        said["images"] = seed["images"]
    return said


def differing(old: Doc, new: Doc) -> list[str]:
    """The keys whose values differ, front matter and `content`."""
    before, after = _said(old), _said(new)
    keys = before.keys() | after.keys()
    absent = _NO_CONTENT
    return sorted({_bare(k) for k in keys if before.get(k, absent) != after.get(k, absent)})


def _bare(key: str) -> str:
    return "(as written)" if key.startswith("_written.") else key


def difference(old: Doc, new: Doc, keys: list[str]) -> list[dict[str, str]]:
    """The keys that differ with both values, short; those of confidential keys are not shown."""
    return [
        {"key": key}
        if key in CONFIDENTIAL or key == "(as written)"
        else {"key": key, "was": _shown(old, key), "is": _shown(new, key)}
        for key in keys
    ]


def _shown(doc: Doc, key: str) -> str:
    if key not in doc:
        return "nothing"
    value = doc[key]
    return f"{len(value):,} characters" if key == "content" else shown(value)
