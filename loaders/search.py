"""Pages of a full-text search, best match first.

A page is a connection document as in ``loaders.pages``, with the search under ``"text"``; each of
its nodes has its score under ``SCORE``. Commands: one for the documents; at most one a side to
learn whether there is more beyond a bound that the client gave; one for total and facets together.
"""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from typing import Any

from loaders.batch import Doc
from loaders.facets import facets_each
from loaders.pages import PageRequest
from store.collections import ARTICLES, Order
from store.operators import Where
from store.page import cut, page_order, page_where, read_limit
from store.projection import project
from store.reader import Reader
from store.together import together

# Mongo computes the score of a document from its own words alone, so it stays the same from page to
# page while others come and go, and a keyset over it holds. Ties: newer slugs first.
SCORE = "_index.score"
BEST_FIRST: Order = ((SCORE, -1), ("_id", -1))


async def searches(reader: Reader, texts: Sequence[str], request: PageRequest) -> list[Doc]:
    """A connection document for each search; at the root of a query there is but one."""
    return await together([_search(reader, text, request) for text in texts])


async def _search(reader: Reader, text: str, request: PageRequest) -> Doc:
    where: Where = {"$text": {"$search": text}, **request.where}
    parts: list[Coroutine[Any, Any, Doc]] = []
    if request.wanted.documents:
        parts.append(_documents(reader, where, request))
    if request.wanted.facets is not None:
        parts.append(_counted(reader, where, request))
    connection: Doc = {"order": request.order, "print": request.print, "text": text}
    for part in await together(parts):
        connection.update(part)
    return connection


async def _counted(reader: Reader, where: Where, request: PageRequest) -> Doc:
    assert request.wanted.facets is not None
    (counted,) = await facets_each(reader, ARTICLES, [where], request.wanted.facets)
    return counted


async def _documents(reader: Reader, where: Where, request: PageRequest) -> Doc:
    order, page, wanted = request.order, request.page, request.wanted
    docs = await reader.aggregate(
        ARTICLES,
        [
            *_scored(where, page_where({}, order, page)),
            {"$sort": dict(page_order(order, page))},
            {"$limit": read_limit(page)},
            {"$project": project(wanted.paths | {path for path, _ in order})},
        ],
    )
    part = cut(docs, {}, order, page)
    has_previous, has_next = await together(
        [
            _exists(reader, where, part.has_previous, part.previous_where, wanted.previous_page),
            _exists(reader, where, part.has_next, part.next_where, wanted.next_page),
        ]
    )
    return {"nodes": part.docs, "hasPreviousPage": has_previous, "hasNextPage": has_next}


async def _exists(
    reader: Reader, where: Where, known: bool | None, bound: Where | None, asked: bool
) -> bool | None:
    """Whether there is more on one side, None where nobody asked."""
    if not asked or known is not None:
        return known if asked else None
    pipeline = [*_scored(where, bound or {}), {"$limit": 1}, {"$project": {"_id": 1}}]
    return bool(await reader.aggregate(ARTICLES, pipeline))


def _scored(where: Where, bound: Where) -> list[Doc]:
    """What matches, with its score, kept to a bound of the order; `$text` has to come first."""
    score = {"$set": {SCORE: {"$meta": "textScore"}}}
    return [{"$match": where}, score, *([{"$match": bound}] if bound else [])]
