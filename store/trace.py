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


# As many members of a list as show what it is made of.
_SHOWN = 5


def without_values(where: Any) -> Any:
    """A where or pipeline with each value taken out: they may be a reader's, and logs are read by
    others.
    """
    if isinstance(where, dict):
        return {str(key): without_values(value) for key, value in where.items()}
    if isinstance(where, list | tuple):
        return [without_values(value) for value in where[:_SHOWN]]
    return "?"
