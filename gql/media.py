"""Media types and encodings of HTTP, parsed rather than searched for; pure.

`Accept` and `Accept-Encoding` are RFC 9110, sections 12.5.1 and 12.5.3.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

JSON = "application/json"
GRAPHQL_RESPONSE = "application/graphql-response+json"
HTML = "text/html"
MAX_HEADER_CHARS = 1_000  # browsers send some 150


class MediaType(NamedTuple):
    """A media type or range with its parameters, all lower case but the parameters' values."""

    name: str
    parameters: dict[str, str]


@lru_cache(maxsize=256)
def parse_media_type(text: str) -> MediaType | None:
    """Parse `type/subtype; name=value`; None where it is none."""
    name, *rest = _split(text, ";")
    kind, slash, subtype = name.strip().lower().partition("/")
    if not (slash and kind.strip() and subtype.strip()) or " " in kind + subtype:
        return None
    parameters = {}
    for parameter in rest:
        key, _, value = parameter.partition("=")
        parameters[key.strip().lower()] = value.strip().strip('"')
    return MediaType(f"{kind}/{subtype}", parameters)


@lru_cache(maxsize=256)
def choose_media(accept: str, *, html: bool) -> str | None:
    """Choose what to answer with: the highest q, then what the header names first.

    None where nothing served is accepted. A page is only for who names `text/html`: `*/*` is
    what programs send, and it means JSON. `application/json` is the default (audit 47DE, 80D8).
    """
    ranges = [(media, q) for media, q in _ranges(accept) if media is not None]
    if not ranges:
        return JSON if not accept.strip() else None
    served = (JSON, GRAPHQL_RESPONSE, HTML) if html else (JSON, GRAPHQL_RESPONSE)
    rated = [(_rate(name, ranges), name) for name in served]
    (q, _position), name = max(rated, key=lambda rating: rating[0])
    return name if q > 0 else None


@lru_cache(maxsize=256)
def choose_encoding(accept_encoding: str, served: tuple[str, ...]) -> str | None:
    """Choose a content coding among `served`, best first; None for none (identity)."""
    accepted: dict[str, float] = {}
    for member in _split(accept_encoding[:MAX_HEADER_CHARS], ","):
        coding, *parameters = member.split(";")
        accepted[coding.strip().lower()] = _quality(parameters)
    rated = [(accepted.get(name, accepted.get("*", 0.0)), name) for name in served]
    best = max(rated, key=lambda rating: rating[0], default=(0.0, ""))
    return best[1] if best[0] > 0 else None


def _rate(name: str, ranges: list[tuple[MediaType, float]]) -> tuple[float, int]:
    """Rate a served type: the q of the most specific range, and how early that range stands."""
    kind = name.partition("/")[0]
    best = (-1, 0.0, 0)  # specificity, q, minus the position
    for position, (media, q) in enumerate(ranges):
        if media.name == name and media.parameters.get("charset", "utf-8").lower() == "utf-8":
            specificity = 2
        elif media.name == f"{kind}/*":
            specificity = 1
        elif media.name == "*/*" and name != HTML:
            specificity = 0
        else:
            continue
        if specificity > best[0]:
            best = (specificity, q, -position)
    return best[1], best[2]


def _ranges(accept: str) -> list[tuple[MediaType | None, float]]:
    members = _split(accept[:MAX_HEADER_CHARS], ",")
    parsed = [parse_media_type(member) for member in members if member.strip()]
    return [
        (media, _quality([f"q={media.parameters['q']}"] if "q" in media.parameters else []))
        for media in parsed
        if media is not None
    ]


def _quality(parameters: list[str]) -> float:
    """Read `q=0.5` among parameters: 1 where it is missing, 0 where it is no number of 0 to 1."""
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "q":
            try:
                q = float(value.strip())
            except ValueError:
                return 0.0
            return q if 0.0 <= q <= 1.0 else 0.0
    return 1.0


def _split(text: str, separator: str) -> list[str]:
    """Split at a separator, quoted strings left whole."""
    if '"' not in text:
        return text.split(separator)
    parts, quoted = [""], False
    for character in text:
        quoted ^= character == '"'
        if character == separator and not quoted:
            parts.append("")
        else:
            parts[-1] += character
    return parts
