"""Loads against a real mongod: what is stored, what is refused, what a second run does."""

import shutil
from pathlib import Path

import pytest

from seed.export import export
from seed.generate import article, tree
from seed.load import Options, load
from store.write import Writing
from tests.seed.helpers import everything, put

SAMPLES = Path("seed/samples")


def test_the_samples_load_with_two_unknown_topics_and_a_second_time_nothing_is_written(
    store, run, commands
):
    report = run(load(store, [SAMPLES]))
    assert [(one.rule, one.excerpt.strip(), one.visible) for one in report.issues] == [
        ("unknown-topic", "- Beekeeping", True),
        ("unknown-topic", "- Unannounced Topic", False),
    ]
    assert report.counts["added"] == 37
    assert report.collections["articles"] == 25
    commands.clear()
    again = run(load(store, [SAMPLES]))
    assert again.counts == {"unchanged": 37}
    assert again.number is None
    writes = {"insert", "update", "delete", "findAndModify"}
    assert not [
        one for one in commands.sent if writes & one.keys() and "seed_state" not in one.values()
    ]


def test_nothing_becomes_known_through_what_is_not_published(store, run):
    run(load(store, [SAMPLES]))
    found = run(everything(store))
    assert "topics unannounced-topic" not in found
    assert "topics cities" in found
    assert found["topics cities"]["_index"]["articleCount"] == 7
    assert "images https://images.example.org/d1.jpg" not in found


def test_an_unpublished_article_fills_gaps_of_what_is_known(store, run, tmp_path):
    put(
        tmp_path,
        "_news/2020-01-01-a.md",
        "---\ntitle: A\nprovider: {name: P, domain: p.org}\nimages: [https://p.org/i.png]\n---\n",
    )
    put(
        tmp_path,
        "_news/2020-01-02-b.md",
        "---\ntitle: B\npublished: false\nprovider: {name: P, domain: p.org, images: "
        "[{url: https://p.org/logo.png, width: 5, height: 5}]}\n"
        "images: [{url: https://p.org/i.png, width: 9, height: 9}]\n---\n",
    )
    run(load(store, [tmp_path]))
    found = run(everything(store))
    assert found["images https://p.org/i.png"]["width"] == 9
    assert [one["width"] for one in found["providers p.org/p"]["images"]] == [5]
    assert found["providers p.org/p"]["_index"]["articleCount"] == 1


def test_a_broken_file_is_one_line_and_the_rest_load_and_load_after_the_fix(store, run, tmp_path):
    put(tmp_path, "_news/2020-01-01-good.md", "---\ntitle: Good\n---\n")
    bad = put(tmp_path, "_news/2020-01-02-bad.md", "---\ntitle: Bad\nheat: hot\n---\n")
    report = run(load(store, [tmp_path]))
    assert [str(one) for one in report.issues] == [
        f'{bad}:3:7: error: `heat` is "hot"; allowed: a whole number, as in `heat: 84` [type]'
    ]
    assert (report.exit_code, report.counts["added"], report.counts["refused"]) == (1, 1, 1)
    bad.write_text("---\ntitle: Bad no more\nheat: 3\n---\n")
    report = run(load(store, [tmp_path]))
    assert report.exit_code == 0
    assert report.counts == {"added": 1, "unchanged": 1}


def test_a_slug_that_two_files_want_goes_to_the_first_and_both_are_named(store, run, tmp_path):
    first = put(tmp_path, "_news/a/2020-01-01-x.md", "---\ntitle: A\n---\n")
    second = put(tmp_path, "_news/b/2020-01-01-x.md", "---\ntitle: B\n---\n")
    for _ in range(2):
        report = run(load(store, [tmp_path]))
        assert [(one.path, one.rule) for one in report.issues] == [(str(second), "duplicate-slug")]
        assert str(first) in report.issues[0].came
    assert run(everything(store))["articles 2020-01-01-x"]["title"] == "A"


def test_two_live_articles_at_one_url_both_stay_and_both_are_named(store, run, tmp_path):
    text = "---\ntitle: T\nwebUrl: https://x.org/a{}\n---\n"
    first = put(tmp_path, "_news/2020-01-01-a.md", text.format("/"))
    put(tmp_path, "_news/2020-01-02-b.md", text.format("?utm_source=z"))
    report = run(load(store, [tmp_path]))
    assert [one.rule for one in report.issues] == ["duplicate-url"]
    assert str(first) in report.issues[0].came
    assert report.exit_code == 0
    assert report.collections["articles"] == 2


def test_a_folder_without_any_article_says_so(store, run, tmp_path):
    report = run(load(store, [tmp_path]))
    assert [one.rule for one in report.issues] == ["nothing-to-load"]
    assert report.exit_code == 1


def test_a_dry_run_tells_the_same_and_writes_nothing(store, run):
    dry = run(load(store, [SAMPLES], Options(dry_run=True)))
    assert run(everything(store)) == {}
    wet = run(load(store, [SAMPLES]))
    assert dry.counts == wet.counts


@pytest.mark.parametrize("rounds", [3])
def test_loading_changes_step_by_step_ends_where_loading_at_once_ends(
    store, mongod_store, run, tmp_path, rounds
):
    files = dict(tree(60))
    names = [name for name in files if name.startswith("_news")]
    for step in range(rounds):
        for number, name in enumerate(names):
            text = files[name]
            if number % rounds > step:
                text = article(number + 500)[1]  # something else at first, with other facts
            put(tmp_path, name, text)
        run(load(store, [tmp_path]))
    for name, text in files.items():
        put(tmp_path, name, text)
    run(load(store, [tmp_path]))
    stepwise = run(everything(store))
    other = type(store)(store.client, f"{store.database.name}_fresh", store.driver)
    try:
        run(load(other, [tmp_path]))
        assert run(everything(other)) == stepwise
    finally:
        run(store.client.drop_database(other.database.name))


def test_what_is_exported_loads_again_as_unchanged(store, run, tmp_path):
    run(load(store, [SAMPLES]))
    before = run(everything(store, but=("hash",)))

    async def exported():
        return [path async for path in export(Writing(store), tmp_path)]

    assert len(run(exported())) == 37
    report = run(load(store, [tmp_path / "samples"]))
    assert report.counts == {"unchanged": 37}
    assert run(everything(store, but=("hash",))) == before


def test_a_file_that_moves_keeps_its_document(store, run, tmp_path):
    old = put(tmp_path, "_news/2020-01-01-a.md", "---\ntitle: A\n---\n")
    run(load(store, [tmp_path]))
    (tmp_path / "_news" / "2020").mkdir()
    shutil.move(old, tmp_path / "_news" / "2020" / old.name)
    report = run(load(store, [tmp_path]))
    assert report.counts == {"renamed": 1}
    assert run(everything(store))["articles 2020-01-01-a"]["_seed"]["path"] == (
        "_news/2020/2020-01-01-a.md"
    )


def test_pruning_spares_the_document_of_a_file_that_moved(store, run, tmp_path):
    old = put(tmp_path, "_news/2020-01-01-a.md", "---\ntitle: A\n---\n")
    run(load(store, [tmp_path]))
    (tmp_path / "_news" / "2020").mkdir()
    shutil.move(old, tmp_path / "_news" / "2020" / old.name)
    report = run(load(store, [tmp_path], Options(prune=True)))
    assert report.counts == {"renamed": 1}
    assert report.gone == []
    assert "articles 2020-01-01-a" in run(everything(store))


def test_a_mock_without_a_server_can_be_loaded_too(mock_store, run):
    report = run(load(mock_store, [SAMPLES]))
    assert report.counts["added"] == 37
