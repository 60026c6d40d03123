"""What a request asked of Mongo, command by command."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Command:
    """One round trip. For `kind` aggregate, `where` is the whole pipeline."""

    collection: str
    kind: str
    where: Any
    projection: Any
    order: tuple[tuple[str, int], ...]
    limit: int | None
    ms: float
    hint: str | None = None  # the index that Mongo was told to use


@dataclass(slots=True)
class Trace:
    """The commands of one request, in the order in which they ended."""

    commands: list[Command] = field(default_factory=list)

    @property
    def round_trips(self) -> int:
        """How many commands were sent."""
        return len(self.commands)
