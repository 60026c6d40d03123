"""`newsstand generate` and `newsstand export`: files made from numbers, and from the store."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

import click

from seed.cli import Unable, store_options
from seed.export import Unsafe
from seed.export import export as export_files
from seed.generate import tree
from seed.load import load
from store.connect import connect
from store.errors import StoreError
from store.write import Writing


@click.command("generate")
@click.argument("count", type=click.IntRange(1, 10_000_000), metavar="N")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder to fill.")
@click.option("--into-store", is_flag=True, help="Load them instead of keeping files.")
@click.option(
    "--seed", "number", default=0, show_default=True, help="Another number, other articles."
)
@store_options
def generate(count: int, out: Path | None, into_store: bool, number: int, **where: Any) -> None:
    """Make N plausible articles, the same every time: for benchmarks and for trying things out."""
    if (out is None) != into_store:
        raise click.UsageError("Give either --out DIR or --into-store.")
    if out is not None:
        _write(out, count, number)
        click.echo(f"{count:,} articles in {out}", err=True)
        return
    with tempfile.TemporaryDirectory(prefix="newsstand-") as folder:
        site = Path(folder) / "generated"
        _write(site, count, number)
        _load(site, where)


def _write(out: Path, count: int, number: int) -> None:
    made: set[Path] = set()
    for path, text in tree(count, seed=number):
        file = out / path
        if file.parent not in made:
            file.parent.mkdir(parents=True, exist_ok=True)
            made.add(file.parent)
        file.write_text(text, encoding="utf-8")


def _load(site: Path, where: dict[str, Any]) -> None:
    async def run() -> str:
        async with connect(**where) as store:
            return (await load(store, [site])).summary()

    click.echo(_run(run()), err=True)


@click.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR")
@store_options
def export(folder: Path, **where: Any) -> None:
    """Write the store back as files of front matter; loading them again changes nothing."""

    async def run() -> int:
        count = 0
        async with connect(**where) as store:
            async for _ in export_files(Writing(store), folder):
                count += 1
        return count

    click.echo(f"{_run(run()):,} files in {folder}", err=True)


def _run(work: Any) -> Any:
    try:
        return asyncio.run(work)
    except (StoreError, OSError, Unsafe) as error:
        raise Unable(str(error)) from error
