"""The mongod of our own: it starts, is shared, and ends with the last who uses it."""

import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from store.embedded import _is_served, embedded
from store.errors import StoreUnavailable

PATIENCE_SECONDS = 60

pytestmark = pytest.mark.usefixtures("mongod_uri")  # skips, or fails in CI, without a mongod

USER = """
import sys
from pathlib import Path
from store.embedded import embedded
with embedded(Path(sys.argv[1])) as uri:
    print(uri, flush=True)
    sys.stdin.read()
"""


class User:
    """Another process that uses the mongod of a directory."""

    def __init__(self, data_dir: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER, str(data_dir)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        assert self.process.stdout is not None
        self.uri = self.process.stdout.readline().strip()

    def leave(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(PATIENCE_SECONDS)
        self.end()

    def end(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE_SECONDS)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


@pytest.fixture
def user() -> Iterator[Callable[[Path], User]]:
    users: list[User] = []

    def start(data_dir: Path) -> User:
        users.append(User(data_dir))
        return users[-1]

    yield start
    for one in users:
        one.end()


def answers(uri: str) -> bool:
    with MongoClient[Any](uri, serverSelectionTimeoutMS=10_000) as client:
        try:
            return bool(client.admin.command("ping"))
        except Exception:
            return False


def ended(pid: int) -> bool:
    """Waits for the end of a process that is not our child."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], PATIENCE_SECONDS)[0])
    finally:
        os.close(handle)


def mongod_pid(data_dir: Path) -> int:
    return int((data_dir / "db" / "mongod.lock").read_text())


def test_it_is_a_replica_set_without_a_port_and_ends_with_us(tmp_path: Path) -> None:
    with embedded(tmp_path) as uri:
        with MongoClient[Any](uri) as client:
            hello = client.admin.command("hello")
            listens = client.admin.command("getCmdLineOpts")["parsed"]["net"]["bindIp"]
        assert (hello["setName"], hello["isWritablePrimary"]) == ("newsstand", True)
        assert listens.endswith(".sock")
        pid = mongod_pid(tmp_path)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_it_keeps_what_was_written_in_a_long_path_with_spaces(tmp_path: Path) -> None:
    data_dir = tmp_path / "a long name with spaces, é and more " / ("deep " * 20)
    with embedded(data_dir) as uri, MongoClient[Any](uri) as client:
        client.kept.things.insert_one({"_id": 1})
    with embedded(data_dir) as uri, MongoClient[Any](uri) as client:
        assert client.kept.things.find_one() == {"_id": 1}


def test_a_directory_that_was_moved_is_served_again(tmp_path: Path) -> None:
    with embedded(tmp_path / "one") as uri, MongoClient[Any](uri) as client:
        client.kept.things.insert_one({"_id": 1})
    (tmp_path / "one").rename(tmp_path / "two")
    with embedded(tmp_path / "two") as uri, MongoClient[Any](uri) as client:
        client.kept.things.insert_one({"_id": 2})
        assert client.kept.things.count_documents({}) == 2


def test_a_second_process_joins_and_stays_when_the_first_leaves(
    tmp_path: Path, user: Callable[[Path], User]
) -> None:
    first = user(tmp_path)
    with embedded(tmp_path) as uri:
        assert uri == first.uri
        first.leave()
        assert answers(uri)
        pid = mongod_pid(tmp_path)
    assert ended(pid)


def test_it_ends_when_its_only_user_is_killed_and_starts_again(
    tmp_path: Path, user: Callable[[Path], User]
) -> None:
    killed = user(tmp_path)
    pid = mongod_pid(tmp_path)
    killed.process.send_signal(signal.SIGKILL)
    assert ended(pid)
    with embedded(tmp_path) as uri:
        assert answers(uri)


def test_it_starts_over_the_lock_and_socket_of_one_that_was_killed(
    tmp_path: Path, user: Callable[[Path], User]
) -> None:
    killed = user(tmp_path)
    pid = mongod_pid(tmp_path)
    os.kill(pid, signal.SIGKILL)
    assert ended(pid)
    killed.end()
    assert (tmp_path / "db" / "mongod.lock").read_text() != ""
    with embedded(tmp_path) as uri:
        assert answers(uri)


def test_one_that_listens_and_is_slow_is_waited_for_and_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(tmp_path / "s")
    answered = iter([False, False, True])
    monkeypatch.setattr("store.embedded._answers", lambda _: next(answered))
    assert not _is_served(path)
    with socket.socket(socket.AF_UNIX) as slow:
        slow.bind(path)
        slow.listen()
        assert _is_served(path)
    assert list(answered) == []
    assert not _is_served(path)


def test_a_directory_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(StoreUnavailable, match=r"cannot be made: .*NEWSSTAND_DATA_DIR"),
        embedded(tmp_path / "file" / "data"),
    ):
        pass


def test_without_any_mongod_the_way_out_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("store.embedded.find_spec", lambda name: None)
    with (
        pytest.raises(StoreUnavailable, match=r"No mongod was found. .* set MONGODB_URI"),
        embedded(tmp_path / "data"),
    ):
        pass


def test_a_mongod_that_does_not_start_says_where_to_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "mongod"
    broken.write_text("#!/bin/sh\necho cannot load libfoo >&2\nexit 127\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with (
        pytest.raises(StoreUnavailable, match=r"mongod\.log.* It said: cannot load libfoo"),
        embedded(tmp_path / "data"),
    ):
        pass
