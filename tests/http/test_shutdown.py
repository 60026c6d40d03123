"""Shutdown finishes what is running, refuses what is new, and ends in time."""

import socket
import threading
from concurrent.futures import Future, ThreadPoolExecutor

import httpx
import pytest
import uvicorn

from gql.server import bounded_protocol
from gql.settings import Settings


class Stopping:
    """A server of its own thread, that is told to stop once a request runs."""

    def __init__(self, app, grace_seconds: float) -> None:
        self.bound = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.bound.getsockname()[1]}/graphql"
        protocol = bounded_protocol(Settings())
        self.config = uvicorn.Config(
            app, http=protocol, ws="none", log_config=None, lifespan="off",
            timeout_graceful_shutdown=grace_seconds,
        )  # fmt: skip
        self.server = uvicorn.Server(self.config)
        self.thread = threading.Thread(target=self.server.run, args=([self.bound],), daemon=True)
        self.thread.start()

    def stop_while(self, query: str) -> Future[httpx.Response]:
        running = threading.Event()
        tasks = self.server.server_state.tasks
        with ThreadPoolExecutor() as pool:
            asked = pool.submit(httpx.post, self.url, json={"query": query}, timeout=20)
            while not tasks and not asked.done():
                running.wait(0.005)
            self.server.should_exit = True
            self.thread.join(20)
        assert not self.thread.is_alive()
        return asked


def test_a_running_request_is_finished_and_a_new_one_refused(make_client):
    stopping = Stopping(make_client().app, grace_seconds=10)
    asked = stopping.stop_while("{ slow(seconds: 0.5) }")
    assert asked.result().json() == {"data": {"slow": "done"}}
    with pytest.raises(httpx.ConnectError):
        httpx.post(stopping.url, json={"query": "{ hello }"})


def test_a_request_that_outlasts_the_grace_is_told_so(make_client):
    stopping = Stopping(make_client(deadline_seconds=60).app, grace_seconds=0.1)
    answer = stopping.stop_while("{ slow(seconds: 60) }").result()
    assert answer.status_code == 503
    assert answer.json()["errors"][0]["extensions"]["code"] == "SHUTTING_DOWN"
