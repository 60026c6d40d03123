"""The cost of operations over the served schema: pages multiply, counts and facets cost."""

import pytest

from gql.cost import EXTRA, LISTS, check_cost
from gql.errors import RequestErrors
from gql.operation import Operations
from gql.schema import build_schema

SCHEMA = build_schema()._schema
OPERATIONS = Operations(SCHEMA)

DEEPEST = """
{ articles(first: %d) { totalCount nodes { title content provider { name images { url width } }
  topics { name parent { name } } images { url width height }
  related { title provider { name images { url } } images { url width }
    article { title topics { name } } } } } }
"""

ROWS = [
    ('{ article(slug: "a") { title } }', {}, 1),
    ("{ articles { nodes { title } } }", {}, 20),
    ("{ articles(first: 3) { nodes { title } } }", {}, 3),
    ("{ articles(last: 7) { edges { node { title } } } }", {}, 14),
    ("{ articles(first: 3) { totalCount } }", {}, 10),
    ("{ articles(first: 10) { nodes { topics { name } } } }", {}, 40),
    ("{ articles(first: 10) { nodes { title } facets { types { value } } } }", {}, 34),
    ("{ articles(first: 10) { nodes { title } facets { topics { count } } } }", {}, 41),
    ('{ article(slug: "a") { similar { title } } }', {}, 31),
    ('{ article(slug: "a") { similar(first: 50) { title } } }', {}, 71),
    ('{ search(query: "a", first: 10) { totalCount nodes { title } } }', {}, 40),
    ("query ($n: Int) { articles(first: $n) { nodes { title } } }", {"n": 5}, 5),
    ("query ($n: Int) { articles(first: $n) { nodes { title } } }", {}, 20),
    ("query ($n: Int = 9) { articles(first: $n) { nodes { title } } }", {}, 9),
    ("query ($n: Int = 9) { articles(first: $n) { nodes { title } } }", {"n": "x"}, 100),
    ("query ($n: Int) { articles(first: $n) { nodes { title } } }", {"n": 10**9}, 100),
    ("query ($n: Int) { articles(first: $n) { nodes { title } } }", {"n": -5}, 0),
    ("query ($i: [ID!]!) { nodes(ids: $i) { id } }", {"i": ["a"] * 40}, 40),
    ("{ topics(first: 10) { nodes { articles(first: 10) { nodes { title } } } } }", {}, 110),
    ("{ ...F ...F } fragment F on Query { articles(first: 2) { nodes { title } } }", {}, 4),
    ("{ __schema { types { name } } }", {}, 0),
]


def cost(source, variables=None, max_cost=10**12):
    return check_cost(OPERATIONS.prepare(source), SCHEMA, variables, max_cost)


@pytest.mark.parametrize(("source", "variables", "expected"), ROWS)
def test_the_cost_follows_pages_and_lookups(source, variables, expected):
    assert cost(source, variables) == expected


def test_the_refusal_tells_cost_and_limit():
    with pytest.raises(RequestErrors) as refused:
        cost("{ articles(first: 50) { nodes { title } } }", max_cost=49)
    assert refused.value.code == "COST_LIMIT_EXCEEDED"
    assert refused.value.extensions == {"cost": {"requested": 50, "limit": 49}}


def test_the_deepest_sensible_page_of_a_hundred_is_allowed_and_a_page_of_pages_of_pages_is_not():
    assert cost(DEEPEST % 100) <= OPERATIONS.limits.max_cost
    pages = "topics(first: 100) { nodes { articles(first: 100) { nodes { related { title } } } } }"
    assert cost("{ " + pages + " }") > OPERATIONS.limits.max_cost


@pytest.mark.parametrize("coordinate", sorted(EXTRA.keys() | LISTS.keys()))
def test_every_row_of_the_tables_is_a_field_of_the_schema(coordinate):
    parent, _, name = coordinate.partition(".")
    assert name in SCHEMA.type_map[parent].fields
