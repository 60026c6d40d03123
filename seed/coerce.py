"""Values of known keys as their key's kind has them: kept, coerced, left out, or a problem. Pure.

Every function takes (value, where it stands, the site, the list that collects problems) and
gives the value to store: the same object where nothing had to change, LEFT_OUT where readers
could not be served it. What was written is kept beside the document (see `documents`).
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

from seed.issues import KeyPath, Problem
from seed.keys import IMAGE, KINDS, PROVIDER, RELATED, Key
from seed.site import NO_SITE, Site

LEFT_OUT: Any = type("LeftOut", (), {"__repr__": lambda _: "LEFT_OUT"})()
_INT32 = 2**31
_WORDS = {"true": True, "yes": True, "false": False, "no": False}
# Most URLs; what does not look like this is taken apart.
_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9.-]+(?:/[A-Za-z0-9._~/&=?%+#:@,;!$()*'-]*)?")
_JEKYLL_ZONE = re.compile(r"[ ]([+-]\d{2}):?(\d{2})$")
Problems = list[Problem]


def coerce(kind: str, value: Any, at: KeyPath, problems: Problems, site: Site = NO_SITE) -> Any:
    """The value as this kind has it; missing (null) stays null."""
    if value is None:
        return None
    return _COERCIONS[kind](value, at, problems, site)


def _wrong(kind: str, value: Any, at: KeyPath, problems: Problems) -> Any:
    rule = "date" if kind == "instant" else "type"
    problems.append(Problem(rule, at, f"`{_dotted(at)}` is {shown(value)}", KINDS[kind]))
    return LEFT_OUT


def shown(value: Any) -> str:
    """A value as an error shows it: short, on one line."""
    if value is None:
        return "empty"
    if value.__class__ is bool:
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, (list, set)):
        return "a list"
    text = value if isinstance(value, str) else str(value)
    text = " ".join(text.split())
    text = text if len(text) <= 60 else text[:57] + "..."
    return f'"{text}"' if isinstance(value, str) else text


def _dotted(at: KeyPath) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in at)[1:]


def _text(value: Any, at: KeyPath, problems: Problems, site: Site) -> Any:
    if value.__class__ is str:
        return value
    if value.__class__ in (int, float):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return _wrong("text", value, at, problems)


def _integer(value: Any, at: KeyPath, problems: Problems, site: Site) -> Any:
    number = value
    if (value.__class__ is float and value.is_integer()) or (
        value.__class__ is str and re.fullmatch(r"\s*[+-]?[0-9]{1,20}\s*", value)
    ):
        number = int(value)
    if number.__class__ is not int:
        return _wrong("integer", value, at, problems)
    if not -_INT32 <= number < _INT32:
        came = f"`{_dotted(at)}` is {shown(value)}"
        problems.append(Problem("integer-range", at, came))
        return LEFT_OUT
    return number


def _flag(value: Any, at: KeyPath, problems: Problems, site: Site) -> Any:
    if value.__class__ is bool:
        return value
    if value.__class__ is str and value.strip().lower() in _WORDS:
        return _WORDS[value.strip().lower()]
    return _wrong("flag", value, at, problems)


def _instant(value: Any, at: KeyPath, problems: Problems, site: Site) -> Any:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    if value.__class__ is str:
        if not value.strip():
            return LEFT_OUT
        if (parsed := parse_instant(value)) is not None:
            return parsed
    return _wrong("instant", value, at, problems)


def parse_instant(text: str) -> datetime | None:
    """An ISO 8601 date or time, or Jekyll's `2020-10-08 03:47:00 +0000`; None for all else."""
    text = _JEKYLL_ZONE.sub(r"\1:\2", text.strip())
    if not re.match(r"\d{4}-\d{2}-\d{2}", text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _url(value: Any, at: KeyPath, problems: Problems, site: Site) -> Any:
    if value.__class__ is not str:
        return _wrong("url", value, at, problems)
    if is_url(value):
        return value
    if not value.strip():
        return LEFT_OUT
    absolute = site.absolute(value.strip())
    if absolute and is_url(absolute):
        return absolute
    relative = value.lstrip().startswith(("/", "./", "../"))
    suggestion = "give `url` in _config.yml, or --url, to make it absolute" if relative else None
    rule = "relative-url" if relative else "url"
    problems.append(Problem(rule, at, f"`{_dotted(at)}` is {shown(value)}", suggestion=suggestion))
    return LEFT_OUT


def is_url(text: str) -> bool:
    """Whether this is an absolute http or https URL, with a host and without blanks."""
    if _PLAIN_URL.fullmatch(text):
        return True
    if not text.startswith(("https://", "http://", "HTTP", "Http")) or " " in text:
        return False
    try:
        parts = urlsplit(text)
        return bool(parts.hostname) and not re.search(r"[\s\x00-\x1f<>\"]", text)
    except ValueError:
        return False


def _names(value: Any, at: KeyPath, problems: Problems, site: Site) -> Any:
    if value.__class__ is str:
        return [value] if value.strip() else []
    if value.__class__ is not list:
        return _wrong("names", value, at, problems)
    if all(one.__class__ is str and one and not one.isspace() for one in value):
        return value
    named = [_text(one, (*at, i), problems, site) for i, one in enumerate(value) if one is not None]
    return [name for name in named if name is not LEFT_OUT and name.strip()]


def _provider(value: Any, at: KeyPath, problems: Problems, site: Site) -> Any:
    if value.__class__ is str:
        value = {"name": value}
    if value.__class__ is not dict:
        return _wrong("provider", value, at, problems)
    if not value.get("domain"):
        came = f"`{_dotted(at)}` has no domain"
        problems.append(Problem("provider-without-domain", at, came))
    return members(value, PROVIDER, at, problems, site)


def _images(value: Any, at: KeyPath, problems: Problems, site: Site) -> Any:
    items = value if value.__class__ is list else [value]
    made = [_image(one, (*at, i), problems, site) for i, one in enumerate(items)]
    if value.__class__ is list and all(new is old for new, old in zip(made, items, strict=True)):
        return value
    return [one for one in made if one is not LEFT_OUT]


def _image(value: Any, at: KeyPath, problems: Problems, site: Site) -> Any:
    if value.__class__ is str:
        value = {"url": value}
    if value.__class__ is not dict:
        return _wrong("images", value, at, problems)
    made = members(value, IMAGE, at, problems, site)
    if not made.get("url"):
        if not value.get("url"):
            came = f"`{_dotted(at)}` has no url"
            problems.append(Problem("image-without-url", at, came))
        return LEFT_OUT
    for side in ("width", "height"):
        size = made.get(side)
        if size is not None and size < 1:
            came = f"`{_dotted((*at, side))}` is {size}"
            problems.append(Problem("image-size", (*at, side), came))
            made = {key: one for key, one in made.items() if key != side}
    return made


def _related(value: Any, at: KeyPath, problems: Problems, site: Site) -> Any:
    items = value if value.__class__ is list else [value]
    made = [_related_item(one, (*at, i), problems, site) for i, one in enumerate(items)]
    if value.__class__ is list and all(new is old for new, old in zip(made, items, strict=True)):
        return value
    return [one for one in made if one is not LEFT_OUT]


def _related_item(value: Any, at: KeyPath, problems: Problems, site: Site) -> Any:
    if value.__class__ is str:
        value = {"webUrl": value} if is_url(value) else {"title": value}
    if value.__class__ is not dict:
        return _wrong("related", value, at, problems)
    return members(value, RELATED, at, problems, site)


def members(
    value: dict[Any, Any], table: dict[str, Key], at: KeyPath, problems: Problems, site: Site
) -> dict[Any, Any]:
    """A mapping with its known keys coerced; the same object where nothing changed."""
    changed: dict[str, Any] = {}
    for name, old in value.items():
        key = table.get(name) if name.__class__ is str else None
        if key is None or old is None:
            continue
        new = _COERCIONS[key.kind](old, (*at, name), problems, site)
        if new is not old:
            changed[name] = new
    if not changed:
        return value
    merged = {**value, **changed}
    return {name: one for name, one in merged.items() if one is not LEFT_OUT}


_Coercion = Callable[[Any, KeyPath, Problems, Site], Any]
_COERCIONS: dict[str, _Coercion] = {
    "text": _text,
    "integer": _integer,
    "flag": _flag,
    "instant": _instant,
    "url": _url,
    "names": _names,
    "provider": _provider,
    "images": _images,
    "related": _related,
}
