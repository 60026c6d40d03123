"""The names by which things find each other: slugs, folded text, canonical URLs, provider keys.

All pure, all deterministic, all safe for empty and odd input.
"""

import hashlib
import re
import unicodedata
from urllib.parse import urlsplit, urlunsplit

from slugify import slugify

# Parameters that say where a reader came from, never what the page shows.
TRACKING_PREFIXES = ("utm_", "at_custom", "pk_", "mtm_")
TRACKING_NAMES = frozenset(
    {
        "fbclid", "gclid", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid", "ttclid",
        "igshid", "mc_cid", "mc_eid", "mkt_tok", "_hsenc", "_hsmi", "vero_id", "oly_anon_id",
        "oly_enc_id", "cmpid", "ncid", "ocid", "wt.mc_id", "guccounter",
    }
)  # fmt: skip
# Most URLs; there is nothing to take away from these but slashes at the end.
_CANONICAL = re.compile(r"https?://[a-z0-9.-]+(?:/[A-Za-z0-9._~/%+:@,!$()*'-]*)?")
_TRAILING = re.compile(r"[\s/]+$")
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def slug(text: str) -> str:
    """Text as the part of an address: "Computer Vision" -> "computer-vision".

    A slug is its own slug. Text without a letter or digit gets a stable stand-in
    ("n-" and ten hex digits), so that two such names stay two; blank text gives "".
    """
    if made := slugify(text):
        return made
    if not text.strip():
        return ""
    digest = hashlib.sha256(text.strip().encode("utf-8", "surrogatepass")).hexdigest()
    return f"n-{digest[:10]}"


def fold(text: str) -> str:
    """Text as it is compared where case and accents do not count: "Élan" -> "elan"."""
    folded = _fold_once(text)
    while (again := _fold_once(folded)) != folded:  # a few characters need a second pass
        folded = again
    return folded


def _fold_once(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    decomposed = unicodedata.normalize("NFKD", decomposed)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def canonical_url(url: str) -> str | None:
    """The one form under which a URL is compared; None where it is no absolute http(s) URL.

    No fragment, no tracking parameters, no trailing slash, no default port; host and scheme
    in lower case. Path and the other parameters stay as they were written.
    """
    if _CANONICAL.fullmatch(url):
        return url.rstrip("/")
    try:
        parts = urlsplit(url.strip())
        scheme, host = parts.scheme.lower(), parts.netloc.lower()
        if scheme not in _DEFAULT_PORTS or not parts.hostname:
            return None
    except ValueError:  # "http://[half-an-address"
        return None
    query = "&".join(
        part for part in parts.query.split("&") if part.strip() and not _is_tracking(part)
    )
    host = host.removesuffix(_DEFAULT_PORTS[scheme])
    return urlunsplit((scheme, host, _TRAILING.sub("", parts.path), query, "")).rstrip()


def _is_tracking(parameter: str) -> bool:
    name = parameter.partition("=")[0].lower()
    return name in TRACKING_NAMES or name.startswith(TRACKING_PREFIXES)


def provider_key(domain: str | None, name: str | None) -> str | None:
    """The id of a provider, "domain/slug-of-name"; None without a domain.

    A provider that has no name is named after its domain.
    """
    host = (domain or "").strip().lower().rstrip(".").partition("/")[0]
    if not host:
        return None
    return f"{host}/{slug(name or '') or slug(host)}"
