"""``Article.similar``: the other articles that are most alike."""

from __future__ import annotations

from typing import Any

from gql.schema.fields import Args, Asked, Doc, arg, lookup
from gql.schema.image import list_size
from gql.schema.selection import Selected
from loaders.likeness import Traits
from loaders.similar import Alike, traits_of


def _traits(article: Doc, _args: Args) -> Traits:
    return traits_of(article)


def _request(selected: Selected) -> Asked:
    paths = selected.paths()
    return lambda args: Alike(list_size(args), paths)


def similar_field() -> Any:
    """The ``similar`` of an article."""
    return lookup(
        "Other articles that are most alike, best first: they share topics, rare ones above all, "
        "tell the same story by the words of their titles, and were published near in time.",
        "similar_to",
        _traits,
        needs=("_id", "title", "_index.topics", "publishedDateTime"),
        request=_request,
        args=(arg("first", int | None, "How many at most: 1 to 100, 10 where not given."),),
    )
