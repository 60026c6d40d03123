"""What a load does to the store, change by change: who owns a slug, what is new, what is gone."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from seed.build import Built
from seed.coerce import shown
from seed.derive import Doc, facts_of_article
from seed.issues import issue
from seed.reference import Touched
from seed.report import Report
from store.collections import CONFIDENTIAL
from store.write import Writing

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
        self, writing: Writing, report: Report, folders: dict[str, str], *, diff: bool = False
    ) -> None:
        self.writing = writing
        self.report = report
        self.folders = folders  # the folder of each site that is being loaded, by its name
        self.diff = diff
        self.touched = Touched()
        self.claimed: dict[tuple[str, str], str] = {}
        self.urls: set[str] = set()  # of what was written and is visible
        self.hashes: dict[str, str] = {}  # path of each added file by its hash

    async def apply(self, changes: Iterable[Change]) -> None:
        """Writes changes; those whose id another file owns are refused."""
        by_collection: dict[str, list[Change]] = {}
        for change in changes:
            by_collection.setdefault(change.built.source.collection, []).append(change)
        for name, some in by_collection.items():
            await self._apply(name, some)

    async def _apply(self, name: str, changes: list[Change]) -> None:
        ids = {change.built.doc["_id"] for change in changes if change.built.doc}
        ids |= {change.was.id for change in changes if change.was and change.was.collection == name}
        where = {"_id": {"$in": list(ids)}}
        olds = {doc["_id"]: doc async for doc in self.writing.find(name, where)}
        puts: list[Doc] = []
        gone: list[str] = []
        for change in changes:
            if self._is_taken(name, change, olds):
                continue
            doc = change.built.doc
            assert doc is not None
            was = change.was
            if was and was.id != doc["_id"] and (name, was.id) not in self.claimed:
                gone.append(was.id)
                self._touch(name, olds.get(was.id), None)
            self._note(name, change, olds.get(doc["_id"]) or (was and olds.get(was.id)) or None)
            self._touch(name, olds.get(doc["_id"]), doc)
            puts.append(doc)
        if not self.report.dry_run:
            written = {doc["_id"] for doc in puts}
            await self.writing.remove(name, [one for one in gone if one not in written])
            await self.writing.put(name, puts)

    def _is_taken(self, name: str, change: Change, olds: dict[str, Doc]) -> bool:
        """Whether another file has this id: then this one is refused, and both are named."""
        source, doc = change.built.source, change.built.doc
        assert doc is not None
        owner = self.claimed.get((name, doc["_id"]))
        suggestion = None
        if owner is None and (old := olds.get(doc["_id"])) and (seed := old.get("_seed")):
            owner, suggestion = self._other_owner(seed, source.path, doc["_seed"]["site"])
        if owner is None:
            self.claimed[name, doc["_id"]] = source.file
            return False
        came = f"`{doc['_id']}`, which {owner} is already"
        rule = _DUPLICATES[name]
        self.report.issues.append(issue(source.file, rule, came, suggestion=suggestion))
        self.report.counts["refused"] += 1
        return True

    def _other_owner(self, seed: Doc, path: str, site: str) -> tuple[str | None, str | None]:
        """The file that gave a stored document, where it is another one that is still there."""
        stored_site = seed.get("site", "")
        if stored_site != site:
            hint = f"if this is the same tree in another place, give --site {stored_site}"
            return f"{seed['path']} of the site `{stored_site}`", hint
        owner = os.path.join(self.folders[site], seed["path"])
        if seed["path"] == path or not os.path.exists(owner):
            return None, None
        return owner, None

    def _note(self, name: str, change: Change, old: Doc | None) -> None:
        source, doc = change.built.source, change.built.doc
        assert doc is not None
        old_seed = (old or {}).get("_seed")
        if not old or not old_seed:
            self.hashes[change.built.hash] = source.path
            self.report.change("added", source.path, doc["_id"])
            return
        keys = differing(old, doc)
        if old_seed["path"] != source.path:
            self.report.change("renamed", source.path, doc["_id"], was=old_seed["path"])
        elif not keys and old_seed.get("build") == doc["_seed"]["build"]:
            self.report.counts["unchanged"] += 1  # other bytes, the same meaning
        else:
            more = {"keys": difference(old, doc, keys)} if self.diff else {"keys": keys}
            self.report.change("changed", source.path, doc["_id"], **more)

    def _touch(self, name: str, old: Doc | None, new: Doc | None) -> None:
        if name != "articles":
            for doc in (old, new):
                if doc and "_seed" in doc:
                    self.touched.file(doc, name)
            return
        facts = [facts_of_article(doc) if doc else None for doc in (old, new)]
        self.touched.compare(*facts)
        if new and new["_index"]["visible"]:
            self.urls.update(new["_index"]["urls"])

    async def remove(self, name: str, ids: list[str]) -> None:
        """Removes documents whose files are gone, with all that follows from it."""
        async for old in self.writing.find(name, {"_id": {"$in": ids}}):
            self._touch(name, old, None)
        await self.writing.remove(name, ids)


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
