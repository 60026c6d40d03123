"""Several workers: they serve one store, finish what runs when told to stop, and leave nobody."""

import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.http.listening import Address, rest, until
from tests.running import PATIENCE_SECONDS, Start, all_end, descendants, printed_until, watched

BODY = b'{"query": "{ articles { totalCount } }"}'
HEAD = (
    "POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    f"Connection: close\r\nExpect: 100-continue\r\nContent-Length: {len(BODY)}\r\n\r\n"
).encode()
ANSWER = b'{"data":{"articles":{"totalCount":0}}}'


@pytest.fixture
def served(start: Start, tmp_path: Path) -> tuple[subprocess.Popen[str], Address]:
    """Two workers with a mongod of their own, and where they listen."""
    process = start(
        "serve", "--workers", "2", MONGODB_URI="", NEWSSTAND_DATA_DIR=str(tmp_path),
        NEWSSTAND_BODY_SECONDS="60", NEWSSTAND_SHUTDOWN_SECONDS="60",
    )  # fmt: skip
    (found,) = re.findall(r"http://(\S+):(\d+)/graphql", printed_until(process, "Ctrl-C"))
    return process, (found[0], int(found[1]))


@contextmanager
def under_way(address: Address) -> Iterator[socket.socket]:
    """A request that a worker has begun to read; its body is to come."""
    with socket.create_connection(address, timeout=PATIENCE_SECONDS) as client:
        client.sendall(HEAD)
        assert client.recv(1024) == b"HTTP/1.1 100 Continue\r\n\r\n"
        yield client


def refuses(address: Address) -> bool:
    try:
        socket.create_connection(address, timeout=PATIENCE_SECONDS).close()
    except ConnectionRefusedError:
        return True
    return False


def family(pid: int) -> list[int]:
    """Handles of all the processes of a server, which are those that there should be."""
    pids = list(descendants(pid))
    commands = [Path(f"/proc/{one}/cmdline").read_bytes() for one in pids]
    assert sum(b"spawn_main" in one for one in commands) == 2
    assert any(one.partition(b"\0")[0].endswith(b"mongod") for one in commands)
    return watched(pids)


def test_what_is_under_way_is_answered_what_is_new_refused_and_every_process_ends(served) -> None:
    process, address = served
    everyone = family(process.pid)
    with under_way(address) as client:
        process.send_signal(signal.SIGTERM)
        until(lambda: refuses(address))
        client.sendall(BODY)
        answer = rest(client)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(ANSWER)
    assert process.wait(PATIENCE_SECONDS) == 0
    assert all_end(everyone)


def test_a_parent_that_is_killed_leaves_no_worker_and_no_mongod(served) -> None:
    process, _ = served
    everyone = family(process.pid)
    process.kill()
    assert all_end(everyone)
