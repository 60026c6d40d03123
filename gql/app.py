"""The application: its routes, and the lifespan that opens and closes the store."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import fields, replace
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from gql.context import Context
from gql.execute import Result, execute
from gql.explain import plan_card
from gql.gateway import Gateway, Options
from gql.http import BodyLimits
from gql.limits import Limits
from gql.observe import Seen
from gql.operation import Operation, Operations
from gql.pages import Figures, graphiql_page, page_routes
from gql.schema import build_schema
from gql.settings import Settings, SettingsError
from store.collections import ARTICLES, LOADS, PROVIDERS, TOPICS
from store.connect import connect
from store.deadline import Deadline
from store.errors import StoreError
from store.memory import Memory
from store.store import Store
from store.trace import Trace

READY_SECONDS = 2.0
EXPLAIN_SHARE = 0.8
NO_STORE = {"cache-control": "no-store"}


class App(Starlette):
    """Starlette, with a short cut: /graphql passes none of its middleware and routes."""

    gateway: Gateway

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or the lifespan."""
        if scope["type"] == "http" and scope["path"] == "/graphql":
            await self.gateway(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


class Opened:
    """The store of a running application: there from start-up to shutdown."""

    def __init__(self, store: Store | None) -> None:
        self.given = store
        self.memory: Memory | None = None
        self._store = store

    @property
    def store(self) -> Store:
        """The open store; raises RuntimeError where the lifespan has not begun."""
        if self._store is None:
            raise RuntimeError("The application was not started: its lifespan opens the store.")
        return self._store

    @asynccontextmanager
    async def opened(self, settings: Settings) -> AsyncIterator[None]:
        """Open the store that the settings name, unless one was given; close what was opened."""
        async with AsyncExitStack() as stack:
            if self.given is None:
                self._store = await stack.enter_async_context(_connected(settings))
            if settings.cache:
                self.memory = await stack.enter_async_context(self.store.memory())
            yield
        self.memory, self._store = None, self.given


def _connected(settings: Settings) -> AbstractAsyncContextManager[Store]:
    return connect(
        uri=settings.mongodb_uri or None,
        database=settings.mongodb_db,
        driver=settings.driver,
        data_dir=settings.data_dir,
        wire=settings.wire,
    )


def create_app(settings: Settings, store: Store | None = None) -> Starlette:
    """Make the application. Its lifespan opens and closes the store, unless one is given."""
    schema = build_schema()
    core = schema._schema
    opened = Opened(store)
    operations = Operations(
        core, limits_of(settings), introspection=settings.introspection,
        suggestions=settings.suggestions,
    )  # fmt: skip

    compiled = settings.executor == "compiled"

    async def run(operation: Operation, variables: dict[str, Any] | None, seen: Seen) -> Result:
        deadline = seen.deadline or Deadline(settings.deadline_seconds)
        trace = seen.trace = Trace()
        reader = opened.store.reader(deadline=deadline, trace=trace, memory=opened.memory)
        context = Context(reader, deadline, seen.request_id, trace)
        try:
            return await execute(core, operation, variables, context, compiled=compiled)
        finally:
            seen.round_trips = trace.round_trips
            seen.executor, seen.plan = context.executor, context.plan

    async def explain(seen: Seen, answer_bytes: int) -> dict[str, Any]:
        left = seen.deadline.remaining_seconds() if seen.deadline else settings.deadline_seconds
        # Not all that is left: the answer, which is there, has to leave in time as well.
        reader = opened.store.reader(deadline=Deadline(left * EXPLAIN_SHARE))
        return await plan_card(seen, reader, answer_bytes=answer_bytes)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with opened.opened(settings):
            yield

    routes = [
        Route("/healthz", healthz),
        Route("/readyz", readiness(opened)),
        *page_routes(
            sdl=schema.as_str() if settings.introspection else None,
            search=core.query_type is not None and "search" in core.query_type.fields,
            figures=figures(opened),
            explorer=settings.explorer,
            explain=settings.explain,
        ),
    ]
    observers, more_routes = observing(settings)
    app = App(routes=[*routes, *more_routes], lifespan=lifespan)
    options = replace(options_of(settings), observers=observers)
    if settings.explain:
        options = replace(options, explain=explain)
    app.gateway = Gateway(operations, run, options)
    return app


def observing(settings: Settings) -> tuple[tuple[Callable[[Seen], None], ...], list[Route]]:
    """Return who is told of each request, and the routes that tell on; by their settings.

    Raises SettingsError where a setting is on and its extra is not installed.
    """
    observers: list[Callable[[Seen], None]] = []
    routes: list[Route] = []
    try:
        if settings.metrics:
            from gql.metrics import Metrics

            metrics = Metrics()
            observers.append(metrics.observe)
            routes.append(Route("/metrics", metrics.page))
        if settings.tracing:
            from gql.spans import emit_spans

            observers.append(emit_spans)
    except ImportError as error:
        message = f"{error.name} is not installed: pip install 'newsstand[metrics,otel]'."
        raise SettingsError(message) from error
    return tuple(observers), routes


def limits_of(settings: Settings) -> Limits:
    """Return the limits of an operation, which bear the same names as settings."""
    return Limits(**{field.name: getattr(settings, field.name) for field in fields(Limits)})


def options_of(settings: Settings) -> Options:
    """Return how the endpoint behaves by these settings."""
    return Options(
        body=BodyLimits(
            max_body_bytes=settings.max_body_bytes,
            max_url_bytes=settings.max_url_bytes,
            body_seconds=settings.body_seconds,
            max_batch=settings.max_batch,
            max_json_depth=settings.max_json_depth,
            max_json_values=settings.max_json_values,
        ),
        edition=settings.http_edition,
        deadline_seconds=settings.deadline_seconds,
        server_timing=settings.server_timing,
        slow_seconds=settings.slow_seconds,
        cors_origins=settings.cors_origins,
        page=partial(graphiql_page, endpoint="/graphql", explain=settings.explain)
        if settings.explorer
        else None,
    )


async def healthz(_: Request) -> Response:
    """Say that the process runs; the store is `/readyz`'s."""
    return JSONResponse({"status": "ok"}, headers=NO_STORE)


def readiness(opened: Opened) -> Callable[[Request], Awaitable[Response]]:
    """Make `/readyz`: 200 while Mongo answers, else 503, asked anew each time."""

    async def readyz(_: Request) -> Response:
        try:
            await opened.store.ping(timeout_seconds=READY_SECONDS)
        except StoreError:
            body = {"status": "unavailable", "store": "does not answer"}
            return JSONResponse(body, status_code=503, headers=NO_STORE)
        return JSONResponse({"status": "ready", "store": "answers"}, headers=NO_STORE)

    return readyz


def figures(opened: Opened) -> Callable[[], Awaitable[Figures | None]]:
    """Make the counter of the front page; what it returns is None while Mongo does not answer."""

    async def count() -> Figures | None:
        reader = opened.store.reader(deadline=Deadline(READY_SECONDS))
        try:
            articles, topics, providers = [
                await reader.count(name, {}) for name in (ARTICLES, TOPICS, PROVIDERS)
            ]
            loads = await reader.find(
                LOADS, {}, projection={"_id": 1, "finishedAt": 1}, order=(("_id", -1),), limit=1
            )
        except StoreError:
            return None
        return Figures(articles, topics, providers, loads[0].get("finishedAt") if loads else None)

    return count
