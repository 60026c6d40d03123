"""What only a listening server shows: the audit of graphql-http, bad bodies, upgrades."""

import json
import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from gql.app import create_app
from gql.settings import Settings
from tests.http.listening import Address, server_of
from tests.http.test_bodies import ATTACKS

HERE = Path(__file__).parent
EXPLORER = HERE.parents[1] / "gql" / "explorer"


@pytest.fixture(scope="module")
def address(mongod_uri) -> Iterator[Address]:
    """The whole application over an empty database, as it is served by default."""
    settings = Settings(mongodb_uri=mongod_uri, mongodb_db="served")
    with server_of(create_app(settings), settings) as (address, _):
        yield address


def test_all_checks_of_the_graphql_http_audit_pass(address):
    package = EXPLORER / "node_modules" / "graphql-http"
    if shutil.which("node") is None or not package.is_dir():
        why = "the audit needs Node and its package (npm ci in gql/explorer)"
        pytest.fail(why) if os.environ.get("CI") and shutil.which("node") else pytest.skip(why)
    url = f"http://127.0.0.1:{address[1]}/graphql"
    command = ["node", str(HERE / "audit.mjs"), url, str(EXPLORER)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    results = json.loads(done.stdout)
    assert [result for result in results if result["status"] != "ok"] == []
    levels = Counter(result["name"].split()[0] for result in results)
    assert levels == {"MUST": 13, "SHOULD": 23, "MAY": 25}


@pytest.mark.parametrize(
    ("body", "status", "code"), [row[1:4] for row in ATTACKS], ids=[row[0] for row in ATTACKS]
)
def test_a_bad_body_is_refused_alike_by_what_is_served(address, body, status, code):
    headers = {"content-type": "application/json"}
    url = f"http://127.0.0.1:{address[1]}/graphql"
    answer = httpx.post(url, content=body, headers=headers, timeout=60)
    assert answer.status_code == status
    assert answer.json()["errors"][0]["extensions"]["code"] == code
    assert httpx.post(url, json={"query": "{ __typename }"}, timeout=60).status_code == 200


@pytest.mark.parametrize("protocol", ["graphql-ws", "graphql-transport-ws"])
def test_no_websocket_is_opened_whatever_protocol_it_names(address, protocol, caplog):
    headers = {
        "connection": "upgrade", "upgrade": "websocket", "sec-websocket-version": "13",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==", "sec-websocket-protocol": protocol,
    }  # fmt: skip
    answer = httpx.get(f"http://127.0.0.1:{address[1]}/graphql", headers=headers, timeout=60)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
    assert caplog.records == []
