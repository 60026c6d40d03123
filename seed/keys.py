"""The keys of front matter that mean something here: one table for reading, checking and docs."""

from typing import NamedTuple


class Key(NamedTuple):
    """What a key holds: one of the kinds of `KINDS`, and what it means."""

    kind: str
    says: str


# What each kind allows, in the words of an error.
KINDS = {
    "text": "text",
    "integer": "a whole number, as in `heat: 84`",
    "flag": "true or false",
    "instant": "a date such as 2020-10-08T03:47:00Z or 2020-10-08",
    "url": "an absolute http or https URL",
    "names": "a list of names, as in `topics: [Computer Vision, AI]`",
    "provider": "`name` and `domain`, as in `provider: {name: Example, domain: example.org}`",
    "images": "a list of images, each with a `url`",
    "related": "a list of items, each with a `title` and a URL",
}

IMAGE = {
    "url": Key("url", "Where the image is."),
    "width": Key("integer", "In pixels."),
    "height": Key("integer", "In pixels."),
    "isCached": Key("flag", "Whether a copy is kept."),
    "title": Key("text", "What it shows."),
    "attribution": Key("text", "Whom to thank for it."),
}
PROVIDER = {
    "name": Key("text", "What the provider is called."),
    "domain": Key("text", "Its domain, without www."),
    "images": Key("images", "Its logos."),
}
_STORY = {
    "title": Key("text", "The headline. Needed."),
    "excerpt": Key("text", "A sentence or two, plain text."),
    "type": Key("text", "article, video, ...; article where it is missing."),
    "publishedDateTime": Key("instant", "When it came out."),
    "originalUrl": Key("url", "Where it was first published."),
    "webUrl": Key("url", "Where to send a reader; videos often have none."),
    "ampWebUrl": Key("url", "Its AMP page."),
    "cdnAmpWebUrl": Key("url", "Its AMP page in a cache."),
    "quality": Key("integer", "How good it is; higher is better."),
    "provider": Key("provider", "Who published it."),
    "images": Key("images", "Its pictures, the main one first."),
}
RELATED = {**_STORY, "heat": Key("integer", "How much it is talked about.")}
ARTICLE = {
    **_STORY,
    "category": Key("text", "news, ..."),
    "updatedDateTime": Key("instant", "When it last changed."),
    "heat": Key("integer", "How much it is talked about; higher is hotter."),
    "published": Key("flag", "false keeps it from every reader; true where it is missing."),
    "removed": Key("flag", "true keeps it from every reader."),
    "deleted": Key("flag", "true keeps it from every reader."),
    "locale": Key("text", "The language it is written in, such as en-US."),
    "featuredContent": Key("text", "HTML to show on top, such as a player."),
    "topics": Key("names", "What it is about: names of topics."),
    "related": Key("related", "Other items to read next, in order."),
    "secured": Key("text", "Kept and never served."),
}
TOPIC = {
    "name": Key("text", "What articles call it. Needed."),
    "shortname": Key("text", "A shorter name."),
    "parent": Key("text", "The name of the topic above it."),
    "keywords": Key("names", "Words that belong to it."),
    "hashtags": Key("names", "Hashtags that belong to it."),
    "images": Key("images", "Its pictures."),
}
ORGANIZATION = {
    **PROVIDER,
    "description": Key("text", "What it does."),
    "otherNames": Key("names", "What else it is called."),
}
BY_COLLECTION = {"articles": ARTICLE, "topics": TOPIC, "providers": ORGANIZATION}
NEEDED = {
    "articles": {"title": "missing-title"},
    "topics": {"name": "missing-name"},
    "providers": {"name": "missing-name", "domain": "missing-domain"},
}

# Keys that other tools use in the same files: not ours, and no misspelling of ours.
FOREIGN = frozenset(
    [
                 "_id",         "layout",         "permalink",         "date",
        "tags",         "categories",         "author",         "authors",
        "description",         "draft",         "weight",         "slug",         "aliases",
        "taxonomy",         "services",         "sources",         "lang",         "url",
        "summary",         "linkTitle",         "menu",         "toc",         "math",
        "comments",         "image",         "header",         "toc_sticky",
        "excerpt_separator",         "redirect_from",         "sitemap",
        "nav_order",         "keywords",         "cover",         "params",         "name",
        "names",         "text",         "links",         "theme",         "level",
        "levels",         "note",         "notes",         "parts",         "port",
        "size",
    ]
)  # fmt: skip
