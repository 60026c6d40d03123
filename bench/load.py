"""Drives a contender with wrk, and asks it once to see what it answers."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from bench.processes import Served, cpu_seconds
from bench.workloads import Workload
from bench.world import World

SCRIPT = Path(__file__).with_name("post.lua")
MISSING = "`wrk` is missing: apt-get install wrk, then make bench."


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run of wrk came to. CPU is a request's, in milliseconds; so are latencies."""

    requests_a_second: float
    median_ms: float
    p99_ms: float
    server_cpu_ms: float
    mongod_cpu_ms: float


def has_wrk() -> bool:
    return shutil.which("wrk") is not None


def answer(served: Served, workload: Workload) -> Any:
    """What a contender answers, parsed. Raises RuntimeError where that is an error."""
    headers = {"content-type": "application/json"}
    request = Request(served.url, workload.body, headers)
    with urlopen(request, timeout=60) as response:
        said = json.loads(response.read())
    if said.get("errors") or "data" not in said:
        raise RuntimeError(f"{served.contender.name}, {workload.name}: {str(said)[:2000]}")
    return said["data"]


def drive(
    served: Served, workload: Workload, world: World, *, seconds: float, connections: int
) -> Figures:
    """Runs wrk for some seconds. Raises RuntimeError where any request fails."""
    server, mongod = cpu_seconds(served.pid), cpu_seconds(world.pid)
    said = _wrk(served, workload, seconds, connections)
    server, mongod = cpu_seconds(served.pid) - server, cpu_seconds(world.pid) - mongod
    count = said["requests"]
    if said["refused"] or said["broken"] or not count:
        raise RuntimeError(f"{served.contender.name}, {workload.name}: requests failed: {said}")
    return Figures(
        requests_a_second=count / said["microseconds"] * 1e6,
        median_ms=said["median_us"] / 1000,
        p99_ms=said["p99_us"] / 1000,
        server_cpu_ms=server * 1000 / count,
        mongod_cpu_ms=mongod * 1000 / count,
    )


def _wrk(served: Served, workload: Workload, seconds: float, connections: int) -> dict[str, int]:
    with tempfile.NamedTemporaryFile() as body:
        body.write(workload.body)
        body.flush()
        command = [
            *("wrk", "--threads", "1", "--connections", str(connections)),
            *("--duration", f"{max(1, round(seconds))}s", "--timeout", "30s"),
            *("--script", str(SCRIPT), served.url, "--", body.name),
        ]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
    for line in run.stdout.splitlines():
        if line.startswith("FIGURES "):
            figures: dict[str, int] = json.loads(line.removeprefix("FIGURES "))
            return figures
    raise RuntimeError(f"wrk said: {run.stdout}{run.stderr}")
