"""Prometheus metrics of the gateway; needs the `metrics` extra, and is made only on its setting."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.values import ValueClass
from starlette.requests import Request
from starlette.responses import Response

from gql.observe import Seen

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
COSTS = (1, 10, 100, 500, 1_000, 5_000, 10_000, 20_000)
ROUND_TRIPS = (0, 1, 2, 3, 5, 8, 13, 21)


class Metrics:
    """The metrics of one application, in a registry of their own.

    No label holds what a client chose (a name, a hash): their number would have no bound.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "newsstand_requests", "Requests answered, by HTTP status and error code.",
            ("status", "code"), registry=self.registry,
        )  # fmt: skip
        self.seconds = Histogram(
            "newsstand_request_seconds", "From the first byte read to the answer sent.",
            registry=self.registry, buckets=SECONDS,
        )  # fmt: skip
        self.stages = Histogram(
            "newsstand_stage_seconds", "One stage of a request.", ("stage",),
            registry=self.registry, buckets=SECONDS,
        )  # fmt: skip
        self.cost = Histogram(
            "newsstand_operation_cost_points", "The cost of operations that ran.",
            registry=self.registry, buckets=COSTS,
        )  # fmt: skip
        self.round_trips = Histogram(
            "newsstand_operation_round_trips", "Commands to Mongo an operation.",
            registry=self.registry, buckets=ROUND_TRIPS,
        )  # fmt: skip

    def observe(self, seen: Seen) -> None:
        """Count one request."""
        self.requests.labels(str(seen.status), seen.code or "").inc()
        self.seconds.observe(seen.elapsed_ns() / 1e9)
        for name, nanoseconds in seen.stages:
            self.stages.labels(name).observe(nanoseconds / 1e9)
        if seen.cost is not None:
            self.cost.observe(seen.cost)
        if seen.round_trips is not None:
            self.round_trips.observe(seen.round_trips)

    async def page(self, _: Request) -> Response:
        """Answer Prometheus, for all workers whichever is asked."""
        registry = self.registry
        if ValueClass._multiprocess:  # as PROMETHEUS_MULTIPROC_DIR has it, set by gql.serving
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
