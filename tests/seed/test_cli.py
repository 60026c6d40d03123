"""The command line: what it prints where, and how it exits."""

import asyncio
import gc
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import seed.findings as findings
from seed.build import build
from seed.cli import seed
from seed.documents import front_matter
from seed.files import SourceFile
from seed.issues import RULES
from seed.load import Options, load
from seed.site import Sites
from seed.watch import follow
from tests.seed.helpers import everything, put

DOCS = Path("docs/seeding.md")


@pytest.fixture
def cli(mongod_uri, database_name):
    def invoke(*arguments):
        where = ["--uri", mongod_uri, "--db", database_name]
        return CliRunner().invoke(seed, [*map(str, arguments), *where], prog_name="newsstand seed")

    return invoke


def test_summary_on_stderr_report_on_stdout_and_exit_codes(cli, tmp_path):
    put(tmp_path, "_news/2020-01-01-a.md", "---\ntitle: A\n---\n")
    fine = cli(tmp_path, "--json")
    assert fine.exit_code == 0
    assert json.loads(fine.stdout)["counts"]["added"] == 1
    assert "Load 1: 1 added" in fine.stderr
    bad = put(tmp_path, "_news/2020-01-02-b.md", "no front matter\n")
    refused = cli(tmp_path)
    assert refused.exit_code == 1
    assert f"{bad}:1:1: error: " in refused.stderr
    assert refused.stdout == ""
    assert cli(tmp_path / "nowhere").exit_code == 2
    assert cli().exit_code == 2


# A connection that PyMongo gave up in the middle may be collected unclosed; it ends here.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_mongo_that_is_away_is_one_sentence_and_exit_2(tmp_path):
    put(tmp_path, "_news/2020-01-01-a.md", "---\ntitle: A\n---\n")
    arguments = [str(tmp_path), "--uri", "mongodb://127.0.0.1:9", "--wait", "0"]
    result = CliRunner().invoke(seed, arguments)
    assert result.exit_code == 2
    assert "Error: MongoDB is out of reach" in result.stderr
    gc.collect()


def test_check_shows_the_line_and_a_caret_and_suggests(cli, tmp_path):
    put(tmp_path, "_data/topics/cv.yaml", "name: Computer Vision\n")
    text = "---\ntitle: T\ntopics:\n  - {}\n---\n"
    for number in range(3):
        name = f"_news/2020-01-0{number + 1}-a.md"
        put(tmp_path, name, text.format("Computer Vision").replace("T", f"T{number}"))
    bad = put(tmp_path, "_news/2020-02-01-b.md", text.format("Computer Vison"))
    result = cli(tmp_path, "--check")
    assert result.exit_code == 0
    assert f'{bad}:4:5: warning: unknown topic "Computer Vison"' in result.stderr
    assert 'did you mean "Computer Vision" (3 articles)?' in result.stderr
    assert "      - Computer Vison\n        ^\n" in result.stderr
    assert cli(tmp_path, "--check", "--strict").exit_code == 1
    sarif = json.loads(cli(tmp_path, "--check", "--sarif").stdout)
    region = sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 4, "startColumn": 5}


def test_sarif_names_files_as_a_service_does_that_looks_at_a_checkout(tmp_path, monkeypatch):
    put(tmp_path, "_news/2020-01-01-a.md", "no front matter\n")
    monkeypatch.chdir(tmp_path)
    said = json.loads(CliRunner().invoke(seed, [".", "--check", "--sarif"]).stdout)
    (result,) = said["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "_news/2020-01-01-a.md"


def test_what_is_beyond_the_issues_that_are_kept_is_counted(cli, store, run, tmp_path, monkeypatch):
    monkeypatch.setattr(findings, "KEPT", 2)
    put(tmp_path, "_news/2020-01-01-a.md", "---\ntitle: A\n---\n")
    for number in range(5):
        put(tmp_path, f"_news/2020-01-02-bad-{number}.md", "---\ntitle: B\nheat: hot\n---\n")
        text = "---\ntitle: C\nexcerpt: <b>C</b>\n---\n"
        put(tmp_path, f"_news/2020-01-03-odd-{number}.md", text)
    said = cli(tmp_path, "--json", "--strict")
    assert said.exit_code == 1
    report = json.loads(said.stdout)
    assert report["issueCounts"] == {"html-excerpt": 5, "type": 5}
    assert (len(report["issues"]), report["issuesLeftOut"]) == (4, 6)
    for rule in ("type", "html-excerpt"):
        told = f"... and 3 more of [{rule}]; 3 of them are counted and not listed"
        assert told in said.stderr.splitlines()
    assert run(store.database["loads"].find_one({}))["issueCount"] == 10
    checked = cli(tmp_path, "--check", "--sarif")
    assert "Checked: 5 errors, 5 warnings; 11 files" in checked.stderr
    (run_of_tool,) = json.loads(checked.stdout)["runs"]
    assert len(run_of_tool["results"]) == 4
    (invocation,) = run_of_tool["invocations"]
    assert [
        (one["associatedRule"]["id"], one["message"]["text"].split()[0])
        for one in invocation["toolExecutionNotifications"]
    ] == [("type", "3"), ("html-excerpt", "3")]


def test_pruning_shows_what_goes_and_needs_yes_off_a_terminal(cli, tmp_path):
    gone = put(tmp_path, "_news/2020-01-01-a.md", "---\ntitle: A\n---\n")
    put(tmp_path, "_news/2020-01-02-b.md", "---\ntitle: B\n---\n")
    cli(tmp_path)
    gone.unlink()
    assert "1 files are gone (_news/2020-01-01-a.md); --prune" in cli(tmp_path).stderr
    asked = cli(tmp_path, "--prune")
    assert asked.exit_code == 2
    assert "would remove _news/2020-01-01-a.md (2020-01-01-a)" in asked.stderr
    assert "1 removed" in cli(tmp_path, "--prune", "--yes").stderr
    assert cli(tmp_path, "--prune").exit_code == 0


def test_diff_names_the_keys_and_hides_what_is_confidential(cli, tmp_path):
    text = "---\ntitle: A\nheat: 1\nsecured: aaa\n---\n"
    file = put(tmp_path, "_news/2020-01-01-a.md", text)
    cli(tmp_path)
    file.write_text(text.replace("heat: 1", "heat: 2").replace("aaa", "bbb"))
    shown = cli(tmp_path, "--diff", "--dry-run").stderr
    assert "_news/2020-01-01-a.md: heat: 1 -> 2" in shown
    assert "_news/2020-01-01-a.md: secured\n" in shown
    assert "bbb" not in shown


def test_the_schema_is_json_and_needs_no_store():
    made = json.loads(CliRunner().invoke(seed, ["--schema"]).stdout)
    assert made["properties"]["heat"]["type"] == ["integer", "null"]
    assert made["required"] == ["title"]


def test_a_jekyll_site_gives_addresses_dates_and_defaults(tmp_path):
    put(
        tmp_path,
        "_config.yml",
        "url: https://me.example\nbaseurl: /blog\npermalink: pretty\n"
        "defaults:\n  - scope: {path: '', type: posts}\n    values: {category: news, heat: 3}\n"
        "  - scope: {path: 'x/*'}\n    values: {heat: 9}\n",
    )
    sites = Sites()
    site = sites.of(str(tmp_path))
    source = SourceFile("f", "_posts/2021-02-03-hello.md", str(tmp_path), "articles")
    data = b"---\ntitle: Hello\nheat: 5\nimages: [/a.png]\n---\n"
    built = build(source, data, load=1, site=site)
    doc = built.doc
    assert doc["webUrl"] == "https://me.example/blog/2021/02/03/hello/".replace(
        "/2021", "/news/2021"
    )
    assert doc["publishedDateTime"].isoformat() == "2021-02-03T00:00:00+00:00"
    assert (doc["category"], doc["heat"]) == ("news", 5)
    assert doc["images"] == [{"url": "https://me.example/blog/a.png"}]
    assert front_matter(doc) == {"title": "Hello", "heat": 5, "images": ["/a.png"]}
    assert [one.rule for one in sites.issues] == ["ignored-config"]


def test_other_trees_load_as_articles_by_pattern(store, run, tmp_path):
    put(tmp_path, "_learning/deep/one.md", "---\ntitle: One\nlevel: 3\n---\n")
    put(tmp_path, "_news/2020-01-01-a.md", "---\ntitle: A\n---\n")
    options = Options(collection="articles", match="_learning/**/*.md")
    assert run(load(store, [tmp_path], options)).counts == {"added": 1}
    assert run(everything(store))["articles one"]["level"] == 3


def test_drafts_are_loaded_only_where_they_are_named(store, run, tmp_path):
    put(tmp_path, "_posts/2020-01-01-a.md", "---\ntitle: A\n---\n")
    put(tmp_path, "_drafts/idea.md", "---\ntitle: Idea\n---\n")
    assert run(load(store, [tmp_path])).counts == {"added": 1}
    assert run(load(store, [tmp_path / "_drafts"])).counts == {"added": 1}


def test_watching_loads_what_changes_and_survives_a_broken_file(store, run, tmp_path):
    put(tmp_path, "_news/2020-01-01-a.md", "---\ntitle: A\n---\n")

    async def watched():
        told, stop = asyncio.Queue(), asyncio.Event()
        task = asyncio.create_task(follow(store, [tmp_path], Options(), told.put_nowait, stop))
        first = await asyncio.wait_for(told.get(), 10)
        counts = [dict(first.counts)]
        broken = "---\ntitle: [\n---\n"
        for name, text in (
            ("b", "---\ntitle: B\n---\n"),
            ("c", broken),
            ("c", "---\ntitle: C\n---\n"),
        ):
            put(tmp_path, f"_news/2020-01-02-{name}.md", text)
            counts.append(dict((await asyncio.wait_for(told.get(), 10)).counts))
        stop.set()
        await asyncio.wait_for(task, 10)
        return counts

    assert run(watched()) == [
        {"added": 1},
        {"added": 1, "unchanged": 1},
        {"refused": 1, "unchanged": 2},
        {"added": 1, "unchanged": 2},
    ]


def test_every_rule_and_option_is_in_the_docs():
    text = DOCS.read_text()
    printed = CliRunner().invoke(seed, ["--rules"]).stdout
    assert len(printed.splitlines()) == 2 + len(RULES)
    table = text.partition("## The rules")[2].partition("| ")
    assert table[1] + table[2] == printed, "put the table of `newsstand seed --rules` there"
    options = [option for one in seed.params for option in one.opts if option.startswith("--")]
    assert [option for option in options if f"`{option}" not in text] == []
