"""What of an operation depends on its variables, and through what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from graphql import (
    DirectiveNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    Node,
    VariableNode,
    Visitor,
    visit,
)


class Varying:
    """Says whether arguments somewhere below a node hold variables, fragments included.

    Conditions (``@skip``, ``@include``) do not count: they are settled when a plan is made.
    """

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._known: dict[str, bool] = {}

    def uses(self, *nodes: Node) -> bool:
        """Whether any of these nodes does."""
        finder = _Finder()
        for node in nodes:
            visit(node, finder)
        return finder.variables or any(self._fragment(name) for name in finder.spreads)

    def _fragment(self, name: str) -> bool:
        if name not in self._known:
            self._known[name] = False  # validation has ruled out cycles
            self._known[name] = self.uses(self._fragments[name])
        return self._known[name]


class _Finder(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.variables = False
        self.spreads: set[str] = set()

    def enter_variable(self, *_: Any) -> None:
        self.variables = True

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> None:
        self.spreads.add(node.name.value)

    def enter_directive(self, *_: Any) -> Any:
        return False


def condition_variables(nodes: Iterable[Node]) -> tuple[str, ...]:
    """The names of the variables that ``@skip`` and ``@include`` use, in order of the alphabet."""
    finder = _Conditions()
    for node in nodes:
        visit(node, finder)
    return tuple(sorted(finder.names))


class _Conditions(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        if node.name.value in ("skip", "include"):
            for argument in node.arguments or ():
                if isinstance(argument.value, VariableNode):
                    self.names.add(argument.value.name.value)
