"""One file -> the document to store with all that is known of it, or why it is refused. Pure."""

import hashlib
import re
from typing import Any, NamedTuple

from seed.derive import (
    Facts,
    facts_of_article,
    index_article,
    index_provider,
    index_topic,
    is_visible,
    key_of,
    topic_slug,
)
from seed.documents import document, write_yaml
from seed.files import SourceFile, is_page
from seed.frontmatter import FrontMatter, Refused, place, read_data_file, read_front_matter
from seed.identity import article_slug
from seed.issues import Issue, Problem, issue
from seed.rules import article_problems, file_problems
from seed.site import NO_SITE, Site

# Raised whenever the same file would make another document: everything is then made anew.
BUILD = "2"

# What keeps a file from readers, looked for in the bytes of one that cannot be read.
_HIDES = re.compile(
    rb"""^["']?(published["']?\s*[:=]\s*(false|no|off)"""
    rb"""|(removed|deleted)["']?\s*[:=]\s*(true|yes|on))\b""",
    re.MULTILINE | re.IGNORECASE,
)


class Built(NamedTuple):
    """What became of one file."""

    source: SourceFile
    hash: str  # SHA-256 of the bytes, hex
    doc: Any  # None: refused or skipped; a dict, or from another process its BSON bytes
    facts: Facts | None  # of an article
    issues: list[Issue]
    skipped: bool = False  # a page of the tree, such as a README: no article, and no error
    id: str = ""  # of the document
    name: str = ""  # of the topic or provider
    parent: str = ""  # of the topic: a name
    urls: tuple[str, ...] = ()  # of the article, where it is visible


def build(source: SourceFile, data: bytes, *, load: int, site: Site = NO_SITE) -> Built:
    """What a file's bytes become; with an error among the issues there is no document."""
    made = build_if_changed(source, data, load=load, site=site, known=None)
    assert made is not None
    return made


def build_if_changed(
    source: SourceFile, data: bytes, *, load: int, site: Site, known: tuple[str, str] | None
) -> Built | None:
    """The same; None where the bytes have the known hash, and the known build was ours."""
    digest = hashlib.sha256(data).hexdigest()
    if known == (digest, build_id(site)):
        return None
    try:
        read = read_front_matter if source.collection == "articles" else read_data_file
        front = read(data, source.file)
    except Refused as refused:
        skipped = source.collection == "articles" and is_page(source.path)
        found = refused.issue.hidden() if _HIDES.search(data) else refused.issue
        return Built(source, digest, None, None, [] if skipped else [found], skipped)
    if source.collection == "articles" and "title" not in front.values and is_page(source.path):
        return Built(source, digest, None, None, [], True)
    return _build(source, digest, front, load, site, len(data))


def _build(
    source: SourceFile, digest: str, front: FrontMatter, load: int, site: Site, size: int
) -> Built:
    doc, written, problems = document(front.values, source.collection, site)
    problems += [
        Problem("duplicate-key", at, f"`{at[-1]}` twice", on_key=True) for at in front.twice
    ]
    problems += file_problems(front.values, source.collection, size)
    seed: dict[str, Any] = {"path": source.path, "site": site.name, "hash": digest}
    seed["build"] = build_id(site)
    seed["load"] = load
    if written:
        seed["written"] = written
    facts = None
    if not _has_error(problems):
        make = _FINISH[source.collection]
        doc, facts = make(doc, front, source, seed, site)
        if source.collection == "articles":
            problems += article_problems(doc)
    issues = [place(problem, front.block, source.file) for problem in problems]
    if not is_visible(front.values):
        issues = [one.hidden() for one in issues]
    if _has_error(problems):
        return Built(source, digest, None, None, issues)
    index = doc.get("_index") or {}
    urls = tuple(index["urls"]) if facts and facts.visible else ()
    name, parent = str(doc.get("name", "")), str(doc.get("parent") or "")
    return Built(source, digest, doc, facts, issues, False, doc["_id"], name, parent, urls)


def build_id(site: Site) -> str:
    """What besides a file's bytes decides on its document: this code, and the site's settings."""
    said = repr((site.url, site.permalink, site.defaults)) if site.has_settings else ""
    return f"{BUILD}-{hashlib.sha256(said.encode()).hexdigest()[:8]}" if said else BUILD


def _has_error(problems: list[Problem]) -> bool:
    return any(issue("", problem.rule, "").severity == "error" for problem in problems)


_Made = tuple[dict[str, Any], Facts | None]


def _article(
    doc: dict[str, Any], front: FrontMatter, source: SourceFile, seed: dict[str, Any], site: Site
) -> _Made:
    filled, _, problems = document(
        {"title": "-", **site.fill(front.values, source.path)}, "articles", site
    )
    bad = {problem.at[0] for problem in problems}  # a default that is wrong is as if not there
    filled = {key: one for key, one in filled.items() if key not in doc and key not in bad}
    if filled:
        doc = {**doc, **filled}
        seed["filled"] = sorted(filled)
    whole = {"_id": article_slug(source.path, doc), **doc, "content": front.block.body}
    whole["_seed"] = seed
    whole["_index"] = index_article(whole)
    return whole, facts_of_article(whole)


def _topic(
    doc: dict[str, Any], front: FrontMatter, source: SourceFile, seed: dict[str, Any], site: Site
) -> _Made:
    whole = {"_id": topic_slug(doc["name"]), **doc, "_seed": seed}
    if front.block.body:
        whole["content"] = front.block.body
    whole["_index"] = index_topic(whole)
    return whole, None


def _provider(
    doc: dict[str, Any], front: FrontMatter, source: SourceFile, seed: dict[str, Any], site: Site
) -> _Made:
    # The stored logos become the union of all that is known: the file's own are kept whole.
    seed["written"] = {"0": write_yaml(front.values)}
    seed["images"] = doc.get("images") or []
    whole = {"_id": key_of(doc), **doc, "_seed": seed}
    if front.block.body:
        whole["content"] = front.block.body
    whole["domain"] = str(whole["_id"]).partition("/")[0]
    whole["_index"] = index_provider(whole)
    return whole, None


_FINISH = {"articles": _article, "topics": _topic, "providers": _provider}
