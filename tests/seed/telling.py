"""`python -m tests.seed.telling LIMIT PATH...`: a load that writes a line on stdout for each
command that it is about to send, and for each that was answered, so that a test can kill it at
any of them. LIMIT is how many changes are one transaction.
"""

import os
import sys
from typing import Any

from pymongo import monitoring

import seed.load as loading
from seed.cli import seed


class Telling(monitoring.CommandListener):
    """Unbuffered: what was told has happened when this process ends."""

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        self._tell("before", event)

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        self._tell("after", event)

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        self._tell("after", event)

    def _tell(self, when: str, event: Any) -> None:
        os.write(sys.stdout.fileno(), f"{when} {event.command_name}\n".encode())


if __name__ == "__main__":
    monitoring.register(Telling())
    loading.TRANSACTION_CHANGES = int(sys.argv.pop(1))
    loading.CHUNK_FILES = 50
    seed()
