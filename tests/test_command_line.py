"""The command line as a person meets it: what it prints is true, what is wrong is a sentence."""

import json
import re
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from newsstand import another_gql
from tests.running import PATIENCE_SECONDS, Start, printed_until


def asked(url: str, query: str) -> Any:
    request = urllib.request.Request(
        url, json.dumps({"query": query}).encode(), {"content-type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as response:
        return json.load(response)


def test_the_demo_prints_an_address_that_answers_and_a_line_that_works(start: Start) -> None:
    text = printed_until(start("demo"), "Ctrl-C")
    line = text[text.index("curl") : text.index("Ctrl-C")]
    answer = json.loads(subprocess.run(["sh", "-c", line], capture_output=True, check=True).stdout)
    count = answer["data"]["articles"]["totalCount"]
    assert f"Newsstand serves {count} articles." in text
    assert count > 0


def test_a_taken_port_is_one_sentence_with_the_way_out(start: Start) -> None:
    (port,) = re.findall(r":(\d+)/graphql", printed_until(start("serve"), "Ctrl-C"))
    second = start("serve", NEWSSTAND_PORT=port)
    said = second.communicate(timeout=PATIENCE_SECONDS)[1]
    assert second.returncode == 1
    assert re.fullmatch(rf"Error: Something listens on .* port {port} already: .*\n", said)
    assert f"NEWSSTAND_PORT={int(port) + 1}" in said


def test_a_bad_setting_is_one_sentence(start: Start) -> None:
    process = start("serve", NEWSSTAND_PORT="eight")
    said = process.communicate(timeout=PATIENCE_SECONDS)[1]
    assert process.returncode == 2
    assert said == 'NEWSSTAND_PORT is "eight"; allowed are whole numbers 0 to 65535.\n'


def test_another_package_named_gql_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert another_gql() is None
    other = tmp_path / "gql"
    other.mkdir()
    (other / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in [name for name in sys.modules if name.partition(".")[0] == "gql"]:
        monkeypatch.delitem(sys.modules, name)
    assert another_gql() == str(other)
