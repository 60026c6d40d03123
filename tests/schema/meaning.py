"""What a filter means: a predicate in plain Python over front matter, and filters and files to try
it on. It knows nothing of `_index`, wheres or Mongo.
"""

import unicodedata
from datetime import datetime
from typing import Any

from hypothesis import strategies as st

Filter = dict[str, Any]
Front = dict[str, Any]

TITLES = ["Élan vital", "elan", "a.*b", "A^b (c)", "x\ny", "Straße 1", "ﬁsh & chips"]
TEXTS = {
    "slug": ["2020-01-01-a", "2020-01-01-b", "2021-02-03-a"],
    "title": TITLES,
    "category": ["news", "News", "Opinion"],
    "type": ["video", "podcast"],
    "locale": ["en-US", "de"],
}
PROVIDERS = [("a.example", "A"), ("a.example", "Another"), ("b.example", "Bée")]
TOPICS = ["AI", "Computer Vision", "Robots"]
INSTANTS = ["2020-01-01T00:00:00Z", "2020-01-01T12:30:00.500Z", "2021-02-03T04:05:06Z"]


def plain(text: str) -> str:
    """Text without case and accents, as a person would compare it."""
    for _ in range(2):
        text = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in text if not unicodedata.combining(char))


def slug_of(name: str) -> str:
    return name.lower().replace(" ", "-")


def holds(given: Filter | None, values: Front) -> bool:
    """Whether a filter holds for values by the API's names."""
    return all(_field(name, wanted, values) for name, wanted in (given or {}).items())


def _field(name: str, wanted: Any, values: Front) -> bool:
    if wanted is None:
        return True
    if name == "and":
        return all(holds(member, values) for member in wanted)
    if name == "or":
        return any(holds(member, values) for member in wanted)
    if name == "not":
        return not holds(wanted, values)
    value = values[name]
    if isinstance(wanted, bool):
        return bool(value is wanted)
    if name == "provider":
        return holds(wanted, value)
    if name == "parent":
        return bool(value == slug_of(wanted))
    return all(operator(one, value, operand) for one, operand in wanted.items())


def operator(name: str, value: Any, wanted: Any) -> bool:
    """Whether an operator holds for a value."""
    if name == "eq":
        return bool(moment(value) == moment(wanted))
    if name == "ne":
        return bool(value != wanted)
    if wanted is None:
        return True
    if name in ("in", "notIn"):
        return (value in wanted) is (name == "in")
    if name in ("anyOf", "allOf", "noneOf"):
        asked = {slug_of(one) for one in wanted}
        shared = asked & {slug_of(one) for one in value}
        return {"anyOf": bool(shared), "allOf": shared == asked, "noneOf": not shared}[name]
    if value is None:
        return False
    if name in ("contains", "startsWith"):
        text, part = plain(value), plain(wanted)
        return part in text if name == "contains" else text.startswith(part)
    one, two = moment(value), moment(wanted)
    return bool({"gt": one > two, "gte": one >= two, "lt": one < two, "lte": one <= two}[name])


def moment(value: Any) -> Any:
    if isinstance(value, str) and value[:4].isdigit() and value.endswith("Z"):
        return datetime.fromisoformat(value)
    return value


# --- filters to try ---------------------------------------------------------------------------


def some_of(members: dict[str, Any]) -> Any:
    return st.fixed_dictionaries({}, optional=members)


def texts(values: list[str]) -> Any:
    one = st.sampled_from([*values, "nothing", "$gt", values[0].upper(), values[0][1:3]])
    part = st.one_of(one, st.sampled_from(["", "e", "A", ".", "-", "\0", "SS"]))
    many = st.one_of(st.none(), st.lists(one, max_size=2))
    return some_of(
        {"eq": st.one_of(st.none(), one), "ne": st.one_of(st.none(), one), "in": many,
         "notIn": many, "contains": st.one_of(st.none(), part),
         "startsWith": st.one_of(st.none(), part)}
    )  # fmt: skip


def bounds(values: Any, *, numbers: bool) -> Any:
    maybe = st.one_of(st.none(), values)
    members = dict.fromkeys(["eq", "gt", "gte", "lt", "lte"], maybe)
    if numbers:
        members |= {"ne": maybe, "in": st.one_of(st.none(), st.lists(values, max_size=2))}
    return some_of(members)


names = st.lists(
    st.sampled_from([*TOPICS, *map(slug_of, TOPICS), "computer VISION", "no"]), max_size=2
)
providers = some_of(
    {
        "domain": texts(["a.example", "b.example"]),
        "name": texts([name for _, name in PROVIDERS]),
    }
)
topics = some_of(
    {
        "slug": texts([slug_of(name) for name in TOPICS]),
        "name": texts(TOPICS),
        "parent": st.one_of(st.none(), st.sampled_from([*TOPICS, "no"])),
    }
)
_ints = bounds(st.integers(-1, 3), numbers=True)
_fields: dict[str, Any] = {
    **{name: st.one_of(st.none(), texts(values)) for name, values in TEXTS.items()},
    "provider": st.one_of(st.none(), providers),
    "topics": some_of(dict.fromkeys(["anyOf", "allOf", "noneOf"], st.one_of(st.none(), names))),
    "publishedDateTime": bounds(st.sampled_from(INSTANTS), numbers=False),
    "quality": _ints,
    "heat": _ints,
    "hasImages": st.one_of(st.none(), st.booleans()),
    "published": st.one_of(st.none(), st.booleans()),
}
articles = st.recursive(
    # Few fields at a time, or nothing would ever be found.
    st.sets(st.sampled_from(sorted(_fields)), max_size=2).flatmap(
        lambda chosen: st.fixed_dictionaries({name: _fields[name] for name in sorted(chosen)})
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2).map(lambda members: {"and": members}),
        st.lists(inner, max_size=2).map(lambda members: {"or": members}),
        st.one_of(st.none(), inner).map(lambda member: {"not": member}),
        st.tuples(inner, inner).map(lambda pair: {**pair[0], "or": [pair[1], {"heat": {"eq": 1}}]}),
    ),
    max_leaves=4,
)

# Front matter of articles, by slug; each with its own title, or several of one.
files = st.dictionaries(
    st.sampled_from(TEXTS["slug"] + [f"2020-01-01-{letter}" for letter in "cdef"]),
    st.fixed_dictionaries(
        {"title": st.sampled_from(TITLES)},
        optional={
            "category": st.sampled_from(TEXTS["category"]),
            "type": st.sampled_from(TEXTS["type"]),
            "locale": st.sampled_from(TEXTS["locale"]),
            "provider": st.sampled_from(PROVIDERS),
            "topics": st.lists(st.sampled_from(TOPICS), max_size=2, unique=True),
            "publishedDateTime": st.sampled_from(INSTANTS),
            "quality": st.integers(0, 2),
            "heat": st.integers(0, 2),
            "images": st.lists(st.just({"url": "https://img.example/1.jpg"}), max_size=1),
            "published": st.booleans(),
        },
    ),
    max_size=7,
)
