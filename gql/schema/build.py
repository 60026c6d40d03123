"""The schema, built from the types of this room."""

from __future__ import annotations

import strawberry
from strawberry.schema.config import StrawberryConfig

from gql.schema.article import Article
from gql.schema.provider import Provider
from gql.schema.query import Query
from gql.schema.resolve import install
from gql.schema.scalars import SCALARS
from gql.schema.topic import Topic


def build_schema() -> strawberry.Schema:
    """A schema with resolvers, ready for both executors."""
    schema = strawberry.Schema(
        query=Query,
        types=[Article, Provider, Topic],
        config=StrawberryConfig(scalar_map=SCALARS),
    )
    install(schema._schema)
    return schema
