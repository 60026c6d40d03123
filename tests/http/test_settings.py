"""Settings: read once, all mistakes said together, production closes what is for developers."""

import pytest

from gql.settings import Settings, SettingsError, read_settings, rows


def test_an_empty_environment_gives_the_defaults():
    assert read_settings({}) == Settings()


def test_an_empty_value_counts_as_unset():
    assert read_settings({"NEWSSTAND_PORT": ""}).port == 8000


def test_production_closes_what_is_for_developers_unless_it_is_set():
    settings = read_settings({"NEWSSTAND_PROFILE": "production", "NEWSSTAND_EXPLAIN": "on"})
    assert settings.introspection is settings.suggestions is settings.explorer is False
    assert settings.explain


def test_all_wrong_settings_are_said_together_with_what_is_allowed():
    environ = {"NEWSSTAND_PORT": "70000", "NEWSSTAND_EXPLORER": "perhaps", "MONGODB_DB": "news"}
    with pytest.raises(SettingsError) as error:
        read_settings(environ)
    assert str(error.value).splitlines() == [
        'NEWSSTAND_PORT is "70000"; allowed are whole numbers 0 to 65535.',
        'NEWSSTAND_EXPLORER is "perhaps"; allowed are on, off.',
    ]


@pytest.mark.parametrize(
    "row",
    [row for row in rows() if "numbers" in row.allowed and row.field != "port"],
    ids=lambda row: row.env,
)
def test_each_figure_has_a_unit(row):
    assert row.unit


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.env)
def test_each_row_parses_its_own_defaults(row):
    for text in (row.default, row.production):
        row.parse(text)
    assert row.help.endswith((".", "?", '"'))
