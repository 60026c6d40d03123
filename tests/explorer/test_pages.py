"""The pages as a client gets them: addresses, headers, and what they say without JavaScript."""

import asyncio
import gzip
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest
from starlette.applications import Starlette

from gql import docs, pages
from gql.pages import Figures, page_routes

LOADED = Figures(133, 12, 40, datetime(2026, 11, 24, 8, 30, tzinfo=UTC))


def app(figures: Figures | None = LOADED, **options: bool) -> Starlette:
    async def read() -> Figures | None:
        return figures

    given = {"explorer": True, "explain": False, **options}
    return Starlette(routes=page_routes(sdl="type Query { a: Int }\n", figures=read, **given))


def get(
    path: str, served: Starlette | None = None, headers: dict[str, str] | None = None
) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=served or app())
        async with httpx.AsyncClient(transport=transport, base_url="http://newsstand") as client:
            return await client.get(path, headers=headers)

    return asyncio.run(ask())


@pytest.fixture
def built(tmp_path, monkeypatch) -> Callable[[], None]:
    """A GraphiQL that counts as built, whether or not Node has been here."""
    (tmp_path / "chunks").mkdir()
    for name in ("complete", "graphiql.js", "chunks/a-1B2C.js"):
        (tmp_path / name).write_text("")
    monkeypatch.setattr(pages, "GRAPHIQL", tmp_path)


def test_the_front_page_says_what_is_loaded_and_when_without_javascript():
    text = get("/").text
    assert "<dd>133</dd>" in text
    assert "<dd>12</dd>" in text
    assert "<dd>40</dd>" in text
    assert '<time datetime="2026-11-24T08:30:00+00:00">24 November 2026, 08:30 UTC</time>' in text
    for address in ("/graphiql", "/schema.graphql", "/docs", "/readyz"):
        assert f'href="{address}"' in text
    assert "<noscript>" in text


def test_a_store_that_does_not_answer_is_said_with_status_503():
    response = get("/", app(figures=None))
    assert response.status_code == 503
    assert "The store does not answer" in response.text


def test_an_empty_store_says_how_to_load_it():
    assert "newsstand seed" in get("/", app(Figures(0, 0, 0, None))).text


def test_without_the_explorer_its_page_is_absent_and_its_link_hidden():
    closed = app(explorer=False)
    assert get("/graphiql", closed).status_code == 404
    assert re.search(r'<li hidden><a class="button" href="/graphiql">', get("/", closed).text)


def test_the_schema_is_text_that_a_browser_shows():
    response = get("/schema.graphql")
    assert response.text == "type Query { a: Int }\n"
    assert response.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("path", ["/", "/docs", "/graphiql", "/docs/explorer.md"])
def test_every_page_carries_a_policy_that_begins_with_nothing_allowed(path, built):
    headers = get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self';")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["/", "/docs", "/graphiql", "/docs/explorer.md"])
def test_no_page_names_a_script_or_a_style_of_another_host(path, built):
    for address in re.findall(r'(?:src|<link[^>]*href)="([^"]*)"', get(path).text):
        assert address.startswith("/static/"), address


@pytest.mark.parametrize("explain", [True, False])
def test_graphiql_knows_whether_explain_is_allowed(built, explain):
    text = get("/graphiql", app(explain=explain)).text
    assert f'data-explain="{str(explain).lower()}"' in text


def test_files_named_by_a_hash_are_kept_and_the_others_asked_for_anew(built):
    assert "immutable" in get("/static/graphiql/chunks/a-1B2C.js").headers["cache-control"]
    assert get("/static/graphiql/graphiql.js").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("accepts", ["gzip", "identity"])
def test_a_file_that_lies_compressed_beside_itself_is_sent_so_to_who_takes_it(built, accepts):
    (pages.GRAPHIQL / "graphiql.js").write_text("let whole;")
    (pages.GRAPHIQL / "graphiql.js.gz").write_bytes(gzip.compress(b"let whole;"))
    response = get("/static/graphiql/graphiql.js", headers={"accept-encoding": accepts})
    assert response.text == "let whole;"
    assert ("content-encoding" in response.headers) == (accepts == "gzip")
    assert "javascript" in response.headers["content-type"]
    assert response.headers["vary"] == "Accept-Encoding"


def test_where_graphiql_is_not_built_the_page_of_strawberry_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(pages, "GRAPHIQL", tmp_path)
    response = get("/graphiql")
    assert "GraphiQL is not built here" in response.text
    assert pages.WAITING in response.text
    assert "Loading..." not in response.text
    assert "Strawberry GraphiQL" in response.text
    assert 'new URL("/graphql", window.location.href).href' in response.text
    assert "https://unpkg.com" in response.headers["content-security-policy"]


def test_every_doc_is_listed_and_shown():
    listed = get("/docs").text
    for name, _ in docs.contents():
        assert f'href="/docs/{name}"' in listed
        assert get(f"/docs/{name}").status_code == 200


def test_a_doc_that_does_not_exist_is_a_404_with_a_sentence():
    response = get("/docs/nothing.md")
    assert response.status_code == 404
    assert "/docs lists them" in response.text


def test_the_lock_file_names_no_address_so_any_registry_will_do():
    lock = json.loads((pages.HERE / "explorer" / "package-lock.json").read_text())
    assert not any("resolved" in package for package in lock["packages"].values())
    assert all("integrity" in one for path, one in lock["packages"].items() if path)


def test_nothing_outside_the_docs_can_be_read():
    assert get("/docs/..%2fREADME.md").status_code == 404
    assert get("/static/front/..%2f..%2fpages.py").status_code == 404
