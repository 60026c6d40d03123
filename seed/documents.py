"""Front matter and body -> the document to store, whole; and back. Pure.

What MongoDB cannot hold exactly, and what had to be coerced, is stored in its nearest form and
kept as YAML text in `_seed.written`: `front_matter(doc)` gives back what the file said.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import yaml

from seed.bson_form import BadText, TooDeep, bson_form, plain_key
from seed.coerce import LEFT_OUT, coerce
from seed.issues import KeyPath, Problem
from seed.keys import BY_COLLECTION, NEEDED
from seed.site import NO_SITE, Site

OWN_KEYS = frozenset({"_id", "content", "_seed", "_index"})


def document(
    values: Mapping[Any, Any], collection: str, site: Site = NO_SITE
) -> tuple[dict[str, Any], dict[str, str], list[Problem]]:
    """The stored keys, what has to be kept as it was written, and the problems found.

    `values` is front matter; the second result is `_seed.written`: YAML text by a safe key.
    """
    table = BY_COLLECTION[collection]
    doc: dict[str, Any] = {}
    inexact: list[Any] = []
    problems = _missing(values, collection)
    for name, value in values.items():
        key = table.get(name)
        if key and key.kind == "text" and value.__class__ is str and value.isascii():
            doc[name] = value  # as most are: nothing to coerce, nothing to refuse
            continue
        if name.__class__ is not str or name in OWN_KEYS or not plain_key(name):
            if name not in OWN_KEYS:
                problems.append(_odd_key(name))
            inexact.append(name)
            continue
        stored = coerce(key.kind, value, (name,), problems, site) if key else value
        form, exact = _form(stored, (name,), problems)
        if form is not LEFT_OUT:
            doc[name] = form
        if not exact or stored is not value:
            inexact.append(name)
    return doc, _written(values, inexact), problems


def _missing(values: Mapping[Any, Any], collection: str) -> list[Problem]:
    found = []
    for name, rule in NEEDED[collection].items():
        value = values.get(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            came = f"`{name}` is empty" if name in values else f"no `{name}`"
            found.append(Problem(rule, (name,) if name in values else (), came))
    return found


def _odd_key(name: Any) -> Problem:
    return Problem("key-type", (name,), f"the key `{name!s:.60}`", on_key=True)


def _form(value: Any, at: KeyPath, problems: list[Problem]) -> tuple[Any, bool]:
    if value is LEFT_OUT:
        return LEFT_OUT, False
    try:
        return bson_form(value)
    except TooDeep as error:
        problems.append(Problem("too-deep", at, str(error)))
    except BadText as error:
        problems.append(Problem("text", at, str(error)))
    return LEFT_OUT, False


def _written(values: Mapping[Any, Any], names: list[Any]) -> dict[str, str]:
    # In an order of their own: a file whose keys stand in another one says the same.
    names = sorted(names, key=repr)
    return {str(number): write_yaml({name: values[name]}) for number, name in enumerate(names)}


class _Dumper(yaml.CSafeDumper):
    """Writes a number of over 32 bits too, which comes back from MongoDB as a class of int."""


_Dumper.add_multi_representer(int, lambda dumper, value: dumper.represent_int(int(value)))


def write_yaml(value: Any) -> str:
    """YAML text that reads as this value again."""
    return str(yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100))


def front_matter(doc: Mapping[str, Any]) -> dict[Any, Any]:
    """The front matter that a stored document was made from, every key with its value and type.

    `doc` is a whole document of `articles`, `topics` or `providers` that has a `_seed`.
    """
    seed = doc.get("_seed") or {}
    filled = seed.get("filled") or ()
    values: dict[Any, Any] = {
        name: _utc(value)
        for name, value in doc.items()
        if name not in OWN_KEYS and name not in filled and "images" not in seed
    }  # a provider's keys are not its file's: `written` has all of those
    for text in (seed.get("written") or {}).values():
        values.update(yaml.load(text, yaml.CSafeLoader))
    return values


def _utc(value: Any) -> Any:
    """Instants come back in UTC whatever the driver was told about time zones."""
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    if isinstance(value, dict):
        return {name: _utc(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_utc(one) for one in value]
    return value
