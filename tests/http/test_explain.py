"""Explain over HTTP: who gets a plan card, and what is on it."""

import json
from typing import Any

import httpx
import pytest

from gql.app import create_app
from gql.settings import Settings
from store.store import Store
from tests.conftest import Commands, Run

QUERY = "{ articles(first: 2) { totalCount nodes { title topics { name } } } }"


@pytest.fixture
def ask(store: Store, run: Run) -> Any:
    run(store.database["articles"].insert_one(
        {"_id": "a", "title": "A", "topics": ["T"], "_index": {"visible": True, "topics": ["t"]}}
    ))  # fmt: skip
    run(store.database["topics"].insert_one({"_id": "t", "name": "T"}))

    def ask(body: dict[str, Any], *, explain: bool = True, **headers: str) -> dict[str, Any]:
        app = create_app(Settings(explain=explain, request_log=False), store)

        async def post() -> dict[str, Any]:
            transport = httpx.ASGITransport(app=app)
            async with httpx.AsyncClient(transport=transport, base_url="http://newsstand") as http:
                response = await http.post("/graphql", json=body, headers=headers)
                answer: dict[str, Any] = response.json()
                return answer

        answer: dict[str, Any] = run(post())
        return answer

    return ask


def test_the_card_names_stages_and_commands_with_their_figures(ask: Any):
    answer = ask({"query": QUERY, "extensions": {"explain": True}})
    card = answer["extensions"]["explain"]
    assert [stage["name"] for stage in card["stages"]] == ["read", "prepare", "execute"]
    assert card["executor"] == "compiled plan"
    assert card["plan"].startswith("articles <- pages\n")
    assert card["roundTrips"] == len(card["commands"]) > 0
    assert {"articles", "topics"} <= {one["collection"] for one in card["commands"]}
    find = next(one for one in card["commands"] if one["collection"] == "topics")
    assert find["returned"] == 1
    assert find["index"] == "_id_"
    assert answer["data"]["articles"]["nodes"] == [{"title": "A", "topics": [{"name": "T"}]}]


def test_the_card_says_why_the_reference_executor_answered(ask: Any):
    page = "query ($n: Int) { articles(first: $n) { nodes { title } } }"
    for query, why in (
        ("{ __schema { queryType { name } } }", "reference executor: it has no plan"),
        (page, "reference executor: its plan met UserError"),
    ):
        body = {"query": query, "variables": {"n": 0}, "extensions": {"explain": True}}
        assert ask(body)["extensions"]["explain"]["executor"] == why


def test_a_slow_operation_is_logged_with_its_plan_and_without_values(
    store: Store, run: Run, caplog
):
    app = create_app(Settings(slow_seconds=1e-6), store)
    query = (
        "query ($t: [String!]) { articles(filter: { topics: { anyOf: $t } }) { nodes { title } } }"
    )
    body = {"query": query, "variables": {"t": ["a-secret"]}}

    async def post() -> None:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://newsstand") as http:
            await http.post("/graphql", json=body)

    run(post())
    (said,) = [one.message for one in caplog.records if one.name == "newsstand.slow"]
    line = json.loads(said)
    assert line["executor"] == "compiled plan"
    assert line["plan"].startswith("articles <- pages\n")
    assert line["commands"][0]["where"]["_index.topics"] == {"$in": ["?"]}
    assert "a-secret" not in said


def test_explain_takes_no_more_time_than_the_request_has_left(ask: Any, commands: Commands):
    ask({"query": QUERY, "extensions": {"explain": True}})
    explained = [one for one in commands.sent if next(iter(one)) == "explain"]
    assert explained
    assert all(0 < one["maxTimeMS"] <= 8_000 for one in explained)


def test_the_header_asks_for_it_as_well(ask: Any):
    assert "explain" in ask({"query": QUERY}, **{"X-Newsstand-Explain": "1"})["extensions"]


@pytest.mark.parametrize("extensions", [{}, {"explain": False}, {"explain": "yes"}])
def test_who_does_not_ask_gets_none(ask: Any, extensions: dict[str, Any]):
    assert "extensions" not in ask({"query": QUERY, "extensions": extensions})


def test_where_the_setting_is_off_nobody_gets_one(ask: Any):
    asked = {"query": QUERY, "extensions": {"explain": True}}
    assert "extensions" not in ask(asked, explain=False, **{"X-Newsstand-Explain": "1"})


def test_the_data_is_read_once_and_the_rest_is_mongos_word_on_it(ask: Any, commands: Commands):
    ask({"query": QUERY})
    plain = [name for name in commands.names if name != "insert"]
    commands.clear()
    card = ask({"query": QUERY, "extensions": {"explain": True}})["extensions"]["explain"]
    assert sorted(commands.names) == sorted([*plain, *["explain"] * card["roundTrips"]])
