"""The docs of HTTP say what the tables say."""

import re
from pathlib import Path

import pytest

from gql.cost import check_cost
from gql.errors import CODES
from gql.operation import Operations
from gql.schema import build_schema

ROOT = Path(__file__).parents[2]
ERRORS = (ROOT / "docs" / "errors.md").read_text()
HTTP = (ROOT / "docs" / "http.md").read_text()


@pytest.mark.parametrize("code", CODES.values(), ids=lambda code: code.name)
def test_each_code_is_in_the_docs_as_in_the_table(code):
    row = f"| `{code.name}` | {code.legacy_status} | {code.status} | {code.edition_2026} |"
    assert f"{row} {code.meaning} |" in ERRORS


def test_no_code_is_used_that_the_table_lacks():
    used = set()
    for path in (ROOT / "gql").rglob("*.py"):
        used |= set(re.findall(r'(?:refusal|_over)\(\s*"([A-Z_]+)"', path.read_text()))
    assert used <= set(CODES)
    assert len(used) > 10


def test_the_example_costs_what_the_docs_say():
    (source,) = re.findall(r"```graphql\n(.*?)```", HTTP, re.S)
    schema = build_schema()._schema
    assert check_cost(Operations(schema).prepare(source), schema, None, 100) == 50
    assert "topics: 50." in HTTP
