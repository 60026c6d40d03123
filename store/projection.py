"""From the stored paths that are needed to what Mongo is told to send."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from store.collections import CONFIDENTIAL

Projection = dict[str, Any]

WHOLE = "*"

# Where a confidential key can stand: among the front matter, or in the loader's exact copy of it.
CONFIDENTIAL_PATHS = tuple(
    path for key in sorted(CONFIDENTIAL) for path in (key, f"_seed.written.{key}")
)


# An article's body: most of its bytes, so it is not sent for the sake of other keys.
_BODY = "content"


def project(paths: Iterable[str]) -> Projection:
    """The projection that sends these paths and no confidential one.

    A parent swallows its children. WHOLE among the paths, or a path that has a
    confidential one below it, asks for all but what is confidential and, unless it is
    among the paths itself, the body. `_id` always comes.
    """
    return _project(frozenset(paths)).copy()


@lru_cache(maxsize=1024)  # a plan asks for the same paths at each of its runs
def _project(paths: frozenset[str]) -> Projection:
    asked = {path for path in paths if not is_confidential(path)}
    if WHOLE in asked or any(holds_confidential(path) for path in asked):
        kept_back = CONFIDENTIAL_PATHS if _BODY in asked else (*CONFIDENTIAL_PATHS, _BODY)
        return dict.fromkeys(kept_back, 0)
    asked.add("_id")
    return {path: 1 for path in sorted(asked) if not _has_parent_in(asked, path)}


def is_confidential(path: str) -> bool:
    """Whether this path is confidential, or lies below one that is."""
    return any(path == held or path.startswith(held + ".") for held in CONFIDENTIAL_PATHS)


def holds_confidential(path: str) -> bool:
    """Whether a confidential path lies below this one."""
    return any(held.startswith(path + ".") for held in CONFIDENTIAL_PATHS)


def _has_parent_in(asked: set[str], path: str) -> bool:
    steps = path.split(".")
    return any(".".join(steps[:length]) in asked for length in range(1, len(steps)))
