"""A body that is no GraphQL request is a 4xx with a code and a sentence, never a 5xx."""

import gzip
import json

import pytest

from gql.http import BodyLimits
from gql.limits import Limits

JSON_TYPE = "application/json"
MIB = 1_048_576

# name, body, status, code, a part of the sentence
ATTACKS = [
    ("empty", b"", 400, "BAD_JSON", "not JSON"),
    ("cut off", b'{"query": "{ hel', 400, "BAD_JSON", "not JSON"),
    ("no json", b"NONSENSE", 400, "BAD_JSON", "not JSON"),
    ("not utf-8", b'{"query": "{ hello(name: \\"\xff\\") }"}', 400, "BAD_JSON", "not JSON"),
    ("utf-16", '{"query": "{ hello }"}'.encode("utf-16"), 400, "BAD_JSON", "not JSON"),
    ("a byte order mark", b'\xef\xbb\xbf{"query": "{ hello }"}', 400, "BAD_JSON", "not JSON"),
    ("a lone surrogate", b'{"query": "{ hello }", "variables": {"a": "\\ud800"}}', 400, "BAD_JSON",
     "not JSON"),
    ("gzip bytes", gzip.compress(b'{"query": "{ hello }"}'), 400, "BAD_JSON", "not JSON"),
    ("5,000 digits", b'{"query": "{ hello }", "variables": {"a": ' + b"9" * 5000 + b"}}", 400,
     "BAD_JSON", "not JSON"),
    ("NaN", b'{"query": "{ hello }", "variables": {"a": NaN}}', 400, "BAD_JSON", "not JSON"),
    ("a NUL byte", b'{"query": "{ hello \x00}"}', 400, "BAD_JSON", "not JSON"),
    ("null", b"null", 400, "BAD_REQUEST", "must be an object"),
    ("a number", b"1", 400, "BAD_REQUEST", "The body is a number"),
    ("a string", b'"{ hello }"', 400, "BAD_REQUEST", "The body is a string"),
    ("true", b"true", 400, "BAD_REQUEST", "The body is a boolean"),
    ("a list", b'[{"query": "{ hello }"}]', 400, "BATCH_REFUSED", "batches are off"),
    ("an empty list", b"[]", 400, "BATCH_REFUSED", "batches are off"),
    ("a list of lists", b"[[]]", 400, "BATCH_REFUSED", "batches are off"),
    ("an empty object", b"{}", 400, "BAD_REQUEST", '"query" is missing'),
    ("a typo", b'{"qeury": "{ hello }"}', 400, "BAD_REQUEST", '"query" is missing'),
    ("an empty query", b'{"query": ""}', 400, "BAD_REQUEST", '"query" is empty'),
    ("a hash for a query", b'{"extensions": {"persistedQuery": {"version": 1}}}', 400,
     "PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported"),
    ("query is a number", b'{"query": 5}', 400, "BAD_REQUEST", '"query" is a number'),
    ("query is an object", b'{"query": {"$gt": ""}}', 400, "BAD_REQUEST", '"query" is an object'),
    ("query is a list", b'{"query": ["{ hello }"]}', 400, "BAD_REQUEST", '"query" is a list'),
    ("name is an object", b'{"query": "{ hello }", "operationName": {"$gt": ""}}', 400,
     "BAD_REQUEST", '"operationName" is an object'),
    ("variables is a list", b'{"query": "{ hello }", "variables": [7]}', 400, "BAD_REQUEST",
     '"variables" is a list'),
    ("variables is a string", b'{"query": "{ hello }", "variables": "{}"}', 400, "BAD_REQUEST",
     '"variables" is a string'),
    ("extensions is false", b'{"query": "{ hello }", "extensions": false}', 400, "BAD_REQUEST",
     '"extensions" is a boolean'),
    ("a key twice", b'{"query": "{ hello }", "query": "{ self { hello } }"}', 400, "BAD_REQUEST",
     "twice"),
    ("a deep key twice", b'{"query": "{ hello }", "variables": {"a": {"b": 1, "b": 2}}}', 400,
     "BAD_REQUEST", "twice"),
    ("a key twice, once escaped", b'{"query": "{ hello }", "\\u0071uery": "{ hello }"}', 400,
     "BAD_REQUEST", "twice"),
    ("NUL escaped", b'{"query": "{ hello }", "variables": {"a": ["\\u0000"]}}', 400, "BAD_REQUEST",
     "NUL"),
    ("NUL in the query", b'{"query": "{ hello \\u0000 }"}', 400, "BAD_REQUEST", "NUL"),
    ("NUL in a key", b'{"query": "{ hello }", "variables": {"a\\u0000": 1}}', 400, "BAD_REQUEST",
     "NUL"),
    ("a thousand deep", b'{"query": "{ hello }", "variables": {"a": ' + b"[" * 1000 + b"]" * 1000
     + b"}}", 400, "BAD_REQUEST", "deep"),
    ("100,000 deep", b"[" * 100_000 + b"]" * 100_000, 400, "BAD_JSON", "not JSON"),
    ("objects 1,000 deep", b'{"query": "{ hello }", "variables": ' + b'{"a":' * 1000 + b"1"
     + b"}" * 1000 + b"}", 400, "BAD_REQUEST", "deep"),
    ("too long", b'{"query": "' + b" " * MIB + b'{ hello }"}', 413, "BODY_TOO_LARGE", "1048576"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "status", "code", "sentence"),
    [row[1:] for row in ATTACKS],
    ids=[row[0] for row in ATTACKS],
)
@pytest.mark.parametrize("media", [JSON_TYPE, "application/graphql-response+json"])
def test_a_bad_body_is_refused_with_a_code_and_a_sentence(
    client, body, status, code, sentence, media
):
    answer = client.post(body, headers={"accept": media})
    error = answer.json()["errors"][0]
    assert (answer.status_code, error["extensions"]["code"]) == (status, code)
    assert sentence in error["message"]
    assert "data" not in answer.json()
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "body",
    [
        {"query": "{ hello }", "unknown": {"a": 1}},
        {"query": "{ hello }", "variables": None, "operationName": None, "extensions": None},
        {"query": '{ hello(name: "a:b\\"c::") }', "variables": {"x:y": '":"', 'q"': "\\"}},
        {"query": "{ hello }", "variables": {"a": "\\u0000", "b": "\\\\u0000"}},
        {"query": "{ hello }", "operationName": ""},
    ],
)
def test_a_good_body_is_not_taken_for_a_bad_one(client, body):
    assert client.post(body).json()["data"]["hello"].startswith("Hello")


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonx",
        "application/graphql",
        "application/json; charset=utf-16",
        "nonsense",
        "text/plain; application/json",
    ],
)
def test_a_post_is_taken_only_as_json(client, content_type):
    headers = {"content-type": content_type} if content_type else {}
    answer = client.request("POST", content=b'{"query": "{ hello }"}', headers=headers)
    assert answer.status_code == 415
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNSUPPORTED_MEDIA_TYPE"
    assert answer.headers["accept-post"] == JSON_TYPE


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "Application/JSON ; Charset=UTF-8", 'application/json;charset="utf-8"'],
)
def test_json_is_json_however_it_is_written(client, content_type):
    headers = {"content-type": content_type}
    answer = client.request("POST", content=b'{"query": "{ hello }"}', headers=headers)
    assert answer.json() == {"data": {"hello": "Hello world"}}


def test_a_compressed_body_is_refused_by_its_header(client):
    body = gzip.compress(b'{"query": "{ hello }"}')
    answer = client.post(body, headers={"content-encoding": "gzip"})
    assert answer.status_code == 415


def test_a_body_without_a_length_is_cut_at_the_limit(client):
    async def endless():
        while True:
            yield b" " * 65_536

    answer = client.request("POST", content=endless(), headers={"content-type": JSON_TYPE})
    assert answer.status_code == 413
    assert answer.headers["connection"] == "close"


def test_the_depth_of_json_is_a_limit_that_includes_itself(make_client):
    client = make_client(body=BodyLimits(max_json_depth=4))
    assert client.post({"query": "{ hello }", "variables": {"a": [1]}}).status_code == 200
    answer = client.post({"query": "{ hello }", "variables": {"a": [[1]]}})
    assert answer.json()["errors"][0]["message"].startswith("The JSON nests over 4 deep")


def test_the_values_of_json_are_counted_at_all_levels(make_client):
    client = make_client(body=BodyLimits(max_json_values=6))
    for values, status in (([1, 2], 200), ([1, 2, 3], 400)):
        body = {"query": "{ hello }", "variables": {"a": {"b": values}}}
        assert client.post(body).status_code == status
    assert "over 6 values" in client.post(body).json()["errors"][0]["message"]


def test_batches_answer_in_order_where_a_setting_allows_them(make_client):
    client = make_client(body=BodyLimits(max_batch=3))
    batch = [{"query": "{ hello }"}, {"query": "{ nothing }"}, {"query": "{ numbers(first: 1) }"}]
    first, second, third = client.post(batch).json()
    assert first == {"data": {"hello": "Hello world"}}
    assert second["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert third == {"data": {"numbers": [0]}}
    too_many = client.post([{"query": "{ hello }"}] * 4)
    assert too_many.status_code == 400
    assert "allowed are 1 to 3" in too_many.json()["errors"][0]["message"]
    assert json.loads(too_many.text)["errors"][0]["extensions"]["code"] == "BATCH_REFUSED"


def test_all_of_a_batch_has_one_limit_of_cost_and_what_does_not_fit_is_refused(make_client):
    client = make_client(body=BodyLimits(max_batch=4), limits=Limits(max_cost=3))
    two, three = "{ self { self { hello } } }", "{ self { self { self { hello } } } }"
    answers = client.post([{"query": q} for q in (two, two, "{ self { hello } }", three)]).json()
    assert ["data" in answer for answer in answers] == [True, False, True, False]
    assert answers[1]["errors"][0]["extensions"]["code"] == "COST_LIMIT_EXCEEDED"
    said = "costs 2 points, those before it in the batch 2; allowed are 3"
    assert said in answers[1]["errors"][0]["message"]
    assert answers[1]["extensions"] == {"cost": {"requested": 4, "limit": 3}}
    assert client.ask(three).status_code == 200
