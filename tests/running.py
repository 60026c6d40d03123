"""Newsstand's commands as processes of their own: started, listened to, and seen to their end."""

import os
import select
import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PATIENCE_SECONDS = 60

Start = Callable[..., subprocess.Popen[str]]


def printed_until(process: subprocess.Popen[str], end: str) -> str:
    """What a process printed, up to the line with these words."""
    assert process.stdout is not None
    text = ""
    for line in process.stdout:
        text += line
        if end in line:
            return text
    pytest.fail(f"It ended before it said {end!r}; it said {text!r}.")


def descendants(pid: int) -> Iterator[int]:
    """The children of a process, theirs, and so on (Linux)."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            if parent == pid:
                yield int(stat.parent.name)
                yield from descendants(int(stat.parent.name))


def watched(pids: Iterable[int]) -> list[int]:
    """Handles by which the end of processes can be seen that are nobody's children here."""
    return [os.pidfd_open(pid) for pid in pids]


def all_end(handles: list[int]) -> bool:
    """Whether all end, after some waiting; the handles are closed."""
    ended = [bool(select.select([one], [], [], PATIENCE_SECONDS)[0]) for one in handles]
    for one in handles:
        os.close(one)
    return all(ended)
