"""Results as markdown: one table a workload, medians over rounds. Pure."""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from os import cpu_count
from statistics import median

from bench.contenders import LIMIT
from bench.load import Figures
from bench.workloads import Workload

Results = dict[tuple[str, str], list[Figures]]  # by contender and workload, one a round

HEAD = (
    "| | CPU a request, ms | of the limit | least to most | requests/s | median, ms | p99, ms "
    "| mongod CPU, ms |\n|---|--:|--:|--:|--:|--:|--:|--:|"
)


def markdown(
    results: Results,
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
    return "\n\n".join(
        [
            about,
            _overview(results, workloads, "CPU of the server a request, of the limit's", _of_limit),
            _overview(results, workloads, "Requests a second", _rate),
            *(_table(results, one, connections) for one in workloads),
        ]
    )


def _overview(
    results: Results,
    workloads: Sequence[Workload],
    says: str,
    cell: Callable[[Results, str, str], str],
) -> str:
    """One figure for each contender and workload."""
    lines = [
        f"| {says} | {' | '.join(one.name for one in workloads)} |",
        "|---|" + "--:|" * len(workloads),
    ]
    for name in dict.fromkeys(name for name, _ in results):
        cells = (
            cell(results, name, one.name) if (name, one.name) in results else "-"
            for one in workloads
        )
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _of_limit(results: Results, name: str, workload: str) -> str:
    own, limit = (
        median(one.server_cpu_ms for one in results[who, workload]) for who in (name, LIMIT)
    )
    return f"{own:.2f} ms" if name == LIMIT else f"{own / limit:.2f}x"


def _rate(results: Results, name: str, workload: str) -> str:
    return f"{median(one.requests_a_second for one in results[name, workload]):,.0f}"


def _table(results: Results, workload: Workload, connections: int) -> str:
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
