"""OpenTelemetry spans: one a request, one a stage below it; needs the `otel` extra.

They are made when the request is over, with the times that were noted: a request that nobody
samples pays nothing. Which exporter they go to is the deployment's to say, by OpenTelemetry's
own environment.
"""

from __future__ import annotations

from time import time_ns

from opentelemetry import trace
from opentelemetry.propagate import extract

from gql.observe import Seen


def emit_spans(seen: Seen) -> None:
    """Tell the tracer of one request; a `traceparent` of the client is its parent."""
    tracer = trace.get_tracer("newsstand")
    ended = time_ns()
    started = ended - seen.elapsed_ns()
    parent = extract({"traceparent": seen.traceparent}) if seen.traceparent else None
    name = f"graphql {seen.kind}" if seen.kind else "graphql"
    span = tracer.start_span(name, parent, trace.SpanKind.SERVER, start_time=started)
    span.set_attributes(
        {
            "graphql.operation.name": seen.operation_name or "",
            "graphql.operation.type": seen.kind or "",
            "graphql.document.hash": seen.operation_hash or "",
            "http.response.status_code": seen.status,
            "newsstand.request_id": seen.request_id,
            "newsstand.error_code": seen.code or "",
            "newsstand.cost": seen.cost or 0,
            "newsstand.round_trips": seen.round_trips or 0,
        }
    )
    if seen.status >= 500:
        span.set_status(trace.StatusCode.ERROR, seen.code)
    within, at = trace.set_span_in_context(span), started
    for stage, nanoseconds in seen.stages:
        tracer.start_span(stage, within, start_time=at).end(at + nanoseconds)
        at += nanoseconds
    span.end(ended)
