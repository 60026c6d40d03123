"""What the store knows of an image: its size, whether it is cached, who made it."""

from __future__ import annotations

from collections.abc import Sequence

from loaders.batch import REFERENCE_PATHS, Doc, aligned
from loaders.remembered import remembered
from store.collections import IMAGES
from store.projection import project
from store.reader import Reader


@remembered(IMAGES)
async def images_by_url(
    reader: Reader, urls: Sequence[str], _request: None = None
) -> list[Doc | None]:
    """Images by URL as written: whole documents, None for a URL that no file names."""
    docs = await reader.find(
        IMAGES,
        {"_id": {"$in": list(urls)}},
        projection=project(REFERENCE_PATHS["images"]),
        limit=len(urls),
    )
    return aligned(urls, docs)
