"""How fast loading is, beside a straightforward loop: `python -m bench.seed_load`.

Makes a tree of generated files (100,000, or `--files N`), then `--rounds` times, each in a process
of its own and into an empty mongod of its own: the naive loop, a first load, and a load of the
unchanged tree. Prints for each the median wall time, files a second, the CPU of the loader's
processes and of mongod, and the most memory that the loader's processes had together.
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from seed.generate import tree
from store.embedded import embedded

PHASES = ("naive", "first", "unchanged")
LOOK_SECONDS = 0.2
_TICKS = os.sysconf("SC_CLK_TCK")


class Figures(NamedTuple):
    """What one phase took: seconds, and MB at the worst moment."""

    wall: float
    own_cpu: float  # of the loader's processes, those that ended included
    mongod_cpu: float
    rss: float  # of the loader's processes, what they share counted in each
    pss: float  # the same, what they share counted once


class Watch(threading.Thread):
    """Looks at a process and all below it until it ends."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.rss, self.pss = pid, 0.0, 0.0
        self.cpus: dict[int, float] = {}  # at the last look, since nobody may wait for a worker
        self.ended = threading.Event()

    def run(self) -> None:
        while not self.ended.wait(LOOK_SECONDS):
            pids = list(_tree(self.pid))
            self.cpus |= {pid: max(_cpu(pid), self.cpus.get(pid, 0.0)) for pid in pids}
            sizes = [_memory(pid) for pid in pids]
            self.rss = max(self.rss, sum(rss for rss, _ in sizes))
            self.pss = max(self.pss, sum(pss for _, pss in sizes))


def _tree(root: int) -> Iterator[int]:
    """A process and everything that it started, by what /proc says."""
    yield root
    try:
        for task in os.listdir(f"/proc/{root}/task"):
            for child in Path(f"/proc/{root}/task/{task}/children").read_text().split():
                yield from _tree(int(child))
    except OSError:
        return


def _memory(pid: int) -> tuple[float, float]:
    """RSS and PSS in MB; nothing for a process that has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0, 0.0
    sizes = {line.split(":")[0]: line.split()[1] for line in lines[1:]}
    return int(sizes.get("Rss", 0)) / 1024, int(sizes.get("Pss", 0)) / 1024


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _mongod_of(folder: Path) -> int:
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if command[0].endswith(b"mongod") and str(folder).encode() in b" ".join(command):
            return int(pid)
    raise LookupError("no mongod runs there")


def measure(phase: str, uri: str, folder: Path, mongod: int) -> Figures:
    """One phase in a process of its own."""
    command = [sys.executable, "-m", "bench.naive_load", uri, str(folder)]
    if phase != "naive":
        command = [sys.executable, "-m", "seed", str(folder), "--uri", uri, "--quiet"]
    before = _cpu(mongod)
    started = time.perf_counter()
    child = subprocess.Popen(command)
    watch = Watch(child.pid)
    watch.start()
    if child.wait():
        raise SystemExit(f"{' '.join(command)} failed")
    wall = time.perf_counter() - started
    watch.ended.set()
    watch.join()
    own = sum(watch.cpus.values())
    return Figures(wall, own, _cpu(mongod) - before, watch.rss, watch.pss)


def rounds_of(folder: Path, phases: list[str], count: int) -> dict[str, list[Figures]]:
    """Every phase `count` times; a mongod that nobody used before for each round."""
    found: dict[str, list[Figures]] = {phase: [] for phase in phases}
    for _ in range(count):
        for group in (["naive"], ["first", "unchanged"]):
            wanted = [phase for phase in group if phase in phases]
            if not wanted:
                continue
            with (
                tempfile.TemporaryDirectory(prefix="newsstand-bench-") as data,
                embedded(Path(data)) as uri,
            ):
                mongod = _mongod_of(Path(data))
                for phase in wanted:
                    found[phase].append(measure(phase, uri, folder, mongod))
                    print(f"  {phase}: {found[phase][-1].wall:.1f} s", file=sys.stderr)
    return found


def told(found: dict[str, list[Figures]], files: int) -> Iterator[str]:
    """A table in Markdown, and the ratio."""
    python = platform.python_version()
    yield f"{files:,} files, {os.cpu_count()} cores, {_processor()}, Python {python}"
    yield ""
    yield "| | s | files/s | CPU of the loader, s | CPU of mongod, s | MB (shared once) |"
    yield "|---|---|---|---|---|---|"
    medians: dict[str, float] = {}
    for phase, figures in found.items():
        wall, own, mongod, rss, pss = (
            statistics.median(column) for column in zip(*figures, strict=True)
        )
        medians[phase] = wall
        rate = f"{files / wall:,.0f}"
        memory = f"{rss:.0f} ({pss:.0f})"
        yield f"| {phase} | {wall:.1f} | {rate} | {own:.1f} | {mongod:.1f} | {memory} |"
    if medians.keys() >= {"naive", "first"}:
        yield ""
        yield f"A first load takes 1/{medians['naive'] / medians['first']:.1f} of the naive loop."


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(one.split(":")[1].strip() for one in lines if one.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or "unknown processor"


def _make(folder: Path, files: int) -> int:
    count = 0
    for path, text in tree(files):
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        count += 1
    return count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--phases", default=",".join(PHASES), help="some of %(default)s")
    parser.add_argument("--folder", type=Path, help="a tree to load, in place of a generated one")
    asked: Any = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="newsstand-bench-") as made:
        folder, count = asked.folder, 0
        if folder is None:
            folder = Path(made)
            count = _make(folder, asked.files)
        else:
            count = sum(1 for file in folder.rglob("*") if file.is_file())
        found = rounds_of(folder, asked.phases.split(","), asked.rounds)
    print("\n".join(told(found, count)))


if __name__ == "__main__":
    main()
