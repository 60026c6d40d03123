"""What is told of requests: metrics, spans, slow operations; never the values of variables."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from gql.app import create_app, observing
from gql.http import BodyLimits
from gql.metrics import Metrics
from gql.observe import Seen, log_slow
from gql.settings import Settings
from gql.spans import emit_spans
from store.trace import Command, Trace
from tests.http.conftest import Client

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_metrics_count_requests_by_status_and_code_and_nothing_a_client_chose(make_client):
    metrics = Metrics()
    client = make_client(observers=(metrics.observe,))
    client.ask("query Secret { hello }")
    client.ask("{ nothing }", headers={"accept": "application/graphql-response+json"})
    value = metrics.registry.get_sample_value
    failed = {"status": "400", "code": "GRAPHQL_VALIDATION_FAILED"}
    assert value("newsstand_requests_total", {"status": "200", "code": ""}) == 1
    assert value("newsstand_requests_total", failed) == 1
    assert value("newsstand_stage_seconds_count", {"stage": "execute"}) == 1
    assert b"Secret" not in run_page(metrics)


WORKER = """
import asyncio, sys
from gql.metrics import Metrics
from gql.observe import Seen
metrics, seen = Metrics(), Seen("id")
seen.status = 200
metrics.observe(seen)
print(asyncio.run(metrics.page(None)).body.decode())
"""


def test_metrics_of_several_workers_are_told_together_by_any_of_them(tmp_path):
    environ = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    command = [sys.executable, "-c", WORKER]
    root = Path(__file__).parents[2]
    pages = [
        subprocess.run(command, env=environ, cwd=root, capture_output=True, check=True, text=True)
        for _ in range(2)
    ]
    for count, page in enumerate(pages, 1):
        assert f'newsstand_requests_total{{code="",status="200"}} {count}.0' in page.stdout


def run_page(metrics):
    from starlette.applications import Starlette
    from starlette.routing import Route

    app = Starlette(routes=[Route("/metrics", metrics.page)])
    return Client(app).request("GET", "/metrics").content


def test_metrics_and_spans_are_there_on_their_settings_only(mock_store):
    assert observing(Settings()) == ((), [])
    observers, routes = observing(Settings(metrics=True, tracing=True))
    assert len(observers) == 2
    assert [route.path for route in routes] == ["/metrics"]
    assert Client(create_app(Settings(), mock_store)).request("GET", "/metrics").status_code == 404


def test_a_request_is_a_span_with_a_span_a_stage_under_the_clients_trace(make_client):
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    make_client(observers=(emit_spans,)).ask("{ hello }", headers={"traceparent": PARENT})
    *stages, request = sorted(exporter.get_finished_spans(), key=lambda span: span.end_time)
    assert request.name == "graphql query"
    assert format(request.parent.span_id, "016x") == PARENT.split("-")[2]
    assert [span.name for span in stages] == ["read", "prepare", "execute", "write"]
    assert {span.parent.span_id for span in stages} == {request.context.span_id}


def test_a_slow_operation_is_logged_with_its_commands_without_values(caplog):
    seen = Seen("id-1", operation_name="Slow")
    where = {"slug": {"$in": ["secret"]}, "$or": [{"a": "secret"}]}
    command = Command("articles", "find", where, {"title": 1}, (("_id", 1),), 5, 12.5)
    seen.trace = Trace([command])
    with caplog.at_level(logging.WARNING, "newsstand.slow"):
        log_slow(seen)
    line = json.loads(caplog.records[0].message)
    assert line["commands"][0]["where"] == {"slug": {"$in": ["?"]}, "$or": [{"a": "?"}]}
    assert line["commands"][0]["ms"] == 12.5
    assert "secret" not in caplog.text


def test_a_request_over_the_slow_limit_is_logged_as_slow(make_client, caplog):
    make_client(slow_seconds=1e-9).ask("{ hello }")
    assert [one.name for one in caplog.records if one.name == "newsstand.slow"]


def test_a_batch_is_one_line_with_the_stages_and_costs_of_its_members_summed(make_client, caplog):
    client = make_client(body=BodyLimits(max_batch=3))
    with caplog.at_level(logging.INFO, "newsstand.requests"):
        sources = ("{ self { hello } }", "{", "{ self { hello } }")
        client.post([{"query": source} for source in sources])
    (record,) = [one for one in caplog.records if one.name == "newsstand.requests"]
    line = json.loads(record.message)
    assert (line["kind"], line["cost"], line["status"]) == ("batch", 2, 200)
    assert list(line["stages_ms"]) == ["read", "prepare", "execute", "write"]


def test_the_code_of_an_error_beside_data_is_in_the_line_too(client, caplog):
    with caplog.at_level(logging.INFO, "newsstand.requests"):
        client.ask("{ hello wrong }")
    line = json.loads(caplog.records[-1].message)
    assert (line["status"], line["code"]) == (200, "BAD_USER_INPUT")


def test_suggestions_of_variables_are_hidden_too(make_client):
    body = {"query": "query ($f: Filter) { named(filter: $f) }", "variables": {"f": {"titel": 1}}}
    assert "Did you mean" in make_client().post(body).text
    assert "Did you mean" not in make_client(suggestions=False).post(body).text
