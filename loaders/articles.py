"""Articles by slug, by any of their URLs, and by an image that they show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from loaders.batch import Doc, Paths, aligned
from store.collections import ARTICLES
from store.projection import project
from store.reader import Reader

NEWEST_FIRST = (("publishedDateTime", -1), ("_id", -1))


async def articles_by_slug(reader: Reader, slugs: Sequence[str], paths: Paths) -> list[Doc | None]:
    """Articles by slug, each with the given paths."""
    docs = await reader.find(
        ARTICLES, {"_id": {"$in": list(slugs)}}, projection=project(paths), limit=len(slugs)
    )
    return aligned(slugs, docs)


# How many articles may claim one canonical URL and still all be looked at.
MAX_CLAIMS_A_URL = 20


async def articles_by_url(reader: Reader, urls: Sequence[str], paths: Paths) -> list[Doc | None]:
    """Articles by canonical URL, each with the given paths. Where several claim one URL, the
    newest, so that a republished article wins over the one that it replaces.
    """
    wanted = set(urls)
    docs = await reader.find(
        ARTICLES,
        {"_index.urls": {"$in": list(urls)}},
        projection=project(paths | {"_index.urls", "publishedDateTime"}),
        limit=MAX_CLAIMS_A_URL * len(urls),
    )
    by_url: dict[str, Doc] = {}
    for doc in sorted(docs, key=_age):
        for url in wanted.intersection(doc["_index"]["urls"]):
            by_url[url] = doc
    return [by_url.get(url) for url in urls]


def _age(doc: Doc) -> tuple[str, str]:
    published = doc.get("publishedDateTime")
    return (published.isoformat() if published else "", doc["_id"])


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest ``first`` articles of each key, with these paths."""

    first: int
    paths: Paths


async def articles_by_image(
    reader: Reader, urls: Sequence[str], request: Newest
) -> list[list[Doc]]:
    """The articles that show each image, newest first, in one command for all images."""
    return await reader.find_each(
        ARTICLES,
        [{"_index.images": url} for url in urls],
        projection=project(request.paths),
        order=NEWEST_FIRST,
        limit=request.first,
    )
