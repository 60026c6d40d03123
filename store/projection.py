"""From the stored paths that are needed to what Mongo is told to send."""

from collections.abc import Iterable
from typing import Any

from store.collections import CONFIDENTIAL

Projection = dict[str, Any]

WHOLE = "*"

# Where a confidential key can stand: among the front matter, or in the loader's exact copy of it.
CONFIDENTIAL_PATHS = tuple(
    path for key in sorted(CONFIDENTIAL) for path in (key, f"_seed.written.{key}")
)


def project(paths: Iterable[str]) -> Projection:
    """The projection that sends these paths and no confidential one.

    A parent swallows its children. WHOLE among the paths, or a path that has a
    confidential one below it, asks for all but what is confidential. `_id` always comes.
    """
    asked = {path for path in paths if not is_confidential(path)}
    if WHOLE in asked or any(holds_confidential(path) for path in asked):
        return dict.fromkeys(CONFIDENTIAL_PATHS, 0)
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
