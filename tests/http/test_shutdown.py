"""Shutdown finishes what is running, refuses what is new, and ends in time."""

from concurrent.futures import Future, ThreadPoolExecutor

import httpx
import pytest

from gql.settings import Settings
from tests.http.listening import app_around, server_of, until


def stopped_while(app, query: str, *, grace_seconds: float) -> tuple[str, Future[httpx.Response]]:
    """The URL of a server that was told to stop while it ran a query, and what the query got."""
    settings = Settings(shutdown_seconds=grace_seconds)
    with ThreadPoolExecutor() as pool:
        with server_of(app_around(app), settings) as (address, server):
            url = f"http://127.0.0.1:{address[1]}/graphql"
            asked = pool.submit(httpx.post, url, json={"query": query}, timeout=60)
            until(lambda: bool(server.server_state.tasks) or asked.done())
        return url, asked


def test_a_running_request_is_finished_and_a_new_one_refused(make_client):
    url, asked = stopped_while(make_client().app, "{ slow(seconds: 0.5) }", grace_seconds=10)
    assert asked.result().json() == {"data": {"slow": "done"}}
    with pytest.raises(httpx.ConnectError):
        httpx.post(url, json={"query": "{ hello }"})


def test_a_request_that_outlasts_the_grace_is_told_so(make_client):
    app = make_client(deadline_seconds=60).app
    _, asked = stopped_while(app, "{ slow(seconds: 60) }", grace_seconds=0.1)
    assert asked.result().status_code == 503
    assert asked.result().json()["errors"][0]["extensions"]["code"] == "SHUTTING_DOWN"
