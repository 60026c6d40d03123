"""The application from end to end, over a real mongod: pages, health, and Mongo going away."""

import httpx
import pytest

from gql.app import create_app
from gql.settings import Settings, read_settings
from store.connect import connect

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture(scope="module")
def closed_port_uri():
    """A MongoDB URI at which nothing listens."""
    # A path, not a port: PyMongo leaves a socket unclosed that is being connected when its client
    # closes, and to a path that is not there no connection is ever under way.
    return "mongodb://%2Fnowhere%2Fmongod.sock/?directConnection=true"


async def ask(app, *requests):
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://news") as client:
        return [await client.request(*args, **kwargs) for args, kwargs in requests]


def get(url, **kwargs):
    return (("GET", url), kwargs)


def post(query, **kwargs):
    return (("POST", "/graphql"), {"json": {"query": query}, **kwargs})


def test_post_answers_and_a_browser_gets_graphiql(run, store):
    app = create_app(Settings(), store)
    answer, page = run(ask(app, post("{ __typename }"), get("/graphql", headers=BROWSER)))
    assert answer.json() == {"data": {"__typename": "Query"}}
    assert page.headers["content-type"].startswith("text/html")
    assert "GraphiQL" in page.text


def test_production_shows_no_graphiql_and_no_introspection(run, store):
    app = create_app(read_settings({"NEWSSTAND_PROFILE": "production"}), store)
    page, schema, typo = run(
        ask(
            app,
            get("/graphql", headers=BROWSER),
            post("{ __schema { queryType { name } } }"),
            post("{ articels { totalCount } }"),
        )
    )
    assert "GraphiQL" not in page.text
    assert schema.json()["errors"][0]["extensions"]["code"] == "INTROSPECTION_DISABLED"
    assert "Did you mean" not in typo.text


def test_health_and_readiness_tell_the_truth(run, store, closed_port_uri):
    health, ready = run(ask(create_app(Settings(), store), get("/healthz"), get("/readyz")))
    assert (health.status_code, ready.status_code) == (200, 200)

    async def without_mongo():
        async with connect(uri=closed_port_uri, database="gone") as gone:
            app = create_app(Settings(deadline_seconds=3.0), gone)
            return await ask(
                app, get("/healthz"), get("/readyz"), post("{ articles { totalCount } }")
            )

    health, ready, answer = run(without_mongo())
    assert (health.status_code, ready.status_code) == (200, 503)
    assert answer.json()["errors"][0]["extensions"]["code"] == "STORE_UNAVAILABLE"
    assert "127.0.0.1" not in answer.text


def test_the_lifespan_opens_and_closes_the_store(run, mongod_uri):
    app = create_app(Settings(mongodb_uri=mongod_uri, mongodb_db="lifespan"))

    async def live():
        async with app.router.lifespan_context(app):
            return await ask(app, get("/readyz"))

    assert run(live())[0].status_code == 200
