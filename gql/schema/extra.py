"""``extra``: the keys of a seed file that the schema does not name."""

from __future__ import annotations

from typing import Any

from gql.schema.fields import Doc, derived
from loaders.nodes import TYPE_NAME
from store.collections import CONFIDENTIAL
from store.projection import WHOLE

# The front-matter keys behind the fields of Article.
NAMED = frozenset(
    {
        "title", "excerpt", "category", "type", "publishedDateTime", "updatedDateTime", "webUrl",
        "originalUrl", "ampWebUrl", "cdnAmpWebUrl", "quality", "heat", "published", "locale",
        "featuredContent", "content", "provider", "topics", "images", "related",
    }
)  # fmt: skip
# What is ours among the keys of a stored document.
OURS = frozenset({"_id", "_seed", "_index", TYPE_NAME})


def extra_of(article: Doc) -> dict[str, Any]:
    """The unnamed keys with their values, without what is confidential at any depth."""
    return {
        key: without_confidential(value)
        for key, value in article.items()
        if isinstance(key, str) and key not in NAMED | OURS | CONFIDENTIAL
    }


def without_confidential(value: Any) -> Any:
    """The same JSON value without the keys of the confidential list."""
    if isinstance(value, dict):
        return {
            key: without_confidential(below)
            for key, below in value.items()
            if key not in CONFIDENTIAL
        }
    if isinstance(value, list):
        return [without_confidential(below) for below in value]
    return value


def extra_field() -> Any:
    """The ``extra`` of a type whose documents are whole front matter."""
    return derived(
        "Every key of the seed file that this schema does not name, and none that is "
        "confidential. Dates are RFC 3339 timestamps.",
        extra_of,
        needs=(WHOLE,),
    )
