"""The collections, what in them is confidential, and every index beside the reads it serves."""

from dataclasses import dataclass
from typing import Any

ARTICLES = "articles"
TOPICS = "topics"
PROVIDERS = "providers"
IMAGES = "images"
LOADS = "loads"
ISSUES = "issues"
COLLECTIONS = (ARTICLES, TOPICS, PROVIDERS, IMAGES, LOADS, ISSUES)

# Collections whose documents say under `_index.visible` whether everybody may see them.
HIDING = frozenset({ARTICLES, ISSUES})

# Front-matter keys that are stored and never read out of Mongo by a Reader.
CONFIDENTIAL = frozenset({"secured"})

Order = tuple[tuple[str, int], ...]

# The stored path under each order of the API. Titles and names sort as people expect: without
# regard to case and accents. What has no value comes last under DESC and first under ASC.
ORDERS: dict[str, dict[str, str]] = {
    ARTICLES: {
        "PUBLISHED_DATE_TIME": "publishedDateTime",
        "HEAT": "heat",
        "QUALITY": "quality",
        "TITLE": "_index.fold.title",
    },
    PROVIDERS: {"NAME": "_index.fold.name", "ARTICLE_COUNT": "_index.articleCount"},
    TOPICS: {"NAME": "_index.fold.name", "ARTICLE_COUNT": "_index.articleCount"},
}

DEFAULT_ORDERS: dict[str, Order] = {
    ARTICLES: (("publishedDateTime", -1), ("_id", -1)),
    PROVIDERS: (("_index.fold.name", 1), ("_id", 1)),
    TOPICS: (("_index.fold.name", 1), ("_id", 1)),
    LOADS: (("_id", -1),),
    ISSUES: (("_id", 1),),
}


def order_for(collection: str, orders: tuple[tuple[str, str], ...] = ()) -> Order:
    """The order for API pairs such as ("HEAT", "DESC"), the collection's default without any.

    The tie-break goes the way of the last field, so that one index serves both directions.
    A field that comes a second time cannot change anything and is left out.
    """
    paths: dict[str, int] = {}
    for name, direction in orders:
        paths.setdefault(ORDERS[collection][name], -1 if direction == "DESC" else 1)
    if not paths:
        return DEFAULT_ORDERS[collection]
    return (*paths.items(), ("_id", list(paths.values())[-1]))


@dataclass(frozen=True, slots=True)
class Index:
    """An index and, in words, the reads that need it."""

    collection: str
    name: str
    keys: tuple[tuple[str, int | str], ...]
    serves: str
    options: tuple[tuple[str, Any], ...] = ()


# Every read of articles and issues by the gateway asks for `_index.visible` first.
_VISIBLE = ("_index.visible", 1)
_TOPIC = ("_index.topics", 1)
_NEWEST = (("publishedDateTime", -1), ("_id", -1))

INDEXES = (
    # The titles at its end are looked through where a title has to contain something.
    Index(
        ARTICLES, "newest", (_VISIBLE, *_NEWEST, ("_index.fold.title", 1)),
        "articles in default order; date filters; title contains",
    ),
    Index(ARTICLES, "heat", (_VISIBLE, ("heat", -1), ("_id", -1)), "order HEAT; heat filters"),
    Index(
        ARTICLES, "quality", (_VISIBLE, ("quality", -1), ("_id", -1)),
        "order QUALITY; quality filters",
    ),
    Index(
        ARTICLES, "title", (_VISIBLE, ("_index.fold.title", 1), ("_id", 1)),
        "order TITLE; title startsWith",
    ),
    Index(ARTICLES, "slug", (_VISIBLE, ("_id", 1)), "slugs in, and counts"),
    Index(ARTICLES, "foldedSlug", (_VISIBLE, ("_index.fold.slug", 1)), "slug startsWith"),
    Index(
        ARTICLES, "topics", (_VISIBLE, _TOPIC, *_NEWEST),
        "Topic.articles, filter topics, counts by topic, similar",
    ),
    # A topic can have half of all articles, so its other orders have indexes too.
    Index(
        ARTICLES, "topicsHeat", (_VISIBLE, _TOPIC, ("heat", -1), ("_id", -1)),
        "Topic.articles in order HEAT",
    ),
    Index(
        ARTICLES, "topicsQuality", (_VISIBLE, _TOPIC, ("quality", -1), ("_id", -1)),
        "Topic.articles in order QUALITY",
    ),
    Index(
        ARTICLES, "topicsTitle", (_VISIBLE, _TOPIC, ("_index.fold.title", 1), ("_id", 1)),
        "Topic.articles in order TITLE",
    ),
    Index(
        ARTICLES, "provider", (_VISIBLE, ("_index.provider", 1), *_NEWEST),
        "Provider.articles, counts by provider",
    ),
    Index(ARTICLES, "domain", (_VISIBLE, ("_index.domain", 1), *_NEWEST), "filter provider.domain"),
    Index(
        ARTICLES, "providerName", (_VISIBLE, ("_index.providerName", 1), *_NEWEST),
        "filter provider.name",
    ),
    Index(ARTICLES, "type", (_VISIBLE, ("_index.type", 1), *_NEWEST), "filter and facet type"),
    Index(
        ARTICLES, "category", (_VISIBLE, ("category", 1), *_NEWEST), "filter and facet category"
    ),
    Index(ARTICLES, "locale", (_VISIBLE, ("locale", 1), *_NEWEST), "filter locale"),
    Index(
        ARTICLES, "urls", (_VISIBLE, ("_index.urls", 1)), "articleByUrl, RelatedItem.article"
    ),
    Index(ARTICLES, "images", (_VISIBLE, ("_index.images", 1), *_NEWEST), "Image.articles"),
    Index(
        ARTICLES, "file",
        (
            ("_seed.path", 1), ("_seed.site", 1), ("_seed.hash", 1), ("_seed.build", 1),
            ("_id", 1),
        ),
        "the loader: what came from which file, without reading any article",
    ),
    # The text index stems English: nearly all of the corpus is English, and a reader who asks for
    # "leak" wants "leaks". Other languages still match word for word, since both sides are stemmed
    # alike. No key of an article may pick another language (an unknown one would refuse the
    # article), hence the override that names nothing. What nobody may find is not in it: a third
    # less to keep and to make, and MongoDB refuses a search that does not ask for what is visible,
    # as every reader does. Visibility stands last too: it is compared before an article is read.
    Index(
        ARTICLES, "text",
        (
            ("title", "text"), ("excerpt", "text"), ("_index.topicNames", "text"),
            ("content", "text"), ("_index.visible", 1),
        ),
        "search",
        (
            ("weights", {"title": 10, "_index.topicNames": 6, "excerpt": 4, "content": 1}),
            ("default_language", "english"),
            ("language_override", "_textLanguage"),
            ("partialFilterExpression", {"_index.visible": True}),
        ),
    ),
    Index(PROVIDERS, "name", (("_index.fold.name", 1), ("_id", 1)), "order NAME; name startsWith"),
    Index(
        PROVIDERS, "articleCount", (("_index.articleCount", -1), ("_id", -1)),
        "order ARTICLE_COUNT",
    ),
    Index(
        PROVIDERS, "domain", (("domain", 1), ("_index.articleCount", -1), ("_id", 1)),
        "provider(domain:)",
    ),
    Index(PROVIDERS, "providerName", (("name", 1), ("_id", 1)), "filter name"),
    Index(TOPICS, "name", (("_index.fold.name", 1), ("_id", 1)), "order NAME; name startsWith"),
    Index(
        TOPICS, "articleCount", (("_index.articleCount", -1), ("_id", -1)), "order ARTICLE_COUNT"
    ),
    Index(
        TOPICS, "parent", (("_index.parent", 1), ("_index.fold.name", 1), ("_id", 1)),
        "Topic.children, filter parent",
    ),
    Index(ISSUES, "load", (_VISIBLE, ("load", 1), ("_id", 1)), "Load.issues"),
)  # fmt: skip
