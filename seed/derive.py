"""What follows from a document: its `_index`, and the facts it knows of others. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from store.names import canonical_url, fold, provider_key, slug

Doc = dict[str, Any]
URL_KEYS = ("webUrl", "originalUrl", "ampWebUrl", "cdnAmpWebUrl")
_cached_slug = lru_cache(8192)(slug)
_cached_provider_key = lru_cache(8192)(provider_key)


def topic_slug(name: str) -> str:
    """The slug of a topic's name: the topic's `_id`."""
    return _cached_slug(name)


def index_article(doc: Mapping[str, Any]) -> Doc:
    """`_index` of an article: everything that reads need and that can be made anew.

    `doc` holds the stored front matter and `_id`.
    """
    topics = [one for one in doc.get("topics") or () if isinstance(one, str)]
    provider = doc.get("provider") or {}
    key = key_of(provider)
    name, domain = provider_name(provider), (key or "").partition("/")[0] or None
    kind = doc.get("type") or "article"
    images = [image["url"] for image in doc.get("images") or ()]
    return {
        "visible": is_visible(doc),
        "type": kind,
        "topics": list(dict.fromkeys(filter(None, map(topic_slug, topics)))),
        "provider": key,
        "domain": domain,
        "providerName": name if key else None,
        "urls": canonical_urls(doc),
        "images": list(dict.fromkeys(images)),
        "hasImages": bool(images),
        "fold": {
            "slug": folded(doc["_id"]),
            "title": folded(doc.get("title")),
            "category": folded(doc.get("category")),
            "type": folded(kind),
            "locale": folded(doc.get("locale")),
            "domain": folded(domain),
            "providerName": folded(name if key else None),
        },
        "related": [
            {"provider": key_of(item.get("provider") or {}), "urls": canonical_urls(item)}
            for item in doc.get("related") or ()
        ],
        "topicNames": " ".join(topics),
    }


def is_visible(doc: Mapping[str, Any]) -> bool:
    """Published is true unless the file says otherwise."""
    gone = doc.get("removed") is True or doc.get("deleted") is True
    return doc.get("published") is not False and not gone


def key_of(provider: Mapping[str, Any]) -> str | None:
    """The id of an embedded provider; None without a domain."""
    return _cached_provider_key(provider.get("domain"), provider.get("name"))


def provider_name(provider: Mapping[str, Any]) -> str | None:
    """What an embedded provider is called: its name, else its domain."""
    return (provider.get("name") or "").strip() or provider.get("domain")


def canonical_urls(story: Mapping[str, Any]) -> list[str]:
    """Every address of an article or related item in canonical form, each once."""
    written = dict.fromkeys(story[key] for key in URL_KEYS if story.get(key))
    return list(dict.fromkeys(filter(None, map(canonical_url, written))))


def folded(text: str | None) -> str | None:
    """Text as `contains` searches it."""
    if text is None:
        return None
    return text.lower() if text.isascii() else fold(text)


def index_topic(doc: Mapping[str, Any]) -> Doc:
    """`_index` of a topic, without its count."""
    parent = doc.get("parent")
    above = topic_slug(parent) if parent else None
    return {
        "parent": above or None,
        "fold": {"slug": folded(doc["_id"]), "name": folded(doc["name"])},
    }


def index_provider(doc: Mapping[str, Any]) -> Doc:
    """`_index` of a provider, without its count."""
    return {"fold": {"domain": folded(doc["domain"]), "name": folded(doc["name"])}}


class ImageFact(NamedTuple):
    """What one place says of an image. Joining facts does not depend on their order."""

    width: int | None
    height: int | None
    is_cached: bool
    title: str | None
    attribution: str | None

    def join(self, other: "ImageFact") -> "ImageFact":
        """The best of two: the larger known size, cached if either is, the first text sorted."""
        if self == other:
            return self
        size = max(self[:2], other[:2], key=_area)
        texts = (_first(one, two) for one, two in zip(self[3:], other[3:], strict=True))
        return ImageFact(*size, self.is_cached or other.is_cached, *texts)

    def document(self, url: str) -> Doc:
        """The fact as `images` and a provider's logos hold it."""
        pairs = zip(("width", "height", "isCached", "title", "attribution"), self, strict=True)
        return {"url": url, **{name: value for name, value in pairs if value not in (None, False)}}


def _area(size: tuple[int | None, int | None]) -> tuple[bool, int, int, int]:
    width, height = size[0] or 0, size[1] or 0
    return bool(width and height), width * height, width, height


def _first(one: str | None, two: str | None) -> str | None:
    return min((text for text in (one, two) if text), default=None)


class Facts(NamedTuple):
    """What a document knows of topics, providers and images.

    Of an article that is not published only logos and image sizes are used, and only for
    what something published names as well: nothing becomes known through it.
    """

    visible: bool
    topics: dict[str, str]  # name by slug
    provider: str | None  # the key of the article's own provider
    providers: dict[str, tuple[str, str, dict[str, ImageFact]]]  # name, domain, logos by key
    images: dict[str, ImageFact]  # by URL


def facts_of_article(doc: Mapping[str, Any]) -> Facts:
    """The facts of an article and of its related items."""
    index = doc["_index"]
    names = [one for one in doc.get("topics") or () if isinstance(one, str)]
    topics = {made: name.strip() for name in reversed(names) if (made := topic_slug(name))}
    images: dict[str, ImageFact] = {}
    providers: dict[str, tuple[str, str, dict[str, ImageFact]]] = {}
    for story in (doc, *(doc.get("related") or ())):
        _add_images(images, story.get("images") or ())
        provider = story.get("provider")
        key = key_of(provider) if provider else None
        if provider and key:
            _add_provider(providers, key, provider)
            _add_images(images, provider.get("images") or ())
    return Facts(index["visible"], topics, index["provider"], providers, images)


def _add_provider(
    providers: dict[str, tuple[str, str, dict[str, ImageFact]]],
    key: str,
    provider: Mapping[str, Any],
) -> None:
    name, _, logos = providers.setdefault(
        key, (provider_name(provider) or "", key.partition("/")[0], {})
    )
    _add_images(logos, provider.get("images") or ())
    better = min(name, provider_name(provider) or "")
    if better != name:
        providers[key] = (better, key.partition("/")[0], logos)


def _add_images(known: dict[str, ImageFact], images: Iterable[Mapping[str, Any]]) -> None:
    for url, fact in image_facts(images):
        known[url] = known[url].join(fact) if url in known else fact


def image_facts(images: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, ImageFact]]:
    """What a stored list of images says of each URL."""
    for image in images:
        width, height = image.get("width"), image.get("height")
        title, attribution = image.get("title"), image.get("attribution")
        cached = image.get("isCached") is True
        yield image["url"], ImageFact(width, height, cached, title, attribution)
