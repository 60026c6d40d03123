"""Deadlines, clients that hang up, and what headers an answer carries."""

import asyncio
import gzip
import json
import logging

import pytest
from backports import zstd

from gql.gateway import Gateway, Options
from gql.operation import Operations
from tests.http.conftest import run_with_core, tiny_schema_once

SLOW = json.dumps({"query": "{ slow(seconds: 30) }"}).encode()
BIG = "{ numbers(first: 2000) }"


def test_a_request_over_its_deadline_ends_with_a_code(make_client):
    client = make_client(deadline_seconds=0.05)
    answer = client.post(SLOW, headers={"accept": "application/graphql-response+json"})
    assert answer.status_code == 504
    assert answer.json()["errors"][0]["extensions"]["code"] == "DEADLINE_EXCEEDED"


def test_a_client_that_hangs_up_cancels_its_work(run):
    """ASGI tells the hanging up after the body; the resolver sees it as cancelling."""
    ended = asyncio.Event

    async def scenario():
        done, sent = ended(), []

        async def slow_run(operation, variables, seen):
            try:
                await asyncio.sleep(30)
            except asyncio.CancelledError:
                done.set()
                raise

        gateway = Gateway(Operations(tiny_schema_once()), slow_run, Options())
        messages = [{"type": "http.request", "body": SLOW}, {"type": "http.disconnect"}]

        async def receive():
            return messages.pop(0)

        async def send(message):
            sent.append(message)

        headers = [(b"content-type", b"application/json")]
        scope = {"type": "http", "method": "POST", "query_string": b"", "headers": headers}
        await gateway(scope, receive, send)
        return done.is_set(), sent

    assert run(scenario()) == (True, [])


def test_a_client_that_hangs_up_within_its_body_is_not_answered(run):
    async def scenario():
        gateway = Gateway(Operations(tiny_schema_once()), run_with_core)
        sent = []

        async def receive():
            return {"type": "http.disconnect"}

        headers = [(b"content-type", b"application/json")]
        scope = {"type": "http", "method": "POST", "query_string": b"", "headers": headers}
        await gateway(scope, receive, sent.append)
        return sent

    assert run(scenario()) == []


@pytest.mark.parametrize(
    ("accepted", "decode"), [("gzip", gzip.decompress), ("zstd, gzip", zstd.decompress)]
)
def test_a_long_answer_is_compressed_as_accepted(make_client, accepted, decode):
    headers = []

    async def scenario():
        gateway = make_client().app
        sent = []

        async def receive():
            return {"type": "http.request", "body": json.dumps({"query": BIG}).encode()}

        async def send(message):
            sent.append(message)

        raw = [(b"content-type", b"application/json"), (b"accept-encoding", accepted.encode())]
        scope = {"type": "http", "method": "POST", "query_string": b"", "headers": raw}
        await gateway(scope, receive, send)
        headers.extend(sent[0]["headers"])
        return sent[1]["body"]

    body = asyncio.run(scenario())
    assert json.loads(decode(body))["data"]["numbers"][-1] == 1999
    assert dict(headers)[b"content-length"] == str(len(body)).encode()
    assert b"Accept-Encoding" in dict(headers)[b"vary"]


def test_a_short_answer_is_not_compressed(client):
    answer = client.ask("{ hello }", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize("sent", ["abc-123", "trace.1:2_3"])
def test_a_request_id_comes_back(client, sent):
    answer = client.ask("{ hello }", headers={"x-request-id": sent})
    assert answer.headers["x-request-id"] == sent


@pytest.mark.parametrize("sent", ["", "a b", 'x"y', "a" * 65, "<script>"])
def test_a_request_id_that_could_do_harm_is_replaced(client, sent):
    answer = client.ask("{ hello }", headers={"x-request-id": sent})
    assert answer.headers["x-request-id"] != sent
    assert len(answer.headers["x-request-id"]) == 16


def test_the_stages_are_timed_where_the_setting_has_it(make_client):
    timed = make_client().ask("{ hello }").headers["server-timing"]
    assert [part.partition(";")[0] for part in timed.split(", ")] == [
        "read", "prepare", "execute", "write",
    ]  # fmt: skip
    assert "server-timing" not in make_client(server_timing=False).ask("{ hello }").headers


def test_an_origin_may_read_answers_only_where_the_setting_names_it(make_client):
    allowed = make_client(cors_origins=frozenset({"https://a.example"}))
    for client, origin, expected in (
        (allowed, "https://a.example", "https://a.example"),
        (allowed, "https://b.example", None),
        (make_client(), "https://a.example", None),
        (make_client(cors_origins=frozenset({"*"})), "https://b.example", "*"),
    ):
        answer = client.ask("{ hello }", headers={"origin": origin})
        assert answer.headers.get("access-control-allow-origin") == expected


def test_options_says_what_is_allowed_and_a_preflight_only_to_known_origins(make_client):
    client = make_client(cors_origins=frozenset({"https://a.example"}))
    asked = {"access-control-request-method": "POST"}
    known = client.request("OPTIONS", headers={"origin": "https://a.example", **asked})
    other = client.request("OPTIONS", headers={"origin": "https://b.example", **asked})
    assert known.status_code == other.status_code == 204
    assert "content-length" not in known.headers
    assert known.headers["allow"] == "GET, HEAD, POST, OPTIONS"
    assert "content-type" in known.headers["access-control-allow-headers"]
    assert "access-control-allow-headers" not in other.headers


def test_what_nobody_foresaw_is_masked_and_logged_with_the_request_id(client, caplog):
    answer = client.ask("{ broken }", headers={"x-request-id": "find-me"})
    assert "hunter2" not in answer.text
    assert "find-me" in answer.json()["errors"][0]["message"]
    assert "hunter2" in caplog.text
    assert "find-me" in caplog.text


def test_a_request_writes_one_line_without_values_of_variables(client, caplog):
    query = "query Greet($n: String) { hello(name: $n) }"
    with caplog.at_level(logging.INFO, "newsstand.requests"):
        client.post({"query": query, "variables": {"n": "secret"}})
    (record,) = [one for one in caplog.records if one.name == "newsstand.requests"]
    line = json.loads(record.message)
    assert line["operation"] == "Greet"
    assert (line["status"], line["cost"], len(line["hash"])) == (200, 0, 64)
    assert "secret" not in record.message


def test_the_cost_is_told_when_asked(client):
    answer = client.post({"query": "{ self { hello } }", "extensions": {"cost": True}})
    assert answer.json()["extensions"] == {"cost": {"requested": 1, "limit": 20_000}}


def test_suggestions_are_hidden_for_fields_arguments_and_types(make_client):
    client = make_client(suggestions=False)
    for query in ("{ helo }", '{ hello(nam: "a") }', "query ($a: Strin) { hello(name: $a) }",
                  '{ named(filter: {titel: "a"}) }', "{ hello @skp(if: true) }"):  # fmt: skip
        assert "Did you mean" not in client.ask(query).text
