"""When to tell Mongo which index to read along. Pure.

Every index of articles begins with visibility, so Mongo may try some twenty plans side by side for
a filter that none of them serves, each fetching articles until one plan has a page: 5 s for a rare
word in 200,000 titles, where the order's own index takes 0.2 s.
"""

from collections.abc import Iterator
from typing import Any

from store.collections import ARTICLES, Order
from store.operators import Where

# The index that has each order of articles; "newest" also has the folded titles.
_ALONG = {
    "publishedDateTime": "newest",
    "heat": "heat",
    "quality": "quality",
    "_index.fold.title": "title",
}
# Texts that begin alike lie together in an index on these.
_BEGINNINGS = frozenset({"_index.fold.title", "_index.fold.slug"})


def index_along(collection: str, where: Where, order: Order) -> str | None:
    """The index of the order, where the filter only looks for parts of texts; None leaves the
    choice to Mongo.
    """
    if collection != ARTICLES or len(order) != 2 or not where:
        return None
    if all(_looks_for_a_part(path, test) for path, test in _tests(where)):
        return _ALONG.get(order[0][0])
    return None


def _tests(where: Where) -> Iterator[tuple[str, Any]]:
    for path, test in where.items():
        if path == "$and":
            for part in test:
                yield from _tests(part)
        else:
            yield path, test


def _looks_for_a_part(path: str, test: Any) -> bool:
    if not isinstance(test, dict) or set(test) != {"$regex"}:
        return False
    return not (path in _BEGINNINGS and test["$regex"].startswith("^"))
