"""Hints: an empty page says which value nothing holds, and what is nearest."""

from typing import Any

import pytest

from store.errors import StoreError
from store.reader import Reader
from store.store import Store
from tests.conftest import Commands, Run
from tests.schema.asking import ask

BOTH = pytest.mark.parametrize("compiled", [True, False])


def hints(store: Store, run: Run, source: str, **more: Any) -> Any:
    result = run(ask(store, source, **more))
    assert result.errors == []
    return (result.extensions or {}).get("hints")


@BOTH
@pytest.mark.parametrize(
    ("source", "argument", "value", "nearest"),
    [
        ('{ articles(filter: {topics: {anyOf: ["Computer Vison"]}}) { totalCount } }',
         "filter.topics.anyOf", "Computer Vison", "computer-vision"),
        ('{ articles(filter: {topics: {allOf: ["oceans", "clmate"]}}) { nodes { slug } } }',
         "filter.topics.allOf", "clmate", "climate"),
        ('{ articles(filter: {provider: {domain: {eq: "lantern.exmaple"}}}) { nodes { slug } } }',
         "filter.provider.domain.eq", "lantern.exmaple", "lantern.example"),
        ('{ articles(filter: {provider: {name: {in: ["Habour Post"]}}}) { nodes { slug } } }',
         "filter.provider.name.in", "Habour Post", "Harbour Post"),
        ('{ articles(filter: {type: {eq: "Video"}}) { edges { cursor } } }',
         "filter.type.eq", "Video", "video"),
        ('{ articles(filter: {category: {eq: "nwes"}}) { nodes { slug } } }',
         "filter.category.eq", "nwes", "news"),
        ('{ articles(filter: {and: [{or: [{type: {eq: "vdeo"}}]}]}) { nodes { slug } } }',
         "filter.and[0].or[0].type.eq", "vdeo", "video"),
        ('{ search(query: "whale", filter: {topics: {anyOf: ["ocean"]}}) { nodes { slug } } }',
         "filter.topics.anyOf", "ocean", "oceans"),
        ('{ search(query: "oceanz") { nodes { slug } } }', "query", "oceanz", "oceans"),
        ('{ providers(filter: {domain: {eq: "lantern.exmaple"}}) { nodes { name } } }',
         "filter.domain.eq", "lantern.exmaple", "lantern.example"),
        ('{ topics(filter: {name: {eq: "energy"}}) { nodes { name } } }',
         "filter.name.eq", "energy", "Energy"),
        ('{ topics(filter: {parent: "climat"}) { nodes { name } } }',
         "filter.parent", "climat", "climate"),
    ],
)  # fmt: skip
def test_a_value_that_nothing_holds_is_told_with_the_nearest(
    samples: Store,
    run: Run,
    compiled: bool,
    source: str,
    argument: str,
    value: str,
    nearest: str,
) -> None:
    (hint,) = hints(samples, run, source, compiled=compiled)
    assert (hint["argument"], hint["value"]) == (argument, value)
    assert value in hint["message"]
    assert hint["nearest"][0]["value"] == nearest
    assert all(one["count"] > 0 for one in hint["nearest"])


@BOTH
def test_the_count_is_of_the_articles_that_hold_the_value(
    samples: Store, run: Run, compiled: bool
) -> None:
    source = '{ articles(filter: {topics: {anyOf: ["%s"]}}) { totalCount } }'
    (hint,) = hints(samples, run, source % "computer-vison", compiled=compiled)
    data = run(ask(samples, source % "computer-vision")).data
    assert data is not None
    assert hint["nearest"][0] == {
        "value": "computer-vision",
        "count": data["articles"]["totalCount"],
    }


@BOTH
@pytest.mark.parametrize(
    "source",
    [
        '{ articles(filter: {topics: {anyOf: ["oceans", "nothing"]}}) { nodes { slug } } }',
        '{ articles(filter: {topics: {allOf: ["oceans", "energy"]}}) { nodes { slug } } }',
        '{ articles(filter: {type: {eq: "video"}, heat: {gt: 9999}}) { nodes { slug } } }',
        '{ articles(filter: {not: {type: {ne: "nothing"}}}) { nodes { slug } } }',
        "{ articles(filter: {type: {in: []}}) { nodes { slug } } }",
        "{ articles(filter: {topics: {anyOf: null}, provider: null, type: {eq: null}}) "
        "{ nodes { slug } } }",
        '{ topic(slug: "oceans") { articles(filter: {type: {eq: "x"}}) { nodes { slug } } } }',
        '{ search(query: "zyzzyva") { nodes { slug } } }',
    ],
)
def test_where_every_value_is_held_or_the_page_is_not_empty_there_are_no_hints(
    samples: Store, run: Run, source: str, compiled: bool
) -> None:
    assert hints(samples, run, source, compiled=compiled) is None


@BOTH
def test_several_pages_and_values_give_one_hint_each(
    samples: Store, run: Run, compiled: bool
) -> None:
    source = """{
      b: articles(filter: {type: {in: ["y", "x"]}}) { nodes { slug } }
      a: articles(filter: {type: {eq: "x"}, category: {eq: "z"}}) { nodes { slug } }
      c: articles(filter: {type: {eq: "x"}}) { totalCount }
    }"""
    found = hints(samples, run, source, compiled=compiled)
    assert [(hint["argument"], hint["value"]) for hint in found] == [
        ("filter.category.eq", "z"),
        ("filter.type.eq", "x"),
        ("filter.type.in", "x"),
        ("filter.type.in", "y"),
    ]


def test_only_an_empty_page_costs_commands_one_a_kind_of_value(
    samples: Store, run: Run, commands: Commands
) -> None:
    commands.clear()
    hints(samples, run, '{ articles(filter: {type: {eq: "video"}}) { nodes { slug } } }')
    assert len(commands.sent) == 1
    commands.clear()
    source = '{ articles(filter: {type: {in: ["x", "y"]}, topics: {anyOf: ["z"]}}) { totalCount } }'
    assert len(hints(samples, run, source)) == 3
    assert len(commands.sent) == 3


def test_a_value_that_only_unpublished_articles_hold_is_not_near(store: Store, run: Run) -> None:
    async def write() -> None:
        await store.database["articles"].insert_many(
            [
                {"_id": "a", "title": "A", "_index": {"visible": False, "type": "secret"}},
                {"_id": "b", "title": "B", "_index": {"visible": True, "type": "open"}},
            ]
        )

    run(write())
    source = '{ articles(filter: {type: {eq: "secrets"}}) { nodes { slug } } }'
    (hint,) = hints(store, run, source)
    assert hint["nearest"] == [{"value": "open", "count": 1}]


def test_an_answer_does_without_hints_that_cannot_be_read(
    samples: Store, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise StoreError("no time left")

    monkeypatch.setattr(Reader, "aggregate", broken)
    source = '{ articles(filter: {type: {eq: "x"}}) { nodes { slug } } }'
    assert hints(samples, run, source) is None
