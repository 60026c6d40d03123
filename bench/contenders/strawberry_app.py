"""Naive Strawberry: what its docs lead to. Typed objects for each row, a dataloader for each
relation, parser and validation caches, its own ASGI app; JSON by orjson, as the docs suggest.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from enum import Enum
from typing import Any, NewType

import orjson
import strawberry
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.schema.config import StrawberryConfig
from strawberry.types import Info

from bench.contenders import data
from bench.contenders.data import HOTTEST, NEWEST, Database, Doc
from bench.contenders.serve import open_database

DateTime = NewType("DateTime", datetime)
# Objects are made whole, so everything of an article is read but the body, which lists never show.
LISTED = {"content": 0, "_seed": 0, "secured": 0}

SCALARS: dict[object, Any] = {
    DateTime: strawberry.scalar(
        name="DateTime", serialize=lambda at: at.isoformat().replace("+00:00", "Z")
    )
}


class Context(dict[str, Any]):
    """The dataloaders of one request."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.database = database
        self.topics = self._loader(data.topics_by_slug)
        self.providers = self._loader(data.providers_by_key)
        self.sizes = self._loader(data.sizes_by_url)
        self.articles = self._loader(data.articles_by_url)

    def _loader(
        self, batch: Callable[[Database, list[str]], Awaitable[dict[str, Doc]]]
    ) -> DataLoader[str, Doc | None]:
        async def load(keys: list[str]) -> list[Doc | None]:
            found = await batch(self.database, keys)
            return [found.get(key) for key in keys]

        return DataLoader(load_fn=load)


Asked = Info[Context, None]


@strawberry.type
class Image:
    url: str
    known_width: strawberry.Private[int | None]
    known_height: strawberry.Private[int | None]

    @classmethod
    def all_of(cls, doc: Doc) -> list[Image]:
        return [
            cls(url=one["url"], known_width=one.get("width"), known_height=one.get("height"))
            for one in doc.get("images") or ()
        ]

    @strawberry.field
    async def width(self, info: Asked) -> int | None:
        if self.known_width is not None:
            return self.known_width
        return ((await info.context.sizes.load(self.url)) or {}).get("width")

    @strawberry.field
    async def height(self, info: Asked) -> int | None:
        if self.known_height is not None:
            return self.known_height
        return ((await info.context.sizes.load(self.url)) or {}).get("height")


@strawberry.type
class Provider:
    domain: str
    name: str
    images: list[Image]

    @classmethod
    def of(cls, doc: Doc | None) -> Provider | None:
        if doc is None:
            return None
        return cls(domain=doc["domain"], name=doc["name"], images=Image.all_of(doc))


async def provider_at(key: str | None, info: Asked) -> Provider | None:
    return Provider.of(await info.context.providers.load(key)) if key else None


@strawberry.type
class RelatedItem:
    title: str
    excerpt: str | None
    type: str
    published_date_time: DateTime | None
    url: str | None
    images: list[Image]
    provider_key: strawberry.Private[str | None]
    urls: strawberry.Private[list[str]]

    @classmethod
    def of(cls, doc: Doc, part: Doc) -> RelatedItem:
        return cls(
            title=doc["title"],
            excerpt=doc.get("excerpt"),
            type=doc.get("type") or "article",
            published_date_time=doc.get("publishedDateTime"),
            url=doc.get("webUrl") or doc.get("originalUrl"),
            images=Image.all_of(doc),
            provider_key=part["provider"],
            urls=part["urls"],
        )

    @strawberry.field
    async def provider(self, info: Asked) -> Provider | None:
        return await provider_at(self.provider_key, info)

    @strawberry.field
    async def article(self, info: Asked) -> Article | None:
        found = await info.context.articles.load_many(self.urls)
        return next((Article.of(doc) for doc in found if doc is not None), None)


@strawberry.type
class Article:
    slug: str
    title: str
    excerpt: str | None
    type: str
    category: str | None
    published_date_time: DateTime | None
    url: str | None
    web_url: str | None
    original_url: str | None
    quality: int | None
    heat: int | None
    content: str | None
    images: list[Image]
    related: list[RelatedItem]
    provider_key: strawberry.Private[str | None]
    topic_slugs: strawberry.Private[list[str]]

    @classmethod
    def of(cls, doc: Doc) -> Article:
        index = doc["_index"]
        parts = zip(doc.get("related") or (), index.get("related") or (), strict=True)
        return cls(
            slug=doc["_id"],
            title=doc["title"],
            excerpt=doc.get("excerpt"),
            type=doc.get("type") or "article",
            category=doc.get("category"),
            published_date_time=doc.get("publishedDateTime"),
            url=doc.get("webUrl") or doc.get("originalUrl"),
            web_url=doc.get("webUrl"),
            original_url=doc.get("originalUrl"),
            quality=doc.get("quality"),
            heat=doc.get("heat"),
            content=doc.get("content"),
            images=Image.all_of(doc),
            related=[RelatedItem.of(item, part) for item, part in parts],
            provider_key=index.get("provider"),
            topic_slugs=index.get("topics") or [],
        )

    @strawberry.field
    async def provider(self, info: Asked) -> Provider | None:
        return await provider_at(self.provider_key, info)

    @strawberry.field
    async def topics(self, info: Asked) -> list[Topic]:
        found = await info.context.topics.load_many(self.topic_slugs)
        return [Topic.of(doc) for doc in found if doc is not None]


@strawberry.type
class ArticlePage:
    nodes: list[Article]


@strawberry.type
class Topic:
    slug: str
    name: str
    keywords: list[str]
    hashtags: list[str]
    parent_slug: strawberry.Private[str | None]

    @classmethod
    def of(cls, doc: Doc) -> Topic:
        return cls(
            slug=doc["_id"],
            name=doc["name"],
            keywords=doc.get("keywords") or [],
            hashtags=doc.get("hashtags") or [],
            parent_slug=doc["_index"]["parent"],
        )

    @strawberry.field
    async def parent(self, info: Asked) -> Topic | None:
        found = await info.context.topics.load(self.parent_slug) if self.parent_slug else None
        return Topic.of(found) if found is not None else None

    @strawberry.field
    async def articles(self, info: Asked, first: int = 20) -> ArticlePage:
        pages = info.context.get(first)
        if pages is None:

            async def load(slugs: list[str]) -> list[list[Doc]]:
                found = await data.articles_each(info.context.database, slugs, LISTED, first)
                return [found[slug] for slug in slugs]

            pages = info.context[first] = DataLoader(load_fn=load)
        return ArticlePage(nodes=[Article.of(doc) for doc in await pages.load(self.slug)])


@strawberry.type
class TopicPage:
    nodes: list[Topic]


@strawberry.enum
class OrderDirection(Enum):
    ASC = 1
    DESC = -1


@strawberry.enum
class ArticleOrderField(Enum):
    PUBLISHED_DATE_TIME = "publishedDateTime"
    HEAT = "heat"


@strawberry.enum
class TopicOrderField(Enum):
    ARTICLE_COUNT = "_index.articleCount"


@strawberry.input
class ArticleOrder:
    field: ArticleOrderField
    direction: OrderDirection


@strawberry.input
class TopicOrder:
    field: TopicOrderField
    direction: OrderDirection


@strawberry.type
class Query:
    @strawberry.field
    async def articles(
        self, info: Asked, first: int = 20, order_by: list[ArticleOrder] | None = None
    ) -> ArticlePage:
        hottest = order_by is not None and order_by[0].field is ArticleOrderField.HEAT
        sort = HOTTEST if hottest else NEWEST
        docs = await data.articles(info.context.database, LISTED, first, sort)
        return ArticlePage(nodes=[Article.of(doc) for doc in docs])

    @strawberry.field
    async def article(self, info: Asked, slug: str) -> Article | None:
        doc = await info.context.database.articles.find_one(
            {"_id": slug, "_index.visible": True}, {"_seed": 0, "secured": 0}
        )
        return None if doc is None else Article.of(doc)

    @strawberry.field
    async def search(self, info: Asked, query: str, first: int = 20) -> ArticlePage:
        docs = await data.search(info.context.database, LISTED, query, first)
        return ArticlePage(nodes=[Article.of(doc) for doc in docs])

    @strawberry.field
    async def topics(
        self, info: Asked, first: int = 20, order_by: list[TopicOrder] | None = None
    ) -> TopicPage:
        docs = await data.topics(info.context.database, first)
        return TopicPage(nodes=[Topic.of(doc) for doc in docs])


class Endpoint(GraphQL[Context, None]):
    database: Database

    async def get_context(self, request: Any, response: Response) -> Context:
        return Context(self.database)

    def encode_json(self, data: object) -> bytes:
        return orjson.dumps(data)


schema = strawberry.Schema(
    Query,
    extensions=[ParserCache(maxsize=512), ValidationCache(maxsize=512)],
    config=StrawberryConfig(scalar_map=SCALARS),
)
endpoint = Endpoint(schema, graphql_ide=None)


@asynccontextmanager
async def lifespan(_: Starlette) -> AsyncIterator[None]:
    endpoint.database = open_database()
    yield
    await endpoint.database.client.close()


app = Starlette(routes=[Route("/graphql", endpoint)], lifespan=lifespan)
