"""The GraphQL endpoint, an ASGI app: bytes -> Asked -> Operation -> Result -> bytes.

It stands outside of Starlette's middleware: nothing is done here but what a request needs.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLError
from starlette.responses import Response as Page
from starlette.types import Receive, Scope, Send

from gql.answer import (
    Answer,
    Executed,
    body_of,
    dump,
    refused_answer,
    refused_body,
    send_answer,
    status_of,
    status_with_data,
)
from gql.cost import check_cost
from gql.errors import RequestErrors, hide_suggestions, masked, refusal
from gql.explain import HEADER as EXPLAIN_HEADER
from gql.http import ALLOWED, Asked, BodyLimits, ClientGone, Request, answer_media, read_request
from gql.media import HTML, JSON
from gql.observe import Seen, log_request, log_slow, request_id_of
from gql.operation import Operation, Operations
from gql.watch import Watched
from store.deadline import Deadline

log = logging.getLogger("newsstand.gateway")

VARY = "Accept, Accept-Encoding"
CORS_HEADERS = "content-type, x-request-id, x-newsstand-explain, traceparent"

Run = Callable[[Operation, "dict[str, Any] | None", Seen], Awaitable[Executed]]


@dataclass(frozen=True, slots=True)
class Options:
    """How the endpoint behaves, from the settings."""

    body: BodyLimits = field(default_factory=BodyLimits)
    deadline_seconds: float = 10.0
    edition: str = "2025"  # of GraphQL over HTTP, for the statuses
    server_timing: bool = True
    cors_origins: frozenset[str] = frozenset()  # "*" among them allows every origin
    explain: Callable[[Seen, int], Awaitable[dict[str, Any]]] | None = None  # None: never
    slow_seconds: float = 0.0  # 0 logs none
    observers: tuple[Callable[[Seen], None], ...] = ()  # told of each request that is over
    page: Callable[[], Page] | None = None  # what a browser gets; None is no explorer


class Gateway:
    """Answers GraphQL over HTTP for one schema."""

    def __init__(self, operations: Operations, run: Run, options: Options | None = None) -> None:
        self.operations = operations
        self.run = run
        self.options = options or Options()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        request = Request.of(scope, receive)
        seen = Seen(request_id_of(request.header(b"x-request-id")), request.method)
        seen.traceparent = request.header(b"traceparent")
        seen.explain = request.header(EXPLAIN_HEADER).strip() == "1"
        try:
            answer = await self.answer(request, seen)
        except ClientGone:
            seen.status = 499  # nobody reads it; the log does
        else:
            if isinstance(answer, Page):
                answer.headers.update({"x-request-id": seen.request_id, "vary": VARY})
                await answer(scope, receive, send)
                seen.status = answer.status_code
                self._observe(seen)
                return
            seen.status, seen.code = answer.status, seen.code or answer.code
            seen.answer_bytes = await send_answer(
                answer,
                send,
                accept_encoding=request.header(b"accept-encoding"),
                head=request.method == "HEAD",
                headers=self._headers(request, seen),
            )
        self._observe(seen)

    def _observe(self, seen: Seen) -> None:
        log_request(seen)
        if self.options.slow_seconds and seen.elapsed_ns() > self.options.slow_seconds * 1e9:
            log_slow(seen)
        for observer in self.options.observers:
            observer(seen)

    async def answer(self, request: Request, seen: Seen) -> Answer | Page:
        """Answer a request, whatever happens; raises only ClientGone."""
        media = JSON
        try:
            if request.method == "OPTIONS":
                return self._preflight(request)
            media = answer_media(request, explorer=self.options.page is not None)
            if media == HTML and self.options.page is not None:
                return self.options.page()
            asked = await read_request(request, self.options.body)
            seen.stage("read")
            return await self._graphql(asked, request, media, seen)
        except RequestErrors as refused:
            return self._refused(refused, media, seen)
        except ClientGone:
            raise
        except asyncio.CancelledError:
            # The server stops and has waited long enough; the client may still be told.
            stopping = refusal("SHUTTING_DOWN", "The server is stopping; ask again.")
            return self._refused(stopping, media, seen)
        except Exception:
            log.exception("request %s", seen.request_id)
            message, extensions = masked(seen.request_id)
            unforeseen = RequestErrors([GraphQLError(message, extensions=extensions)])
            return self._refused(unforeseen, media, seen)

    def _refused(self, refused: RequestErrors, media: str, seen: Seen) -> Answer:
        return refused_answer(refused, media, seen.request_id, edition=self.options.edition)

    async def _graphql(
        self, asked: list[Asked] | Asked, request: Request, media: str, seen: Seen
    ) -> Answer:
        read_only, edition, status = request.method != "POST", self.options.edition, 200
        seen.deadline = Deadline(self.options.deadline_seconds)
        async with Watched(request.receive, self.options.deadline_seconds):
            if isinstance(asked, Asked):
                body: Any = await self._execute(asked, read_only, seen)
                if "errors" in body:
                    seen.code = body["errors"][0]["extensions"]["code"]
                    status = (
                        status_with_data(body, media, edition)
                        if "data" in body
                        else status_of(str(seen.code), media, edition)
                    )
            else:
                body = [await self._member(one, seen) for one in asked]
        answer = Answer(status, dump(body), media)
        seen.stage("write")
        return answer

    async def _execute(
        self, asked: Asked, read_only: bool, seen: Seen, *, spent: int = 0
    ) -> dict[str, Any]:
        operation = self.operations.prepare(asked.source, asked.operation_name, read_only=read_only)
        if operation.kind == "subscription":
            message = "Subscriptions are not served over HTTP requests."
            raise refusal("SUBSCRIPTION_REFUSED", message)
        seen.operation_name, seen.operation_hash = operation.name, operation.hash
        seen.kind = operation.kind
        limits = self.operations.limits
        seen.cost = check_cost(
            operation, self.operations.schema, asked.variables, limits.max_cost, spent
        )
        seen.cost_limit = limits.max_cost
        seen.stage("prepare")
        result = await self.run(operation, asked.variables, seen)
        seen.stage("execute")
        body = body_of(result)
        if result.errors and not self.operations.suggestions:
            hide_suggestions(result.errors)
        if asked.extensions.get("cost") is True:
            cost = {"requested": seen.cost, "limit": limits.max_cost}
            body["extensions"] = {**body.get("extensions", {}), "cost": cost}
        wanted = seen.explain or asked.extensions.get("explain") is True
        if wanted and self.options.explain is not None:
            card = await self.options.explain(seen, len(dump(body)))
            body["extensions"] = {**body.get("extensions", {}), "explain": card}
            seen.stage("explain")
        return body

    async def _member(self, asked: Asked, seen: Seen) -> dict[str, Any]:
        """Execute one of a batch: its refusal is its own answer."""
        part = seen.part()
        try:
            return await self._execute(asked, False, part, spent=seen.cost or 0)
        except RequestErrors as refused:
            return refused_body(refused, seen.request_id)
        finally:
            seen.add(part)

    def _preflight(self, request: Request) -> Answer:
        headers = {"allow": ALLOWED}
        if self._origin(request) and "access-control-request-method" in _names(request):
            headers |= {
                "access-control-allow-methods": "GET, POST",
                "access-control-allow-headers": CORS_HEADERS,
                "access-control-max-age": "600",
            }
        return Answer(204, b"", headers=headers)

    def _headers(self, request: Request, seen: Seen) -> Iterable[tuple[str, str]]:
        yield "x-request-id", seen.request_id
        yield "vary", VARY + (", Origin" if self.options.cors_origins else "")
        if origin := self._origin(request):
            yield "access-control-allow-origin", origin
            yield "access-control-expose-headers", "x-request-id, server-timing"
        if self.options.server_timing and seen.stages:
            yield "server-timing", seen.server_timing()

    def _origin(self, request: Request) -> str | None:
        """Return the origin to allow: the one that asks, where the setting has it."""
        allowed = self.options.cors_origins
        if not allowed:
            return None
        origin = request.header(b"origin")
        if "*" in allowed and origin:
            return "*"
        return origin if origin in allowed else None


def _names(request: Request) -> set[str]:
    return {name.decode("latin-1") for name in request.headers}
