"""Where the `newsstand` command starts: it makes sure that the `gql` to be run is ours.

A client library on the public index has the same name. It stands apart from Newsstand in an
environment of Newsstand's own; where it does not, this says so before anything else fails.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Runs the command line."""
    if (other := another_gql()) is not None:
        sys.exit(
            f"Another package named gql stands before Newsstand's: {other}. Run Newsstand in its "
            "own environment (`make demo` makes one), or take the other out: pip uninstall gql"
        )
    from gql.__main__ import main as run

    run()


def another_gql() -> str | None:
    """Where the `gql` comes from that would be imported, where that is not ours."""
    spec = find_spec("gql")
    found = Path(spec.origin).resolve() if spec and spec.origin else None
    if found is None or found == HERE / "gql" / "__init__.py":
        return None
    return str(found.parent)


if __name__ == "__main__":
    main()
