"""The pages for people: the front page, GraphiQL, the printed schema, docs, and their files.

Everything a page loads comes from this server, and a Content-Security-Policy says so. The one
exception is written down in `POLICIES`: the front page shows the images that articles name.
"""

from __future__ import annotations

import html
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from mimetypes import guess_type
from pathlib import Path
from string import Template

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope
from strawberry.http.ides import get_graphql_ide_html

from gql import docs

HERE = Path(__file__).parent
FRONT = HERE / "front"
GRAPHIQL = HERE / "explorer" / "dist"

NOT_BUILT = """<body style="display:flex;flex-direction:column;height:100vh">
<p style="margin:0;padding:8px 16px;font:15px/1.5 system-ui,sans-serif">
<strong>GraphiQL is not built here.</strong> <code>make explorer</code> builds it and needs Node 20
or newer; then it needs no internet. This is the page that Strawberry brings, and it loads its
scripts from unpkg.com. Without either: <a href="/">the front page</a>,
<a href="/schema.graphql">the schema</a>,
<a href="$endpoint?query=%7Barticles%28first%3A3%29%7Bnodes%7Btitle%20url%7D%7D%7D">three
articles</a>, <a href="/docs">the docs</a>.</p>"""
# What Strawberry's page says until its scripts have come, which may be for good.
WAITING = "Loading from unpkg.com. Where this stays, this browser cannot reach it."

NO_SCHEMA = "The schema is not shown here: introspection is off (NEWSSTAND_INTROSPECTION)."

_SELF = "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'"
_CLOSED = "form-action 'self'; frame-ancestors 'none'"

POLICIES = {
    # Articles name their images at any host; a browser asks for them without a referrer.
    "front": f"{_SELF}; style-src 'self'; img-src 'self' http: https:; {_CLOSED}",
    # Monaco writes style elements and style attributes as it draws, and takes no nonce;
    # GraphiQL's fonts stand in its style sheet as data. Its workers are files of ours.
    "graphiql": f"{_SELF}; style-src 'self' 'unsafe-inline'; font-src 'self' data:; "
    f"img-src 'self' data:; worker-src 'self'; {_CLOSED}",
    # Where Node is missing: Strawberry's page has inline scripts and loads from one host.
    "strawberry": "default-src 'none'; script-src https://unpkg.com 'unsafe-inline'; "
    "style-src https://unpkg.com 'unsafe-inline'; font-src https://unpkg.com data:; "
    f"img-src data:; connect-src 'self'; base-uri 'none'; {_CLOSED}",
}


@dataclass(frozen=True)
class Figures:
    """What the front page counts: published articles, topics, providers, and the last load."""

    articles: int
    topics: int
    providers: int
    loaded: datetime | None


def page_routes(
    *,
    sdl: str | None,
    figures: Callable[[], Awaitable[Figures | None]],
    explorer: bool,
    explain: bool,
    search: bool = False,
    endpoint: str = "/graphql",
) -> list[BaseRoute]:
    """The routes of all pages.

    `sdl` is the printed schema, None where nobody may read it. `figures` reads the counts, and is
    None where the store does not answer. `explorer` false leaves GraphiQL out; `explain` shows its
    Explain switch; `search` the front page's field to type into. `endpoint` answers GraphQL.
    """
    shown = {"explorer": _shown(explorer), "schema": _shown(sdl is not None)}
    shown |= {"endpoint": endpoint, "search": "true" if search else "false"}

    async def front(_: Request) -> Response:
        return front_page(await figures(), shown)

    async def schema(_: Request) -> Response:
        if sdl is None:
            return PlainTextResponse(NO_SCHEMA, status_code=404, headers=_headers())
        return PlainTextResponse(sdl, headers=_headers())

    async def icon(_: Request) -> Response:
        return FileResponse(FRONT / "icon.svg", headers=_headers())

    async def docs_contents(_: Request) -> Response:
        return _docs_page("Docs", docs.contents_html(), shown)

    async def docs_page(request: Request) -> Response:
        name = f"{request.path_params['name']}.md"
        return _docs_page(name, docs.page_html(name), shown)

    async def graphiql(_: Request) -> Response:
        return graphiql_page(endpoint=endpoint, explain=explain)

    routes: list[BaseRoute] = [
        Route("/", front),
        Route("/schema.graphql", schema),
        Route("/docs", docs_contents),
        Route("/docs/{name}.md", docs_page),
        Mount("/docs/images", _Files(directory=docs.DOCS / "images", check_dir=False)),
        # Browsers ask for this one where a page (a JSON answer, say) names no icon.
        Route("/favicon.ico", icon),
        Mount("/static/front", _Files(directory=FRONT)),
    ]
    if explorer:
        files = _Files(directory=GRAPHIQL, check_dir=False)
        routes += [Route("/graphiql", graphiql), Mount("/static/graphiql", files)]
    return routes


def graphiql_is_built() -> bool:
    """Whether `make explorer`, or the wheel, has put a whole GraphiQL beside this module."""
    return (GRAPHIQL / "complete").is_file()


def graphiql_page(*, endpoint: str, explain: bool) -> Response:
    """GraphiQL as built here; Strawberry's page, which says on top what is missing, where not."""
    if graphiql_is_built():
        page = _fill(
            HERE / "explorer" / "graphiql.html",
            endpoint=endpoint,
            explain="true" if explain else "false",
        )
        return HTMLResponse(page, headers=_headers("graphiql"))
    # Strawberry's page asks the address that it stands at; ours stands beside the endpoint.
    page = get_graphql_ide_html("graphiql").replace(
        'window.location.href.split("?")[0]', f'new URL("{endpoint}", window.location.href).href'
    )
    note = Template(NOT_BUILT).substitute(endpoint=endpoint)
    for old, new in (
        ("<html>", '<html lang="en">'),
        ("<body>", note),
        (">Loading...<", f' style="flex:1;min-height:0;padding:0 16px">{WAITING}<'),
    ):
        page = page.replace(old, new)
    return HTMLResponse(page, headers=_headers("strawberry"))


def front_page(figures: Figures | None, shown: dict[str, str]) -> Response:
    """The front page with its counts; 503 and a sentence where the store does not answer.

    `shown`: what the page needs to know of the server, as its HTML has it.
    """
    page = _fill(
        FRONT / "index.html",
        loaded=_loaded(figures),
        articles=f"{figures.articles:,}" if figures else "–",
        topics=f"{figures.topics:,}" if figures else "–",
        providers=f"{figures.providers:,}" if figures else "–",
        **shown,
    )
    return HTMLResponse(page, status_code=200 if figures else 503, headers=_headers("front"))


def _shown(there: bool) -> str:
    return "" if there else "hidden"


def _docs_page(title: str, body: str | None, shown: dict[str, str]) -> Response:
    if body is None:
        return PlainTextResponse("There is no such page; /docs lists them.", status_code=404)
    page = _fill(FRONT / "docs.html", title=html.escape(title), body=body, **shown)
    return HTMLResponse(page, headers=_headers("front"))


def _loaded(figures: Figures | None) -> str:
    if figures is None:
        return "The store does not answer at the moment."
    if figures.loaded is None:
        return "Nothing is loaded yet: run <code>newsstand seed FOLDER</code>."
    iso = figures.loaded.isoformat(timespec="seconds")
    return f'Last loaded <time datetime="{iso}">{figures.loaded:%d %B %Y, %H:%M} UTC</time>.'


def _fill(path: Path, **values: str) -> str:
    """A page with its `$names` filled in; values are HTML."""
    return Template(path.read_text(encoding="utf-8")).substitute(values)


def _headers(policy: str | None = None) -> dict[str, str]:
    headers = {
        "Cache-Control": "no-cache",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
    return headers | ({"Content-Security-Policy": POLICIES[policy]} if policy else {})


class _Files(StaticFiles):
    """Static files; those whose name holds a hash of their content are kept for a year.

    Beside a file may lie the same compressed, `name.gz`, for whoever takes it.
    """

    async def get_response(self, path: str, scope: Scope) -> Response:
        zipped = "gzip" in Headers(scope=scope).get("accept-encoding", "")
        if zipped and self.lookup_path(f"{path}.gz")[1] is not None:
            response = await super().get_response(f"{path}.gz", scope)
            kind = guess_type(path)[0] or "application/octet-stream"
            response.headers.update({"Content-Type": kind, "Content-Encoding": "gzip"})
        else:
            response = await super().get_response(path, scope)
        response.headers.update(_headers() | {"Vary": "Accept-Encoding"})
        if path.startswith("chunks"):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
