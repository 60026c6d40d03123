"""Counts and facets: what counting in Python gives, for every list, in one command."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from store.store import Store
from tests.conftest import Commands, Run
from tests.schema.asking import ask, data_of

COUNTED = """
  totalCount
  nodes { slug }
  facets {
    topics(first: 100) { topic { slug } count }
    providers(first: 100) { provider { id domain name } count }
    types { value count }
    categories { value count }
    day: timeline(unit: DAY) { start count }
    week: timeline(unit: WEEK) { start count }
    month: timeline(unit: MONTH) { start count }
    year: timeline(unit: YEAR) { start count }
  }
"""
SOURCE = f"""query ($filter: ArticleFilter) {{
  articles(first: 100, filter: $filter) {{ {COUNTED} }}
  topic(slug: "energy") {{ articles(first: 100, filter: $filter) {{ {COUNTED} }} }}
  search(query: "the sea and a city", first: 100, filter: $filter) {{ {COUNTED} }}
  provider(domain: "harbour-post.example") {{
    articles(first: 100, filter: $filter) {{ {COUNTED} }}
  }}
}}"""
Docs = dict[str, dict[str, Any]]


def day(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


STARTS = {
    "day": day,
    "week": lambda at: day(at) - timedelta(days=at.weekday()),
    "month": lambda at: day(at).replace(day=1),
    "year": lambda at: day(at).replace(day=1, month=1),
}


def rows(values: Iterable[Any]) -> list[tuple[Any, int]]:
    """Most first; among equals by name."""
    return sorted(Counter(values).items(), key=lambda row: (-row[1], row[0]))


def check(page: dict[str, Any], docs: Docs) -> None:
    """Counts over the articles of a page that holds all there are."""
    passing = [docs[node["slug"]] for node in page["nodes"]]
    facets = page["facets"]
    assert page["totalCount"] == len(passing)

    def held(path: str) -> list[Any]:
        return [value for doc in passing if (value := doc["_index"].get(path)) is not None]

    assert [(row["topic"]["slug"], row["count"]) for row in facets["topics"]] == rows(
        topic for topics in held("topics") for topic in topics
    )
    assert [row["count"] for row in facets["providers"]] == [n for _, n in rows(held("provider"))]
    assert [(row["value"], row["count"]) for row in facets["types"]] == rows(held("type"))
    assert [(row["value"], row["count"]) for row in facets["categories"]] == rows(
        doc["category"] for doc in passing if doc.get("category")
    )
    for unit, start in STARTS.items():
        dates = [doc["publishedDateTime"] for doc in passing if doc.get("publishedDateTime")]
        periods = sorted(Counter(map(start, dates)).items())
        assert [(row["start"], row["count"]) for row in facets[unit]] == periods


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize(
    "given_filter",
    [None, {"type": {"ne": "video"}}, {"heat": {"gt": 60}}, {"type": {"eq": "nothing"}}],
)
def test_counts_are_what_counting_the_page_gives_on_every_list(
    samples: Store, run: Run, given_filter: Any, compiled: bool
) -> None:
    async def stored() -> Docs:
        return {doc["_id"]: doc async for doc in samples.database["articles"].find({})}

    docs = run(stored())
    result = run(ask(samples, SOURCE, {"filter": given_filter}, compiled=compiled))
    assert result.errors == []
    data: Any = result.data
    for page in (data["articles"], data["search"]):
        check(page, docs)
    check(data["topic"]["articles"], docs)
    check(data["provider"]["articles"], docs)


def test_a_week_starts_on_monday_and_a_day_at_midnight_in_utc(store: Store, run: Run) -> None:
    moments = {
        "sunday": datetime(2024, 5, 5, 23, 59, 59, 999000, tzinfo=UTC),
        "monday": datetime(2024, 5, 6, tzinfo=UTC),
        "new-year": datetime(2024, 12, 31, 12, tzinfo=UTC),
    }

    async def write() -> None:
        for slug, at in moments.items():
            doc = {"_id": slug, "title": slug, "publishedDateTime": at, "_index": {"visible": True}}
            await store.database["articles"].insert_one(doc)
        undated = {"_id": "undated", "title": "x", "_index": {"visible": True}}
        await store.database["articles"].insert_one(undated)

    run(write())
    source = "{ articles { facets { timeline(unit: WEEK) { start count } } } }"
    timeline = run(data_of(store, source))["articles"]["facets"]["timeline"]
    assert timeline == [
        {"start": datetime(2024, 4, 29, tzinfo=UTC), "count": 1},
        {"start": datetime(2024, 5, 6, tzinfo=UTC), "count": 1},
        {"start": datetime(2024, 12, 30, tzinfo=UTC), "count": 1},
    ]


@pytest.mark.parametrize(
    "source",
    [
        f"{{ articles(first: 2) {{ pageInfo {{ hasNextPage }} {COUNTED} }} }}",
        f'{{ search(query: "sea", first: 2) {{ pageInfo {{ hasNextPage }} {COUNTED} }} }}',
    ],
)
def test_a_page_its_total_and_all_facets_are_two_commands_and_the_names_two_more(
    samples: Store, run: Run, commands: Commands, source: str
) -> None:
    plain = source.replace("topic { slug } ", "").replace("provider { id domain name } ", "")
    commands.clear()
    run(data_of(samples, plain))
    assert len(commands.sent) == 2
    commands.clear()
    run(data_of(samples, source))
    assert len(commands.sent) == 4


def test_nothing_is_counted_that_is_not_selected(
    samples: Store, run: Run, commands: Commands
) -> None:
    commands.clear()
    run(data_of(samples, "{ articles { nodes { slug } facets { __typename } } }"))
    assert commands.names == ["find"]
    commands.clear()
    run(data_of(samples, "{ articles { totalCount } }"))
    assert commands.names == ["aggregate"]
    commands.clear()
    run(data_of(samples, "{ articles { facets { types { count } } } }"))
    (sent,) = commands.sent
    (counted,) = [stage["$facet"] for stage in sent["pipeline"] if "$facet" in stage]
    assert list(counted) == ["types"]
