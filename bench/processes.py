"""A contender in a process of its own, and what /proc tells of its CPU and memory."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from bench.contenders import Contender
from bench.world import DATABASE, World

ROOT = Path(__file__).parents[1]
START_SECONDS = 60.0
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Served:
    """A contender that answers at a port of this machine."""

    contender: Contender
    port: int
    pid: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/graphql"


@contextmanager
def served(contender: Contender, world: World) -> Iterator[Served]:
    """Starts a contender and waits until it listens; stops it in the end. Raises RuntimeError
    with what it said where it ends before that.
    """
    port = free_port()
    environment = {
        **os.environ,
        "MONGODB_URI": world.uri,
        "MONGODB_DB": DATABASE,
        "PORT": str(port),
        "NODE_ENV": "production",
        **{name: value.format(port=port) for name, value in contender.environment.items()},
    }
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            contender.command, cwd=ROOT, env=environment, stdout=said, stderr=said
        )
        try:
            _wait(process, port, contender, said)
            yield Served(contender, port, process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(
    process: subprocess.Popen[bytes], port: int, contender: Contender, said: IO[bytes]
) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            said.seek(0)
            text = said.read().decode(errors="replace")[-2000:]
            raise RuntimeError(f"{contender.name} ended while starting:\n{text}")
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"{contender.name} did not listen within {START_SECONDS:.0f} seconds.")


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


def cpu_seconds(pid: int) -> float:
    """The CPU that a process, its threads and all below it have used, user and system."""
    return sum(_own_cpu(one) for one in _tree(pid)) / _TICKS


def memory_mb(pid: int) -> float:
    """The resident memory of a process and all below it."""
    pages = sum(int(Path(f"/proc/{one}/statm").read_text().split()[1]) for one in _tree(pid))
    return pages * _PAGE / 1e6


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError):  # a thread that has just ended
            for child in (task / "children").read_text().split():
                yield from _tree(int(child))


def _own_cpu(pid: int) -> int:
    # utime and stime are the 14th and 15th field; the 2nd is a name that may hold spaces.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
