"""The store back as files of front matter: loading them again changes nothing.

What cannot survive is what never reached the store: comments, the order and style of keys that
were coerced, TOML and JSON (all comes back as YAML), a byte order mark, line ends within YAML.
"""

from collections.abc import AsyncIterator
from pathlib import Path, PurePosixPath

from seed.derive import Doc
from seed.documents import front_matter, write_yaml
from store.write import Writing

_DATA_SUFFIXES = (".yaml", ".yml")


class Unsafe(ValueError):
    """A stored path that would leave the folder."""


def file_of(doc: Doc) -> tuple[str, str]:
    """Path and text of the file that a stored document came from."""
    path = doc["_seed"]["path"]
    values = front_matter(doc)
    text = write_yaml(values) if values else ""
    if path.endswith(_DATA_SUFFIXES):
        return path, text
    return path, f"---\n{text}---\n{doc.get('content') or ''}"


async def export(writing: Writing, folder: Path) -> AsyncIterator[Path]:
    """Writes a file for every document that came from one, below a folder for each site."""
    for name in ("articles", "topics", "providers"):
        async for doc in writing.find(name, {"_seed": {"$exists": True}}):
            path, text = file_of(doc)
            site = doc["_seed"].get("site") or "site"
            target = _inside(folder, PurePosixPath(site) / path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="")
            yield target


def _inside(folder: Path, path: PurePosixPath) -> Path:
    if path.is_absolute() or ".." in path.parts:
        raise Unsafe(f'The path "{path}" leads out of the folder.')
    return folder / path
