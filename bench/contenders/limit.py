"""The hand-written limit: what a gateway in Python can hardly be faster than.

Bare ASGI, one handler a workload, PyMongo's asyncio API, dicts by hand, one `orjson.dumps`. No
GraphQL: the operation's name picks the handler. Dates stay naive, which decodes faster.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from bench.contenders import data
from bench.contenders.data import HOTTEST, PROJECTIONS, Database, Doc
from bench.contenders.serve import open_database

HEADERS = (b"content-type", b"application/json; charset=utf-8")


@dataclass(frozen=True, slots=True)
class Found:
    """What articles lead to, by key."""

    providers: dict[str, Doc]
    topics: dict[str, Doc]
    parents: dict[str, Doc]
    sizes: dict[str, Doc]
    articles: dict[str, Doc]


async def everything(database: Database, docs: list[Doc]) -> Found:
    """All lookups of W1, W2 and W4: four commands side by side, then one for the topics above."""
    parts = [part for doc in docs for part in doc["_index"]["related"]]
    providers, (topics, parents), sizes, articles = await asyncio.gather(
        data.providers_by_key(
            database,
            [*(doc["_index"]["provider"] for doc in docs), *(part["provider"] for part in parts)],
        ),
        topics_and_parents(database, docs),
        data.sizes_by_url(database, data.unsized(docs)),
        data.articles_by_url(database, [url for part in parts for url in part["urls"]]),
    )
    return Found(providers, topics, parents, sizes, articles)


async def topics_and_parents(
    database: Database, docs: list[Doc]
) -> tuple[dict[str, Doc], dict[str, Doc]]:
    topics = await data.topics_by_slug(
        database, [slug for doc in docs for slug in doc["_index"]["topics"]]
    )
    above = (parent for doc in topics.values() if (parent := doc["_index"]["parent"]) is not None)
    return topics, await data.topics_by_slug(database, above)


def whole(doc: Doc, found: Found) -> Doc:
    """An article with everything nested."""
    get, index = doc.get, doc["_index"]
    topics, parents = found.topics, found.parents
    return {
        "slug": doc["_id"],
        "title": doc["title"],
        "excerpt": get("excerpt"),
        "type": get("type") or "article",
        "category": get("category"),
        "publishedDateTime": get("publishedDateTime"),
        "url": get("webUrl") or get("originalUrl"),
        "webUrl": get("webUrl"),
        "originalUrl": get("originalUrl"),
        "quality": get("quality"),
        "heat": get("heat"),
        "provider": provider(found.providers.get(index["provider"])),
        "topics": [topic(topics[slug], parents) for slug in index["topics"] if slug in topics],
        "images": images(doc, found.sizes),
        "related": [
            related(item, part, found)
            for item, part in zip(get("related") or (), index["related"], strict=True)
        ],
    }


def related(item: Doc, part: Doc, found: Found) -> Doc:
    get = item.get
    article = next((a for url in part["urls"] if (a := found.articles.get(url))), None)
    return {
        "title": item["title"],
        "excerpt": get("excerpt"),
        "type": get("type") or "article",
        "publishedDateTime": get("publishedDateTime"),
        "url": get("webUrl") or get("originalUrl"),
        "provider": name_of(found.providers.get(part["provider"])),
        "images": images(item, found.sizes),
        "article": None if article is None else {"slug": article["_id"], "title": article["title"]},
    }


def provider(doc: Doc | None) -> Doc | None:
    if doc is None:
        return None
    return {"domain": doc["domain"], "name": doc["name"], "images": images(doc, {})}


def name_of(doc: Doc | None) -> Doc | None:
    return None if doc is None else {"domain": doc["domain"], "name": doc["name"]}


def topic(doc: Doc, parents: dict[str, Doc]) -> Doc:
    above = parents.get(doc["_index"]["parent"])
    return {
        "slug": doc["_id"],
        "name": doc["name"],
        "parent": None if above is None else tag(above),
    }


def tag(doc: Doc) -> Doc:
    return {"slug": doc["_id"], "name": doc["name"]}


def images(doc: Doc, sizes: dict[str, Doc]) -> list[Doc]:
    return [image(one, sizes) for one in doc.get("images") or ()]


def image(one: Doc, sizes: dict[str, Doc]) -> Doc:
    url, width, height = one["url"], one.get("width"), one.get("height")
    if width is None or height is None:
        known = sizes.get(url) or {}
        width = known.get("width") if width is None else width
        height = known.get("height") if height is None else height
    return {"url": url, "width": width, "height": height}


def card(doc: Doc, found_providers: dict[str, Doc]) -> Doc:
    """What W6 and the second list of W7 show of an article, without its date or heat."""
    return {
        "slug": doc["_id"],
        "title": doc["title"],
        "url": doc.get("webUrl") or doc.get("originalUrl"),
        "provider": name_of(found_providers.get(doc["_index"]["provider"])),
    }


def picture_card(doc: Doc, found_providers: dict[str, Doc], sizes: dict[str, Doc]) -> Doc:
    """What W5 and the first list of W7 show of an article, without its topics."""
    return {
        **card(doc, found_providers),
        "excerpt": doc.get("excerpt"),
        "publishedDateTime": doc.get("publishedDateTime"),
        "images": images(doc, sizes),
    }


def providers_of(docs: Iterable[Doc]) -> list[str]:
    return [doc["_index"]["provider"] for doc in docs]


# --- one handler a workload -------------------------------------------------------------------


def listing(name: str) -> Handler:
    """W1 and W4."""
    projection = PROJECTIONS[name]

    async def handle(database: Database, variables: Doc) -> Doc:
        docs = await data.articles(database, projection, variables["first"])
        found = await everything(database, docs)
        return {"articles": {"nodes": [whole(doc, found) for doc in docs]}}

    return handle


async def w2(database: Database, variables: Doc) -> Doc:
    doc = await database.articles.find_one(
        {"_id": variables["slug"], "_index.visible": True}, PROJECTIONS["W2"]
    )
    if doc is None:
        return {"article": None}
    found = await everything(database, [doc])
    return {"article": {**whole(doc, found), "content": doc["content"]}}


async def w3(database: Database, variables: Doc) -> Doc:
    docs = await data.articles(database, PROJECTIONS["W3"], variables["first"])
    return {"articles": {"nodes": [{"title": doc["title"]} for doc in docs]}}


async def w5(database: Database, variables: Doc) -> Doc:
    slug = variables["slug"]
    where = {"_index.topics": slug}
    own, below, docs, counts = await asyncio.gather(
        data.topics_by_slug(database, [slug]),
        data.children(database, slug),
        data.articles(database, PROJECTIONS["W5"], variables["first"], **where),
        data.facets(database, slug),
    )
    if slug not in own:
        return {"topic": None}
    doc = own[slug]
    counted = [row["_id"] for row in counts["providers"]]
    named = [doc["_index"]["parent"], *(row["_id"] for row in counts["topics"])]
    providers, topics, sizes = await asyncio.gather(
        data.providers_by_key(database, [*providers_of(docs), *counted]),
        data.topics_by_slug(database, named),
        data.sizes_by_url(database, data.unsized(docs)),
    )
    page = {
        "totalCount": counts["total"][0]["count"] if counts["total"] else 0,
        "nodes": [picture_card(one, providers, sizes) for one in docs],
        "facets": {
            "topics": [
                {"count": r["count"], "topic": tag(topics[r["_id"]])} for r in counts["topics"]
            ],
            "providers": [
                {"count": r["count"], "provider": name_of(providers[r["_id"]])}
                for r in counts["providers"]
            ],
            "types": [{"value": r["_id"], "count": r["count"]} for r in counts["types"]],
        },
    }
    said = {"keywords": doc.get("keywords") or [], "hashtags": doc.get("hashtags") or []}
    listed = [tag(one) for one in below]
    return {"topic": {**topic(doc, topics), **said, "children": listed, "articles": page}}


async def w6(database: Database, variables: Doc) -> Doc:
    topics = await data.topics(database, variables["topics"])
    slugs = [one["_id"] for one in topics]
    pages = await data.articles_each(database, slugs, PROJECTIONS["W6"], variables["articles"])
    keys = [key for page in pages.values() for key in providers_of(page)]
    providers = await data.providers_by_key(database, keys)

    def shown(doc: Doc) -> Doc:
        return {**card(doc, providers), "publishedDateTime": doc.get("publishedDateTime")}

    return {
        "topics": {
            "nodes": [
                {**tag(one), "articles": {"nodes": [shown(doc) for doc in pages[one["_id"]]]}}
                for one in topics
            ]
        }
    }


async def w7(database: Database, _variables: Doc) -> Doc:
    projection = PROJECTIONS["W7"]
    newest, hottest, topics = await asyncio.gather(
        data.articles(database, projection, 10),
        data.articles(database, projection, 5, HOTTEST),
        data.topics(database, 10),
    )
    providers, shown = await tagged_cards(database, newest, hottest)
    return {
        "newest": {"nodes": shown},
        "hottest": {
            "nodes": [{**card(doc, providers), "heat": doc.get("heat")} for doc in hottest]
        },
        "topics": {"nodes": [tag(doc) for doc in topics]},
    }


async def w8(database: Database, variables: Doc) -> Doc:
    docs = await data.search(database, PROJECTIONS["W8"], variables["query"], variables["first"])
    _, shown = await tagged_cards(database, docs)
    return {"search": {"nodes": shown}}


async def tagged_cards(
    database: Database, docs: list[Doc], others: Sequence[Doc] = ()
) -> tuple[dict[str, Doc], list[Doc]]:
    """Cards with pictures and topics, and the providers of these articles and of others."""
    slugs = [slug for doc in docs for slug in doc["_index"]["topics"]]
    providers, named, sizes = await asyncio.gather(
        data.providers_by_key(database, providers_of([*docs, *others])),
        data.topics_by_slug(database, slugs),
        data.sizes_by_url(database, data.unsized(docs)),
    )

    def shown(doc: Doc) -> Doc:
        tags = [tag(named[slug]) for slug in doc["_index"]["topics"] if slug in named]
        return {**picture_card(doc, providers, sizes), "topics": tags}

    return providers, [shown(doc) for doc in docs]


Handler = Callable[[Database, Doc], Awaitable[Doc]]
HANDLERS: dict[str, Handler] = {
    "W1": listing("W1"),
    "W2": w2,
    "W3": w3,
    "W4": listing("W4"),
    "W5": w5,
    "W6": w6,
    "W7": w7,
    "W8": w8,
}


class App:
    """POST in, JSON out."""

    database: Any

    def __init__(self, open_: Callable[[], Any]) -> None:
        self._open = open_

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        body = b""
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        asked = orjson.loads(body)
        answer = await HANDLERS[asked["operationName"]](self.database, asked.get("variables") or {})
        option = orjson.OPT_NAIVE_UTC | orjson.OPT_UTC_Z
        out = orjson.dumps({"data": answer}, option=option)
        headers = [HEADERS, (b"content-length", str(len(out)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": out})

    async def _lifespan(self, receive: Any, send: Any) -> None:
        await receive()
        self.database = self._open()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.database.client.close()
        await send({"type": "lifespan.shutdown.complete"})


app = App(lambda: open_database(tz_aware=False))
