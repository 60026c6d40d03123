"""The plan card of an answer: what each stage took, and each command to Mongo with its figures.

Asked for with `extensions: {"explain": true}` or the header `X-Newsstand-Explain: 1`, and answered
in `extensions.explain`. The data is read once: Mongo is asked afterwards how it ran the commands.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gql.observe import Seen
from store.errors import StoreError
from store.figures import advice, figures_of
from store.reader import Reader
from store.trace import Command

HEADER = b"x-newsstand-explain"

# An operation within its limits sends fewer; what is beyond is listed without figures.
MAX_EXPLAINED = 30


async def plan_card(seen: Seen, reader: Reader, *, answer_bytes: int) -> dict[str, Any]:
    """The card of a request that has been executed; `answer_bytes` is its JSON without the card."""
    commands = list(seen.trace.commands) if seen.trace else []
    card: dict[str, Any] = {
        "stages": [{"name": name, "milliseconds": ns / 1e6} for name, ns in seen.stages],
        "roundTrips": len(commands),
        "bytes": answer_bytes,
        "commands": [
            _sent(command) | (await _figures(reader, command) if at < MAX_EXPLAINED else {})
            for at, command in enumerate(commands)
        ],
    }
    for name, value in (("executor", seen.executor), ("plan", seen.plan and seen.plan())):
        if value:
            card[name] = value
    if seen.cost is not None:
        card["cost"] = {"requested": seen.cost, "limit": seen.cost_limit}
    return card


def _sent(command: Command) -> dict[str, Any]:
    name = "pipeline" if command.kind == "aggregate" else "where"
    return {
        "command": command.kind,
        "collection": command.collection,
        name: _plain(command.where),
        "projection": _plain(command.projection),
        "order": [list(pair) for pair in command.order],
        "limit": command.limit,
        "milliseconds": command.ms,
    }


async def _figures(reader: Reader, command: Command) -> dict[str, Any]:
    try:
        figures = figures_of(await reader.explain_sent(command))
    except StoreError:
        return {}  # a store without explain, or no time left: the card does without
    card: dict[str, Any] = {
        "index": figures.index,
        "keysExamined": figures.keys_examined,
        "documentsExamined": figures.documents_examined,
        # A count returns a number and no documents.
        "returned": None if command.kind == "count" else figures.returned,
    }
    said = advice(command, figures)
    return card | ({"advice": [said]} if said else {})


def _plain(value: Any) -> Any:
    """A value as JSON can hold it; what else Mongo takes (a pattern, say) becomes its text."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | float | bool | datetime | None) else str(value)
