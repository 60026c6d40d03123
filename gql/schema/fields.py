"""The three ways in which a field of an API type gets its value.

A field is declared once. Its declaration carries both what Strawberry needs (a
type, a description, arguments) and a ``Spec``: which keys of the parent's
document the field reads and how its value comes from them. The reference
executor turns the spec into a resolver (``gql/schema/resolve.py``), the compiled
one into a step of a plan (``gql/plan``). Neither knows any field by name.

Behind an API type stands a plain document, a ``dict`` as it came from the store.
Nothing is copied into objects. Functions in specs are pure and synchronous:
``(doc)`` where the field has no arguments, ``(doc, args)`` where it has some;
``args`` maps the API's argument names to coerced values and holds only what was
given. They may raise ``UserError`` for a client's mistake.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

if TYPE_CHECKING:
    from gql.schema.selection import Selected

Doc = dict[str, Any]
Args = dict[str, Any]


Asked = Callable[[Args], Any]
Request = Callable[["Selected"], Asked]


@dataclass(frozen=True, slots=True)
class Spec:
    """How a field's value comes from its parent's document.

    ``kind``
        ``doc``: the value under ``key``, or ``default`` where it is missing or null.
        ``filled``: the same, but what is missing is taken from the document that ``batch``
        finds for the parent's value under ``via``, under the same key.
        ``derived``: ``compute(doc[, args])``.
        ``lookup``: ``ask(doc[, args])`` gives a key, or None for no lookup (with ``many`` a
        list of keys); the batch function named ``batch`` turns keys into values, None for what
        is not there; the field's value is what was found (with ``many`` a list of what was
        found), or else ``pick(doc, found[, args])``.
    ``needs``
        The paths of the parent's document that the functions read.
    ``at``, ``index_at``
        Where the value, a document or a list of them, is embedded in the parent's: what is
        selected below is read from under ``at``, and its ``_index`` from under ``index_at``.
        Without ``at``, documents below read the parent's paths, or, of a lookup, their own.
    ``request``
        ``request(selected)(args)``: the third argument of the batch function where it takes one
        (paths to read, a page), None where keys say it all. In two steps, for the first depends
        on the operation alone and the second on the values of its variables.
    """

    kind: Literal["doc", "filled", "derived", "lookup"]
    needs: tuple[str, ...] = ()
    key: str = ""
    default: Any = None
    compute: Callable[..., Any] | None = None
    at: str | None = None
    index_at: str | None = None
    batch: str = ""
    via: str = ""
    many: bool = False
    ask: Callable[..., Any] | None = None
    pick: Callable[..., Any] | None = None
    request: Request | None = None


class SpecField(StrawberryField):
    """A Strawberry field that carries a ``Spec`` in its metadata."""

    @property
    def spec(self) -> Spec:
        """How the value comes about."""
        spec: Spec = self.metadata["spec"]
        return spec


def arg(name: str, type_: object, description: str) -> StrawberryArgument:
    """An argument: its API name, its type as in an annotation, what it does."""
    return StrawberryArgument(
        python_name=name,
        graphql_name=name,
        type_annotation=StrawberryAnnotation(type_),
        description=description,
    )


def doc(description: str, *, key: str = "", default: Any = None) -> Any:
    """A key of the document, by default the one of the field's own name."""
    return _field(Spec("doc", key=key, default=default), description, ())


def filled(description: str, batch: str, via: str, *, key: str = "", default: Any = None) -> Any:
    """A key of the document, and where that is missing the same key of the document that
    ``batch`` finds for the value under ``via``.
    """
    spec = Spec("filled", needs=(via,), batch=batch, via=via, key=key, default=default)
    return _field(spec, description, ())


def derived(
    description: str,
    compute: Callable[..., Any],
    *,
    needs: tuple[str, ...] = (),
    at: str | None = None,
    index_at: str | None = None,
    args: tuple[StrawberryArgument, ...] = (),
) -> Any:
    """A value computed from the keys that ``needs`` names."""
    spec = Spec("derived", needs=needs, compute=compute, at=at, index_at=index_at)
    return _field(spec, description, args)


def lookup(
    description: str,
    batch: str,
    ask: Callable[..., Any],
    *,
    needs: tuple[str, ...] = (),
    many: bool = False,
    pick: Callable[..., Any] | None = None,
    at: str | None = None,
    request: Request | None = None,
    args: tuple[StrawberryArgument, ...] = (),
) -> Any:
    """A relation: keys from the document, values from a batch function of ``loaders``. Where
    ``pick`` takes the value from the document itself, ``at`` says from where.
    """
    spec = Spec(
        "lookup", needs=needs, batch=batch, ask=ask, many=many, pick=pick, at=at, request=request
    )
    return _field(spec, description, args)


def paths_request(selected: Selected) -> Asked:
    """The request of a batch function that takes the paths to read."""
    paths = selected.paths()
    return lambda _args: paths


def _field(spec: Spec, description: str, args: tuple[StrawberryArgument, ...]) -> Any:
    field = SpecField(description=description, metadata={"spec": spec})
    field.arguments = list(args)
    return field
