"""The workloads: `workloads/NAME.graphql`, with its variables in `NAME.vars.json`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("workloads")

# MongoDB counts for a tenth of a second for each of these; more at once would only wait there.
CONNECTIONS = {"W5": 2}


@dataclass(frozen=True, slots=True)
class Workload:
    """An operation as it is sent."""

    name: str
    says: str
    source: str
    variables: dict[str, Any]

    def connections(self, usual: int) -> int:
        """How many ask at once."""
        return min(usual, CONNECTIONS.get(self.name, usual))

    @property
    def body(self) -> bytes:
        asked = {"query": self.source, "operationName": self.name, "variables": self.variables}
        return json.dumps(asked).encode()


def workloads() -> dict[str, Workload]:
    """All of them by name; the first line of a file says what it is."""
    return {path.stem: _workload(path) for path in sorted(FOLDER.glob("*.graphql"))}


def _workload(path: Path) -> Workload:
    first, _, source = path.read_text().partition("\n")
    variables = json.loads(path.with_suffix(".vars.json").read_text())
    return Workload(path.stem, first.removeprefix("# "), source, variables)
