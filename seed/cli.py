"""`newsstand seed`: the command line of loading. Also `python -m seed`."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import click

from seed.load import Options, load
from seed.progress import progress
from seed.report import Report, lines
from store.connect import connect
from store.errors import StoreError

EXIT_FINE, EXIT_REFUSED, EXIT_USAGE = 0, 1, 2


def store_options(command: Any) -> Any:
    """Where the store is: the same options, under the same names, wherever one is opened."""
    for option in reversed(_STORE_OPTIONS):
        command = option(command)
    return command


_STORE_OPTIONS = [
    click.option(
        "--uri", envvar="MONGODB_URI", help="MongoDB to use; without one Newsstand runs its own."
    ),
    click.option(
        "--db", "database", envvar="MONGODB_DB", default="newsstand", show_default=True,
        help="Name of the database.",
    ),
    click.option(
        "--data-dir", envvar="NEWSSTAND_DATA_DIR", type=click.Path(path_type=Path), default="data",
        show_default=True, help="Where Newsstand's own MongoDB keeps its files.",
    ),
    click.option(
        "--driver", envvar="NEWSSTAND_DRIVER", type=click.Choice(["pymongo", "motor"]),
        default="pymongo", show_default=True, help="Which MongoDB driver to use.",
    ),
]  # fmt: skip


@click.command("seed")
@click.argument(
    "paths",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, path_type=Path),
    metavar="PATH...",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON on stdout.")
@click.option("--dry-run", is_flag=True, help="Tell what would be done and write nothing.")
@click.option("--quiet", "-q", is_flag=True, help="Print problems only.")
@store_options
def seed(
    paths: tuple[Path, ...],
    as_json: bool,
    dry_run: bool,
    quiet: bool,
    **where: Any,
) -> None:
    """Load files and folders of front matter into the store.

    Every file is one article: Markdown with YAML between two lines of --- on top. Files under
    _data/topics and _data/organizations describe topics and providers. Problems are printed as
    path:line:column; good files load even where others are refused.

    Exit status: 0 all is well, 1 some files were refused, 2 the command could not run.
    """
    with progress(quiet=quiet) as on_progress:
        options = Options(dry_run=dry_run, on_progress=on_progress)
        report = _run(list(paths), options, where)
    _print(report, as_json=as_json, quiet=quiet)
    sys.exit(report.exit_code)


def _run(paths: list[Path], options: Options, where: dict[str, Any]) -> Report:
    async def run() -> Report:
        async with connect(**where) as store:
            return await load(store, paths, options)

    try:
        return asyncio.run(run())
    except StoreError as error:
        raise Unable(str(error)) from error


class Unable(click.ClickException):
    """The command could not run."""

    exit_code = EXIT_USAGE


def _print(report: Report, *, as_json: bool, quiet: bool) -> None:
    for line in lines(report.issues):
        click.echo(line, err=True)
    if not quiet:
        click.echo(report.summary(), err=True)
    if as_json:
        click.echo(json.dumps(report.as_json(), indent=2, default=str))
