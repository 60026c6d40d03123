"""What only a listening server shows: the audit of graphql-http, slow clients, upgrades."""

import json
import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn

from gql.app import create_app
from gql.server import bounded_protocol
from gql.settings import Settings

HERE = Path(__file__).parent
EXPLORER = HERE.parents[1] / "gql" / "explorer"
BODY = b'{"query": "{ __typename }"}'
HEAD = b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"


@pytest.fixture(scope="module")
def address(mongod_uri) -> Iterator[tuple[str, int]]:
    """A server with short times, on a port of its own, in a thread of its own."""
    settings = Settings(
        mongodb_uri=mongod_uri, mongodb_db="served", header_seconds=0.3, body_seconds=0.3,
        max_head_bytes=4096,
    )  # fmt: skip
    bound = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        create_app(settings), http=bounded_protocol(settings), ws="none", log_config=None
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([bound],), daemon=True)
    thread.start()
    yield bound.getsockname()
    server.should_exit = True
    thread.join(30)
    assert not thread.is_alive()


def said(address, *parts: bytes) -> bytes:
    """Everything the server says to these bytes, until it closes or rests for 5 seconds."""
    with socket.create_connection(address, timeout=5) as client:
        for part in parts:
            client.sendall(part)
        received = b""
        while chunk := client.recv(65_536):
            received += chunk
        return received


def test_all_checks_of_the_graphql_http_audit_pass(address):
    package = EXPLORER / "node_modules" / "graphql-http"
    if shutil.which("node") is None or not package.is_dir():
        why = "the audit needs Node and its package (npm ci in gql/explorer)"
        pytest.fail(why) if os.environ.get("CI") and shutil.which("node") else pytest.skip(why)
    url = f"http://127.0.0.1:{address[1]}/graphql"
    command = ["node", str(HERE / "audit.mjs"), url, str(EXPLORER)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    results = json.loads(done.stdout)
    assert len(results) >= 60
    assert [result for result in results if result["status"] != "ok"] == []


def test_a_head_that_does_not_come_to_its_end_is_told_408(address):
    assert said(address, b"GET /healthz HTTP/1.1\r\nHo").startswith(b"HTTP/1.1 408")


def test_a_connection_that_says_nothing_is_closed(address):
    assert said(address).startswith(b"HTTP/1.1 408")


def test_a_head_that_is_too_long_is_told_431(address):
    head = b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-Long: " + b"a" * 5000
    assert said(address, head).startswith(b"HTTP/1.1 431")
    assert said(address, head + b"\r\n\r\n").startswith(b"HTTP/1.1 431")


def test_a_body_that_does_not_come_to_its_end_is_told_408_with_a_code(address):
    answer = said(address, HEAD + b"Content-Length: 100\r\n\r\n" + BODY)
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"BODY_TIMEOUT" in answer


def test_two_requests_in_one_packet_are_both_answered(address):
    length = f"Content-Length: {len(BODY)}\r\n".encode()
    last = HEAD + length + b"Connection: close\r\n\r\n" + BODY
    answer = said(address, HEAD + length + b"\r\n" + BODY + last)
    assert answer.count(b'{"data":{"__typename":"Query"}}') == 2


@pytest.mark.parametrize("protocol", ["graphql-ws", "graphql-transport-ws"])
def test_no_websocket_is_opened_whatever_protocol_it_names(address, protocol):
    headers = {
        "connection": "upgrade", "upgrade": "websocket", "sec-websocket-version": "13",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==", "sec-websocket-protocol": protocol,
    }  # fmt: skip
    answer = httpx.get(f"http://127.0.0.1:{address[1]}/graphql", headers=headers)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
