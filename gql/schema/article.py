"""``Article``: one Markdown file with its front matter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from gql.markdown import html_of
from gql.schema.extra import extra_field
from gql.schema.fields import Doc, derived, doc, lookup
from gql.schema.node import Node, id_field
from gql.schema.related import RelatedItem, related_field
from gql.schema.scalars import JSON, DateTime
from gql.schema.similar import similar_field
from gql.schema.story import Story

if TYPE_CHECKING:
    from gql.schema.topic import Topic


def _path(article: Doc) -> str | None:
    seed = article.get("_seed")
    return seed.get("path") if isinstance(seed, dict) else None


def _topic_slugs(article: Doc) -> Any:
    index = article.get("_index")
    slugs = index.get("topics") if isinstance(index, dict) else None
    return [] if slugs is None else slugs


@strawberry.type(description="An article: one Markdown file of the corpus with its front matter.")
class Article(Story, Node):
    """An article as its seed file wrote it."""

    id: strawberry.ID = id_field("Article")
    slug: str = doc("Its name in addresses: the file's stem, `2020-10-08-words`.", key="_id")
    path: str | None = derived(
        "Where the seed file stood in its corpus: `_news/2020-10-08-....md`.",
        _path,
        needs=("_seed.path",),
    )
    category: str | None = doc("The section that the file belongs to: `news` ...")
    updated_date_time: DateTime | None = doc("When it was last changed, where the file says so.")
    heat: int | None = doc("How much it is talked about; higher is hotter.")
    published: bool = doc(
        "Whether it is public. Only those with the right to read the rest ever see false.",
        default=True,
    )
    locale: str | None = doc("The language and region of the text: `en-US` ...")
    featured_content: str | None = doc(
        "HTML to put on top instead of a picture, a video's player for one. It is the feed's own, "
        "not sanitised."
    )
    content: str = doc("The Markdown body of the seed file; empty where it has none.", default="")
    content_html: str = derived(
        "The body as HTML, safe to put into a page.",
        lambda article: html_of(article.get("content") or ""),
        needs=("content",),
    )
    topics: list[Annotated[Topic, strawberry.lazy("gql.schema.topic")]] = lookup(
        "The topics that it is filed under, in the order of the file.",
        "topics_by_slug",
        _topic_slugs,
        needs=("_index.topics",),
        many=True,
    )
    related: list[RelatedItem] = related_field()
    similar: list[Annotated[Article, strawberry.lazy("gql.schema.article")]] = similar_field()
    extra: JSON = extra_field()
