"""Objects by global id: of several types at once, each found by its own batch function."""

from __future__ import annotations

from collections.abc import Sequence

from loaders.articles import articles_by_slug
from loaders.batch import Batch, Doc, Paths
from loaders.providers import providers_by_key
from loaders.topics import topics_by_slug
from store.reader import Reader
from store.together import together

NODE_BATCHES: dict[str, Batch] = {
    "Article": articles_by_slug,
    "Provider": providers_by_key,
    "Topic": topics_by_slug,
}

# Where a document found by id says what type it is. No stored key can hold a NUL.
TYPE_NAME = "\0type"


async def nodes_by_id(
    reader: Reader, keys: Sequence[tuple[str, str]], paths: Paths
) -> list[Doc | None]:
    """Documents by type name and ``_id``, each with its type under ``TYPE_NAME``; one command
    a type.
    """
    by_type: dict[str, list[str]] = {}
    for type_name, key in keys:
        by_type.setdefault(type_name, []).append(key)
    batches = [NODE_BATCHES[name](reader, ids, paths) for name, ids in by_type.items()]
    found: dict[tuple[str, str], Doc] = {}
    for (name, ids), docs in zip(by_type.items(), await together(batches), strict=True):
        for key, doc in zip(ids, docs, strict=True):
            if doc is not None:
                found[name, key] = {**doc, TYPE_NAME: name}
    return [found.get(key) for key in keys]
