"""Providers, by key (``domain/slug-of-name``) and by domain."""

from __future__ import annotations

from collections.abc import Sequence

from loaders.batch import REFERENCE_PATHS, Doc, aligned
from loaders.counts import counts_by_provider
from store.collections import PROVIDERS
from store.names import provider_key
from store.projection import project
from store.reader import Reader

# A bound on how many names one domain may go by.
MAX_NAMES_A_DOMAIN = 1_000


async def providers_by_key(
    reader: Reader, keys: Sequence[str], _request: None = None
) -> list[Doc | None]:
    """Providers by key: whole documents, None for a key that no provider has."""
    docs = await reader.find(
        PROVIDERS,
        {"_id": {"$in": list(keys)}},
        projection=project(REFERENCE_PATHS["providers"]),
        limit=len(keys),
    )
    return aligned(keys, docs)


async def providers_by_domain(
    reader: Reader, asked: Sequence[tuple[str, str | None]], _request: None = None
) -> list[Doc | None]:
    """Providers by domain and name; without a name, the domain's one with the most articles
    (the first by key among equals). At most two commands.
    """
    docs = await reader.find(
        PROVIDERS,
        {"domain": {"$in": sorted({domain for domain, _ in asked})}},
        projection=project(REFERENCE_PATHS["providers"]),
        order=(("domain", 1), ("_id", 1)),
        limit=MAX_NAMES_A_DOMAIN * len(asked),
    )
    by_domain: dict[str, list[Doc]] = {}
    for doc in docs:
        by_domain.setdefault(doc["domain"], []).append(doc)
    shared = [
        doc["_id"]
        for domain, name in asked
        if name is None and len(by_domain.get(domain, ())) > 1
        for doc in by_domain[domain]
    ]
    keys = list(dict.fromkeys(shared))
    counts = dict(zip(keys, await counts_by_provider(reader, keys), strict=True)) if keys else {}
    return [_choose(by_domain.get(domain, []), domain, name, counts) for domain, name in asked]


def _choose(docs: list[Doc], domain: str, name: str | None, counts: dict[str, int]) -> Doc | None:
    if name is not None:
        key = provider_key(domain, name)
        return next((doc for doc in docs if doc["_id"] == key), None)
    # max keeps the first among equals, and docs come ordered by key.
    return max(docs, key=lambda doc: counts.get(doc["_id"], 0), default=None)
