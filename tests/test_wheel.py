"""The wheel holds all that a gateway serves, and nothing that only a checkout needs."""

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from gql.pages import GRAPHIQL, graphiql_is_built

ROOT = Path(__file__).parents[1]
SERVING = """
from gql import docs, pages
print(pages.HERE)
print(pages.graphiql_is_built(), len(docs.contents()))
print(pages.graphiql_page(endpoint="/graphql", explain=False).status_code)
"""


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory) -> Path:
    """A folder with what the wheel holds, as it lies where it is installed."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    ZipFile(wheel).extractall(folder / "unpacked")
    return folder / "unpacked"


def test_the_wheel_has_the_pages_the_docs_and_the_samples(unpacked):
    for name in ("gql/explorer/graphiql.html", "gql/front/front.js", "gql/docs/http.md"):
        assert (unpacked / name).is_file()
    assert list((unpacked / "seed" / "samples").rglob("*.md"))


def test_the_wheel_has_graphiql_as_built_and_not_what_it_is_built_from(unpacked):
    explorer = unpacked / "gql" / "explorer"
    built = {path.relative_to(GRAPHIQL) for path in GRAPHIQL.rglob("*")}
    assert {path.relative_to(explorer / "dist") for path in explorer.glob("dist/**/*")} == built
    left = {path.name for path in explorer.iterdir()} - {"dist"}
    assert left == {"graphiql.html"}
    assert not (unpacked / "tests").exists()


def test_what_is_installed_serves_the_pages_from_where_it_lies(unpacked, tmp_path):
    environ = os.environ | {"PYTHONPATH": str(unpacked)}
    command = [sys.executable, "-c", SERVING]
    done = subprocess.run(
        command, cwd=tmp_path, env=environ, check=True, capture_output=True, text=True
    )
    here, built, status = done.stdout.splitlines()
    assert Path(here) == unpacked / "gql"
    assert built.split()[0] == str(graphiql_is_built())
    assert int(built.split()[1]) > 5
    assert status == "200"
