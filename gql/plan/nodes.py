"""What a plan is made of: frozen values, made once an operation, run many times.

A plan has numbered *slots*. A slot holds the arguments of a field, the request of a
lookup, or, while the plan runs, what a lookup found. Constants are in their slots from the
start; a run copies the list and fills in the rest.

Documents are looked at twice. First, level by level, for keys: every lookup of a level sends
one command for all the documents there are (``gql/plan/run.py``). Then once more by a function
made for this operation, which turns documents into the answer (``gql/plan/source.py``), with
everything looked up at hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import FieldNode, GraphQLField

from gql.schema.fields import Spec
from gql.schema.selection import Selected

Doc = dict[str, Any]
Slots = list[Any]
# Turns a document into its part of the answer; raises where the document surprises it.
Shape = Callable[[Any, Slots], Any]


class Unplannable(Exception):
    """The operation, or this one's variables, are left to the reference executor; says why."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A slot for the arguments of a field that depend on the operation's variables."""

    slot: int
    field: GraphQLField
    node: FieldNode


@dataclass(frozen=True, slots=True)
class Lookup:
    """One command of a level: keys from the level's documents, values from a batch function.

    ``found``: the slot of what was found, by key. ``shape`` is there where a value of the answer
    follows from the key alone; then the slot holds finished answers, each made once however many
    documents ask for it. ``below``: what the found documents need in turn.
    """

    spec: Spec
    name: str
    has_args: bool
    args: int
    request: int | None
    found: int
    is_list: bool
    shape: Shape | None
    below: Level | None


@dataclass(frozen=True, slots=True)
class Fill:
    """One command of a level for keys that some documents lack, shared by all such fields."""

    spec: Spec
    keys: tuple[str, ...]
    found: int


@dataclass(frozen=True, slots=True)
class Embedded:
    """Documents inside the level's documents that need lookups of their own. ``kept``: the slot of
    what was computed, by the ``id()`` of the document around it, for the shape to take up.
    """

    spec: Spec
    name: str
    has_args: bool
    args: int
    is_list: bool
    kept: int
    below: Level


@dataclass(frozen=True, slots=True)
class TypeLevel:
    """What the documents of one type at one level need."""

    lookups: tuple[Lookup, ...]
    fills: tuple[Fill, ...]
    embedded: tuple[Embedded, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """What a level's documents need, by their type; ``only`` where there is but one type."""

    types: Mapping[str, TypeLevel]
    only: TypeLevel | None


@dataclass(frozen=True, slots=True)
class Request:
    """A lookup's request that depends on the operation's variables. Its first step is
    done (``ask``), unless the selections use variables too; then ``selected`` takes it at run time.
    """

    spec: Spec
    args: int
    selected: Selected | None
    ask: Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class Plan:
    """A compiled operation. ``constants``: the slots as a run begins. ``requests``: those to be
    made at a run, by slot, when the first key asks for one. ``root``: the level of the
    one root document, None. ``shape`` makes the answer's ``data``. ``source``: the text of the
    functions that shape, to be read.
    """

    constants: tuple[Any, ...]
    variables: tuple[Variable, ...]
    requests: Mapping[int, Request]
    root: TypeLevel
    shape: Shape
    source: str
