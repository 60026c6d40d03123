"""Pages of a list, for one parent or for many at once.

A page is a *connection document*: ``{"nodes": [doc], "order": Order, "print": str,
"hasNextPage": bool, "hasPreviousPage": bool, "totalCount": int, "facets": {...}}``,
of which only what was asked for is there. Commands, whatever the number of parents:
one for the documents; at most one a side to learn whether there is more beyond a bound
that the client gave; one for total and facets together; one more where the order has several
fields.
"""

from __future__ import annotations

from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from loaders.batch import Doc, Paths
from loaders.facets import FacetsAsked, facets_each
from store.along import index_along
from store.collections import Order
from store.errors import StoreError
from store.operators import Where
from store.page import (
    Cut,
    Page,
    cut,
    first_key,
    page_order,
    page_where,
    read_limit,
    up_to,
)
from store.projection import project
from store.reader import Reader
from store.together import together


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a page is asked for: the ``paths`` of its documents, whether ``documents``,
    ``next_page``, ``previous_page`` and ``cursors`` at all, and with ``facets`` what to count.
    """

    paths: Paths
    documents: bool
    next_page: bool
    previous_page: bool
    cursors: bool
    facets: FacetsAsked | None


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A page as a client asked for it.

    ``parent``: the path of a document that must equal a key, None for a list of the whole
    collection. ``print``: what cursors are bound to. ``filter``: what ``where`` was made from, and
    ``text`` what is searched for, to be told in hints.
    """

    collection: str
    parent: str | None
    where: Where
    order: Order
    page: Page
    print: str
    wanted: Wanted
    filter: Mapping[str, Any] | None = None
    text: str | None = None


async def pages(reader: Reader, keys: Sequence[Any], request: PageRequest) -> list[Doc]:
    """A connection document for each key; for a list without a parent any one key will do."""
    wheres = [_where(request, key) for key in keys]
    parts: list[Coroutine[Any, Any, list[Doc]]] = []
    if request.wanted.documents:
        parts.append(_documents(reader, request, wheres))
    if request.wanted.facets is not None:
        parts.append(facets_each(reader, request.collection, wheres, request.wanted.facets))
    connections: list[Doc] = [{"order": request.order, "print": request.print} for _ in keys]
    for part in await together(parts):
        for connection, values in zip(connections, part, strict=True):
            connection.update(values)
    return connections


def _where(request: PageRequest, key: Any) -> Where:
    if request.parent is None:
        return request.where
    own = {request.parent: key}
    return {"$and": [own, request.where]} if request.where else own


async def _documents(reader: Reader, request: PageRequest, wheres: Sequence[Where]) -> list[Doc]:
    order, page = request.order, request.page
    parts = [page_where(where, order, page) for where in wheres]
    narrowed = await _narrowed(reader, request, parts)
    found = await _read(reader, request, narrowed)
    # What was there at the first look may be gone at the second: then the bound is too narrow.
    pairs = zip(parts, narrowed, found, strict=True)
    if any(one is not part and len(docs) < read_limit(page) for part, one, docs in pairs):
        found = await _read(reader, request, parts)
    cuts = [cut(docs, where, order, page) for docs, where in zip(found, wheres, strict=True)]
    previous, next_ = await _both_sides(reader, request, cuts)
    return [
        {"nodes": one.docs, "hasPreviousPage": before, "hasNextPage": after}
        for one, before, after in zip(cuts, previous, next_, strict=True)
    ]


async def _both_sides(
    reader: Reader, request: PageRequest, cuts: Sequence[Cut]
) -> list[list[bool | None]]:
    if not request.wanted.previous_page and not request.wanted.next_page:
        nobody: list[bool | None] = [None] * len(cuts)
        return [nobody, nobody]
    return await together(
        [
            _sides(reader, request, cuts, previous=True),
            _sides(reader, request, cuts, previous=False),
        ]
    )


async def _read(reader: Reader, request: PageRequest, parts: Sequence[Where]) -> list[list[Doc]]:
    order = page_order(request.order, request.page)
    projection = project(request.wanted.paths | {path for path, _ in order})
    limit = read_limit(request.page)
    index = index_along(request.collection, request.where, request.order)
    if index and len(parts) == 1 and request.parent is None:
        try:
            return [
                await reader.find(
                    request.collection,
                    parts[0],
                    projection=projection,
                    order=order,
                    limit=limit,
                    hint=index,
                )
            ]
        except StoreError as error:
            if type(error) is not StoreError:  # out of reach, or of time
                raise
            # Nobody has made the index: Mongo will find another way.
    return await reader.find_each(
        request.collection, parts, projection=projection, order=order, limit=limit
    )


async def _narrowed(
    reader: Reader, request: PageRequest, parts: Sequence[Where]
) -> Sequence[Where]:
    """The wheres, kept to the first field's values that a page reaches to.

    No index has an order of several fields, so Mongo would sort all there is. An index has the
    first field: one look along it tells how far the page reaches, and no more than that is sorted.
    """
    order = page_order(request.order, request.page)
    if len(order) <= 2:
        return parts
    limit, by_first = read_limit(request.page), first_key(order)
    looks = await reader.find_each(
        request.collection, parts, projection=project({order[0][0]}), order=by_first, limit=limit
    )
    return [
        {"$and": [part, up_to(order, docs[-1])]} if len(docs) == limit else part
        for part, docs in zip(parts, looks, strict=True)
    ]


async def _sides(
    reader: Reader, request: PageRequest, cuts: Sequence[Cut], *, previous: bool
) -> list[bool | None]:
    """Whether there is more on one side of each page, None where nobody asked. What the page's
    own command could not tell takes one existence read, for all pages together.
    """
    if not (request.wanted.previous_page if previous else request.wanted.next_page):
        return [None] * len(cuts)
    known = [one.has_previous if previous else one.has_next for one in cuts]
    wheres = [one.previous_where if previous else one.next_where for one in cuts]
    unknown = [number for number, has in enumerate(known) if has is None]
    found = await reader.find_each(
        request.collection,
        [wheres[number] or {} for number in unknown],
        projection=project({"_id"}),
        limit=1,
    )
    for number, docs in zip(unknown, found, strict=True):
        known[number] = bool(docs)
    return known
