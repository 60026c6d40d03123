"""``ArticleFacets``: counts over all articles that pass the filter."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from gql.schema.fields import Args, Doc, arg, derived, lookup
from gql.schema.image import MAX_LIST, list_size
from gql.schema.scalars import DateTime
from gql.schema.selection import Selected
from loaders.facets import GROUPED, MAX_VALUES, FacetsAsked

if TYPE_CHECKING:
    from gql.schema.provider import Provider
    from gql.schema.topic import Topic


@strawberry.enum(description="How long the periods of a timeline are, in UTC.")
class TimelineUnit(Enum):
    """Units that Mongo's ``$dateTrunc`` knows."""

    DAY = strawberry.enum_value("DAY", description="A calendar day.")
    WEEK = strawberry.enum_value("WEEK", description="A week, from Monday.")
    MONTH = strawberry.enum_value("MONTH", description="A calendar month.")
    YEAR = strawberry.enum_value("YEAR", description="A calendar year.")


def facets_asked(selected: Selected) -> FacetsAsked | None:
    """What a connection's selections want counted, None where they want nothing."""
    total = selected.has("totalCount")
    grouped: dict[str, int] = {}
    timelines: list[str] = []
    for _, facets in selected.named("facets"):
        for name in GROUPED:
            for args, _ in facets.named(name):
                grouped[name] = max(grouped.get(name, 0), _limit(name, args))
        timelines += [unit_of(args) for args, _ in facets.named("timeline")]
    if not total and not grouped and not timelines:
        return None
    return FacetsAsked(total, tuple(grouped.items()), tuple(dict.fromkeys(timelines)))


def _limit(name: str, args: Args) -> int:
    return list_size(args) if name in ("topics", "providers") else MAX_VALUES


def unit_of(args: Args) -> str:
    """The name of a timeline's unit."""
    unit = args["unit"]
    return str(unit.value if isinstance(unit, Enum) else unit)


def _slice(name: str) -> Callable[[Doc, Args], list[Doc]]:
    def compute(facets: Doc, args: Args) -> list[Doc]:
        return list(facets[name][: list_size(args)])

    return compute


def _value(count: Doc) -> str:
    value: str = count["value"]
    return value


@strawberry.type(description="A topic and how many articles name it.")
class TopicCount:
    """A row of the facet ``topics``."""

    topic: Annotated[Topic, strawberry.lazy("gql.schema.topic")] = lookup(
        "The topic.", "topics_by_slug", _value
    )
    count: int = derived("How many.", lambda row: row["count"])


@strawberry.type(description="A provider and how many articles it published.")
class ProviderCount:
    """A row of the facet ``providers``."""

    provider: Annotated[Provider, strawberry.lazy("gql.schema.provider")] = lookup(
        "The provider.", "providers_by_key", _value
    )
    count: int = derived("How many.", lambda row: row["count"])


@strawberry.type(description="A value and how many articles have it.")
class ValueCount:
    """A row of the facets ``types`` and ``categories``."""

    value: str = derived("The value.", _value)
    count: int = derived("How many.", lambda row: row["count"])


@strawberry.type(description="A period and how many articles were published in it.")
class PeriodCount:
    """A row of a timeline."""

    start: DateTime = derived("The first instant of the period.", lambda row: row["start"])
    count: int = derived("How many.", lambda row: row["count"])


_FIRST = (arg("first", int | None, f"How many at most: 1 to {MAX_LIST}, 10 where not given."),)


@strawberry.type(description="Counts over all articles that pass the filter, not just the page's.")
class ArticleFacets:
    """The counts beside a page of articles."""

    topics: list[TopicCount] = derived(
        "The topics named most, most first.", _slice("topics"), args=_FIRST
    )
    providers: list[ProviderCount] = derived(
        "The providers with most articles, most first.", _slice("providers"), args=_FIRST
    )
    types: list[ValueCount] = derived(
        "The types of story, most first.", lambda facets: facets["types"]
    )
    categories: list[ValueCount] = derived(
        "The categories, most first.", lambda facets: facets["categories"]
    )
    timeline: list[PeriodCount] = derived(
        "Articles over time, oldest period first; periods without articles are left out.",
        lambda facets, args: facets["timeline"][unit_of(args)],
        args=(arg("unit", TimelineUnit, "How long a period is."),),
    )


def facets_field() -> Any:
    """The ``facets`` of a connection of articles."""
    return derived(
        "Counts over all articles that pass the filter.",
        # Nothing was counted where nothing is selected but `__typename`.
        lambda connection: connection.get("facets", {}),
    )
