"""``Story``: what an article and a related item have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from gql.schema.fields import Doc, derived, doc, lookup
from gql.schema.image import Image, image_field, images_field
from gql.schema.node import always
from gql.schema.scalars import URL, DateTime, absolute

if TYPE_CHECKING:
    from gql.schema.provider import Provider


def url_field(key: str, description: str) -> Any:
    """A URL under ``key``; null where the file wrote something that is no absolute URL."""
    return derived(description, lambda story: absolute(story.get(key)), needs=(key,))


def _url(story: Doc) -> object:
    return absolute(story.get("webUrl")) or absolute(story.get("originalUrl"))


def provider_key_of(story: Doc) -> str | None:
    """The key of the provider that published a story, None where the file names none."""
    index = story.get("_index")
    return index.get("provider") if isinstance(index, dict) else None


@strawberry.interface(
    description="What an article and a related item have in common: enough to draw a card."
)
class Story:
    """The fields of a card."""

    title: str = doc("The headline.")
    excerpt: str | None = doc("A sentence or two of what it is about, as plain text.")
    type: str = doc("What kind of story: `article`, `video` ...", default="article")
    published_date_time: DateTime | None = doc("When it was published.")
    url: URL | None = derived(
        "The address to send a reader to: webUrl, or originalUrl where there is none.",
        _url,
        needs=("webUrl", "originalUrl"),
    )
    web_url: URL | None = url_field("webUrl", "The page for a browser, without detours.")
    original_url: URL | None = url_field("originalUrl", "The address that the feed gave.")
    amp_web_url: URL | None = url_field("ampWebUrl", "The AMP page at the publisher.")
    cdn_amp_web_url: URL | None = url_field("cdnAmpWebUrl", "The AMP page at a cache.")
    quality: int | None = doc("The editors' mark for lasting worth; higher is better.")
    provider: Annotated[Provider, strawberry.lazy("gql.schema.provider")] | None = lookup(
        "Who published it.",
        "providers_by_key",
        provider_key_of,
        needs=("_index.provider",),
    )
    images: list[Image] = images_field("Its pictures, in the order of the file.")
    image: Image | None = image_field()

    is_type_of = staticmethod(always)
