"""What articles know of topics, providers and images, joined. Pure.

Joining does not depend on order, so any way of loading the same files ends in the same store.
What is only in articles that are not published is never *named*: it fills gaps (a logo, a size)
of what something published names, and makes nothing known by itself.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from seed.derive import (
    Doc,
    Facts,
    ImageFact,
    image_facts,
    index_provider,
    index_topic,
    topic_slug,
)


class ProviderFact(NamedTuple):
    """What is known of a provider; `name` is None where nothing published names it."""

    name: str | None
    domain: str
    logos: dict[str, ImageFact]


class Knowledge:
    """The facts of many articles, joined: from a load's start to its end."""

    def __init__(self) -> None:
        self.topics: dict[str, str] = {}  # name by slug
        self.providers: dict[str, ProviderFact] = {}
        self.images: dict[str, ImageFact] = {}
        self.named_images: set[str] = set()
        self.has_spilled = False  # some images are stored already, see `reference`
        self.topic_counts: dict[str, int] = {}
        self.provider_counts: dict[str, int] = {}

    def add(self, facts: Facts) -> None:
        """Joins the facts of one article."""
        if facts.visible:
            for topic, name in facts.topics.items():
                self.topics[topic] = min(name, self.topics.get(topic, name))
                self.topic_counts[topic] = self.topic_counts.get(topic, 0) + 1
            if key := facts.provider:
                self.provider_counts[key] = self.provider_counts.get(key, 0) + 1
            self.named_images.update(facts.images)
        for key, (name, domain, logos) in facts.providers.items():
            self._add_provider(key, name if facts.visible else None, domain, logos)
        self.add_images(facts.images)

    def _add_provider(
        self, key: str, name: str | None, domain: str, logos: Mapping[str, ImageFact]
    ) -> None:
        known = self.providers.get(key)
        if known is None:
            self.providers[key] = ProviderFact(name, domain, dict(logos))
            return
        if name is not None and (known.name is None or name < known.name):
            self.providers[key] = known._replace(name=name)
        join_images(known.logos, logos)

    def add_images(self, images: Mapping[str, ImageFact]) -> None:
        """Joins what is said of images."""
        join_images(self.images, images)

    def add_file(self, doc: Doc, collection: str) -> None:
        """Joins what a file of a topic or provider shows: its images are named."""
        own = doc["_seed"].get("images") if collection == "providers" else doc.get("images")
        images = dict(image_facts(own or ()))
        self.named_images.update(images)
        self.add_images(images)


def join_images(known: dict[str, ImageFact], more: Mapping[str, ImageFact]) -> None:
    """Joins into `known`."""
    for url, fact in more.items():
        old = known.get(url)
        known[url] = fact if old is None or old == fact else old.join(fact)


def topic_doc(slug: str, name: str | None, file: Doc | None, count: int) -> Doc | None:
    """The document of a topic from its file, else from what articles call it; None for neither."""
    if file is None and name is None:
        return None
    doc: Doc = dict(file) if file else {"_id": slug, "name": name}
    doc["_index"] = {**index_topic(doc), "articleCount": count}
    return doc


def provider_doc(key: str, fact: ProviderFact | None, file: Doc | None, count: int) -> Doc | None:
    """The document of a provider: the file's keys, and the logos of all; None where unnamed."""
    if file is None and (fact is None or fact.name is None):
        return None
    logos = dict(image_facts(file["_seed"].get("images") or ())) if file else {}
    join_images(logos, fact.logos if fact else {})
    name = fact.name if fact else None
    doc: Doc = dict(file) if file else {"_id": key, "name": name, "domain": key.partition("/")[0]}
    doc["images"] = [fact.document(url) for url, fact in sorted(logos.items(), key=_by_size)]
    doc["_index"] = {**index_provider(doc), "articleCount": count}
    return doc


def _by_size(logo: tuple[str, ImageFact]) -> tuple[int, int, str]:
    url, fact = logo
    return (fact.width or 0, fact.height or 0, url)


def image_doc(url: str, fact: ImageFact) -> Doc:
    """The document of an image."""
    return {"_id": url, **fact.document(url)}


def fact_of_image(doc: Mapping[str, Any]) -> ImageFact:
    """What a stored image says."""
    return next(fact for _, fact in image_facts([doc]))


def unknown_topics(names: Iterable[str], known: Mapping[str, Any]) -> list[str]:
    """The names whose topic is not known."""
    return [name for name in names if topic_slug(name) not in known]
