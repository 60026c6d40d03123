"""From a filter of the API to a where of Mongo: one table of operators, one of fields. Pure.

A filter is the mapping that GraphQL's input coercion gives: API names, plain values. Every value
is checked against its operator's kind and stands in the where as an operand, so nothing in it
can become an operator; text to search for is escaped character by character.

What a filter means, in two-valued logic (`ne` is "not eq", `notIn` "not in", `not` the opposite):

- `eq: null` holds where there is no value, `ne: null` where there is one; any other null, a null
  field and an empty object are no condition at all.
- `in: []` and `anyOf: []` hold nowhere; `notIn: []`, `allOf: []` and `noneOf: []` everywhere.
- `and: []` holds everywhere, `or: []` nowhere. Contradictory bounds hold nowhere.
- `contains` and `startsWith` disregard case and accents and do not hold where there is no value;
  an empty text is contained in every value.
- Instants are compared to the millisecond, which is what Mongo stores.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from store.names import fold, slug
from store.operators import NOWHERE, OPERATORS, Where, WhereError, checked, list_of, refused

__all__ = [
    "ARTICLE_FIELDS",
    "PROVIDER_FIELDS",
    "TOPIC_FIELDS",
    "Filter",
    "Where",
    "WhereError",
    "where_for",
]

Filter = Mapping[str, Any]

MAX_DEPTH = 10
MAX_CONDITIONS = 200


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a filter: its kind is a row of OPERATORS, or "flag", "slug", "filter".

    `by_fold`: only the folded path has an index, so equal texts are looked for by it first.
    """

    kind: str
    path: str = ""
    folded: str = ""
    fields: "Mapping[str, Field] | None" = None
    by_fold: bool = False


def where_for(given: Filter | None, fields: "Mapping[str, Field]") -> Where:
    """The where for a filter over these fields; {} where it sets no condition.

    Raises WhereError for what the schema lets pass and the store does not.
    """
    budget = _Budget()
    return _all(_conditions(given or {}, fields, "", 1, budget))


def _text_field(path: str, folded: str, *, by_fold: bool = False) -> Field:
    return Field("text", path, f"_index.fold.{folded}", by_fold=by_fold)


ARTICLE_FIELDS: dict[str, Field] = {
    "slug": _text_field("_id", "slug"),
    "title": _text_field("title", "title", by_fold=True),
    "category": _text_field("category", "category"),
    "type": _text_field("_index.type", "type"),
    "locale": _text_field("locale", "locale"),
    "provider": Field(
        "filter",
        fields={
            "domain": _text_field("_index.domain", "domain"),
            "name": _text_field("_index.providerName", "providerName"),
        },
    ),
    "topics": Field("list", "_index.topics"),
    "publishedDateTime": Field("instant", "publishedDateTime"),
    "quality": Field("int", "quality"),
    "heat": Field("int", "heat"),
    "hasImages": Field("flag", "_index.hasImages"),
    "published": Field("flag", "_index.visible"),
}
PROVIDER_FIELDS: dict[str, Field] = {
    "domain": _text_field("domain", "domain"),
    "name": _text_field("name", "name"),
}
TOPIC_FIELDS: dict[str, Field] = {
    "slug": _text_field("_id", "slug"),
    "name": _text_field("name", "name"),
    "parent": Field("slug", "_index.parent"),
}


@dataclass(slots=True)
class _Budget:
    conditions: int = 0

    def spend(self) -> None:
        self.conditions += 1
        if self.conditions > MAX_CONDITIONS:
            raise WhereError(f"A filter has more than {MAX_CONDITIONS} conditions.")


def _conditions(
    given: Filter, fields: Mapping[str, Field], at: str, depth: int, budget: _Budget
) -> list[Where]:
    if depth > MAX_DEPTH:
        raise WhereError(f"A filter is nested deeper than {MAX_DEPTH} levels.")
    if not isinstance(given, Mapping):
        raise refused(at or "filter", given, "an object")
    found: list[Where] = []
    for name, value in given.items():
        if value is None:
            continue
        path = f"{at}.{name}" if at else name
        if name in ("and", "or", "not"):
            found.append(_combined(name, value, fields, path, depth, budget))
        elif name in fields:
            found.extend(_field(fields[name], value, path, depth, budget))
        else:
            raise WhereError(f'Filter "{path}" is not known; allowed are {", ".join(fields)}.')
    return [condition for condition in found if condition]


def _combined(
    name: str, value: Any, fields: Mapping[str, Field], at: str, depth: int, budget: _Budget
) -> Where:
    budget.spend()
    if name == "not":
        inner = _all(_conditions(value, fields, at, depth + 1, budget))
        return {"$nor": [inner]} if inner else NOWHERE
    members = [
        _all(_conditions(member, fields, f"{at}[{number}]", depth + 1, budget))
        for number, member in enumerate(list_of(value, at))
    ]
    if name == "and":
        return _all([member for member in members if member])
    if not members:
        return NOWHERE
    return {"$or": members} if all(members) else {}  # a member without condition always holds


def _field(field: Field, value: Any, at: str, depth: int, budget: _Budget) -> list[Where]:
    if field.kind == "filter":
        return _conditions(value, field.fields or {}, at, depth + 1, budget)
    budget.spend()
    if field.kind == "flag":
        return [{field.path: checked("flag", value, at)}]
    if field.kind == "slug":
        return [{field.path: {"$eq": slug(checked("text", value, at))}}]
    if not isinstance(value, Mapping):
        raise refused(at, value, "an object")
    return [
        _operation(field, operator, operand, f"{at}.{operator}", budget)
        for operator, operand in value.items()
    ]


def _operation(field: Field, name: str, value: Any, at: str, budget: _Budget) -> Where:
    budget.spend()
    operator = next((row for row in OPERATORS[field.kind] if row.name == name), None)
    if operator is None:
        allowed = ", ".join(row.name for row in OPERATORS[field.kind])
        raise WhereError(f'Filter "{at}" is not known; allowed are {allowed}.')
    if value is None and not operator.takes.endswith("?"):
        return {}
    operand = None if value is None else checked(operator.takes.rstrip("?"), value, at)
    where = operator.build(field.folded if operator.on_folded else field.path, operand)
    if field.by_fold and name in ("eq", "in") and operand is not None:
        folded = fold(operand) if name == "eq" else [fold(one) for one in operand]
        return {"$and": [operator.build(field.folded, folded), where]}
    return where


def _all(conditions: list[Where]) -> Where:
    if len(conditions) > 1:
        return {"$and": conditions}
    return conditions[0] if conditions else {}
