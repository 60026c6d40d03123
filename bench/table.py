"""Results as markdown: one table a workload, medians over rounds. Pure."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from os import cpu_count
from statistics import median

from bench.contenders import LIMIT
from bench.load import Figures
from bench.workloads import Workload

HEAD = (
    "| | CPU a request, ms | of the limit | least to most | requests/s | median, ms | p99, ms "
    "| mongod CPU, ms |\n|---|--:|--:|--:|--:|--:|--:|--:|"
)


def markdown(
    results: dict[tuple[str, str], list[Figures]],
    workloads: Sequence[Workload],
    rounds: int,
    seconds: float,
    connections: int,
    articles: int,
) -> str:
    """All tables, with what they were measured on above them."""
    about = (
        f"{datetime.now(UTC):%Y-%m-%d}, {cpu_count()} cores of {_processor()}, "
        f"{platform.python_implementation()} {platform.python_version()}; {articles:,} articles, "
        f"{connections} connections, medians of {rounds} interleaved rounds of {seconds:g} s."
    )
    return "\n\n".join([about, *(_table(results, one, connections) for one in workloads)])


def _table(
    results: dict[tuple[str, str], list[Figures]], workload: Workload, connections: int
) -> str:
    names = [name for name, of in results if of == workload.name]
    limit = median(one.server_cpu_ms for one in results[LIMIT, workload.name])
    lines = [_row(name, results[name, workload.name], limit) for name in names]
    fewer = workload.connections(connections)
    says = workload.says if fewer == connections else f"{workload.says} {fewer} connections."
    return "\n".join([f"**{workload.name}** {says}\n", HEAD, *lines])


def _row(name: str, figures: Sequence[Figures], limit: float) -> str:
    cpu = median(one.server_cpu_ms for one in figures)
    low = min(one.server_cpu_ms for one in figures)
    high = max(one.server_cpu_ms for one in figures)
    rate = median(one.requests_a_second for one in figures)
    latency, tail = median(one.median_ms for one in figures), median(one.p99_ms for one in figures)
    mongod = median(one.mongod_cpu_ms for one in figures)
    return (
        f"| {name} | {cpu:.2f} | {cpu / limit:.2f}x | {low:.2f}-{high:.2f} | {rate:,.0f} "
        f"| {latency:.1f} | {tail:.1f} | {mongod:.2f} |"
    )


def _processor() -> str:
    try:
        with open("/proc/cpuinfo") as file:
            models = [line for line in file if line.startswith("model name")]
    except OSError:
        models = []
    return models[0].partition(":")[2].strip() if models else platform.machine()
