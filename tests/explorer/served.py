"""A small newsstand for browsers: documents as the store holds them, served on a free port.

The articles are made here and not loaded, so that titles with markup, broken images and several
pages are all there, whatever the samples hold.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import uvicorn
from pymongo import MongoClient
from starlette.types import ASGIApp

Doc = dict[str, Any]

FIRST_DAY = datetime(2021, 1, 1, 12, tzinfo=UTC)
TOPICS = {"power-apps": "Power Apps", "portals": "Portals", "ai-builder": "AI Builder"}
PROVIDERS = {"microsoft.com/microsoft": "Microsoft", "neowin.net/neowin": "Neowin"}
# A title that markup, a shell, or a string of another language could trip over.
NASTY = '<img src=x onerror=alert(1)> & isn\'t "$HOME", \\n or `id` 😀'
COUNT = 30


def fill(uri: str, database: str) -> None:
    """Writes articles, topics, providers and one load into a database."""
    with MongoClient[Doc](uri) as client:
        db = client[database]
        db["articles"].insert_many([_article(number) for number in range(COUNT)])
        db["topics"].insert_many([_topic(slug, name) for slug, name in TOPICS.items()])
        db["providers"].insert_many([_provider(key, name) for key, name in PROVIDERS.items()])
        db["loads"].insert_one({"_id": 1, "finishedAt": FIRST_DAY})


@contextmanager
def listening(app: ASGIApp) -> Iterator[str]:
    """The address of an application that runs in a thread of its own until the block ends."""
    config = uvicorn.Config(app, port=0, log_config=None, lifespan="on", ws="none")
    server = uvicorn.Server(config)
    started = threading.Event()
    startup = server.startup

    async def told(*args: Any, **kwargs: Any) -> None:
        await startup(*args, **kwargs)
        started.set()

    server.startup = told  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert started.wait(30), "The server did not start within 30 seconds."
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(30)


def _article(number: int) -> Doc:
    slug = f"2021-01-{number + 1:02}-article-{number}"
    title = NASTY if number == COUNT - 1 else f"What number {number} says about Power Apps"
    topics = list(TOPICS)[: 1 + number % 3]
    key = list(PROVIDERS)[number % 5 == 0]
    domain = key.partition("/")[0]
    url = f"https://{domain}/{slug}"
    image = f"https://images.invalid/{number}.png"
    return {
        "_id": slug,
        "title": title,
        "excerpt": f"Portals and more, part {number}.",
        "category": "news",
        "type": "video" if number % 4 == 0 else "article",
        "publishedDateTime": FIRST_DAY + timedelta(days=number),
        "webUrl": url,
        "originalUrl": url,
        "quality": number,
        "published": True,
        "provider": {"name": PROVIDERS[key], "domain": domain},
        "topics": [TOPICS[topic] for topic in topics],
        "images": [{"url": image, "width": 1200, "height": 630}],
        "related": [{"title": "Elsewhere", "webUrl": f"https://elsewhere.invalid/{number}"}],
        "content": "## Inside\n\nWords.",
        "_seed": {"path": f"_news/{slug}.md", "hash": f"{number:064x}", "load": 1},
        "_index": {
            "visible": True,
            "type": "video" if number % 4 == 0 else "article",
            "topics": topics,
            "provider": key,
            "domain": domain,
            "providerName": PROVIDERS[key],
            "urls": [url],
            "images": [image],
            "hasImages": True,
            "fold": {"slug": slug, "title": title.casefold(), "domain": domain},
            "related": [{"provider": None, "urls": [f"https://elsewhere.invalid/{number}"]}],
            "topicNames": " ".join(TOPICS[topic] for topic in topics),
        },
    }


def _topic(slug: str, name: str) -> Doc:
    count = sum(slug in list(TOPICS)[: 1 + number % 3] for number in range(COUNT))
    index = {"parent": None, "fold": {"slug": slug, "name": name.casefold()}, "articleCount": count}
    return {"_id": slug, "name": name, "_index": index}


def _provider(key: str, name: str) -> Doc:
    domain = key.partition("/")[0]
    index = {"fold": {"domain": domain, "name": name.casefold()}, "articleCount": 1}
    return {"_id": key, "name": name, "domain": domain, "images": [], "_index": index}
