"""`newsstand seed`: the command line of loading. Also `python -m seed`."""

import asyncio
import json
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click

from seed.doctor import check_files
from seed.files import count_files
from seed.issues import rules_markdown
from seed.load import Options, load
from seed.pool import few_collections
from seed.progress import progress
from seed.report import Report, lines
from seed.retry import reachable
from seed.sarif import as_sarif
from seed.schema import json_schema
from seed.watch import follow
from store.connect import connect
from store.errors import StoreError

EXIT_FINE, EXIT_REFUSED, EXIT_USAGE = 0, 1, 2
STORE_NAMES = ("uri", "database", "data_dir", "driver")


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
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="PATH...")
@click.option("--check", is_flag=True, help="Only look for problems, in every file; no store.")
@click.option("--strict", is_flag=True, help="Take warnings for errors.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON on stdout.")
@click.option("--sarif", is_flag=True, help="Print the problems as SARIF on stdout, for CI.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of an article's front matter.")
@click.option("--rules", is_flag=True, help="Print the table of rules of docs/seeding.md.")
@click.option("--dry-run", is_flag=True, help="Tell what would be done and write nothing.")
@click.option("--diff", is_flag=True, help="Tell for each changed file which keys changed.")
@click.option("--prune", is_flag=True, help="Remove what came from files that are gone.")
@click.option("--yes", is_flag=True, help="Prune without asking.")
@click.option("--watch", is_flag=True, help="Go on loading what changes, until Ctrl-C.")
@click.option("--match", metavar="GLOB", help="Only these files, as in '_learning/**/*.md'.")
@click.option(
    "--collection",
    type=click.Choice(["articles", "topics", "providers"]),
    help="What the files are, wherever they stand.",
)
@click.option("--site", metavar="NAME", help="The name of the tree; else that of its folder.")
@click.option("--url", metavar="URL", help="Address of the site: makes relative URLs absolute.")
@click.option(
    "--wait",
    "wait_seconds",
    default=10.0,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait for MongoDB, and for another load.",
)
@click.option("--quiet", "-q", is_flag=True, help="Print problems only.")
@store_options
def seed(
    paths: tuple[Path, ...],
    check: bool,
    strict: bool,
    as_json: bool,
    sarif: bool,
    schema: bool,
    rules: bool,
    prune: bool,
    yes: bool,
    watch: bool,
    quiet: bool,
    wait_seconds: float,
    **rest: Any,
) -> None:
    """Load files and folders of front matter into the store.

    Every file is one article: Markdown with YAML between two lines of --- on top. Files under
    _data/topics and _data/organizations describe topics and providers. Problems are printed as
    path:line:column; good files load even where others are refused.

    Exit status: 0 all is well, 1 some files were refused, 2 the command could not run.
    """
    if schema:
        click.echo(json.dumps(json_schema(), indent=2))
        return
    if rules:
        click.echo(rules_markdown(), nl=False)
        return
    if not paths:
        raise click.UsageError("Missing argument 'PATH...'.")
    where = {name: rest.pop(name) for name in STORE_NAMES}
    options = Options(prune=prune, wait_seconds=wait_seconds, on_retry=_tell_retry, **rest)
    if prune and not yes and not check:
        _confirm(list(paths), options, where)
    count = partial(count_files, list(paths), options.collection, options.match)
    with progress(count, quiet=quiet or watch) as on_progress:
        options = replace(options, on_progress=on_progress)
        if check:
            report = asyncio.run(check_files(list(paths), options))
        elif watch:
            watch_paths(list(paths), options, where)
            return
        else:
            report = run_load(list(paths), options, where)
    if strict:
        report.found.be_strict()
    show(report, quiet=quiet, check=check)
    if as_json:
        click.echo(json.dumps(report.as_json(), indent=2, default=str))
    if sarif:
        click.echo(json.dumps(as_sarif(report.found), indent=2))
    sys.exit(report.exit_code)


def _tell_retry(why: str) -> None:
    click.echo(f"Trying again: {why}", err=True)


def run_load(paths: list[Path], options: Options, where: dict[str, Any]) -> Report:
    """One load with a store of its own; waits for MongoDB."""
    few_collections()

    async def run() -> Report:
        async with connect(**where) as store:
            await reachable(store, options.wait_seconds)
            return await load(store, paths, options)

    try:
        return asyncio.run(run())
    except StoreError as error:
        raise Unable(str(error)) from error


def watch_paths(paths: list[Path], options: Options, where: dict[str, Any]) -> None:
    """Loads, and loads again whenever something changes, until it is interrupted."""

    async def run() -> None:
        async with connect(**where) as store:
            await reachable(store, options.wait_seconds)
            told = partial(show, quiet=False)
            ignored = None if where["uri"] else _own_files(where["data_dir"], paths)
            await follow(store, paths, options, told, ignored=ignored)

    try:
        asyncio.run(run())
    except KeyboardInterrupt:
        click.echo("Stopped.", err=True)
    except StoreError as error:
        raise Unable(str(error)) from error


def _own_files(data_dir: Path, paths: list[Path]) -> Path | None:
    """The data directory where a tree holds it: MongoDB's writes there are no reason to load. A
    tree that lies in it is followed all the same.
    """
    inside = any(path.resolve().is_relative_to(data_dir.resolve()) for path in paths)
    return None if inside else data_dir


def _confirm(paths: list[Path], options: Options, where: dict[str, Any]) -> None:
    """Shows what pruning would remove, and asks."""
    would = run_load(paths, replace(options, dry_run=True), where)
    removed = [one for one in would.changes if one["outcome"] == "removed"]
    if not removed or options.dry_run:
        return
    for one in removed:
        click.echo(f"would remove {one['path']} ({one['id']})", err=True)
    if not sys.stdin.isatty():
        raise Unable(f"--prune would remove {len(removed):,} documents; give --yes to do it.")
    click.confirm(f"Remove {len(removed):,} documents?", abort=True, err=True)


class Unable(click.ClickException):
    """The command could not run."""

    exit_code = EXIT_USAGE


def show(report: Report, *, quiet: bool, check: bool = False) -> None:
    """Problems and summary on stderr; with `check` every problem, with its line and a caret."""
    for line in lines(report.found, most_warnings=None if check else 3, carets=check):
        click.echo(line, err=True)
    if quiet:
        return
    for change in report.changes if any("keys" in one for one in report.changes) else ():
        for key in change.get("keys", ()):
            if isinstance(key, dict):
                told = f": {key['was']} -> {key['is']}" if "is" in key else ""
                click.echo(f"{change['path']}: {key['key']}{told}", err=True)
    if report.gone:
        some = ", ".join(report.gone[:3]) + (", ..." if len(report.gone) > 3 else "")
        click.echo(f"{len(report.gone):,} files are gone ({some}); --prune removes them", err=True)
    click.echo(report.summary(), err=True)
