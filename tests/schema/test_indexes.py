"""Each root read is served by an index: no scan of a collection, no sort in memory."""

from collections.abc import Iterator
from typing import Any

import pytest

from store.store import Store
from store.trace import Trace
from tests.conftest import Run
from tests.schema.asking import ask

READS = [
    '{ article(slug: "2024-05-21-a-law-for-machines-that-look") { title } }',
    '{ articleByUrl(url: "https://lantern.example/x") { title } }',
    "{ articles { nodes { title } pageInfo { hasPreviousPage } } }",
    "{ articles(last: 5) { nodes { title } } }",
    '{ articles(filter: {topics: {anyOf: ["energy"]}}) { nodes { title } } }',
    "{ articles(orderBy: [{field: HEAT, direction: ASC}]) { nodes { title } } }",
    "{ articles(orderBy: [{field: TITLE, direction: DESC}]) { nodes { title } } }",
    '{ provider(domain: "lantern.example") { name } }',
    '{ provider(domain: "youtube.com", name: "Nobody") { name } }',
    "{ providers { nodes { name } } }",
    "{ providers(orderBy: [{field: ARTICLE_COUNT, direction: DESC}]) { nodes { name } } }",
    '{ topic(slug: "energy") { name children { name } parent { name } } }',
    "{ topics { nodes { name } } }",
    '{ topics(filter: {parent: "climate"}) { nodes { name } } }',
    '{ image(url: "https://images.example/x.jpg") { width } }',
    '{ nodes(ids: ["VG9waWM6ZW5lcmd5"]) { id } }',
    "{ articles { nodes { related { article { title } } images { articles { title } } } } }",
]


def stages(plan: Any) -> Iterator[str]:
    if isinstance(plan, dict):
        if "stage" in plan:
            yield plan["stage"]
        for value in plan.values():
            yield from stages(value)
    if isinstance(plan, list):
        for value in plan:
            yield from stages(value)


@pytest.mark.parametrize("source", READS)
def test_a_root_read_uses_an_index(samples: Store, run: Run, source: str) -> None:
    trace = Trace()
    result = run(ask(samples, source, trace=trace))
    assert result.errors == []
    finds = [command for command in trace.commands if command.kind == "find"]
    assert finds
    for find in finds:
        assert find.limit is not None
        explained = run(
            samples.reader(unpublished=True).explain(
                find.collection,
                find.where,
                projection=find.projection,
                order=find.order,
                limit=find.limit,
            )
        )
        used = set(stages(explained["queryPlanner"]["winningPlan"]))
        assert not used & {"COLLSCAN", "SORT"}, (find.collection, find.where, used)
