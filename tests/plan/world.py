"""A small store for conformance: everything relates to everything, and, where asked, a share of
the documents is corrupted as no loader would do it.
"""

from contextlib import nullcontext, suppress
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from store.collections import (
    ARTICLES,
    IMAGES,
    INDEXES,
    ISSUES,
    LOADS,
    PROVIDERS,
    TOPICS,
)
from store.errors import StoreError
from store.names import canonical_url, fold, provider_key, slug
from store.store import Store
from tests.plan.operations import Pool

TOPIC_NAMES = ["AI", "Computer Vision", "Robots", "Ethics", "Élan vital"]
PROVIDER_NAMES = [
    ("a.example", "A"),
    ("a.example", "Another"),
    ("b.example", "Bée"),
    ("c.example", "C"),
]
WRONG: list[Any] = [7, 2.5, "text", True, [], {}, [None], {"a": 1}, -(2**40), None]


def url(number: int) -> str:
    return f"https://a.example/stories/{number}"


def picture(number: int) -> str:
    return f"https://img.example/{number}.jpg"


def image(random: Random) -> dict[str, Any]:
    number = random.randint(0, 9)
    made: dict[str, Any] = {"url": picture(number)}
    if random.random() < 0.6:
        made |= {"width": 100 * number + 50, "height": 80 * number + 40}
    if random.random() < 0.3:
        made["isCached"] = random.random() < 0.5
    if random.random() < 0.1:
        made["url"] = "/relative.jpg"
    return made


def story(random: Random, number: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Front matter that articles and related items share, and what is derived from it."""
    domain, name = random.choice(PROVIDER_NAMES)
    made: dict[str, Any] = {
        "title": random.choice(["Robots", "Vision", "Ångström", "x"]) + f" {number}"
    }
    if random.random() < 0.8:
        made["excerpt"] = f"About {number}."
    if random.random() < 0.9:
        made["webUrl"] = url(number)
    if random.random() < 0.5:
        made["originalUrl"] = random.choice([url(number) + "?utm_source=x", "not a url"])
    if random.random() < 0.85:
        made["publishedDateTime"] = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(hours=number % 7)
    if random.random() < 0.7:
        made["quality"] = random.randint(0, 3)
    made["images"] = [image(random) for _ in range(random.randint(0, 3))]
    if random.random() < 0.9:
        made["provider"] = {"name": name, "domain": domain}
    urls = [canonical_url(made[key]) for key in ("webUrl",) if key in made]
    return made, {
        "provider": provider_key(domain, name) if "provider" in made else None,
        "urls": urls,
    }


def article(random: Random, number: int) -> dict[str, Any]:
    made, index = story(random, number)
    topics = random.sample(TOPIC_NAMES, random.randint(0, 3))
    related = [story(random, random.randint(0, 45)) for _ in range(random.randint(0, 3))]
    provider = made.get("provider", {})
    made |= {
        "_id": f"2020-01-01-story-{number}",
        "content": random.choice(["", "# Hi\n\n<script>x</script> *you*"]),
        "topics": topics,
        "heat": random.randint(0, 2),
        "secured": "CIPHERTEXT",
        "custom": {"number": number, "at": datetime(2020, 1, 1, tzinfo=UTC)},
        "related": [item for item, _ in related],
        "_seed": {"path": f"_news/{number}.md"},
    }
    if random.random() < 0.5:
        made["category"] = "news"
    made["_index"] = index | {
        "visible": random.random() < 0.75,
        "type": "article",
        "topics": [slug(name) for name in topics],
        "domain": provider.get("domain"),
        "providerName": provider.get("name"),
        "images": [one["url"] for one in made["images"]],
        "hasImages": bool(made["images"]),
        "fold": {"title": fold(made["title"]), "slug": made["_id"]},
        "related": [derived for _, derived in related],
        "topicNames": " ".join(topics),
    }
    return made


# MongoDB has no index over two lists, and topics are one, so what is ordered by is no other.
NO_LIST = {"heat", "quality", "publishedDateTime", "fold"}
WRONG_ONE = [wrong for wrong in WRONG if not isinstance(wrong, list)]


def corrupted(random: Random, doc: Any, share: float, wrong: list[Any] = WRONG) -> Any:
    """The document with some of its values, at any depth, replaced or gone."""
    if isinstance(doc, dict):
        return {
            key: corrupted(random, value, share, WRONG_ONE if key in NO_LIST else wrong)
            for key, value in doc.items()
            if key in ("_id", "visible", "_index") or random.random() > share / 2
        } | {
            key: random.choice(WRONG_ONE if key in NO_LIST else wrong)
            for key in doc
            if key not in ("_id", "visible", "_index") and random.random() < share
        }
    if isinstance(doc, list):
        return [corrupted(random, value, share) for value in doc]
    return doc


def loads(seed: int) -> dict[str, list[dict[str, Any]]]:
    """Loads and their issues."""
    own = Random(seed)
    made = [
        {"_id": number, "startedAt": datetime(2020, 1, number, tzinfo=UTC), "sites": ["news"],
         "finishedAt": datetime(2020, 1, number, 0, 0, number, tzinfo=UTC),
         "counts": {"added": number, "changed": 0, "refused": 1}}
        for number in range(1, 8)
    ]  # fmt: skip
    issues = [
        {"_id": f"{number % 7 + 1:09}/{number:04}", "load": number % 7 + 1, "site": "news",
         "path": f"_news/{number}.md", "line": number, "column": 1, "rule": "type",
         "severity": own.choice(["error", "warning"]), "came": "`heat` is \"hot\"",
         "allowed": "a whole number", "_index": {"visible": own.random() < 0.75}}
        for number in range(30)
    ]  # fmt: skip
    return {LOADS: made, ISSUES: issues}


def documents(seed: int, share: float) -> dict[str, list[dict[str, Any]]]:
    random = Random(seed)
    topics = [
        {"_id": slug(name), "name": name, "keywords": [name.lower()], "_index": {
            "parent": slug(TOPIC_NAMES[number // 2]) if number else None,
            "fold": {"name": fold(name)}, "articleCount": number}}
        for number, name in enumerate(TOPIC_NAMES)
    ]  # fmt: skip
    providers = [
        {"_id": provider_key(domain, name), "name": name, "domain": domain,
         "images": [image(random)], "_index": {"fold": {"name": fold(name)}, "articleCount": 1}}
        for domain, name in PROVIDER_NAMES
    ]  # fmt: skip
    images = [
        {"_id": picture(number), "url": picture(number), "width": 640, "height": 480 + number}
        for number in range(0, 10, 2)
    ]
    made = {
        ARTICLES: [article(random, number) for number in range(40)],
        TOPICS: topics,
        PROVIDERS: providers,
        IMAGES: images,
        **loads(seed),
    }
    if share:
        made = {
            name: [corrupted(random, doc, share) for doc in docs] for name, docs in made.items()
        }
    return made


async def load(store: Store, seed: int, share: float = 0.0) -> None:
    for name, docs in documents(seed, share).items():
        await store.database[name].insert_many(docs)
    for index in INDEXES:
        # What no loader would make cannot be in every index: two lists in one, for a start.
        with suppress(StoreError) if share else nullcontext():
            await store.make_indexes(index.collection, [index])


def pool(ids: list[str], cursors: list[str]) -> Pool:
    slugs = [f"2020-01-01-story-{number}" for number in range(0, 45, 3)]
    names = [*TOPIC_NAMES, "computer-vision", "nothing", ""]
    return Pool(
        {
            "first": [1, 2, 3, 5, 20, 100, 1, 2, 3, 0, 101, -1],
            "last": [1, 2, 7, 100, 0],
            "after": cursors,
            "before": cursors,
            "id": ids,
            "ids": ids,
            "slug": [*slugs, *(slug(name) for name in TOPIC_NAMES)],
            "url": [*(url(number) for number in range(20)), *(picture(n) for n in range(6)), "x"],
            "domain": ["a.example", "www.A.example", "c.example", "nowhere.example"],
            "minWidth": [0, 100, 500, 5000, -1],
            "minHeight": [0, 100, 500],
            "Int": [0, 1, 2, 3],
            "String": [*names, *slugs[:3], "robots", "a.b*", "news", "article"],
            "query": ["robots", "vision -robots", '"Robots 1"', "the", "nothing at all"],
            "Boolean": [True, False],
            "DateTime": ["2020-01-01T03:00:00Z", "2020-01-01T05:00:00+02:00", "yesterday"],
            "URL": ["https://a.example/"],
            "ID": ids,
        }
    )
