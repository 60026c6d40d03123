"""The JSON Schema of an article's front matter: editors complete and check by it. Pure."""

from collections.abc import Mapping
from typing import Any

from seed.keys import ARTICLE, IMAGE, PROVIDER, RELATED, Key

_INT32 = 2**31
_KINDS: dict[str, dict[str, Any]] = {
    "text": {"type": ["string", "null"]},
    "integer": {"type": ["integer", "null"], "minimum": -_INT32, "maximum": _INT32 - 1},
    "flag": {"type": ["boolean", "null"]},
    "instant": {"type": ["string", "null"], "pattern": r"^\d{4}-\d{2}-\d{2}"},
    "url": {"type": ["string", "null"], "pattern": "^(https?://\\S+|/\\S*)?$"},
    "names": {"type": ["array", "string", "null"], "items": {"type": "string"}},
    "provider": {"anyOf": [{"$ref": "#/$defs/provider"}, {"type": ["string", "null"]}]},
    "images": {"type": ["array", "null"], "items": {"$ref": "#/$defs/image"}},
    "related": {"type": ["array", "null"], "items": {"$ref": "#/$defs/related"}},
}


def json_schema() -> dict[str, Any]:
    """The schema, from the same table that the loader reads by."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Front matter of an article",
        **_mapping(ARTICLE, needed=["title"]),
        "$defs": {
            "provider": _mapping(PROVIDER),
            "image": _mapping(IMAGE, needed=["url"]),
            "related": _mapping(RELATED),
        },
    }


def _mapping(table: Mapping[str, Key], needed: list[str] | None = None) -> dict[str, Any]:
    properties = {
        name: {"description": key.says, **_KINDS[key.kind]} for name, key in table.items()
    }
    made: dict[str, Any] = {"type": "object", "properties": properties}
    return {**made, "required": needed} if needed else made
