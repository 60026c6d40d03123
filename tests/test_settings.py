"""The table of settings: it reads, refuses, and stands in the docs as it is."""

import dataclasses
from pathlib import Path

import pytest
from click.testing import CliRunner

from gql.__main__ import cli
from gql.settings import Settings, SettingsError, read_settings, rows
from gql.settings_docs import settings_markdown

DOCS = Path(__file__).parents[1] / "docs" / "settings.md"


def test_an_empty_environment_gives_every_default() -> None:
    assert read_settings({}) == Settings()


def test_each_row_is_a_field_and_has_its_own_name_and_help() -> None:
    table = rows()
    assert [row.field for row in table] == [field.name for field in dataclasses.fields(Settings)]
    assert len({row.env for row in table}) == len(table)
    assert all(row.help.endswith(".") and row.allowed for row in table)


@pytest.mark.parametrize(
    ("env", "text", "allowed"),
    [
        ("NEWSSTAND_PORT", "65536", "whole numbers 0 to 65535"),
        ("NEWSSTAND_PORT", "eight", "whole numbers 0 to 65535"),
        ("NEWSSTAND_DRIVER", "mongo", "pymongo, motor"),
        ("MONGODB_URI", "localhost", "URIs that begin with mongodb://"),
        ("MONGODB_DB", "news.stand", "1 to 63 characters"),
        ("NEWSSTAND_DEADLINE_SECONDS", "0", "numbers 0.001 to 3600"),
        ("NEWSSTAND_EXPLORER", "maybe", "on, off"),
    ],
)
def test_a_bad_value_is_one_sentence(env: str, text: str, allowed: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings({env: text})
    (line,) = str(refused.value).splitlines()
    assert line.startswith(f'{env} is "{text}"; allowed are {allowed}')


def test_all_bad_values_are_told_at_once() -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings({"NEWSSTAND_PORT": "x", "NEWSSTAND_DRIVER": "y"})
    assert len(str(refused.value).splitlines()) == 2


def test_an_empty_value_is_the_default() -> None:
    assert read_settings({"NEWSSTAND_PORT": " "}).port == 8000


def test_production_closes_what_helps_developers_only() -> None:
    settings = read_settings({"NEWSSTAND_PROFILE": "production", "NEWSSTAND_EXPLAIN": "on"})
    assert (settings.introspection, settings.explorer, settings.explain) == (False, False, True)


def test_the_docs_hold_the_table_as_it_is() -> None:
    assert settings_markdown() in DOCS.read_text(), "run: newsstand settings --markdown"


def test_help_names_every_setting_and_every_command() -> None:
    shown = CliRunner().invoke(cli, ["--help"]).output
    assert [row.env for row in rows() if row.env not in shown] == []
    assert [name for name in ("demo", "serve", "schema", "settings") if name not in shown] == []


def test_settings_are_printed_as_the_environment_has_them() -> None:
    shown = CliRunner().invoke(cli, ["settings"], env={"NEWSSTAND_PORT": "8123"}).output
    assert "NEWSSTAND_PORT=8123" in shown.splitlines()
