"""``Query``: where every operation begins."""

from __future__ import annotations

from typing import Any

import strawberry

from gql.errors import UserError
from gql.schema.article import Article
from gql.schema.fields import Args, arg, lookup, paths_request
from gql.schema.image import Image
from gql.schema.load import LoadConnection, loads_field
from gql.schema.node import Node, read_global_id
from gql.schema.page import (
    ArticleConnection,
    ProviderConnection,
    TopicConnection,
    articles_field,
    providers_field,
    topics_field,
)
from gql.schema.provider import Provider
from gql.schema.scalars import URL
from gql.schema.search import SearchConnection, search_field
from gql.schema.topic import Topic
from store.names import canonical_url

MAX_NODES = 100


def _node_key(_root: None, args: Args) -> tuple[str, str] | None:
    return read_global_id(args["id"])


def _node_keys(_root: None, args: Args) -> list[tuple[str, str] | None]:
    ids = args["ids"]
    if len(ids) > MAX_NODES:
        raise UserError(f'Argument "ids" holds {len(ids)} ids; allowed are up to {MAX_NODES}.')
    return [read_global_id(one) for one in ids]


def _all(_root: None, found: list[Any], _args: Args) -> list[Any]:
    return found


def _domain_and_name(_root: None, args: Args) -> tuple[str, str | None]:
    return args["domain"].strip().lower().removeprefix("www."), args.get("name")


@strawberry.type(description="Everything there is to read.")
class Query:
    """The root of every query."""

    node: Node | None = lookup(
        "The object of this id; null where there is none.",
        "nodes_by_id",
        _node_key,
        request=paths_request,
        args=(arg("id", strawberry.ID, "The `id` of any object."),),
    )
    nodes: list[Node | None] = lookup(
        "The objects of these ids, in their order; null for each that there is none of.",
        "nodes_by_id",
        _node_keys,
        many=True,
        pick=_all,
        request=paths_request,
        args=(arg("ids", list[strawberry.ID], "The `id`s of up to 100 objects."),),
    )
    article: Article | None = lookup(
        "The article of this slug; null where there is none.",
        "articles_by_slug",
        lambda _root, args: args["slug"],
        request=paths_request,
        args=(arg("slug", str, "The name in addresses: `2020-10-08-some-words`."),),
    )
    article_by_url: Article | None = lookup(
        "The article whose webUrl, originalUrl, ampWebUrl or cdnAmpWebUrl this is. Tracking "
        "parameters, fragments, a trailing slash and the host's case make no difference.",
        "articles_by_url",
        lambda _root, args: canonical_url(args["url"]),
        request=paths_request,
        args=(arg("url", URL, "Any of its addresses."),),
    )
    articles: ArticleConnection = articles_field("The articles, newest first unless ordered.")
    search: SearchConnection = search_field()
    provider: Provider | None = lookup(
        "The provider at this domain; where several share it and no name is given, the one with "
        "the most articles.",
        "providers_by_domain",
        _domain_and_name,
        args=(
            arg("domain", str, "The domain: `bbc.com`; `www.` and case make no difference."),
            arg("name", str | None, "Its name, where the domain has several providers."),
        ),
    )
    providers: ProviderConnection = providers_field()
    topic: Topic | None = lookup(
        "The topic of this slug; null where there is none.",
        "topics_by_slug",
        lambda _root, args: args["slug"],
        args=(arg("slug", str, "The name in addresses: `computer-vision`."),),
    )
    topics: TopicConnection = topics_field()
    image: Image | None = lookup(
        "What the store knows of the picture at this address; null where no file shows it.",
        "images_by_url",
        lambda _root, args: args["url"],
        args=(arg("url", URL, "The picture's address, as the file wrote it."),),
    )
    loads: LoadConnection = loads_field()
