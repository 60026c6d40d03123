"""What a client filters and orders lists by, and how that becomes a where and an order.

The operators and the fields are the store's tables (``store/where.py``); the input types
are made from them, so that what is offered and what is understood cannot differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import strawberry
from strawberry.types.arguments import StrawberryArgument

from gql.errors import UserError
from gql.schema.fields import arg
from gql.schema.scalars import DateTime
from store.collections import ARTICLES, DEFAULT_ORDERS, PROVIDERS, TOPICS, Order, order_for
from store.operators import OPERATORS, Where, WhereError
from store.where import ARTICLE_FIELDS, PROVIDER_FIELDS, TOPIC_FIELDS, Field, where_for

# The API type of an operator's operand, by what the store's table says it takes.
_OPERANDS: dict[str, object] = {
    "text": str | None,
    "texts": list[str] | None,
    "slugs": list[str] | None,
    "int": int | None,
    "ints": list[int] | None,
    "instant": DateTime | None,
}


def _input(name: str, description: str, members: Mapping[str, tuple[object, str]]) -> Any:
    """An input type: API names to their types and descriptions, none of them required."""
    body: dict[str, Any] = {"__annotations__": {}, "__module__": __name__}
    for member, (type_, help_) in members.items():
        python_name = f"{member}_" if member in _KEYWORDS else member
        body["__annotations__"][python_name] = type_
        body[python_name] = strawberry.field(
            name=member, description=help_, default=strawberry.UNSET
        )
    return strawberry.input(description=description)(type(name, (), body))


_KEYWORDS = frozenset({"and", "or", "not", "in"})


def _operators(name: str, description: str, kind: str) -> Any:
    rows = OPERATORS[kind]
    return _input(
        name,
        description,
        {row.name: (_OPERANDS[row.takes.rstrip("?")], row.help) for row in rows},
    )


StringFilter = _operators(
    "StringFilter", "Conditions on a text; all that are given hold together.", "text"
)
ListFilter = _operators(
    "ListFilter",
    "Conditions on a list of names. A name and its slug are the same here: "
    '"Computer Vision" and "computer-vision".',
    "list",
)
DateTimeFilter = _operators(
    "DateTimeFilter", "Conditions on an instant; all that are given hold together.", "instant"
)
IntFilter = _operators(
    "IntFilter", "Conditions on a number; all that are given hold together.", "int"
)

ProviderFilter = _input(
    "ProviderFilter",
    "Conditions on a provider; all that are given hold together.",
    {
        "domain": (StringFilter | None, "Its domain: `bbc.com`."),
        "name": (StringFilter | None, "Its name."),
    },
)
TopicFilter = _input(
    "TopicFilter",
    "Conditions on a topic; all that are given hold together.",
    {
        "slug": (StringFilter | None, "Its name in addresses."),
        "name": (StringFilter | None, "Its name."),
        "parent": (str | None, "Topics right under the topic of this slug."),
    },
)


# What a filter of articles says of each field of ``store.where.ARTICLE_FIELDS``.
_ARTICLE_HELP = {
    "slug": "Its name in addresses.",
    "title": "Its headline.",
    "category": "Its section.",
    "type": "What kind of story it is.",
    "locale": "Its language and region.",
    "provider": "Who published it.",
    "topics": "The topics that it is filed under.",
    "publishedDateTime": "When it was published.",
    "quality": "The editors' mark.",
    "heat": "How much it is talked about.",
    "hasImages": "Whether it shows any image.",
    "published": "Whether it is public. Needs the right to read what is not published; without it "
    "only published articles are ever seen.",
}
_KINDS: dict[str, Any] = {
    "text": StringFilter,
    "list": ListFilter,
    "instant": DateTimeFilter,
    "int": IntFilter,
    "flag": bool,
    "filter": ProviderFilter,
}

ArticleFilter = _input(
    "ArticleFilter",
    "Conditions on an article. All given conditions hold together; `or` holds where one of its "
    "members does.",
    {
        "and": ("list[ArticleFilter] | None", "All of these hold."),
        "or": ("list[ArticleFilter] | None", "At least one of these holds."),
        "not": ("ArticleFilter | None", "This does not hold."),
        **{
            name: (_KINDS[field.kind] | None, _ARTICLE_HELP[name])
            for name, field in ARTICLE_FIELDS.items()
        },
    },
)


@strawberry.enum(description="Which way an order runs.")
class OrderDirection(Enum):
    """Directions."""

    ASC = strawberry.enum_value("ASC", description="From low to high; missing values first.")
    DESC = strawberry.enum_value("DESC", description="From high to low; missing values last.")


@strawberry.enum(description="What articles can be ordered by.")
class ArticleOrderField(Enum):
    """Keys of ``store.collections.ORDERS["articles"]``."""

    PUBLISHED_DATE_TIME = strawberry.enum_value(
        "PUBLISHED_DATE_TIME", description="When it was published."
    )
    HEAT = strawberry.enum_value("HEAT", description="How much it is talked about.")
    QUALITY = strawberry.enum_value("QUALITY", description="The editors' mark.")
    TITLE = strawberry.enum_value(
        "TITLE", description="The headline, without regard to case and accents."
    )


@strawberry.enum(description="What providers can be ordered by.")
class ProviderOrderField(Enum):
    """Keys of ``store.collections.ORDERS["providers"]``."""

    NAME = strawberry.enum_value("NAME", description="The name, without regard to case.")
    ARTICLE_COUNT = strawberry.enum_value(
        "ARTICLE_COUNT", description="How many articles it published."
    )


@strawberry.enum(description="What topics can be ordered by.")
class TopicOrderField(Enum):
    """Keys of ``store.collections.ORDERS["topics"]``."""

    NAME = strawberry.enum_value("NAME", description="The name, without regard to case.")
    ARTICLE_COUNT = strawberry.enum_value("ARTICLE_COUNT", description="How many articles name it.")


def _order(name: str, what: str, field: type[Enum]) -> Any:
    body = {
        "__annotations__": {"field": field, "direction": OrderDirection},
        "__module__": __name__,
        "field": strawberry.field(description=f"What {what} are ordered by."),
        "direction": strawberry.field(description="Which way."),
    }
    return strawberry.input(description=f"One key to order {what} by.")(type(name, (), body))


ArticleOrder = _order("ArticleOrder", "articles", ArticleOrderField)
ProviderOrder = _order("ProviderOrder", "providers", ProviderOrderField)
TopicOrder = _order("TopicOrder", "topics", TopicOrderField)


@dataclass(frozen=True, slots=True)
class List:
    """A collection that can be paged through: what it is filtered and ordered by."""

    collection: str
    fields: Mapping[str, Field]
    args: tuple[StrawberryArgument, ...]

    def where(self, given: Mapping[str, Any] | None) -> Where:
        """The where of a filter; ``UserError`` where it cannot be meant."""
        try:
            return where_for(given, self.fields)
        except WhereError as error:
            raise UserError(str(error)) from None

    def order(self, given: list[Mapping[str, Any]] | None) -> Order:
        """The order that ``orderBy`` asks for, ties by id; the default where it asks for none."""
        if not given:
            return DEFAULT_ORDERS[self.collection]
        return order_for(
            self.collection, tuple((_name(one["field"]), _name(one["direction"])) for one in given)
        )


def _name(value: object) -> str:
    return str(value.value if isinstance(value, Enum) else value)


def _filter_arg(filter_: Any) -> StrawberryArgument:
    return arg("filter", filter_ | None, "Which ones; all where not given.")


def _order_arg(order: Any) -> StrawberryArgument:
    said = "In which order: the first key decides, then the next."
    return arg("orderBy", list[order] | None, said)


ARTICLES_FILTER = _filter_arg(ArticleFilter)
ARTICLES_LIST = List(ARTICLES, ARTICLE_FIELDS, (ARTICLES_FILTER, _order_arg(ArticleOrder)))
PROVIDERS_LIST = List(
    PROVIDERS, PROVIDER_FIELDS, (_filter_arg(ProviderFilter), _order_arg(ProviderOrder))
)
TOPICS_LIST = List(TOPICS, TOPIC_FIELDS, (_filter_arg(TopicFilter), _order_arg(TopicOrder)))
