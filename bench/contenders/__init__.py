"""Who is measured: each in production mode, as fast as its own docs say it can be."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

NODE = Path(__file__).parent / "node"
NEWSSTAND = {
    "NEWSSTAND_PROFILE": "production",
    "NEWSSTAND_PORT": "{port}",
    # No other contender writes a line a request.
    "NEWSSTAND_REQUEST_LOG": "off",
}
ALL = ("W1", "W2", "W3", "W4", "W5", "W6", "W7", "W8")
# W5 is nearly all MongoDB's work: Ariadne and naive Strawberry do without it.
USUAL = tuple(name for name in ALL if name != "W5")


@dataclass(frozen=True, slots=True)
class Contender:
    """How one is started, and which workloads it serves."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    workloads: tuple[str, ...] = ALL

    @property
    def needs_node(self) -> bool:
        return self.command[0] == "node"


def _newsstand(name: str, **settings: str) -> Contender:
    command = (sys.executable, "-m", "gql", "serve")
    return Contender(name, command, {**NEWSSTAND, **settings})


def _python(name: str, module: str, workloads: tuple[str, ...] = USUAL) -> Contender:
    return Contender(
        name, (sys.executable, "-m", "bench.contenders.serve", module), workloads=workloads
    )


def _node(name: str, script: str) -> Contender:
    return Contender(name, ("node", str(NODE / script)), workloads=ALL)


LIMIT = "hand-written limit"
CONTENDERS = (
    _python(LIMIT, "limit", ALL),
    _python("the limit on Newsstand's wire", "limit_wire", ALL),
    _newsstand("Newsstand"),
    _newsstand("Newsstand without its cache", NEWSSTAND_CACHE="off"),
    _newsstand("Newsstand's reference executor", NEWSSTAND_EXECUTOR="reference"),
    _node("Mercurius JIT", "mercurius.js"),
    _node("Yoga JIT", "yoga.js"),
    _node("Apollo Server", "apollo.js"),
    _python("Ariadne", "ariadne_app"),
    _python("naive Strawberry", "strawberry_app"),
)
