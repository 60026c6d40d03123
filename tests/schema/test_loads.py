"""``loads``: what each load did and found, to whom, page by page, on both executors."""

from pathlib import Path
from typing import Any

import pytest

from seed import noting
from seed.load import Options, load
from store.store import Store
from store.trace import Trace
from tests.conftest import Run
from tests.schema.asking import ask
from tests.seed.helpers import put

EVERYTHING = """
query ($first: Int, $after: String, $issues: Int, $afterIssue: String) {
  loads(first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes {
      number startedAt finishedAt seconds sites
      counts { added changed renamed unchanged removed refused skipped }
      issues(first: $issues, after: $afterIssue) {
        totalCount
        pageInfo { hasNextPage endCursor }
        nodes { site path line column rule severity came allowed suggestion }
      }
    }
  }
}
"""
GOOD = "---\ntitle: {0}\n---\n"
HOT = "---\ntitle: {0}\nheat: hot\n---\n"


def asked(store: Store, run: Run, *, unpublished: bool = False, **variables: Any) -> Any:
    answers = [
        run(ask(store, EVERYTHING, variables, compiled=compiled, unpublished=unpublished))
        for compiled in (True, False)
    ]
    assert answers[0].errors == answers[1].errors == []
    assert answers[0].data == answers[1].data
    return answers[0].data["loads"]


def test_each_load_that_changed_something_tells_when_from_where_and_what(
    store: Store, run: Run, tmp_path: Path
) -> None:
    put(tmp_path, "_news/2020-01-01-a.md", GOOD.format("A"))
    put(tmp_path, "_news/2020-01-02-b.md", HOT.format("B"))
    put(tmp_path, "README.md", "# Not an article\n")
    options = Options(site="wire")
    run(load(store, [tmp_path], options))
    put(tmp_path, "_news/2020-01-02-b.md", GOOD.format("B"))
    run(load(store, [tmp_path], options))
    run(load(store, [tmp_path], options))  # changes nothing: no load to tell of
    loads = asked(store, run)
    assert loads["totalCount"] == 2
    second, first = loads["nodes"]
    assert (first["number"], second["number"]) == (1, 2)
    assert first["sites"] == ["wire"]
    assert first["startedAt"] <= first["finishedAt"] <= second["startedAt"]
    assert first["seconds"] >= 0
    none = dict.fromkeys(("changed", "renamed", "unchanged", "removed", "refused"), 0)
    assert first["counts"] == {**none, "added": 1, "refused": 1, "skipped": 1}
    assert second["counts"] == {**none, "added": 1, "unchanged": 1, "skipped": 1}
    assert first["issues"]["nodes"] == [
        {
            "site": "wire",
            "path": "_news/2020-01-02-b.md",
            "line": 3,
            "column": 7,
            "rule": "type",
            "severity": "error",
            "came": '`heat` is "hot"',
            "allowed": "a whole number, as in `heat: 84`",
            "suggestion": None,
        }
    ]
    assert second["issues"]["totalCount"] == 0


def test_loads_and_their_issues_are_walked_page_by_page(
    store: Store, run: Run, tmp_path: Path
) -> None:
    for number in range(5):
        put(tmp_path, f"_news/2020-01-01-bad-{number}.md", HOT.format(number))
    for number in range(3):
        put(tmp_path, f"_news/2020-01-02-good-{number}.md", GOOD.format(number))
        run(load(store, [tmp_path]))
    numbers, after = [], None
    while True:
        page = asked(store, run, first=1, after=after)
        numbers += [one["number"] for one in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert numbers == [3, 2, 1]
    paths, after = [], None
    while True:
        issues = asked(store, run, first=1, issues=2, afterIssue=after)["nodes"][0]["issues"]
        assert issues["totalCount"] == 5
        paths += [one["path"] for one in issues["nodes"]]
        after = issues["pageInfo"]["endCursor"]
        if not issues["pageInfo"]["hasNextPage"]:
            break
    assert paths == [f"_news/2020-01-01-bad-{number}.md" for number in range(5)]


def test_issues_of_many_loads_are_one_command(store: Store, run: Run, tmp_path: Path) -> None:
    put(tmp_path, "_news/2020-01-01-bad.md", HOT.format("x"))
    for number in range(4):
        put(tmp_path, f"_news/2020-01-02-good-{number}.md", GOOD.format(number))
        run(load(store, [tmp_path]))
    for compiled in (True, False):
        trace = Trace()
        source = "{ loads { nodes { number issues { nodes { path } } } } }"
        result = run(ask(store, source, compiled=compiled, trace=trace))
        assert [len(one["issues"]["nodes"]) for one in result.data["loads"]["nodes"]] == [1] * 4
        assert [one.collection for one in trace.commands] == ["loads", "issues"]


@pytest.mark.parametrize(
    "hidden",
    [
        "---\ntitle: Secret\nheat: hot\npublished: false\n---\n",
        "---\ntitle: Secret\nexcerpt: <b>Secret</b>\nremoved: true\n---\n",
        "---\ntitle: [Secret\npublished: false\n---\n",
        "+++\ntitle = \npublished = false\n+++\n",
    ],
)
def test_issues_of_what_is_not_published_are_for_who_may_read_it(
    store: Store, run: Run, tmp_path: Path, hidden: str
) -> None:
    put(tmp_path, "_news/2020-01-01-a.md", GOOD.format("A"))
    put(tmp_path, "_news/2020-01-02-secret.md", hidden)
    report = run(load(store, [tmp_path]))
    assert [one.path.endswith("secret.md") for one in report.issues] == [True]
    assert asked(store, run)["nodes"][0]["issues"]["totalCount"] == 0
    (issue,) = asked(store, run, unpublished=True)["nodes"][0]["issues"]["nodes"]
    assert issue["path"] == "_news/2020-01-02-secret.md"


def test_an_issue_names_no_folder_of_the_machine_and_shows_nothing_confidential(
    store: Store, run: Run, tmp_path: Path
) -> None:
    put(tmp_path, "_news/a/2020-01-01-x.md", GOOD.format("A"))
    put(tmp_path, "_news/b/2020-01-01-x.md", GOOD.format("B"))
    put(tmp_path, "_news/2020-01-02-y.md", "---\ntitle: Y\nsecured: 2020-01-02 00:00:00\n---\n")
    put(tmp_path, "_news/2020-01-03-z.md", "---\ntitle: Z\nsecured: [CIPHER]\n---\n")
    report = run(load(store, [tmp_path]))
    issues = asked(store, run)["nodes"][0]["issues"]["nodes"]
    assert str(tmp_path) not in str(issues)
    assert "CIPHER" not in str([issues, *map(repr, report.issues)])
    came = {one["rule"]: one["came"] for one in issues}
    assert came == {
        "duplicate-slug": "`2020-01-01-x`, which _news/a/2020-01-01-x.md is already",
        "type": "`secured`, whose value is not shown",
    }


def test_a_load_keeps_so_many_issues_errors_first_and_the_store_so_many_loads(
    store: Store, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(noting, "KEPT_ISSUES", 3)
    monkeypatch.setattr(noting, "KEPT_LOADS", 2)
    put(tmp_path, "_news/2020-01-01-a.md", "---\ntitle: A\nexcerpt: <b>A</b>\n---\n")
    for number in range(3):
        put(tmp_path, f"_news/2020-01-03-bad-{number}.md", HOT.format(number))
    for number in range(4):
        put(tmp_path, f"_news/2020-01-02-good-{number}.md", GOOD.format(number))
        run(load(store, [tmp_path]))
        loads = asked(store, run)["nodes"]
        assert loads[0]["number"] == number + 1
        assert {one["severity"] for one in loads[0]["issues"]["nodes"]} == {"error"}
        assert loads[0]["issues"]["totalCount"] == 3
    assert [one["number"] for one in loads] == [4, 3]

    async def kept() -> set[int]:
        return {doc["load"] async for doc in store.database["issues"].find({})}

    assert run(kept()) == {3, 4}
