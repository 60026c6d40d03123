"""``RelatedItem``: a snapshot of another story that an article carries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from gql.schema.fields import Args, Doc, arg, derived, lookup, paths_request
from gql.schema.image import list_size
from gql.schema.story import Story

if TYPE_CHECKING:
    from gql.schema.article import Article


def related_of(article: Doc, args: Args) -> list[Doc]:
    """The items embedded in an article, each with its derived part under ``_index``. An item
    without a title cannot be drawn and is left out; the loader has warned of it.
    """
    items = article.get("related")
    if not isinstance(items, list):
        return []
    first = None if args.get("first") is None else list_size(args)
    index = article.get("_index")
    derived = index.get("related") if isinstance(index, dict) else None
    parts = (
        derived if isinstance(derived, list) and len(derived) == len(items) else [{}] * len(items)
    )
    shown = [
        {**item, "_index": part}
        for item, part in zip(items, parts, strict=True)
        if isinstance(item, dict) and item.get("title") is not None
    ]
    return shown[:first]


def _urls(item: Doc) -> list[str]:
    urls = item["_index"].get("urls") if isinstance(item["_index"], dict) else None
    return list(urls) if isinstance(urls, list) else []


def _first_found(_item: Doc, found: Sequence[Doc | None]) -> Doc | None:
    return next((article for article in found if article is not None), None)


@strawberry.type(
    description="An item that an article lists as related: a snapshot, which may also be in the "
    "store."
)
class RelatedItem(Story):
    """A related item as the article's file describes it."""

    article: Annotated[Article, strawberry.lazy("gql.schema.article")] | None = lookup(
        "The same item as an article of this store, where it is one: the one that has any of the "
        "item's URLs.",
        "articles_by_url",
        _urls,
        needs=("_index.urls",),
        many=True,
        pick=_first_found,
        request=paths_request,
    )


def related_field() -> Any:
    """The ``related`` of an article."""
    return derived(
        "The items that the seed file lists as related, in its order.",
        related_of,
        needs=("related.title",),
        at="related",
        index_at="_index.related",
        args=(arg("first", int | None, "How many at most: 1 to 100; all where not given."),),
    )
