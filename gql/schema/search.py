"""``Query.search``: full-text search over title, excerpt, topics and content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from gql.errors import UserError
from gql.highlights import highlights
from gql.schema.facets import ArticleFacets, facets_field
from gql.schema.fields import Args, Asked, Doc, arg, derived, lookup
from gql.schema.filters import ARTICLES_FILTER, ARTICLES_LIST
from gql.schema.page import (
    PAGE_ARGS,
    PageInfo,
    cursor_field,
    edges_field,
    node_field,
    nodes_field,
    page_info_field,
    page_of,
    print_of,
    total_field,
    wanted_of,
)
from gql.schema.selection import Selected
from loaders.pages import PageRequest
from loaders.search import BEST_FIRST
from store.collections import ARTICLES
from store.operators import WhereError, checked
from store.words import read_search

if TYPE_CHECKING:
    from gql.schema.article import Article

_HIGHLIGHTED = frozenset({"title", "excerpt"})


def _text(_root: None, args: Args) -> str:
    try:
        text: str = checked("text", args["query"], "query")
    except WhereError as error:
        raise UserError(str(error).replace("Filter", "Argument", 1)) from None
    return text


def _request(selected: Selected) -> Asked:
    wanted = wanted_of(selected, {"highlights": _HIGHLIGHTED})

    def asked(args: Args) -> PageRequest:
        given, text, order = args.get("filter"), _text(None, args), BEST_FIRST
        where = ARTICLES_LIST.where(given)
        print_ = print_of(wanted, args, order, {"$text": text, **where})
        page = page_of(args, order, print_)
        return PageRequest(ARTICLES, None, where, order, page, print_, wanted, given, text)

    return asked


def _score(edge: Doc) -> float:
    score: float = edge["node"]["_index"]["score"]
    return score


def _highlights(edge: Doc) -> list[str]:
    article = edge["node"]
    search = read_search(edge["connection"]["text"])
    return highlights(search, article.get("title"), article.get("excerpt"))


@strawberry.type(description="An article that a search found, how well, and where.")
class SearchEdge:
    """An edge of search results."""

    cursor: str = cursor_field()
    node: Annotated[Article, strawberry.lazy("gql.schema.article")] = node_field()
    score: float = derived("Higher is better; comparable within one search only.", _score)
    highlights: list[str] = derived(
        "Passages of the title and the excerpt that matched, the matched words between <mark> and "
        "</mark>, the rest escaped for HTML. Empty where only topics or the body matched.",
        _highlights,
    )


@strawberry.type(description="A page of what a search found, best match first.")
class SearchConnection:
    """A connection of search results."""

    edges: list[SearchEdge] = edges_field()
    nodes: list[Annotated[Article, strawberry.lazy("gql.schema.article")]] = nodes_field()
    page_info: PageInfo = page_info_field()
    total_count: int = total_field("articles")
    facets: ArticleFacets = facets_field()


def search_field() -> Any:
    """The ``search`` of the root."""
    return lookup(
        "Full-text search over title, excerpt, topics and content, best match first.",
        "searches",
        _text,
        request=_request,
        args=(
            arg(
                "query",
                str,
                'Words, any of which may match; `"a phrase"`, which has to be there; `-word`, '
                "which must not. Case, accents and endings of English words do not count.",
            ),
            *PAGE_ARGS,
            ARTICLES_FILTER,
        ),
    )
