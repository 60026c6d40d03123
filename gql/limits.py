"""Limits on a source and on a document: what they refuse is never executed.

`check_source` reads the text before the parser, which is recursive and builds a node a token.
`check_document` reads the parsed document before validation, some rules of which are quadratic;
it counts as if fragments were spread out, yet visits each fragment once: a bomb costs nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from gql.errors import RequestErrors, refusal


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one gateway; each is inclusive."""

    max_tokens: int = 5_000
    max_nesting: int = 64
    max_depth: int = 15
    max_aliases: int = 100
    max_root_fields: int = 30
    max_directives: int = 100
    max_fields: int = 2_000
    max_repeats: int = 50
    max_cost: int = 20_000


@dataclass(slots=True)
class Measures:
    """What a selection holds once every fragment is spread out."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    root_fields: int = 0
    repeats: int = 0  # of one response key, at the level where it repeats most
    keys: Counter[str] = field(default_factory=Counter)  # response keys of this level


# Code, the limit, and what to say of a measure over it; `check_document` goes down this table.
DOCUMENT_LIMITS = (
    ("TOO_DEEP", "max_depth", "Fields nest {} deep"),
    ("TOO_MANY_ROOT_FIELDS", "max_root_fields", "The operation has {} root fields"),
    ("TOO_MANY_ALIASES", "max_aliases", "The operation has {} aliases"),
    ("TOO_MANY_DIRECTIVES", "max_directives", "The operation has {} directives"),
    ("TOO_MANY_REPEATS", "max_repeats", "A response key is selected {} times at one level"),
    ("TOO_MANY_FIELDS", "max_fields", "The operation has {} fields with its fragments spread out"),
)

MAX_NUMBER_CHARS = 100  # Python refuses to read integers of over 4,300 digits, with a ValueError

# As the Lexical Grammar of the GraphQL spec has it; what fits nowhere is left to the parser.
LEXEME = re.compile(
    r"(?P<skip>(?:#[^\n\r]*+|[\s,\ufeff]++)++)"
    r"|(?P<open>[{(\[])"
    r"|(?P<close>[})\]])"
    r'|"""(?:\\"""|[^"]|"(?!""))*+"""'
    r'|"(?!"")(?:[^"\\\n\r]|\\.)*+"'
    r"|(?P<number>-?[0-9][0-9.eE+-]*+)"
    r"|[_A-Za-z][_0-9A-Za-z]*+"
    r"|\.\.\."
    r"|.",
    re.DOTALL,
)


def check_source(source: str, limits: Limits) -> int:
    """Count the tokens of a source; refuse one of more than `max_tokens`, one nested too deeply,
    and one with a number that nothing could read.

    Linear in the text, and ends at the first token too many.
    """
    tokens = depth = 0
    for lexeme in LEXEME.finditer(source):
        group = lexeme.lastgroup
        if group == "skip":
            continue
        tokens += 1
        if tokens > limits.max_tokens:
            raise _over("TOO_MANY_TOKENS", f"The source has over {tokens - 1} tokens", tokens - 1)
        if group == "open":
            depth += 1
            if depth > limits.max_nesting:
                raise _nested(limits)
        elif group == "close":
            depth -= 1
        elif group == "number" and lexeme.end() - lexeme.start() > MAX_NUMBER_CHARS:
            message = f"A number has over {MAX_NUMBER_CHARS} characters; allowed are that many."
            raise refusal("GRAPHQL_VALIDATION_FAILED", message)
    return tokens


def check_document(document: DocumentNode, limits: Limits) -> None:
    """Refuse a document of which one operation passes one of `DOCUMENT_LIMITS`."""
    fragments = {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    measuring = Measuring(fragments, limits)
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            measures = measuring.operation(definition)
            for code, limit, sentence in DOCUMENT_LIMITS:
                measure, allowed = getattr(measures, limit[4:]), getattr(limits, limit)
                if measure > allowed:
                    raise _over(code, sentence.format(measure), allowed)


class Measuring:
    """The measuring of one document: each fragment once, and a cycle counts as nothing.

    (Validation refuses the cycle; here it must only not run forever.)
    """

    def __init__(self, fragments: dict[str, FragmentDefinitionNode], limits: Limits) -> None:
        self.fragments = fragments
        self.limits = limits
        self.known: dict[str, Measures] = {}

    def operation(self, definition: OperationDefinitionNode) -> Measures:
        """Measure an operation, its variables' directives included."""
        measures = self.selections(definition.selection_set, 1)
        measures.root_fields = sum(measures.keys.values())
        measures.directives += len(definition.directives or ())
        for variable in definition.variable_definitions or ():
            measures.directives += len(variable.directives or ())
        return measures

    def selections(self, selection_set: SelectionSetNode, level: int) -> Measures:
        """Measure the selections of one level and of all below it."""
        if level > self.limits.max_nesting:
            raise _nested(self.limits)
        measures = Measures()
        for node in selection_set.selections:
            measures.directives += len(node.directives or ())
            if isinstance(node, FieldNode):
                self._field(measures, node, level)
            elif isinstance(node, FragmentSpreadNode):
                _add(measures, self._fragment(node.name.value, level))
            elif isinstance(node, InlineFragmentNode):
                _add(measures, self.selections(node.selection_set, level + 1))
        if measures.keys:
            measures.repeats = max(measures.repeats, max(measures.keys.values()))
        return measures

    def _field(self, measures: Measures, node: FieldNode, level: int) -> None:
        measures.fields += 1
        measures.aliases += node.alias is not None
        measures.keys[(node.alias or node.name).value] += 1
        depth = 1
        if node.selection_set is not None:
            below = self.selections(node.selection_set, level + 1)
            below.keys = Counter()
            # Introspection nests by its nature; a rule of graphql-core holds it.
            depth = 1 if node.name.value in ("__schema", "__type") else below.depth + 1
            below.depth = 0
            _add(measures, below)
        measures.depth = max(measures.depth, depth)

    def _fragment(self, name: str, level: int) -> Measures:
        if name not in self.known:
            self.known[name] = Measures()
            if fragment := self.fragments.get(name):
                self.known[name] = self.selections(fragment.selection_set, level + 1)
                self.known[name].directives += len(fragment.directives or ())
        return self.known[name]


def _add(total: Measures, more: Measures) -> None:
    total.depth = max(total.depth, more.depth)
    total.repeats = max(total.repeats, more.repeats)
    total.fields += more.fields
    total.aliases += more.aliases
    total.directives += more.directives
    total.keys.update(more.keys)


def _nested(limits: Limits) -> RequestErrors:
    sentence = f"Brackets or fragments nest over {limits.max_nesting} deep"
    return _over("NESTED_TOO_DEEP", sentence, limits.max_nesting)


def _over(code: str, sentence: str, allowed: int) -> RequestErrors:
    return refusal(code, f"{sentence}; allowed are {allowed}.", allowed=allowed)
