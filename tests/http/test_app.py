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
    assert page.headers["vary"] == "Accept, Accept-Encoding"
    assert page.headers["x-request-id"]


def test_production_shows_no_graphiql_and_no_introspection(run, store):
    app = create_app(read_settings({"NEWSSTAND_PROFILE": "production"}), store)
    page, schema, sdl, front, typo = run(
        ask(
            app,
            get("/graphql", headers=BROWSER),
            post("{ __schema { queryType { name } } }"),
            get("/schema.graphql"),
            get("/"),
            post("{ articels { totalCount } }"),
        )
    )
    assert "GraphiQL" not in page.text
    assert schema.json()["errors"][0]["extensions"]["code"] == "INTROSPECTION_DISABLED"
    assert sdl.status_code == 404
    assert '<li hidden><a href="/schema.graphql">' in front.text
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


def test_the_deadline_reaches_mongo_with_every_command(run, store, commands):
    app = create_app(Settings(deadline_seconds=7.0), store)
    commands.clear()
    query = "{ articles { totalCount nodes { title topics { name } } } topics { nodes { name } } }"
    (answer,) = run(ask(app, post(query)))
    assert "errors" not in answer.json()
    assert commands.sent
    assert all(0 < command["maxTimeMS"] <= 7000 for command in commands.sent)


def test_a_deadline_that_is_over_is_a_code_and_no_500(run, store):
    app = create_app(Settings(deadline_seconds=0.001), store)
    (answer,) = run(ask(app, post("{ articles { nodes { title } } }")))
    assert answer.status_code == 200
    assert answer.json()["errors"][0]["extensions"]["code"] == "DEADLINE_EXCEEDED"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_circular_operation_is_refused_before_it_runs(run, store, commands, method):
    """Article to topic to articles and round again: each turn multiplies."""
    turn = "topics { articles(first: 100) { nodes { "
    query = "{ articles(first: 100) { nodes { " + turn * 2 + "slug" + " }" * 9
    commands.clear()
    app = create_app(Settings(), store)
    request = post(query) if method == "POST" else get("/graphql", params={"query": query})
    (answer,) = run(ask(app, request))
    assert answer.json()["errors"][0]["extensions"]["code"] == "COST_LIMIT_EXCEEDED"
    assert answer.json()["extensions"]["cost"]["requested"] > 20_000
    assert commands.sent == []


def test_explain_is_not_answered_in_production(run, store):
    app = create_app(read_settings({"NEWSSTAND_PROFILE": "production"}), store)
    (answer,) = run(ask(app, post("{ __typename }", headers={"x-newsstand-explain": "1"})))
    assert "extensions" not in answer.json()


@pytest.mark.parametrize(
    "variables", [{"s": {"$gt": ""}}, {"s": ["a"]}, {"s": 5}, {"s": None}, {}], ids=str
)
def test_what_is_no_string_never_reaches_mongo_as_one(run, store, commands, variables):
    app = create_app(Settings(), store)
    body = {"query": "query ($s: String!) { article(slug: $s) { title } }", "variables": variables}
    commands.clear()
    accept = {"accept": "application/graphql-response+json"}
    (answer,) = run(ask(app, (("POST", "/graphql"), {"json": body, "headers": accept})))
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert commands.sent == []
