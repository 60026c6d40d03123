"""The walks of `*.test.mjs` through both pages in Chromium, each a test of its own here.

Node runs them all once, against the real application; what each came to is then looked up.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from gql.app import create_app
from gql.pages import graphiql_is_built, graphiql_page
from gql.settings import Settings
from store.store import Store
from tests.conftest import Run
from tests.explorer.served import fill, listening

HERE = Path(__file__).parent
WALKS = sorted(HERE.glob("*.test.mjs"))
PACKAGES = HERE.parents[1] / "gql" / "explorer" / "node_modules"
WALK_SECONDS = 600
DATABASE = "explorer_walks"
SKIPPED = "skipped: "


def missing() -> str | None:
    """What these tests need and this machine does not have."""
    if chromium() is None:
        return "no chromium (apt-get install chromium)"
    if shutil.which("node") is None:
        return "no node"
    if not (graphiql_is_built() and (PACKAGES / "playwright-core").is_dir()):
        return "GraphiQL is not built (make explorer)"
    return None


def chromium() -> str | None:
    """The path of a Chromium."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def sentences() -> list[str]:
    """The names of all walks, as their files have them; `${...}` stands for a table's rows."""
    names = (re.findall(r'^ *test\(["`](.+?)["`],', walk.read_text(), re.M) for walk in WALKS)
    return [name for found in names for name in found]


@pytest.fixture(scope="module")
def outcomes(mongod_uri: str, mongod_store: Store, run: Run) -> Iterator[dict[str, str]]:
    """{name of a walk: what went wrong, empty where nothing did}."""
    if why := missing():
        pytest.skip(why)
    store = Store(mongod_store.client, DATABASE, mongod_store.driver)
    run(store.ensure_indexes())
    fill(mongod_uri, DATABASE)
    settings = Settings(mongodb_uri=mongod_uri, mongodb_db=DATABASE, request_log=False)
    with listening(create_app(settings)) as url, listening(_unbuilt()) as unbuilt_url:
        yield _walk({"NEWSSTAND_URL": url, "NEWSSTAND_UNBUILT_URL": unbuilt_url})
    run(mongod_store.client.drop_database(DATABASE))


@pytest.mark.parametrize("sentence", sentences())
def test_in_a_browser(sentence: str, outcomes: dict[str, str]) -> None:
    pattern = ".+".join(re.escape(part) for part in re.split(r"\$\{.*?\}", sentence))
    found = [wrong for name, wrong in outcomes.items() if re.fullmatch(pattern, name)]
    assert found, "The walk did not run."
    if any(wrong.startswith(SKIPPED) for wrong in found):
        pytest.skip(found[0].removeprefix(SKIPPED))
    assert not any(found), "\n".join(found)


def _unbuilt() -> Starlette:
    """Where GraphiQL is not built, its page."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gql.pages.GRAPHIQL", HERE / "nothing")
        page = graphiql_page(endpoint="/graphql", explain=False)
    return Starlette(routes=[Route("/graphiql", lambda _: page)])


def _walk(urls: dict[str, str]) -> dict[str, str]:
    command = ["node", "--test", "--test-concurrency=1", "--test-reporter=junit", *map(str, WALKS)]
    environ = os.environ | urls | {"CHROMIUM": chromium() or ""}
    done = subprocess.run(
        command, env=environ, capture_output=True, text=True, timeout=WALK_SECONDS, check=False
    )
    # Messages carry the colours of a terminal, which are no XML.
    root = ElementTree.fromstring(re.sub(r"\x1b\[[0-9;]*m|[\x00-\x08\x0b-\x1f]", "", done.stdout))
    return {case.get("name", ""): _wrong(case) for case in root.iter("testcase")}


def _wrong(case: ElementTree.Element) -> str:
    failure, skipped = case.find("failure"), case.find("skipped")
    if skipped is not None:
        return SKIPPED + skipped.get("message", "")
    return "" if failure is None else (failure.text or failure.get("message", "failed"))
