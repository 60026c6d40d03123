"""``Topic``: a subject, and its place in the tree of subjects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import strawberry

from gql.schema.fields import Doc, derived, doc, lookup
from gql.schema.image import Image, images_field
from gql.schema.node import Node, id_field
from gql.schema.page import ArticleConnection, articles_field


def _texts(key: str) -> Callable[[Doc], Any]:
    def compute(topic: Doc) -> Any:
        value = topic.get(key)
        return [] if value is None else value

    return compute


def _parent_slug(topic: Doc) -> Any:
    index = topic.get("_index")
    return index.get("parent") if isinstance(index, dict) else None


@strawberry.type(description="A subject that articles are filed under, with its place in a tree.")
class Topic(Node):
    """A topic of the reference data, or one that only articles name."""

    id: strawberry.ID = id_field("Topic")
    slug: str = doc("The name as it stands in an address.", key="_id")
    name: str = doc("The name as the taxonomy writes it.")
    shortname: str | None = doc("A shorter name, for narrow places.")
    keywords: list[str] = derived(
        "Words that speak of this topic.", _texts("keywords"), needs=("keywords",)
    )
    hashtags: list[str] = derived(
        "Tags for social media, `#` included.", _texts("hashtags"), needs=("hashtags",)
    )
    parent: Annotated[Topic, strawberry.lazy("gql.schema.topic")] | None = lookup(
        "The topic right above, null at the top.",
        "topics_by_slug",
        _parent_slug,
        needs=("_index.parent",),
    )
    children: list[Annotated[Topic, strawberry.lazy("gql.schema.topic")]] = lookup(
        "The topics right under this one, by name.",
        "children_by_topic",
        lambda topic: topic["_id"],
        needs=("_id",),
    )
    images: list[Image] = images_field("Pictures of the topic itself.")
    article_count: int = lookup(
        "How many articles name this topic.",
        "counts_by_topic",
        lambda topic: topic["_id"],
        needs=("_id",),
    )
    articles: ArticleConnection = articles_field(
        "The articles that name it, a page at a time.", parent="_index.topics"
    )
