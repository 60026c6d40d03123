"""`make bench`: who needs how much CPU for what. `python -m bench.run --help` tells the options.

Every contender is served in its own process against the same mongod, and first of all has to
give the same answer as the hand-written limit to each workload. Then rounds follow one another;
in each, contenders take turns, so that what disturbs the machine disturbs all of them. The table
shows medians over the rounds.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from bench.contenders import CONTENDERS, LIMIT, NODE, Contender
from bench.load import MISSING, answer, drive, has_wrk
from bench.processes import ROOT, Served, served
from bench.table import Results, markdown
from bench.workloads import Workload, workloads
from bench.world import World, world


def main() -> None:
    given = _arguments()
    if not has_wrk():
        sys.exit(MISSING)
    known = workloads()
    chosen = (
        [known[name] for name in given.workloads.split(",")]
        if given.workloads
        else [*known.values()]
    )
    with world(given.data, given.articles) as data, _all_served(_contenders(given), data) as all_:
        check_answers(all_, chosen)
        print(f"{len(all_)} contenders give equal answers.", flush=True)
        results = measure(all_, chosen, data, given)
    text = markdown(results, chosen, given.rounds, given.seconds, given.connections, data.articles)
    print(f"\n{text}")
    if given.out:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        given.out.write_text(text + "\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.run", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4, help="of one run of wrk")
    parser.add_argument("--warm-seconds", type=float, default=3, help="before the first round")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--workloads", default="", help="names between commas; all if left out")
    parser.add_argument("--contenders", default="", help="parts of names between commas")
    parser.add_argument("--data", type=Path, default=ROOT / "build" / "bench")
    parser.add_argument("--out", type=Path, help="a file for the table")
    return parser.parse_args()


def _contenders(given: argparse.Namespace) -> list[Contender]:
    parts = [part for part in given.contenders.split(",") if part]
    chosen = [
        one
        for one in CONTENDERS
        if one.name == LIMIT or not parts or any(part in one.name for part in parts)
    ]
    can_node = shutil.which("node") is not None and (NODE / "node_modules").is_dir()
    if not can_node and any(one.needs_node for one in chosen):
        print("Node or its packages are missing (make bench installs them): left out are its "
              "contenders.", flush=True)  # fmt: skip
        chosen = [one for one in chosen if not one.needs_node]
    return chosen


@contextmanager
def _all_served(contenders: Sequence[Contender], data: World) -> Iterator[list[Served]]:
    with ExitStack() as stack:
        yield [stack.enter_context(served(one, data)) for one in contenders]


def check_answers(all_: Sequence[Served], chosen: Sequence[Workload]) -> None:
    """Raises RuntimeError with the first difference where two contenders do not agree."""
    for workload in chosen:
        expected: Any = None
        for one in all_:
            if workload.name not in one.contender.workloads:
                continue
            given = answer(one, workload)
            if expected is None:
                expected = given
            elif given != expected:
                where = difference(expected, given)
                raise RuntimeError(
                    f"{one.contender.name} answers {workload.name} otherwise: {where}"
                )


def difference(one: Any, other: Any, at: str = "data") -> str:
    """The first place where two JSON values differ."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return next(difference(one[k], other[k], f"{at}.{k}") for k in one if one[k] != other[k])
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = zip(one, other, strict=True)
        return next(difference(a, b, f"{at}[{i}]") for i, (a, b) in enumerate(pairs) if a != b)
    return f"{at} is {json.dumps(other)[:300]}, not {json.dumps(one)[:300]}"


def measure(
    all_: Sequence[Served], chosen: Sequence[Workload], data: World, given: argparse.Namespace
) -> Results:
    """Rounds of all contenders over all workloads, after one to warm up."""
    results: Results = {}
    for round_ in range(given.rounds + 1):
        seconds = given.seconds if round_ else given.warm_seconds
        for workload in chosen:
            for one in all_:
                if workload.name not in one.contender.workloads:
                    continue
                at_once = workload.connections(given.connections)
                figures = drive(one, workload, data, seconds=seconds, connections=at_once)
                if round_:
                    results.setdefault((one.contender.name, workload.name), []).append(figures)
        print(f"round {round_} of {given.rounds}" if round_ else "warm", flush=True)
    return results


if __name__ == "__main__":
    main()
