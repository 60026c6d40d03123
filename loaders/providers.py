"""Providers, by key (``domain/slug-of-name``) and by domain."""

from __future__ import annotations

from collections.abc import Sequence

from loaders.batch import REFERENCE_PATHS, Doc, aligned
from loaders.remembered import remembered
from store.collections import PROVIDERS
from store.names import provider_key
from store.projection import project
from store.reader import Reader

# A bound on how many names one domain may go by.
MAX_NAMES_A_DOMAIN = 1_000


@remembered(PROVIDERS)
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


@remembered(PROVIDERS)
async def providers_by_domain(
    reader: Reader, asked: Sequence[tuple[str, str | None]], _request: None = None
) -> list[Doc | None]:
    """Providers by domain and name; without a name, the domain's one with the most articles (as
    the loader counted them; the first by key among equals).
    """
    docs = await reader.find(
        PROVIDERS,
        {"domain": {"$in": sorted({domain for domain, _ in asked})}},
        projection=project(REFERENCE_PATHS["providers"]),
        order=(("domain", 1), ("_index.articleCount", -1), ("_id", 1)),
        limit=MAX_NAMES_A_DOMAIN * len(asked),
    )
    by_domain: dict[str, list[Doc]] = {}
    for doc in docs:
        by_domain.setdefault(doc["domain"], []).append(doc)
    return [_choose(by_domain.get(domain, []), domain, name) for domain, name in asked]


def _choose(docs: list[Doc], domain: str, name: str | None) -> Doc | None:
    if name is None:
        return docs[0] if docs else None
    key = provider_key(domain, name)
    return next((doc for doc in docs if doc["_id"] == key), None)
