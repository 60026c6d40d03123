"""Ariadne as its docs lead to: the schema first, resolvers bound to it, aiodataloader for each
relation, its ASGI app, without introspection; parsing and validation remembered through its
`query_parser` and `query_validator`. Documents stay dicts, read by Ariadne's default resolvers.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from aiodataloader import DataLoader
from ariadne import ObjectType, QueryType, ScalarType, load_schema_from_path, make_executable_schema
from ariadne.asgi import GraphQL
from graphql import DocumentNode, GraphQLError, GraphQLResolveInfo, parse, validate
from starlette.applications import Starlette
from starlette.routing import Route

from bench.contenders import data
from bench.contenders.data import HOTTEST, NEWEST, PROJECTIONS, Database, Doc
from bench.contenders.serve import open_database

SCHEMA = Path(__file__).parents[2] / "schema.graphql"
Info = GraphQLResolveInfo[Any]
Batch = Callable[[Database, list[str]], Awaitable[dict[str, Doc]]]


class Loaders:
    """The dataloaders of one request, and what its operation needs of an article."""

    def __init__(self, database: Database, operation: str) -> None:
        self.database = database
        self.projection = PROJECTIONS[operation]
        self.topics = self._loader(data.topics_by_slug)
        self.providers = self._loader(data.providers_by_key)
        self.sizes = self._loader(data.sizes_by_url)
        self.articles = self._loader(data.articles_by_url)
        self.pages: dict[int, DataLoader[str, list[Doc]]] = {}

    def _loader(self, batch: Batch) -> DataLoader[str, Doc | None]:
        async def load(keys: list[str]) -> list[Doc | None]:
            found = await batch(self.database, keys)
            return [found.get(key) for key in keys]

        return DataLoader(load)

    def page(self, first: int) -> DataLoader[str, list[Doc]]:
        """The newest articles of topics."""
        if first not in self.pages:

            async def load(slugs: list[str]) -> list[list[Doc]]:
                found = await data.articles_each(self.database, slugs, self.projection, first)
                return [found[slug] for slug in slugs]

            self.pages[first] = DataLoader(load)
        return self.pages[first]


query = QueryType()
article, related, topic = ObjectType("Article"), ObjectType("RelatedItem"), ObjectType("Topic")
image, provider = ObjectType("Image"), ObjectType("Provider")
date_time = ScalarType("DateTime", serializer=lambda at: at.isoformat().replace("+00:00", "Z"))


@query.field("articles")
async def articles(_: None, info: Info, first: int = 20, orderBy: Any = None, **__: Any) -> Doc:
    loaders: Loaders = info.context["loaders"]
    sort = HOTTEST if orderBy and orderBy[0]["field"] == "HEAT" else NEWEST
    return {"nodes": await data.articles(loaders.database, loaders.projection, first, sort)}


@query.field("article")
async def article_(_: None, info: Info, slug: str) -> Doc | None:
    loaders: Loaders = info.context["loaders"]
    where = {"_id": slug, "_index.visible": True}
    return await loaders.database.articles.find_one(where, loaders.projection)


@query.field("search")
async def search(_: None, info: Info, query: str, first: int = 20, **__: Any) -> Doc:
    loaders: Loaders = info.context["loaders"]
    return {"nodes": await data.search(loaders.database, loaders.projection, query, first)}


@query.field("topics")
async def topics(_: None, info: Info, first: int = 20, **__: Any) -> Doc:
    return {"nodes": await data.topics(info.context["loaders"].database, first)}


article.set_field("slug", lambda doc, _: doc["_id"])
topic.set_field("slug", lambda doc, _: doc["_id"])
for story in (article, related):
    story.set_field("type", lambda doc, _: doc.get("type") or "article")
    story.set_field("url", lambda doc, _: doc.get("webUrl") or doc.get("originalUrl"))
for pictured in (article, related, provider):
    pictured.set_field("images", lambda doc, _: doc.get("images") or [])


@article.field("provider")
async def provider_of(doc: Doc, info: Info) -> Doc | None:
    key = doc["_index"]["provider"]
    return await info.context["loaders"].providers.load(key) if key else None


related.set_field("provider", provider_of)


@article.field("topics")
async def topics_of(doc: Doc, info: Info) -> list[Doc]:
    found = await info.context["loaders"].topics.load_many(doc["_index"]["topics"])
    return [one for one in found if one is not None]


@article.field("related")
def related_of(doc: Doc, _: Info) -> list[Doc]:
    parts = zip(doc.get("related") or (), doc["_index"]["related"], strict=True)
    return [{**item, "_index": part} for item, part in parts]


@related.field("article")
async def article_of(doc: Doc, info: Info) -> Doc | None:
    found = await info.context["loaders"].articles.load_many(doc["_index"]["urls"])
    return next((one for one in found if one is not None), None)


@topic.field("parent")
async def parent_of(doc: Doc, info: Info) -> Doc | None:
    slug = doc["_index"]["parent"]
    return await info.context["loaders"].topics.load(slug) if slug else None


@topic.field("articles")
async def articles_of(doc: Doc, info: Info, first: int = 20, **_: Any) -> Doc:
    return {"nodes": await info.context["loaders"].page(first).load(doc["_id"])}


def sized(side: str) -> Callable[[Doc, Info], Any]:
    async def look_up(doc: Doc, info: Info) -> int | None:
        return ((await info.context["loaders"].sizes.load(doc["url"])) or {}).get(side)

    def resolve(doc: Doc, info: Info) -> Any:
        value = doc.get(side)
        return look_up(doc, info) if value is None else value

    return resolve


image.set_field("width", sized("width"))
image.set_field("height", sized("height"))


@lru_cache(512)
def parsed(source: str) -> DocumentNode:
    return parse(source)


VALID: dict[int, tuple[DocumentNode, list[GraphQLError]]] = {}


def validated(schema_: Any, document: DocumentNode, *args: Any, **options: Any) -> Any:
    """Validates a document once; it is kept beside its errors, so that its id stays its own."""
    known = VALID.get(id(document))
    if known is None:
        known = VALID[id(document)] = document, validate(schema_, document, *args, **options)
    return known[1]


def context(request: Any, asked: Doc) -> Doc:
    return {"loaders": Loaders(app.state.database, asked["operationName"])}


schema = make_executable_schema(
    load_schema_from_path(str(SCHEMA)), query, article, related, topic, image, provider, date_time
)


@asynccontextmanager
async def lifespan(app_: Starlette) -> AsyncIterator[None]:
    app_.state.database = open_database()
    yield
    await app_.state.database.client.close()


endpoint = GraphQL(
    schema,
    context_value=context,
    query_parser=lambda _, asked: parsed(asked["query"]),
    query_validator=validated,
    introspection=False,
    debug=False,
)
app = Starlette(routes=[Route("/graphql", endpoint)], lifespan=lifespan)
