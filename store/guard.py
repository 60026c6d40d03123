"""Keeps an embedded mongod for as long as somebody uses it, then stops it.

Run as a program: `python guard.py USERS_FILE MONGOD ARGUMENT...`. Every process that uses the
mongod holds a shared lock on USERS_FILE, and the kernel drops a process's locks however it ends.
So the guard asks for the exclusive lock: it gets it when the last user is gone. Only the
standard library is imported, to start fast.
"""

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import threading
from functools import partial

_PR_SET_PDEATHSIG = 1
_STOP_SECONDS = 20


def main() -> int:
    """Returns mongod's exit code."""
    users_file, *command = sys.argv[1:]
    end = partial(end_with_parent, os.getpid())
    mongod = subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=end)
    signal.signal(signal.SIGTERM, lambda *_: mongod.terminate())
    waiting = threading.Thread(target=_stop_when_unused, args=(users_file, mongod), daemon=True)
    waiting.start()
    return mongod.wait()


def _stop_when_unused(users_file: str, mongod: subprocess.Popen[bytes]) -> None:
    with open(users_file, "a") as users:
        # Held until mongod is gone: whoever wants to start another one waits for this lock.
        fcntl.flock(users, fcntl.LOCK_EX)
        mongod.terminate()
        try:
            mongod.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            mongod.kill()


def end_with_parent(parent: int) -> None:
    """Should the parent (a process id) be killed, this process is told to end (Linux)."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:  # it was killed in between
            os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
