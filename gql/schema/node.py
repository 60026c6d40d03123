"""Relay's ``Node``: global ids, and the way back from an id to a document.

An id is the type's name and the document's ``_id`` in base64url, so it survives a
reload of the store and means the same in every process.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import strawberry

from gql.schema.fields import Doc, derived
from loaders.nodes import NODE_BATCHES, TYPE_NAME


def global_id(type_name: str, key: object) -> str:
    """The id of the document ``key`` of a type."""
    return urlsafe_b64encode(f"{type_name}:{key}".encode()).decode().rstrip("=")


def read_global_id(text: str) -> tuple[str, str] | None:
    """The type's name and the document's ``_id``, None where ``text`` is no id of ours."""
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        type_name, colon, key = urlsafe_b64decode(padded).decode().partition(":")
    except (ValueError, binascii.Error):
        return None
    # One document, one id: another spelling of the same bytes is not accepted.
    if not colon or type_name not in NODE_BATCHES or global_id(type_name, key) != text:
        return None
    return type_name, key


def id_field(type_name: str) -> Any:
    """The ``id`` field of a type."""

    def compute(doc: Doc) -> str:
        return global_id(type_name, doc["_id"])

    return derived(
        "An opaque id, unique over all types and the same after every reload; "
        "`node(id:)` finds the object again.",
        compute,
        needs=("_id",),
    )


def always(_value: object, _info: object) -> bool:
    """The ``is_type_of`` of every type: a field's declaration says what it holds."""
    return True


def _resolve_type(value: Doc, *_: object) -> str:
    name: str = value[TYPE_NAME]
    return name


@strawberry.interface(
    description="Anything with a global id, to be found again by `node(id:)` (Relay)."
)
class Node:
    """Relay's interface of all that has an id."""

    id: strawberry.ID = derived(
        "An opaque id, unique over all types and the same after every reload.",
        lambda doc: doc["_id"],
        needs=("_id",),
    )

    resolve_type = staticmethod(_resolve_type)
    is_type_of = staticmethod(always)
