"""How answers slow down as articles grow: `python -m bench.growth`.

One mongod and one Newsstand for each size, all running; one connection asks each in turn, round by
round. Printed are the medians of the rounds' median latencies. `--fill N` only brings the data
nearer to its size, by N articles: the first time takes long.
"""

from __future__ import annotations

import argparse
import dataclasses
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from bench.bulk import fill
from bench.contenders import CONTENDERS, Contender
from bench.load import answer, drive
from bench.processes import ROOT, Served, served
from bench.workloads import Workload, workloads
from bench.world import World, world
from store.embedded import embedded

SIZES = (10_000, 100_000, 1_000_000)
SLOW_MS = 1000
NAMES = ("Newsstand", "Newsstand without its cache")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.growth", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--workloads", default="W1,W5")
    parser.add_argument("--data", type=Path, default=ROOT / "build" / "bench-growth")
    parser.add_argument("--fill", type=int, help="articles to add to the largest; nothing else")
    given = parser.parse_args()
    sizes = [int(size) for size in given.sizes.split(",")]
    if given.fill:
        with embedded(given.data / f"{sizes[-1]}") as uri:
            fill(uri, sizes[-1], given.fill)
        return
    chosen = [workloads()[name] for name in given.workloads.split(",")]
    with ExitStack() as stack:
        places = [stack.enter_context(world(given.data, size, fill)) for size in sizes]
        for name in NAMES:
            one = patient(next(one for one in CONTENDERS if one.name == name))
            all_ = [stack.enter_context(served(one, place)) for place in places]
            print(table(name, chosen, places, all_, given.rounds, given.seconds), flush=True)


def patient(contender: Contender) -> Contender:
    """The same with a longer deadline: a first count of a quarter of a million takes long."""
    settings = {**contender.environment, "NEWSSTAND_DEADLINE_SECONDS": "60"}
    return dataclasses.replace(contender, environment=settings)


def table(
    name: str,
    chosen: list[Workload],
    places: list[World],
    all_: list[Served],
    rounds: int,
    seconds: float,
) -> str:
    """A row a workload, medians in milliseconds, and one for its very first answers."""
    sizes = " | ".join(f"{place.articles:,}" for place in places)
    lines = [f"| {name}, ms | {sizes} | last to first |", "|---|" + "--:|" * (len(places) + 1)]
    for workload in chosen:
        firsts = " | ".join(f"{ask(one, workload):.0f}" for one in all_)
        lines.append(f"| {workload.name}, first answer | {firsts} | |")
        medians: list[list[float]] = [[] for _ in all_]
        for _ in range(rounds):
            for found, one, place in zip(medians, all_, places, strict=True):
                found.append(latency(one, workload, place, seconds))
        figures = [median(found) for found in medians]
        cells = " | ".join(f"{figure:.2f}" for figure in figures)
        lines.append(f"| {workload.name} | {cells} | {figures[-1] / figures[0]:.2f}x |")
    return "\n".join(lines) + "\n"


def latency(one: Served, workload: Workload, place: World, seconds: float) -> float:
    """The median of some seconds, in ms. What takes longer than a second is asked once, after an
    answer for which counts may have been made anew.
    """
    ask(one, workload)
    slow = ask(one, workload)
    if slow > SLOW_MS:
        return slow
    return drive(one, workload, place, seconds=seconds, connections=1).median_ms


def ask(one: Served, workload: Workload) -> float:
    """How long one answer takes, in ms."""
    start = time.perf_counter()
    answer(one, workload)
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    main()
