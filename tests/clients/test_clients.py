"""GraphQL clients from npm against a served instance: each `*.test.mjs` file's tests, one by one.

The server is a process of its own with the samples loaded. What it holds is read from MongoDB
and handed to the tests, so that what a client shows is compared with the store and not with
another answer. Node runs all files once; what each test came to is then looked up.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from pymongo import MongoClient

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FILES = sorted(HERE.glob("*/*.test.mjs"))
SOURCES = [path for file in FILES for path in file.parent.iterdir()]
BLOCK = re.compile(r"^```(?:js|ts|json)\n(.*?)^```", re.MULTILINE | re.DOTALL)
NODE_SECONDS = 600
START_SECONDS = 60


def missing() -> str | None:
    """What these tests need and this machine does not have."""
    if shutil.which("node") is None:
        return "no node"
    if not (HERE / "node_modules" / "complete").exists():
        return "the clients are not installed (make clients)"
    return None


def sentences() -> list[Any]:
    """(file, name of a test) of all tests, as their files have them."""
    return [
        pytest.param(file, name, id=f"{file.parent.name}-{name}")
        for file in FILES
        for name in re.findall(r'^test\("(.+?)",', file.read_text(), re.M)
    ]


@pytest.fixture(scope="module")
def served(mongod_uri: str) -> Iterator[tuple[str, str]]:
    """(address, database) of a `newsstand demo` in a process of its own."""
    if why := missing():
        pytest.skip(why)
    name = "clients"
    environment = os.environ | {
        "MONGODB_URI": mongod_uri, "MONGODB_DB": name, "NEWSSTAND_PORT": "0",
        "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    command = [sys.executable, "-m", "gql", "demo"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE
    ) as process:
        try:
            yield _address(process), name
        finally:
            process.terminate()
            process.communicate(timeout=START_SECONDS)
    with MongoClient[Any](mongod_uri) as client:
        client.drop_database(name)


@pytest.fixture(scope="module")
def outcomes(
    mongod_uri: str, served: tuple[str, str], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """{name of a test: what went wrong, empty where nothing did}."""
    address, database = served
    with MongoClient[Any](mongod_uri) as client:
        file = tmp_path_factory.mktemp("clients") / "held.json"
        file.write_text(json.dumps(_held(client[database])))
    options = ["--test-concurrency=2", "--test-timeout=240000", "--test-reporter=junit"]
    done = subprocess.run(
        ["node", "--test", *options, *map(str, FILES)], cwd=HERE,
        capture_output=True, text=True, timeout=NODE_SECONDS, check=False,
        env=os.environ | {"NEWSSTAND_URL": address, "NEWSSTAND_HELD": str(file)},
    )  # fmt: skip
    assert done.stdout, done.stderr
    # Messages carry the colours of a terminal, which are no XML.
    root = ElementTree.fromstring(re.sub(r"\x1b\[[0-9;]*m|[\x00-\x08\x0b-\x1f]", "", done.stdout))
    return {case.get("name", ""): _wrong(case) for case in root.iter("testcase")}


@pytest.mark.parametrize(("file", "name"), sentences())
def test_a_client(file: Path, name: str, outcomes: dict[str, str]) -> None:
    assert name in outcomes, f"{file.name} did not come to this test."
    assert outcomes[name] == ""


@pytest.mark.parametrize("code", BLOCK.findall((ROOT / "docs" / "clients.md").read_text()))
def test_the_code_in_the_docs_is_code_that_runs_here(code: str) -> None:
    assert any(code in path.read_text() for path in SOURCES)


def test_the_lock_file_names_no_address_so_any_registry_will_do() -> None:
    lock = json.loads((HERE / "package-lock.json").read_text())
    assert not any("resolved" in package for package in lock["packages"].values())
    assert all("integrity" in one for path, one in lock["packages"].items() if path)


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"(http://\S+)/graphql", line):
            return found[1]
    pytest.fail("The server ended before it said its address.")


def _held(db: Any) -> dict[str, Any]:
    """What readers may see, newest first; a shape that `served.mjs` describes."""
    newest_first = [("publishedDateTime", -1), ("_id", -1)]
    return {
        "articles": [
            {
                "slug": doc["_id"],
                "title": doc["title"],
                "topics": doc["_index"]["topics"],
                "provider": doc["_index"].get("provider"),
            }
            for doc in db["articles"].find({"_index.visible": True}).sort(newest_first)
        ],
        "topics": {doc["_id"]: doc["name"] for doc in db["topics"].find()},
        "providers": {doc["_id"]: doc["name"] for doc in db["providers"].find()},
    }


def _wrong(case: ElementTree.Element) -> str:
    failure = case.find("failure")
    return "" if failure is None else (failure.text or failure.get("message", "failed"))
