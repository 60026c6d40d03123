"""Names that no reference data knows are told by a load too, with the nearest that is known."""

import pytest

import seed.spelling as spelling
from seed.build import build
from seed.files import SourceFile, read
from seed.findings import Findings
from seed.load import Options, load
from seed.report import lines
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
    'unknown topic "Computer Vison" (1 article)',
    'did you mean "Computer Vision" (1 article)?',
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
    assert told(run(load(store, [site], Options(dry_run=True)))) == [MISSPELT]
    assert told(run(load(store, [site]))) == [MISSPELT]


def test_a_dry_run_counts_articles_as_they_would_be(store, run, site):
    for number in range(3):
        put(site, f"_news/2020-02-0{number + 1}-c.md", article("Computer Vision"))
    run(load(store, [site]))
    (site / "_news/2020-02-01-c.md").unlink()
    put(site, "_news/2020-02-02-c.md", article("Computer Vison"))
    put(site, "_news/2020-02-03-c.md", article("Computer Vision", published=False))
    put(site, "_news/2020-02-04-c.md", article("Computer Vision"))
    dry = run(load(store, [site], Options(dry_run=True, prune=True)))
    wet = run(load(store, [site], Options(prune=True)))
    assert told(dry) == told(wet)
    assert [one[3:] for one in told(wet)] == [
        ('unknown topic "Computer Vison" (1 article)',
         'did you mean "Computer Vision" (2 articles)?'),
    ]  # fmt: skip


def test_of_many_names_some_are_told_and_the_others_counted_and_no_file_is_read_twice(
    store, run, site, monkeypatch
):
    reads = []
    monkeypatch.setattr(spelling, "MAX_TOLD", 3)
    monkeypatch.setattr(spelling, "read", lambda source: reads.append(source) or read(source))
    names = "\n  - ".join(f"Strange {number}" for number in range(5))
    put(site, "_news/2020-01-02-b.md", article(names))
    put(site, "_news/2020-01-03-c.md", article("Computer Vision", domain="exmaple.com"))
    report = run(load(store, [site]))
    assert [(one[1], one[2]) for one in told(report)] == [
        (4, "unknown-topic"), (5, "unknown-topic"), (6, "unknown-topic"), (7, "unknown-provider"),
    ]  # fmt: skip
    assert report.found.by_rule == {"unknown-topic": 5, "unknown-provider": 1}
    assert report.found.left_out == {"unknown-topic": 2}
    assert len(reads) == 2
    assert "... and 2 more of [unknown-topic]; 2 of them are counted and not listed" in list(
        lines(report.found)
    )


def test_domains_are_compared_up_to_a_bound(store, run, site, monkeypatch):
    monkeypatch.setattr(spelling, "MAX_COMPARED", 1)
    for number in range(3):
        domain = f"example{number}.com"
        put(site, f"_news/2020-01-0{number + 2}-b.md", article("Computer Vision", domain=domain))
    assert len(told(run(load(store, [site])))) == 1


@pytest.mark.parametrize("now", [None, "---\ntitle: [\n---\n"])
def test_a_file_that_is_gone_or_broken_when_its_name_is_told_is_told_at_its_first_line(site, now):
    file = put(site, "_news/2020-01-02-b.md", article("Computer Vison"))
    source = SourceFile(str(file), "_news/2020-01-02-b.md", str(site), "articles")
    told, found = spelling.Spelling(), Findings()
    told.topics["computer-vision"] = "Computer Vision"
    told.add(build(source, file.read_bytes(), load=1))
    file.unlink() if now is None else file.write_text(now)
    told.tell(found)
    assert [(one.line, one.rule) for one in found.kept] == [(1, "unknown-topic")]


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
