"""What is seen of one request: its id, the time of its stages, one JSON line in the log.

Never the values of variables: they are the reader's, and may be secrets.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import perf_counter_ns
from typing import Any

import orjson

from store.deadline import Deadline
from store.trace import Trace, without_values

request_log = logging.getLogger("newsstand.requests")
slow_log = logging.getLogger("newsstand.slow")

REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")


def request_id_of(header: str) -> str:
    """Take the client's request id where it is harmless in a log and a header, else make one."""
    return header if REQUEST_ID.fullmatch(header) else os.urandom(8).hex()


@dataclass(slots=True)
class Seen:
    """What is noted of one request while it runs; times are nanoseconds."""

    request_id: str
    method: str = ""
    started_ns: int = field(default_factory=perf_counter_ns)
    stages: list[tuple[str, int]] = field(default_factory=list)
    operation_name: str | None = None
    operation_hash: str | None = None
    kind: str | None = None
    cost: int | None = None
    cost_limit: int | None = None
    round_trips: int | None = None
    status: int = 0
    code: str | None = None  # of the first error, beside data too
    answer_bytes: int = 0
    traceparent: str = ""  # of the client, W3C Trace Context
    explain: bool = False  # a header asks for the plan
    trace: Trace | None = None
    executor: str | None = None  # which one answered, and why
    plan: Callable[[], str] | None = None  # writes down its plan, without any value
    deadline: Deadline | None = None
    _last_ns: int = 0

    def stage(self, name: str) -> None:
        """End a stage: what passed since the last one ended is its time."""
        now = perf_counter_ns()
        self.stages.append((name, now - (self._last_ns or self.started_ns)))
        self._last_ns = now

    def part(self) -> Seen:
        """Begin to note one member of a batch."""
        part = Seen(self.request_id, self.method)
        part.explain, part.deadline = self.explain, self.deadline
        return part

    def add(self, part: Seen) -> None:
        """Add what was noted of a member to the whole; a stage that repeats is summed."""
        stages = dict(self.stages)
        for name, ns in part.stages:
            stages[name] = stages.get(name, 0) + ns
        self.stages, self._last_ns = list(stages.items()), perf_counter_ns()
        self.kind = "batch"
        self.cost = (self.cost or 0) + (part.cost or 0)
        self.round_trips = (self.round_trips or 0) + (part.round_trips or 0)
        self.trace = self.trace or Trace()
        self.trace.commands += part.trace.commands if part.trace else ()

    def elapsed_ns(self) -> int:
        """Return the time since the request began."""
        return perf_counter_ns() - self.started_ns

    def server_timing(self) -> str:
        """Write the stages as a Server-Timing header, in milliseconds."""
        return ", ".join(f"{name};dur={ns / 1e6:.3f}" for name, ns in self.stages)


def start_logging(*, requests: bool) -> None:
    """Send the gateway's log to stderr: a line of JSON a request where wanted, and warnings."""
    for name, level, layout in (
        ("newsstand", logging.WARNING, "%(levelname)s %(name)s: %(message)s"),
        ("newsstand.requests", logging.INFO if requests else logging.WARNING, "%(message)s"),
        ("newsstand.slow", logging.INFO, "%(message)s"),
    ):
        logger, handler = logging.getLogger(name), logging.StreamHandler()
        handler.setFormatter(logging.Formatter(layout))
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(level)


def log_slow(seen: Seen) -> None:
    """Write a line with the plan and the commands of a slow operation, without any value."""
    commands = [
        {
            "command": command.kind,
            "collection": command.collection,
            "where": without_values(command.where),
            "projection": command.projection,
            "order": command.order,
            "limit": command.limit,
            "ms": round(command.ms, 3),
        }
        for command in (seen.trace.commands if seen.trace else ())
    ]
    line = {"slow": True, **request_line(seen), "commands": commands}
    line |= {"executor": seen.executor} | ({"plan": seen.plan()} if seen.plan else {})
    slow_log.warning(orjson.dumps(line, default=str).decode())


def log_request(seen: Seen) -> None:
    """Write the request's line, unless nobody listens."""
    if request_log.isEnabledFor(logging.INFO):
        request_log.info(orjson.dumps(request_line(seen)).decode())


def request_line(seen: Seen) -> dict[str, Any]:
    """Return the fields of a request's line; what is not known is left out."""
    line = {
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "request_id": seen.request_id,
        "method": seen.method,
        "status": seen.status,
        "code": seen.code,
        "operation": seen.operation_name,
        "kind": seen.kind,
        "hash": seen.operation_hash,
        "cost": seen.cost,
        "round_trips": seen.round_trips,
        "bytes": seen.answer_bytes,
        "ms": round(seen.elapsed_ns() / 1e6, 3),
        "stages_ms": {name: round(ns / 1e6, 3) for name, ns in seen.stages},
    }
    return {name: value for name, value in line.items() if value is not None}
