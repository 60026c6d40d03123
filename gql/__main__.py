"""The command line: `newsstand ...`, or `python -m gql ...` from the root of the checkout."""

import os
import signal
import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NoReturn

import click

from gql.settings import Settings, SettingsError, read_settings
from gql.settings_docs import settings_help, settings_markdown
from store.errors import StoreError

# Commands that another room owns, imported when they are asked for.
ELSEWHERE = {
    "seed": "seed.cli:seed",
    "generate": "seed.cli_more:generate",
    "export": "seed.cli_more:export",
}


class Commands(click.Group):
    """The commands, with the table of settings under their help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, those of other rooms among them."""
        return sorted([*super().list_commands(ctx), *ELSEWHERE])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by its name; one of a room that is not there is not a command."""
        if cmd_name not in ELSEWHERE:
            return super().get_command(ctx, cmd_name)
        module, _, name = ELSEWHERE[cmd_name].partition(":")
        if find_spec(module) is None:
            return None
        command: click.Command | None = getattr(import_module(module), name, None)
        return command

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The settings, line by line as the table has them."""
        formatter.write(f"\n{settings_help()}\n")


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="newsstand", prog_name="newsstand")
def cli() -> None:
    """Newsstand serves news articles from a document store through GraphQL.

    Begin with `newsstand demo`: it loads sample articles and serves them here.
    """


@cli.command()
def demo() -> None:
    """Load the sample articles and serve them on this machine.

    Needs nothing but this package: MongoDB is started beside it, and stopped with it.
    """
    from gql.demo import demo_text, load_samples
    from gql.serving import listening, run_server, with_mongod

    settings = _settings()
    with listening(settings) as bound, with_mongod(settings) as placed:
        count = load_samples(placed)
        run_server(placed, bound, workers=1, announce=lambda url: click.echo(demo_text(url, count)))


@cli.command()
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(1, 64),
    help="How many processes answer; one a CPU core is enough.",
)  # fmt: skip
def serve(workers: int) -> None:
    """Serve what is in the store, until stopped."""
    from gql.serving import listening, run_server, with_mongod

    settings = _settings()
    with listening(settings) as bound, with_mongod(settings) as placed:
        run_server(placed, bound, workers=workers, announce=_say_serving)


@cli.command()
def schema() -> None:
    """Print the GraphQL schema that is served."""
    from gql.schema import build_schema

    click.echo(build_schema().as_str())


@cli.command()
@click.option("--markdown", is_flag=True, help="Print the table of docs/settings.md.")
def settings(markdown: bool) -> None:
    """Print the settings: what each does, and what it is now."""
    if markdown:
        click.echo(settings_markdown(), nl=False)
        return
    from gql.settings import rows

    values = _settings()
    for row in rows():
        click.echo(f"{row.env}={getattr(values, row.field)}")


def main() -> None:
    """Runs the command line; what a person can mend is one sentence on stderr."""
    signal.signal(signal.SIGTERM, _leave)
    try:
        sys.exit(cli.main(prog_name="newsstand", standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except (SettingsError, StoreError) as error:
        click.echo(str(error), err=True)
        sys.exit(2)


def _leave(signal_number: int, frame: Any) -> NoReturn:
    # Leaves through every `with`, so that the mongod has stopped when this process ends.
    sys.exit(128 + signal_number)


def _settings() -> Settings:
    return read_settings(os.environ)


def _say_serving(url: str) -> None:
    click.echo(f"Newsstand answers on {url}/graphql. Ctrl-C stops it.")


if __name__ == "__main__":
    main()
