"""Names that no reference data knows are told by a load too, with the nearest that is known."""

import pytest

from seed.load import Options, load
from tests.seed.helpers import put

TOPIC = "name: Computer Vision\n"
ORGANIZATION = "---\nname: Example\ndomain: example.com\n---\n"


def article(topic, *, published=True, domain="example.com"):
    said = "" if published else "published: false\n"
    return (
        f"---\ntitle: A\n{said}topics:\n  - {topic}\n"
        f"provider:\n  name: Example\n  domain: {domain}\n---\n"
    )


def told(report):
    return [
        (one.path.rpartition("/")[2], one.line, one.rule, one.came, one.suggestion)
        for one in report.issues
        if one.rule.startswith("unknown-")
    ]


@pytest.fixture
def site(tmp_path):
    put(tmp_path, "_data/topics/vision.yaml", TOPIC)
    put(tmp_path, "_data/organizations/example.com.md", ORGANIZATION)
    put(tmp_path, "_news/2020-01-01-a.md", article("Computer Vision"))
    return tmp_path


MISSPELT = (
    "2020-01-02-b.md",
    4,
    "unknown-topic",
    'unknown topic "Computer Vison" (1 articles)',
    'did you mean "Computer Vision" (1 articles)?',
)


def test_a_misspelt_topic_is_told_by_the_load_that_brings_it(store, run, site):
    put(site, "_news/2020-01-02-b.md", article("Computer Vison"))
    assert told(run(load(store, [site]))) == [MISSPELT]


def test_a_later_load_knows_the_topics_that_the_store_has(store, run, site):
    assert told(run(load(store, [site]))) == []
    put(site, "_news/2020-01-02-b.md", article("Computer Vison"))
    assert told(run(load(store, [site]))) == [MISSPELT]
    assert told(run(load(store, [site]))) == []  # nothing was read that could be told of


def test_a_staged_load_tells_the_same(store, run, site, monkeypatch):
    monkeypatch.setattr("seed.load.TRANSACTION_CHANGES", 1)
    put(site, "_news/2020-01-02-b.md", article("Computer Vison"))
    assert told(run(load(store, [site]))) == [MISSPELT]


def test_a_dry_run_tells_the_same(store, run, site):
    put(site, "_news/2020-01-02-b.md", article("Computer Vison"))
    report = run(load(store, [site], Options(dry_run=True)))
    assert [one[:3] for one in told(report)] == [MISSPELT[:3]]


def test_a_misspelt_domain_is_told(store, run, site):
    put(site, "_news/2020-01-02-b.md", article("Computer Vision", domain="exmaple.com"))
    assert told(run(load(store, [site]))) == [
        (
            "2020-01-02-b.md",
            7,
            "unknown-provider",
            'unknown provider domain "exmaple.com"',
            "did you mean example.com?",
        )
    ]


def test_where_no_topic_has_a_file_none_is_unknown(store, run, tmp_path):
    put(tmp_path, "_news/2020-01-01-a.md", article("Anything"))
    assert told(run(load(store, [tmp_path]))) == []


def test_what_only_an_unpublished_file_names_is_kept_from_readers(store, run, site):
    put(site, "_news/2020-01-02-b.md", article("Secret Plans", published=False))
    report = run(load(store, [site]))
    assert [one.visible for one in report.issues] == [False]
    put(site, "_news/2020-01-03-c.md", article("Secret Plans"))
    report = run(load(store, [site]))
    assert [(one.visible, one.path[-15:]) for one in report.issues] == [(True, "2020-01-03-c.md")]
