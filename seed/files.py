"""Which files there are, and what each of them is: paths -> SourceFile, in a stable order."""

import os
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from seed.issues import Issue, issue

MAX_FILE_BYTES = 8 * 1024 * 1024
ARTICLE_SUFFIXES = (".md", ".markdown", ".mkd", ".mdown")
DATA_SUFFIXES = (".yaml", ".yml", *ARTICLE_SUFFIXES)
REFERENCE_FOLDERS = {"_data/topics/": "topics", "_data/organizations/": "providers"}
SKIPPED_FOLDERS = frozenset(
    (
        "node_modules", "vendor", "_site", "_drafts", "_layouts", "_includes", "_sass",
        "_plugins", "assets", "public", "__pycache__",
    )
)  # fmt: skip
# Files that a tree has for its readers or its generator: skipped where they are no articles.
PAGES = frozenset(
    [
                 "readme",         "license",         "contributing",         "changelog",
        "security",         "code_of_conduct",         "index",         "404",
    ]
)  # fmt: skip


class SourceFile(NamedTuple):
    """A file to load. Paths are text: there can be a million of them."""

    file: str  # how to open it, as the caller would write it
    path: str  # where it stands in its site: `_news/2020-10-08-words.md`
    site: str  # the folder of the site, as the caller would write it
    collection: str


Found = SourceFile | Issue
Matches = Callable[[str], bool]


def walk(
    paths: list[Path], *, collection: str | None = None, match: str | None = None
) -> Iterator[Found]:
    """The files under these paths, sorted by name, and the issues met on the way.

    With `collection`, files that `match` (all without one) belong to it, and no others are found.
    """
    matches = glob(match) if match else None
    seen: set[str] = set()
    for path in paths:
        root, site, inside = _start(path)
        found = _walk_one(root, site, inside)
        for one in found:
            if isinstance(one, SourceFile):
                chosen = _choose(one, collection, matches, explicit=root == one.file)
                if chosen and chosen.file not in seen:
                    if len(paths) > 1:  # one path has no file twice
                        seen.add(chosen.file)
                    yield chosen
            else:
                yield one


def count_files(paths: list[Path], collection: str | None, match: str | None) -> int:
    """How many files `walk` finds."""
    found = walk(paths, collection=collection, match=match)
    return sum(isinstance(one, SourceFile) for one in found)


def scope(path: Path) -> tuple[str, str]:
    """The folder of the site that a path is in, and where in it the path stands ("" for all)."""
    _, site, inside = _start(path)
    return site, inside


def _start(path: Path) -> tuple[str, str, str]:
    """The path, the site it is in, and where it stands there (either may be an ancestor)."""
    full = path.resolve() if path.exists() else path.absolute()
    parts = full.parts
    for depth in range(max(1, len(parts) - 4), len(parts)):
        if parts[depth].startswith("_"):
            above = len(parts) - depth
            site = os.path.normpath(os.path.join(path, *[os.pardir] * above))
            if not os.path.samefile(site, Path(*parts[:depth])):
                site = str(Path(*parts[:depth]))
            return str(path), site, "/".join(parts[depth:])
    if path.is_file():
        return str(path), os.path.dirname(str(path)) or ".", path.name
    return str(path), str(path), ""


def _walk_one(root: str, site: str, inside: str) -> Iterator[Found]:
    if os.path.isdir(root):
        status = os.stat(root)
        yield from _walk_folder(root, site, inside, frozenset({(status.st_dev, status.st_ino)}))
    else:
        yield SourceFile(root, inside, site, "")


def _walk_folder(
    folder: str, site: str, inside: str, above: frozenset[tuple[int, int]]
) -> Iterator[Found]:
    try:
        with os.scandir(folder) as scan:
            entries = sorted(scan, key=lambda entry: entry.name)
    except OSError as error:
        yield issue(folder, "unreadable", f"a folder ({error.strerror})")
        return
    for entry in entries:
        path = f"{inside}/{entry.name}" if inside else entry.name
        if entry.name.startswith("."):
            continue
        try:
            is_folder = entry.is_dir()
        except OSError as error:
            yield _bad_link(entry, error)
            continue
        if not is_folder:
            if entry.is_symlink() and not os.path.exists(entry.path):
                yield issue(entry.path, "unreadable", "a link that leads nowhere")
            else:
                yield SourceFile(entry.path, path, site, "")
        elif entry.name not in SKIPPED_FOLDERS:
            yield from _enter(entry, site, path, above)


def _bad_link(entry: "os.DirEntry[str]", error: OSError) -> Issue:
    if error.errno == 40:  # ELOOP
        return issue(entry.path, "symlink-loop", "a link that leads to itself")
    return issue(entry.path, "unreadable", f"a file ({error.strerror})")


def _enter(
    entry: "os.DirEntry[str]", site: str, path: str, above: frozenset[tuple[int, int]]
) -> Iterator[Found]:
    status = entry.stat()
    identity = (status.st_dev, status.st_ino)
    if identity in above:
        target = os.readlink(entry.path) if entry.is_symlink() else "itself"
        yield issue(entry.path, "symlink-loop", f"a link to {target}, a folder above it")
        return
    if entry.name.startswith("_") and not _is_in_collection(path):
        site, path = os.path.dirname(entry.path), entry.name
    yield from _walk_folder(entry.path, site, path, above | {identity})


def _is_in_collection(path: str) -> bool:
    """Whether a folder above the last one starts with an underscore, as Jekyll's collections do."""
    return any(part.startswith("_") for part in path.split("/")[:-1])


def _choose(
    source: SourceFile, collection: str | None, matches: Matches | None, *, explicit: bool
) -> SourceFile | None:
    if matches and not matches(source.path):
        return None
    kind = classify(source.path)
    if collection and (matches or kind is not None or explicit):
        suffixes = ARTICLE_SUFFIXES if collection == "articles" else DATA_SUFFIXES
        if not explicit and not source.path.endswith(suffixes):
            return None
        return source._replace(collection=collection)
    if explicit and kind is None:
        kind = "articles"
    return source._replace(collection=kind) if kind else None


def classify(path: str) -> str | None:
    """The collection that a file belongs to by where it stands in its site; None for none."""
    for folder, collection in REFERENCE_FOLDERS.items():
        if path.startswith(folder):
            return collection if path.endswith(DATA_SUFFIXES) else None
    if path.startswith("_data/") or not path.lower().endswith(ARTICLE_SUFFIXES):
        return None
    return "articles"


def is_page(path: str) -> bool:
    """Whether a file is one of those that a tree has beside its articles, such as a README."""
    stem = path.rpartition("/")[2].partition(".")[0].lower()
    return stem in PAGES


def read(source: SourceFile) -> bytes | Issue:
    """The bytes of a file, or why there are none."""
    try:
        # Without a file object, which costs as much as the reading.
        opened = os.open(source.file, os.O_RDONLY)
        try:
            size = os.fstat(opened).st_size
            if size > MAX_FILE_BYTES:
                return issue(source.file, "too-large", f"a file of {size / 1024 / 1024:.1f} MiB")
            data = os.read(opened, MAX_FILE_BYTES + 1 if size == 0 else size + 1)
            while len(data) < size and (more := os.read(opened, size - len(data))):
                data += more
        finally:
            os.close(opened)
    except OSError as error:
        return issue(source.file, "unreadable", f"a file that cannot be read ({error.strerror})")
    if len(data) > MAX_FILE_BYTES:
        return issue(source.file, "too-large", f"a file of more than {len(data)} bytes")
    return data


@lru_cache(64)
def glob(pattern: str) -> Matches:
    """A pattern such as `_learning/**/*.md`: * within a name, ** over folders, ? one character."""
    made = ""
    for token in re.findall(r"\*\*/?|\*|\?|[^*?]+", pattern):
        if token == "**/":
            made += r"(?:.*/)?"
        elif token == "**":
            made += r".*"
        elif token == "*":
            made += r"[^/]*"
        else:
            made += r"[^/]" if token == "?" else re.escape(token)
    compiled = re.compile(made)
    return lambda path: compiled.fullmatch(path) is not None
