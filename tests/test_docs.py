"""The docs tell the truth: their operations run, their tables are the code's."""

import json
import re
from pathlib import Path

import pytest

from gql.errors import CODES
from store.operators import OPERATORS
from store.store import Store
from tests.conftest import Run
from tests.schema.asking import OPERATIONS, ask, data_of
from tests.schema.conftest import samples

__all__ = ["samples"]

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```graphql\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLOCKS = [
    pytest.param(block, id=f"{page.name}-{number}")
    for page in PAGES
    for number, block in enumerate(BLOCK.findall(page.read_text()))
]
KINDS = {
    "text": "StringFilter",
    "list": "ListFilter",
    "instant": "DateTimeFilter",
    "int": "IntFilter",
}


@pytest.mark.parametrize("source", BLOCKS)
def test_every_operation_in_the_docs_runs(samples: Store, run: Run, source: str) -> None:
    run(data_of(samples, source))


def test_the_answer_in_the_readme_is_the_samples_answer(samples: Store, run: Run) -> None:
    text = (ROOT / "README.md").read_text()
    shown = re.search(r"^```json\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert shown is not None
    (source,) = BLOCK.findall(text)
    data = run(data_of(samples, source))
    for node in data["articles"]["nodes"]:
        node["publishedDateTime"] = node["publishedDateTime"].strftime("%Y-%m-%dT%H:%M:%SZ")
    assert json.loads(shown[1]) == {"data": data}


def test_the_hints_on_the_api_page_are_those_of_the_samples(samples: Store, run: Run) -> None:
    text = (ROOT / "docs" / "api.md").read_text().partition("## Hints")[2]
    shown = re.search(r"^```json\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert shown is not None
    result = run(ask(samples, BLOCK.findall(text)[0]))
    assert json.loads(shown[1]) == result.extensions


API = (ROOT / "docs" / "api.md").read_text()
# The operation under "Hints" is there to find nothing.
FINDING = BLOCK.findall("".join(part for part in API.split("\n## ") if part[:5] != "Hints"))


@pytest.mark.parametrize("source", FINDING)
def test_every_operation_on_the_api_page_finds_something(
    samples: Store, run: Run, source: str
) -> None:
    for found in run(data_of(samples, source)).values():
        assert found not in (None, [])
        if isinstance(found, dict):
            assert [] not in (found.get("nodes"), found.get("edges"), found.get("similar"))


def test_the_error_on_the_api_page_is_that_of_the_samples(samples: Store, run: Run) -> None:
    shown = re.search(
        r"^`(\{.+\})` is answered with\n\n```json\n(.*?)^```", API, re.MULTILINE | re.DOTALL
    )
    assert shown is not None
    result = run(ask(samples, shown[1]))
    assert json.loads(shown[2]) == {"errors": result.errors, "data": result.data}


def operators_table() -> str:
    rows = [
        f"| `{KINDS[kind]}` | `{row.name}` | {row.help} |"
        for kind in OPERATORS
        for row in OPERATORS[kind]
    ]
    return "\n".join(["| input | operator | holds where the value is |", "|---|---|---|", *rows])


def codes_table() -> str:
    rows = [f"| `{code.name}` | {code.meaning} |" for code in CODES.values()]
    return "\n".join(["| code | meaning |", "|---|---|", *rows])


@pytest.mark.parametrize("table", [operators_table, codes_table])
def test_the_tables_of_the_api_page_are_the_codes_own(table) -> None:
    assert table() in (ROOT / "docs" / "api.md").read_text()


def test_every_root_field_has_an_operation_on_the_api_page() -> None:
    text = " ".join(BLOCK.findall((ROOT / "docs" / "api.md").read_text()))
    query = OPERATIONS.schema.query_type
    assert query is not None
    assert [name for name in query.fields if not re.search(rf"\b{name}\b", text)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_links_to_is_there(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []
