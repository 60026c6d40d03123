"""Wrong arguments are a clear error with a code, or null where GraphQL users expect null."""

import pytest

from store.store import Store
from tests.conftest import Run
from tests.schema.asking import ask, data_of


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{ articles(first: 0) { totalCount } }", 'Argument "first" is 0; allowed are 1 to 100.'),
        ("{ articles(first: 1000) { totalCount } }", 'Argument "first" is 1000; allowed are 1 to'),
        ("{ articles(last: -1) { totalCount } }", 'Argument "last" is -1; allowed are 1 to 100.'),
        ("{ articles(first: 1, last: 1) { totalCount } }", '"first" and "last" came together'),
        ('{ articles(after: "nonsense") { totalCount } }', 'Argument "after": Cursor "nonsense"'),
        ('{ topics(after: "") { totalCount } }', 'Argument "after": Cursor ""'),
        (
            "{ articles { nodes { image(minWidth: -1) { url } } } }",
            'Argument "minWidth" is -1; allowed are 0 and more pixels.',
        ),
        ("{ articles { nodes { related(first: 0) { title } } } }", 'Argument "first" is 0;'),
    ],
)
def test_a_wrong_argument_is_a_sentence_and_a_code(
    samples: Store, run: Run, source: str, message: str, compiled: bool
) -> None:
    result = run(ask(samples, source, compiled=compiled))
    assert result.errors
    assert message in result.errors[0]["message"]
    assert result.errors[0]["extensions"]["code"] == "BAD_USER_INPUT"


def test_a_cursor_of_another_order_is_refused(samples: Store, run: Run) -> None:
    data = run(data_of(samples, "{ articles { pageInfo { endCursor } } }"))
    source = (
        "query ($after: String) { articles(after: $after, "
        "orderBy: [{field: HEAT, direction: DESC}]) { totalCount } }"
    )
    after = data["articles"]["pageInfo"]["endCursor"]
    result = run(ask(samples, source, {"after": after}))
    assert "belongs to another order or filter" in result.errors[0]["message"]


@pytest.mark.parametrize(
    ("source", "field"),
    [
        ('{ article(slug: "nothing") { title } }', "article"),
        ('{ topic(slug: "nothing") { name } }', "topic"),
        ('{ provider(domain: "nothing.example") { name } }', "provider"),
        ('{ image(url: "https://nothing.example/") { width } }', "image"),
        ('{ articleByUrl(url: "https://nothing.example/") { title } }', "articleByUrl"),
        ('{ node(id: "nothing") { id } }', "node"),
        ('{ node(id: "QXJ0aWNsZTpub3RoaW5n") { id } }', "node"),
    ],
)
def test_what_is_not_there_is_null(samples: Store, run: Run, source: str, field: str) -> None:
    assert run(data_of(samples, source)) == {field: None}


@pytest.mark.parametrize("size", [1, 2, 5, 100])
@pytest.mark.parametrize("order", ["", ", orderBy: [{field: HEAT, direction: ASC}]"])
def test_a_walk_in_pages_meets_each_article_once_in_the_same_order_both_ways(
    samples: Store, run: Run, size: int, order: str
) -> None:
    every = [
        node["slug"]
        for node in run(
            data_of(samples, f"{{ articles(first: 100{order}) {{ nodes {{ slug }} }} }}")
        )["articles"]["nodes"]
    ]

    def walk(count: str, cursor: str, more: str, end: str) -> list[list[str]]:
        source = (
            f"query ($at: String) {{ articles({count}: {size}, {cursor}: $at{order}) {{ nodes "
            f"{{ slug }} pageInfo {{ {more} {end} }} }} }}"
        )
        found, at = [], None
        while True:
            page = run(data_of(samples, source, {"at": at}))["articles"]
            found.append([node["slug"] for node in page["nodes"]])
            at = page["pageInfo"][end]
            if not page["pageInfo"][more]:
                return found

    forward = walk("first", "after", "hasNextPage", "endCursor")
    backward = walk("last", "before", "hasPreviousPage", "startCursor")
    assert [slug for page in forward for slug in page] == every
    assert [slug for page in reversed(backward) for slug in page] == every


def test_a_global_id_leads_back_to_its_object_after_a_reload(samples: Store, run: Run) -> None:
    data = run(
        data_of(samples, "{ articles(first: 1) { nodes { id provider { id } topics { id } } } }")
    )
    article = data["articles"]["nodes"][0]
    ids = [article["id"], article["provider"]["id"], *(topic["id"] for topic in article["topics"])]
    found = run(data_of(samples, "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ids}))
    assert [node["id"] for node in found["nodes"]] == ids


def test_a_provider_reached_either_way_has_the_same_name_and_logos(
    samples: Store, run: Run
) -> None:
    source = """{
      articles(first: 100) {
        nodes { provider { ...P } related { provider { ...P } article { provider { ...P } } } }
      }
      providers(first: 100) { nodes { ...P } }
    }
    fragment P on Provider { id name images { url } }"""
    data = run(data_of(samples, source))
    known = {one["id"]: one for one in data["providers"]["nodes"]}
    met = 0
    for node in data["articles"]["nodes"]:
        for story in (node, *node["related"], *(r["article"] or {} for r in node["related"])):
            if story.get("provider"):
                assert story["provider"] == known[story["provider"]["id"]]
                met += 1
    assert met > 20
