"""The status codes of GraphQL over HTTP: a row of the table, a request, a status."""

import pytest

from gql.answer import status_of
from gql.errors import CODES

JSON = "application/json"
GRAPHQL_RESPONSE = "application/graphql-response+json"

# what, request, status as application/json, as application/graphql-response+json, the same in the
# edition of September 2026, code
ROWS = [
    ("data", {"query": "{ hello }"}, 200, 200, 200, None),
    ("a field's error beside data", {"query": "{ hello wrong }"}, 200, 200, 294, "BAD_USER_INPUT"),
    ("data is null", {"query": "{ need }"}, 200, 200, 294, "INTERNAL_SERVER_ERROR"),
    ("invalid parameters", {"qeury": "{ hello }"}, 400, 400, 422, "BAD_REQUEST"),
    ("does not parse", {"query": "{"}, 200, 400, 400, "GRAPHQL_PARSE_FAILED"),
    ("does not validate", {"query": "{ nothing }"}, 200, 400, 422, "GRAPHQL_VALIDATION_FAILED"),
    ("unknown operation", {"query": "query A { hello }", "operationName": "B"}, 200, 400, 422,
     "OPERATION_RESOLUTION_FAILURE"),
    ("two operations and no name", {"query": "query A { hello } query B { hello }"}, 200, 400, 422,
     "OPERATION_RESOLUTION_FAILURE"),
    ("no operation", {"query": "fragment A on Query { hello }"}, 200, 400, 422,
     "OPERATION_RESOLUTION_FAILURE"),
    ("a variable of the wrong type", {"query": "query ($n: String!) { hello(name: $n) }",
     "variables": {"n": None}}, 200, 400, 422, "BAD_USER_INPUT"),
    ("an object where a string belongs", {"query": "query ($n: String) { hello(name: $n) }",
     "variables": {"n": {"$gt": ""}}}, 200, 400, 422, "BAD_USER_INPUT"),
    ("a limit", {"query": "{ " + "a: hello " * 6000 + "}"}, 200, 400, 422, "TOO_MANY_TOKENS"),
    ("a subscription", {"query": "subscription { told }"}, 400, 400, 400, "SUBSCRIPTION_REFUSED"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "legacy_status", "status", "edition_2026", "code"),
    [row[1:] for row in ROWS],
    ids=[row[0] for row in ROWS],
)
def test_the_status_follows_the_table(make_client, body, legacy_status, status, edition_2026, code):
    for edition, media, expected in (
        ("2025", JSON, legacy_status),
        ("2026", JSON, legacy_status),
        ("2025", GRAPHQL_RESPONSE, status),
        ("2026", GRAPHQL_RESPONSE, edition_2026),
    ):
        answer = make_client(edition=edition).post(body, headers={"accept": media})
        assert answer.status_code == expected
        assert answer.headers["content-type"] == f"{media}; charset=utf-8"
        errors = answer.json().get("errors", [{"extensions": {"code": None}}])
        assert errors[0]["extensions"]["code"] == code


@pytest.mark.parametrize("row", CODES.values(), ids=lambda row: row.name)
def test_each_code_has_its_statuses_in_either_edition(row):
    assert status_of(row.name, JSON, "2025") == status_of(row.name, JSON, "2026")
    assert status_of(row.name, GRAPHQL_RESPONSE, "2025") == row.status
    assert status_of(row.name, GRAPHQL_RESPONSE, "2026") == row.edition_2026


def test_an_answer_without_data_is_never_2xx_as_graphql_response():
    assert all(row.status >= 400 and row.edition_2026 >= 400 for row in CODES.values())


def test_nothing_acceptable_is_406_and_says_what_is_served(client):
    answer = client.ask("{ hello }", headers={"accept": "application/jsonx"})
    assert answer.status_code == 406
    assert GRAPHQL_RESPONSE in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "QUERY"])
def test_another_method_is_405_with_allow(client, method):
    answer = client.request(method)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, POST, OPTIONS"


def test_get_answers_a_query_with_name_and_variables(client):
    params = {
        "query": "query A { hello } query B($n: String) { hello(name: $n) }",
        "operationName": "B",
        "variables": '{"n": "Ada"}',
        "extensions": "",
    }
    assert client.request("GET", params=params).json() == {"data": {"hello": "Hello Ada"}}


def test_head_is_get_without_the_body(client):
    answer = client.request("HEAD", params={"query": "{ hello }"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["content-length"]) > 0


@pytest.mark.parametrize("source", ["mutation { write(text: 1) }", "subscription { told }"])
@pytest.mark.parametrize("media", [JSON, GRAPHQL_RESPONSE])
def test_get_refuses_what_is_not_a_query(client, source, media):
    answer = client.request("GET", params={"query": source}, headers={"accept": media})
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"


def test_get_refuses_a_mutation_that_post_already_made_known(client):
    source = 'mutation { write(text: "a") }'
    client.ask(source)
    assert client.request("GET", params={"query": source}).status_code == 405


@pytest.mark.parametrize(
    ("url", "status", "code"),
    [
        ("/graphql", 400, "BAD_REQUEST"),
        ("/graphql?query={hello}&query={hello}", 400, "BAD_REQUEST"),
        ("/graphql?query={hello}&variables={", 400, "BAD_JSON"),
        ("/graphql?query={hello}&variables=[]", 400, "BAD_REQUEST"),
        ("/graphql?query={hello}&variables=null", 200, None),
        ("/graphql?query=%ff", 400, "BAD_REQUEST"),
        ("/graphql?query={hello}%00", 400, "BAD_REQUEST"),
        ("/graphql?" + "&".join(f"a{i}=1" for i in range(60)), 400, "BAD_REQUEST"),
        ("/graphql?query=" + "%20" * 6000, 414, "URL_TOO_LONG"),
    ],
)
def test_a_bad_url_is_refused(client, url, status, code):
    answer = client.request("GET", url)
    errors = answer.json().get("errors", [{"extensions": {"code": None}}])
    assert (answer.status_code, errors[0]["extensions"]["code"]) == (status, code)
