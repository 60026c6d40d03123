"""An application that listens as `newsstand serve` has it listen, in a thread of its own."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from gql.app import healthz
from gql.serving import uvicorn_config
from gql.settings import Settings

Address = tuple[str, int]


def app_around(gateway: Any) -> Starlette:
    """A gateway at its path, with a page beside it that reads no body."""
    return Starlette(routes=[Route("/graphql", gateway), Route("/healthz", healthz)])


@contextmanager
def server_of(app: Any, settings: Settings) -> Iterator[tuple[Address, uvicorn.Server]]:
    """Where the application listens, and its server; both end with the block."""
    bound = socket.create_server(("127.0.0.1", 0))
    config = uvicorn_config(settings, app)
    config.log_config = None
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([bound],), daemon=True)
    thread.start()
    try:
        yield bound.getsockname(), server
    finally:
        server.should_exit = True
        thread.join(30)
        assert not thread.is_alive()


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds; fails after some 30 seconds."""
    never = threading.Event()
    assert any(holds() or never.wait(0.01) for _ in range(3000))


def said(address: Address, *parts: bytes) -> bytes:
    """Everything the server says to these bytes, until it closes; 30 seconds of rest fail."""
    with socket.create_connection(address, timeout=30) as client:
        for part in parts:
            client.sendall(part)
        return rest(client)


def rest(client: socket.socket) -> bytes:
    """What comes until the server closes."""
    received = b""
    while chunk := client.recv(65_536):
        received += chunk
    return received


def said_to_drips(address: Address, first: bytes, drop: bytes) -> bytes:
    """What the server says, until it closes, to a client that sends a drop at each lull."""
    received = b""
    with socket.create_connection(address, timeout=0.05) as client:
        client.sendall(first)
        for _ in range(400):
            try:
                if not (chunk := client.recv(65_536)):
                    return received
                received += chunk
            except TimeoutError:
                with suppress(ConnectionError):
                    client.sendall(drop)
            except ConnectionError:
                return received
    raise AssertionError("The server listened to all drops.")
