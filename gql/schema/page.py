"""Relay connections: pages of articles, providers, topics and search results."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from gql.errors import UserError
from gql.schema.facets import ArticleFacets, facets_asked, facets_field
from gql.schema.fields import Args, Asked, Doc, arg, derived, lookup
from gql.schema.filters import (
    ARTICLES_LIST,
    PROVIDERS_LIST,
    TOPICS_LIST,
    List,
)
from gql.schema.selection import Selected
from loaders.pages import PageRequest, Wanted
from store.collections import Order
from store.operators import Where
from store.page import (
    CursorError,
    Page,
    Position,
    cursor_of,
    fingerprint,
    position_from,
    position_of,
)

if TYPE_CHECKING:
    from gql.schema.article import Article
    from gql.schema.provider import Provider
    from gql.schema.topic import Topic

_NOTHING: Mapping[str, frozenset[str]] = {}
DEFAULT_SIZE = 20
MAX_SIZE = 100

PAGE_ARGS = (
    arg(
        "first",
        int | None,
        "How many from the start, or after `after`: 1 to 100, 20 where `last` is not given either.",
    ),
    arg("after", str | None, "A cursor: the page begins right after it."),
    arg(
        "last",
        int | None,
        "How many up to the end, or up to `before`: 1 to 100; not together with `first`.",
    ),
    arg("before", str | None, "A cursor: the page ends right before it."),
)


def page_of(args: Args, order: Order, print_: str) -> Page:
    """The part of a list that the arguments describe; ``UserError`` where they contradict."""
    first, last = args.get("first"), args.get("last")
    if first is not None and last is not None:
        raise UserError('Arguments "first" and "last" came together; allowed is one of them.')
    return Page(
        size=_size("first", first) if last is None else _size("last", last),
        backward=last is not None,
        after=_position(args, "after", order, print_),
        before=_position(args, "before", order, print_),
    )


def _size(name: str, size: int | None) -> int:
    if size is None:
        return DEFAULT_SIZE
    if not 1 <= size <= MAX_SIZE:
        raise UserError(f'Argument "{name}" is {size}; allowed are 1 to {MAX_SIZE}.')
    return size


def _position(args: Args, name: str, order: Order, print_: str) -> Position | None:
    text = args.get(name)
    if text is None:
        return None
    try:
        return position_from(text, order, print_)
    except CursorError as error:
        raise UserError(f'Argument "{name}": {error}') from None


def wanted_of(selected: Selected, edge_needs: Mapping[str, frozenset[str]] = _NOTHING) -> Wanted:
    """What the selections on a connection want of its page. ``edge_needs``: the paths of the
    document that fields of an edge read, by the fields' names.
    """
    info = [below for _, below in selected.named("pageInfo")]
    edges = [below for _, below in selected.named("edges")]
    nodes = [below for _, below in selected.named("nodes")]
    nodes += [node for edge in edges for _, node in edge.named("node")]
    needs = (paths for name, paths in edge_needs.items() if any(edge.has(name) for edge in edges))
    return Wanted(
        paths=frozenset().union(*(node.paths() for node in nodes), *needs),
        documents=bool(nodes or edges or info),
        next_page=any(one.has("hasNextPage") for one in info),
        previous_page=any(one.has("hasPreviousPage") for one in info),
        cursors=any(one.has("cursor") for one in edges)
        or any(one.has("startCursor", "endCursor") for one in info),
        facets=facets_asked(selected),
    )


def page_request(list_: List, parent: str | None) -> Callable[[Selected], Asked]:
    """The ``request`` of a connection field: selections, then arguments, to a ``PageRequest``."""

    def request(selected: Selected) -> Asked:
        wanted = wanted_of(selected)

        def asked(args: Args) -> PageRequest:
            given = args.get("filter")
            where, order = list_.where(given), list_.order(args.get("orderBy"))
            print_ = print_of(wanted, args, order, where)
            page = page_of(args, order, print_)
            return PageRequest(list_.collection, parent, where, order, page, print_, wanted, given)

        return asked

    return request


def print_of(wanted: Wanted, args: Args, order: Order, where: Where) -> str:
    """What binds cursors to their list; made only where there are cursors, given or asked for."""
    if wanted.cursors or args.get("after") is not None or args.get("before") is not None:
        return fingerprint(order, where)
    return ""


def cursor_in(connection: Doc, node: Doc) -> str:
    """The cursor of a document in a connection."""
    return cursor_of(position_of(node, connection["order"]), connection["print"])


def _edges(connection: Doc) -> list[Doc]:
    return [{"node": node, "connection": connection} for node in connection["nodes"]]


def _end(position: int) -> Callable[[Doc], str | None]:
    def compute(connection: Doc) -> str | None:
        nodes = connection["nodes"]
        return cursor_in(connection, nodes[position]) if nodes else None

    return compute


@strawberry.type(description="Where a page lies in its list (Relay).")
class PageInfo:
    """Relay's page information; the document behind it is the connection's own."""

    has_next_page: bool = derived(
        "Whether anything follows the page.", lambda connection: connection["hasNextPage"]
    )
    has_previous_page: bool = derived(
        "Whether anything precedes the page.", lambda connection: connection["hasPreviousPage"]
    )
    start_cursor: str | None = derived(
        "The cursor of the first on the page; null where it is empty.", _end(0)
    )
    end_cursor: str | None = derived(
        "The cursor of the last on the page; null where it is empty.", _end(-1)
    )


def edges_field() -> Any:
    """``edges``: each with a cursor."""
    return derived("The page's members with their cursors.", _edges)


def nodes_field() -> Any:
    """``nodes``: what the edges lead to."""
    return derived("The page's members.", lambda connection: connection["nodes"])


def cursor_field() -> Any:
    """``cursor`` of an edge."""
    return derived(
        "To page on from here, either way, under the same filter and order.",
        lambda edge: cursor_in(edge["connection"], edge["node"]),
    )


def node_field() -> Any:
    """``node`` of an edge."""
    return derived("What stands here.", lambda edge: edge["node"])


def page_info_field() -> Any:
    """``pageInfo`` of a connection."""
    return derived("Where the page lies in the list.", lambda connection: connection)


def total_field(what: str) -> Any:
    """``totalCount`` of a connection."""
    return derived(
        f"How many {what} pass the filter, over all pages.",
        lambda connection: connection["totalCount"],
    )


@strawberry.type(description="An article in a list, and where it stands.")
class ArticleEdge:
    """An edge of articles."""

    cursor: str = cursor_field()
    node: Annotated[Article, strawberry.lazy("gql.schema.article")] = node_field()


@strawberry.type(description="A page of articles.")
class ArticleConnection:
    """A connection of articles."""

    edges: list[ArticleEdge] = edges_field()
    nodes: list[Annotated[Article, strawberry.lazy("gql.schema.article")]] = nodes_field()
    page_info: PageInfo = page_info_field()
    total_count: int = total_field("articles")
    facets: ArticleFacets = facets_field()


@strawberry.type(description="A provider in a list, and where it stands.")
class ProviderEdge:
    """An edge of providers."""

    cursor: str = cursor_field()
    node: Annotated[Provider, strawberry.lazy("gql.schema.provider")] = node_field()


@strawberry.type(description="A page of providers.")
class ProviderConnection:
    """A connection of providers."""

    edges: list[ProviderEdge] = edges_field()
    nodes: list[Annotated[Provider, strawberry.lazy("gql.schema.provider")]] = nodes_field()
    page_info: PageInfo = page_info_field()
    total_count: int = total_field("providers")


@strawberry.type(description="A topic in a list, and where it stands.")
class TopicEdge:
    """An edge of topics."""

    cursor: str = cursor_field()
    node: Annotated[Topic, strawberry.lazy("gql.schema.topic")] = node_field()


@strawberry.type(description="A page of topics.")
class TopicConnection:
    """A connection of topics."""

    edges: list[TopicEdge] = edges_field()
    nodes: list[Annotated[Topic, strawberry.lazy("gql.schema.topic")]] = nodes_field()
    page_info: PageInfo = page_info_field()
    total_count: int = total_field("topics")


def _list_field(description: str, list_: List, parent: str | None = None) -> Any:
    def ask(doc: Doc | None, _args: Args) -> Any:
        # A list of the whole collection is one page, under whatever key.
        return "" if parent is None or doc is None else doc["_id"]

    return lookup(
        description,
        "pages",
        ask,
        needs=() if parent is None else ("_id",),
        request=page_request(list_, parent),
        args=(*PAGE_ARGS, *list_.args),
    )


def articles_field(description: str, parent: str | None = None) -> Any:
    """A connection of articles, of all or of those whose path ``parent`` is the document's id."""
    return _list_field(description, ARTICLES_LIST, parent)


def providers_field() -> Any:
    """The connection of all providers."""
    return _list_field("The providers, a page at a time.", PROVIDERS_LIST)


def topics_field() -> Any:
    """The connection of all topics."""
    return _list_field("The topics, a page at a time.", TOPICS_LIST)
