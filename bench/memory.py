"""Whether a worker's memory stays flat: `python -m bench.memory`.

Sends some 100,000 requests with 5,000 distinct operations, ten times as many as are kept, and
prints the memory that is resident after each part of them.
"""

from __future__ import annotations

import argparse
import subprocess
from pathlib import Path

from bench.contenders import CONTENDERS
from bench.processes import ROOT, Served, memory_mb, served
from bench.world import world

SCRIPT = Path(__file__).with_name("many.lua")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.memory", description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--operations", type=int, default=5_000)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--data", type=Path, default=ROOT / "build" / "bench")
    given = parser.parse_args()
    newsstand = next(one for one in CONTENDERS if one.name == "Newsstand")
    with world(given.data, given.articles) as data, served(newsstand, data) as one:
        sent = 0
        print(f"after {sent:,} requests: {memory_mb(one.pid):.1f} MB", flush=True)
        while sent < given.requests:
            sent += ask(one, given.operations)
            print(f"after {sent:,} requests: {memory_mb(one.pid):.1f} MB", flush=True)


def ask(one: Served, operations: int) -> int:
    """Ten seconds of requests; how many they were. Raises RuntimeError where one fails."""
    command = [
        *("wrk", "--threads", "1", "--connections", "16", "--duration", "10s"),
        *("--script", str(SCRIPT), one.url, "--", str(operations)),
    ]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    count, failed = next(
        map(int, line.split()[1:]) for line in said.splitlines() if line.startswith("FIGURES")
    )
    if failed or not count:
        raise RuntimeError(f"{failed} of {count} requests failed.")
    return count


if __name__ == "__main__":
    main()
