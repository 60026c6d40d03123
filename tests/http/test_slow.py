"""Slow clients, idle connections, and clients that hang up, on a server that listens."""

import asyncio
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from typing import Any

import pytest
from pymongo import MongoClient

from gql.gateway import Gateway, Options
from gql.http import BodyLimits
from gql.operation import Operations
from gql.settings import Settings
from store.collections import ARTICLES
from tests.conftest import opened_with
from tests.http.conftest import tiny_schema_once
from tests.http.listening import Address, app_around, rest, said, said_to_drips, server_of, until

SHORT_SECONDS = 0.3
# Only the timer that a test is about is short, so that a busy machine cannot end another.
PATIENT = {f"{name}_seconds": 60.0 for name in ("header", "body", "idle", "write", "shutdown")}
Serve = Callable[..., Address]
BODY = b'{"query": "{ hello }"}'
HEAD = b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
ASK = HEAD + f"Content-Length: {len(BODY)}\r\n\r\n".encode() + BODY


def settings(**special: Any) -> Settings:
    return Settings(max_head_bytes=4096, **(PATIENT | special))


@pytest.fixture
def serve(make_client) -> Iterator[Serve]:
    """Serves until the test is over; settings that are named replace the patient ones."""
    with ExitStack() as opened:

        def begin(**special: Any) -> Address:
            having = settings(**special)
            limits = BodyLimits(body_seconds=having.body_seconds)
            server = server_of(app_around(make_client(body=limits).app), having)
            return opened.enter_context(server)[0]

        yield begin


def test_a_connection_that_says_nothing_is_closed(serve):
    address = serve(header_seconds=SHORT_SECONDS)
    assert said(address).startswith(b"HTTP/1.1 408")


def test_a_head_that_does_not_come_to_its_end_is_told_408(serve):
    address = serve(header_seconds=SHORT_SECONDS)
    assert said(address, b"GET /healthz HTTP/1.1\r\nHo").startswith(b"HTTP/1.1 408")


def test_a_head_in_drips_is_told_408_however_steady_they_are(serve):
    address = serve(header_seconds=SHORT_SECONDS)
    answer = said_to_drips(address, b"GET /healthz HTTP/1.1\r\nX-Slow: ", b"a")
    assert answer.startswith(b"HTTP/1.1 408")


def test_a_second_head_on_a_kept_connection_has_the_same_time(serve):
    address = serve(header_seconds=5.0)
    answer = said(address, ASK, b"GET /healthz HTTP/1.1\r\nHo")
    assert b'{"data":{"hello":"Hello world"}}' in answer
    assert b"HTTP/1.1 408" in answer


def test_a_head_that_is_too_long_is_told_431(serve):
    address = serve()
    head = b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-Long: " + b"a" * 5000
    assert said(address, head).startswith(b"HTTP/1.1 431")
    assert said(address, head + b"\r\n\r\n").startswith(b"HTTP/1.1 431")


def test_a_body_that_does_not_come_to_its_end_is_told_408_with_a_code(serve):
    address = serve(body_seconds=SHORT_SECONDS)
    answer = said(address, HEAD + b"Content-Length: 100\r\n\r\n" + BODY)
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"BODY_TIMEOUT" in answer


def test_a_body_in_drips_is_told_408_however_steady_they_are(serve):
    address = serve(body_seconds=SHORT_SECONDS)
    answer = said_to_drips(address, HEAD + b"Content-Length: 5000\r\n\r\n", b" ")
    assert answer.startswith(b"HTTP/1.1 408")


def test_a_body_in_drips_that_nobody_reads_ends_its_connection_too(serve):
    """The answer is there at once; what is left of the body must not keep the connection."""
    address = serve(body_seconds=SHORT_SECONDS)
    head = b"POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n"
    assert said_to_drips(address, head, b" ").startswith(b"HTTP/1.1 405")


def test_empty_lines_in_drips_do_not_keep_a_connection(serve):
    address = serve(header_seconds=SHORT_SECONDS)
    assert b"HTTP/1.1 408" in said_to_drips(address, ASK, b"\r\n")


def test_an_idle_connection_is_closed(serve):
    address = serve(idle_seconds=SHORT_SECONDS)
    assert said(address, ASK).endswith(b'{"data":{"hello":"Hello world"}}')


def test_a_connection_is_idle_as_well_when_its_body_ended_after_the_answer(serve):
    """uvicorn stops its timer at the body's last bytes and starts none."""
    address = serve(idle_seconds=SHORT_SECONDS)
    with socket.create_connection(address, timeout=30) as client:
        client.sendall(b"POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n")
        assert client.recv(65_536).startswith(b"HTTP/1.1 405")
        with suppress(ConnectionError):  # it may have been idle for long enough already
            client.sendall(b"{}")
            rest(client)


def test_a_client_that_reads_nothing_of_its_answer_is_cut_off(make_client):
    body = json.dumps({"query": "{ numbers(first: 1000000) }"}).encode()
    app = app_around(make_client().app)
    serving = server_of(app, settings(write_seconds=SHORT_SECONDS))
    with serving as (address, server), socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(30)
        client.connect(address)
        client.sendall(HEAD + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        assert client.recv(1) == b"H"
        until(lambda: not server.server_state.connections)


def test_more_connections_than_allowed_are_told_503(serve):
    address = serve(max_connections=5)
    idle = [socket.create_connection(address, timeout=30) for _ in range(5)]
    try:
        assert said(address, ASK).startswith(b"HTTP/1.1 503")
    finally:
        for one in idle:
            one.close()


@pytest.mark.parametrize("asked", ["POST", "GET"])
def test_a_client_that_hangs_up_ends_its_work(asked):
    began, ended = threading.Event(), threading.Event()

    async def long_run(operation, variables, seen):
        began.set()
        try:
            await asyncio.sleep(30)
        finally:
            ended.set()

    gateway = Gateway(Operations(tiny_schema_once()), long_run, Options())
    with server_of(app_around(gateway), settings()) as (address, _):
        with socket.create_connection(address, timeout=30) as client:
            get = b"GET /graphql?query=%7Bhello%7D HTTP/1.1\r\nHost: a\r\n\r\n"
            client.sendall(ASK if asked == "POST" else get)
            assert began.wait(30)
        assert ended.wait(30)


def test_a_client_that_hangs_up_ends_what_mongo_does_for_it(mongod_uri, database_name):
    with MongoClient[Any](mongod_uri) as mongo:
        hidden = [{"_id": str(n), "_index": {"visible": True}} for n in range(100)]
        mongo[database_name]["articles"].insert_many(hidden)
        running = {"ns": f"{database_name}.articles", "active": True}

        def at_work() -> bool:
            pipeline = [{"$currentOp": {}}, {"$match": running}]
            return bool(list(mongo.admin.aggregate(pipeline)))

        async def long_read(operation, variables, seen):
            async with opened_with("pymongo", mongod_uri, database_name) as store:
                where = {"$where": "sleep(1000) || true"}  # 100 seconds, all in all
                await store.reader().find(ARTICLES, where, projection={"_id": 1}, limit=100)

        gateway = Gateway(Operations(tiny_schema_once()), long_read, Options(deadline_seconds=60))
        with server_of(app_around(gateway), settings()) as (address, _):
            with socket.create_connection(address, timeout=30) as client:
                client.sendall(ASK)
                until(at_work)
            until(lambda: not at_work())


def test_two_requests_in_one_packet_are_both_answered(serve):
    address = serve()
    last = ASK.replace(b"Host: a\r\n", b"Host: a\r\nConnection: close\r\n")
    assert said(address, ASK + last).count(b'{"data":{"hello":"Hello world"}}') == 2
