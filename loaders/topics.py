"""Topics, by the slug of their name, and by the topic that they stand under."""

from __future__ import annotations

from collections.abc import Sequence

from loaders.batch import REFERENCE_PATHS, Doc, aligned
from loaders.remembered import remembered
from store.collections import TOPICS
from store.projection import project
from store.reader import Reader

# More children than any taxonomy has; a bound on what one command may return.
MAX_CHILDREN = 10_000


@remembered(TOPICS)
async def topics_by_slug(
    reader: Reader, slugs: Sequence[str], _request: None = None
) -> list[Doc | None]:
    """Topics by slug: whole documents, None for a slug that no topic has."""
    docs = await reader.find(
        TOPICS,
        {"_id": {"$in": list(slugs)}},
        projection=project(REFERENCE_PATHS["topics"]),
        limit=len(slugs),
    )
    return aligned(slugs, docs)


@remembered(TOPICS)
async def children_by_topic(
    reader: Reader, slugs: Sequence[str], _request: None = None
) -> list[list[Doc]]:
    """The topics right under each topic, by name."""
    docs = await reader.find(
        TOPICS,
        {"_index.parent": {"$in": list(slugs)}},
        projection=project(REFERENCE_PATHS["topics"]),
        order=(("_index.fold.name", 1), ("_id", 1)),
        limit=MAX_CHILDREN,
    )
    children: dict[str, list[Doc]] = {key: [] for key in slugs}
    for doc in docs:
        children[doc["_index"]["parent"]].append(doc)
    return [children[key] for key in slugs]
