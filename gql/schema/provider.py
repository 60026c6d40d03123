"""``Provider``: who published an article, a name at a domain."""

from __future__ import annotations

import strawberry

from gql.schema.fields import doc, lookup
from gql.schema.image import Image, image_field, images_field
from gql.schema.node import Node, id_field
from gql.schema.page import ArticleConnection, articles_field


@strawberry.type(
    description="Who published an article: a name at a domain. One domain can hold several, as "
    "youtube.com does."
)
class Provider(Node):
    """A provider: the union of what files know of it."""

    id: strawberry.ID = id_field("Provider")
    domain: str = doc("The domain, without `www.`.")
    name: str = doc("The name, as the reference data or else the articles write it.")
    images: list[Image] = images_field("Its logos; empty where no file gives one.")
    image: Image | None = image_field()
    article_count: int = lookup(
        "How many articles it published.",
        "counts_by_provider",
        lambda provider: provider["_id"],
        needs=("_id",),
    )
    articles: ArticleConnection = articles_field(
        "The articles that it published, a page at a time.", parent="_index.provider"
    )
