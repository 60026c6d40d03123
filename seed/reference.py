"""Keeps topics, providers, images and their counts in step with the articles of a load."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from seed.derive import Doc, Facts, facts_of_article
from seed.knowledge import Knowledge, fact_of_image, image_doc, provider_doc, topic_doc
from store.write import Writing

# What of an article its facts are made from.
FACT_KEYS = {
    "provider": 1,
    "images": 1,
    "topics": 1,
    "related.provider": 1,
    "related.images": 1,
    "_index.visible": 1,
    "_index.provider": 1,
}
_MAX_KEYS = 5_000  # beyond this many, all is made anew


class Touched:
    """What a load may have changed: the keys about which articles now say something else."""

    def __init__(self) -> None:
        self.topics: set[str] = set()
        self.providers: set[str] = set()
        self.images: set[str] = set()
        self.articles: Counter[str] = Counter()  # how many more, or fewer, a topic has

    def compare(self, old: Facts | None, new: Facts | None) -> None:
        """Notes the keys of which two versions of an article do not say the same."""
        before, after = _topics(old), _topics(new)
        self.topics |= {key for key, _ in before ^ after}
        self.articles.subtract(key for key, _ in before)
        self.articles.update(key for key, _ in after)
        self.providers |= _differing(_providers(old), _providers(new))
        self.images |= _differing(_images(old), _images(new))

    def file(self, doc: Doc, collection: str) -> None:
        """Notes what a file of a topic or provider touches."""
        (self.topics if collection == "topics" else self.providers).add(doc["_id"])
        own = doc["_seed"].get("images") if collection == "providers" else doc.get("images")
        self.images.update(image["url"] for image in own or ())

    @property
    def is_small(self) -> bool:
        """Whether looking at each key costs less than looking at every article."""
        return len(self.topics) + len(self.providers) + len(self.images) <= _MAX_KEYS

    def __bool__(self) -> bool:
        return bool(self.topics or self.providers or self.images)


def _topics(facts: Facts | None) -> set[tuple[str, str]]:
    return set(facts.topics.items()) if facts and facts.visible else set()


def _providers(facts: Facts | None) -> dict[str, Any]:
    if not facts:
        return {}
    return {
        key: (facts.visible, key == facts.provider, said) for key, said in facts.providers.items()
    }


def _images(facts: Facts | None) -> dict[str, Any]:
    return {url: (facts.visible, fact) for url, fact in facts.images.items()} if facts else {}


def _differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> set[str]:
    return {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}


async def write_all(writing: Writing, knowledge: Knowledge, *, fresh: bool = False) -> None:
    """Makes the three collections anew from what all articles know, and from the files in them.

    `fresh`: there was nothing before, so there are no images, and nothing has to go.
    """
    files = {name: await _files(writing, name) for name in ("topics", "providers")}
    for name, docs in files.items():
        for doc in docs.values():
            knowledge.add_file(doc, name)
    topics = [
        topic_doc(key, knowledge.topics.get(key), files["topics"].get(key), count)
        for key in {**knowledge.topics, **files["topics"]}
        for count in (knowledge.topic_counts.get(key, 0),)
    ]
    providers = [
        provider_doc(key, knowledge.providers.get(key), files["providers"].get(key), count)
        for key in {**knowledge.providers, **files["providers"]}
        for count in (knowledge.provider_counts.get(key, 0),)
    ]
    if fresh:
        await writing.put("topics", filter(None, topics))
        await writing.put("providers", filter(None, providers))
        await _write_images(writing, knowledge)
        return
    await _rewrite(writing, "topics", topics)
    await _rewrite(writing, "providers", providers)
    images = [image_doc(url, knowledge.images[url]) for url in sorted(knowledge.named_images)]
    await _rewrite(writing, "images", images)


async def spill_images(writing: Writing, knowledge: Knowledge, *, beyond: int) -> None:
    """Joins the images that are known with those that are stored, and forgets them, where they
    are more than `beyond`: what a load of new files has in memory does not grow with their number.

    Until `write_all`, `_named` says which of them will stay.
    """
    if len(knowledge.images) <= beyond:
        return
    urls = iter(sorted(knowledge.images))
    while some := list(islice(urls, _MAX_KEYS)):
        stored = {doc["_id"]: doc async for doc in writing.find("images", {"_id": {"$in": some}})}
        joined: list[Doc] = []
        new: list[Doc] = []
        for url in some:
            fact, named = knowledge.images[url], url in knowledge.named_images
            old = stored.get(url)
            if old:
                fact, named = fact.join(fact_of_image(old)), named or old["_named"]
            (joined if old else new).append({**image_doc(url, fact), "_named": named})
        await writing.put("images", joined)
        await writing.insert("images", new)
    knowledge.images.clear()
    knowledge.named_images.clear()
    knowledge.has_spilled = True


async def _write_images(writing: Writing, knowledge: Knowledge) -> None:
    if not knowledge.has_spilled:
        named = sorted(knowledge.named_images)
        await writing.insert("images", (image_doc(url, knowledge.images[url]) for url in named))
        return
    await spill_images(writing, knowledge, beyond=0)
    await writing.remove_where("images", {"_named": False})
    await writing.update("images", {}, {"$unset": {"_named": True}})


async def _rewrite(writing: Writing, name: str, docs: Iterable[Doc | None]) -> None:
    made = [doc for doc in docs if doc is not None]
    ids = {doc["_id"] for doc in made}
    stored = [doc["_id"] async for doc in writing.find(name, {}, {"_id": 1})]
    await writing.remove(name, [one for one in stored if one not in ids])
    await writing.put(name, made)


async def _files(writing: Writing, name: str, ids: Iterable[str] | None = None) -> dict[str, Doc]:
    where: Doc = {"_seed": {"$exists": True}}
    if ids is not None:
        where["_id"] = {"$in": list(ids)}
    return {doc["_id"]: doc async for doc in writing.find(name, where)}


async def refresh(writing: Writing, touched: Touched) -> None:
    """Makes what is touched anew, from the articles that say something of it."""
    if not touched:
        return
    if not touched.is_small:
        await write_all(writing, await knowledge_of_all(writing))
        return
    knowledge = Knowledge()
    async for doc in writing.find("articles", _naming(touched), FACT_KEYS):
        knowledge.add(facts_of_article(doc))
    files = {
        "topics": await _files(writing, "topics", touched.topics),
        "providers": await _files(writing, "providers", touched.providers),
    }
    topics = {
        key: topic_doc(
            key,
            knowledge.topics.get(key),
            files["topics"].get(key),
            knowledge.topic_counts.get(key, 0),
        )
        for key in touched.topics
    }
    providers = {
        key: provider_doc(
            key,
            knowledge.providers.get(key),
            files["providers"].get(key),
            knowledge.provider_counts.get(key, 0),
        )
        for key in touched.providers
    }
    await _add_files_showing(writing, knowledge, touched.images)
    images = {
        url: image_doc(url, knowledge.images[url]) if url in knowledge.named_images else None
        for url in touched.images
    }
    for name, made in (("topics", topics), ("providers", providers), ("images", images)):
        await _put_changed(writing, name, made)


async def _add_files_showing(writing: Writing, knowledge: Knowledge, urls: set[str]) -> None:
    wanted = {"$in": list(urls)}
    async for doc in writing.find("providers", {"_seed.images.url": wanted}):
        knowledge.add_file(doc, "providers")
    async for doc in writing.find("topics", {"_seed": {"$exists": True}, "images.url": wanted}):
        knowledge.add_file(doc, "topics")


def _naming(touched: Touched) -> Doc:
    providers, images = {"$in": list(touched.providers)}, {"$in": list(touched.images)}
    paths = ("images", "provider.images", "related.images", "related.provider.images")
    return {
        "$or": [
            {"_index.topics": {"$in": list(touched.topics)}},
            {"_index.provider": providers},
            {"_index.related.provider": providers},
            *({f"{path}.url": images} for path in paths),
        ]
    }


async def _put_changed(writing: Writing, name: str, made: Mapping[str, Doc | None]) -> None:
    """Writes what is not there as it should be; removes what should not be there."""
    stored = {doc["_id"]: doc async for doc in writing.find(name, {"_id": {"$in": list(made)}})}
    changed = [doc for key, doc in made.items() if doc is not None and stored.get(key) != doc]
    await writing.put(name, changed)
    await writing.remove(name, [key for key, doc in made.items() if doc is None and key in stored])


async def knowledge_of_all(writing: Writing) -> Knowledge:
    """What all articles together know."""
    knowledge = Knowledge()
    async for doc in writing.find("articles", {}, FACT_KEYS):
        knowledge.add(facts_of_article(doc))
    return knowledge
