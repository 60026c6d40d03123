"""Source text -> checked `Operation`: parse, limits, validate; kept in a bounded cache."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    ValidationRule,
    parse,
    specified_rules,
    validate,
)

from gql.errors import RequestErrors, refusal, with_code
from gql.limits import Limits, check_document, check_source

MAX_DOCUMENTS = 512
MAX_CACHED_TOKENS = 250_000  # about 100 MB of nodes at the very worst
MAX_CACHED_CHARS = 16_384  # of one source: tokens do not count comments, spaces and long strings
MAX_ERRORS = 20


@dataclass(slots=True, eq=False)
class Operation:
    """One operation of a valid document, and what was worked out for it once."""

    source: str
    name: str | None
    document: DocumentNode
    definition: OperationDefinitionNode
    fragments: dict[str, FragmentDefinitionNode]
    kind: str  # query, mutation or subscription
    hash: str  # of the source: SHA-256, 64 hexadecimal digits
    plans: dict[Any, Any] = field(default_factory=dict)  # gql.plan's, bounded there
    costs: Any = None  # gql.cost's tree, made at the first request


@dataclass(slots=True)
class Checked:
    """A valid document: its operations by name (None where it has none)."""

    tokens: int
    operations: dict[str | None, Operation]


class Operations:
    """The operations of one schema: checked when first seen, then kept, the least used leave.

    The cache is bounded in documents and in tokens, for a node of a document takes memory.
    Its key is the source: a string keeps its hash, a node would have to be walked.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        limits: Limits | None = None,
        *,
        introspection: bool = True,
        suggestions: bool = True,
    ) -> None:
        self.schema = schema
        self.limits = limits or Limits()
        self.suggestions = suggestions
        extra = () if introspection else (NoIntrospection,)
        self.rules = (*specified_rules, *extra)
        self._known: OrderedDict[str, Checked] = OrderedDict()
        self._tokens = 0

    def prepare(
        self, source: str, operation_name: str | None = None, *, read_only: bool = False
    ) -> Operation:
        """Return the checked operation of this source and name; raises RequestErrors.

        `read_only` is for GET: anything but a query is refused, valid or not.
        """
        checked = self._known.get(source)
        if checked is None:
            tokens = check_source(source, self.limits)
            document = _parse(source)
            operations = dict(_operations(source, document))
            operation = _select(operations, operation_name, read_only=read_only)
            check_document(document, self.limits)
            self._validate(document)
            self._keep(source, Checked(tokens, operations))
            return operation
        self._known.move_to_end(source)
        return _select(checked.operations, operation_name, read_only=read_only)

    def _validate(self, document: DocumentNode) -> None:
        errors = validate(
            self.schema, document, self.rules, MAX_ERRORS, hide_suggestions=not self.suggestions
        )
        if errors:
            raise RequestErrors(with_code(error, "GRAPHQL_VALIDATION_FAILED") for error in errors)

    def _keep(self, source: str, checked: Checked) -> None:
        if len(source) > MAX_CACHED_CHARS:
            return
        self._known[source] = checked
        self._tokens += checked.tokens
        while len(self._known) > MAX_DOCUMENTS or self._tokens > MAX_CACHED_TOKENS:
            _, gone = self._known.popitem(last=False)
            self._tokens -= gone.tokens


class NoIntrospection(ValidationRule):
    """Refuse `__schema` and `__type`; `__typename` stays, clients cannot do without it."""

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        """Report a root field of introspection."""
        if node.name.value in ("__schema", "__type"):
            message = f'Introspection is off here: "{node.name.value}" is not served.'
            code = {"code": "INTROSPECTION_DISABLED"}
            self.report_error(GraphQLError(message, node, extensions=code))


def _parse(source: str) -> DocumentNode:
    try:
        return parse(source, allow_empty_selection_sets=False)
    except GraphQLError as error:
        raise RequestErrors([with_code(error, "GRAPHQL_PARSE_FAILED")]) from None


def _operations(source: str, document: DocumentNode) -> Iterable[tuple[str | None, Operation]]:
    fragments = {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    digest = hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            name = node.name.value if node.name else None
            kind = node.operation.value
            yield name, Operation(source, name, document, node, fragments, kind, digest)


def _select(
    operations: dict[str | None, Operation], name: str | None, *, read_only: bool
) -> Operation:
    operation = _named(operations, name)
    if read_only and operation.kind != "query":
        message = f"GET was used for a {operation.kind}; only a query is allowed, else POST."
        raise refusal("METHOD_NOT_ALLOWED", message, headers={"allow": "POST"})
    return operation


def _named(operations: dict[str | None, Operation], name: str | None) -> Operation:
    """Do what GetOperation() of the GraphQL spec does; an empty name is no name."""
    if name and name in operations:
        return operations[name]
    if not name and len(operations) == 1:
        return next(iter(operations.values()))
    names = ", ".join(f'"{one}"' for one in list(operations)[:10] if one) or "none, it has no names"
    came = f'"{name[:80]}"' if name else "missing"
    message = f"operationName is {came}; the document's are {names}."
    raise refusal("OPERATION_RESOLUTION_FAILURE", message)
