"""Documents whole: what a file says is in the store, and comes back."""

import math
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import bson
import pytest
import yaml
from bson.codec_options import CodecOptions
from hypothesis import given, settings
from hypothesis import strategies as st

from seed.build import build
from seed.documents import document, front_matter, write_yaml
from seed.files import SourceFile
from seed.frontmatter import read_front_matter
from seed.yamlread import read_yaml

CORPORA = [Path("../shared/corpus"), Path("seed/samples"), Path("tests/corpus")]
AWARE = CodecOptions(tz_aware=True)


def through_mongo(doc: dict) -> dict:
    return bson.decode(bson.encode(doc), AWARE)


def source(path: str = "_news/2020-01-02-words.md") -> SourceFile:
    return SourceFile(path, path, ".", "articles")


def good_files() -> list[Path]:
    files = [file for corpus in CORPORA for file in sorted(corpus.rglob("_news/*.md"))]
    return [file for file in files if "bad" not in file.parts and not file.name.startswith("bad")]


def test_every_file_of_the_corpora_comes_back_as_it_was_written():
    files = good_files()
    assert files
    for file in files:
        data = file.read_bytes()
        written = yaml.safe_load(data.decode("utf-8-sig").split("---", 2)[1])
        built = build(source(f"_news/{file.name}"), data, load=1)
        assert built.doc is not None, built.issues
        assert front_matter(through_mongo(built.doc)) == written, file
        assert built.doc["content"] == read_front_matter(data, "").block.body


scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**80), 2**80)
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
    | st.dates()
    | st.datetimes(min_value=datetime(1, 1, 3), max_value=datetime(9999, 12, 29))
    | st.datetimes(
        min_value=datetime(1, 1, 3),
        max_value=datetime(9999, 12, 29),
        timezones=st.sampled_from(
            [UTC, timezone(timedelta(hours=2)), timezone(-timedelta(hours=9))]
        ),
    )
    | st.binary(max_size=5)
)
keys = st.text(st.characters(codec="ascii", min_codepoint=36, max_codepoint=122), max_size=8)
odd_keys = keys | st.integers(-5, 5) | st.sampled_from(["_id", "content", "$x", "a.b", "_seed", ""])
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(odd_keys, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(odd_keys, values, max_size=6))
@settings(max_examples=300)
def test_any_front_matter_comes_back_with_its_types(front):
    doc, written, _ = document(front, "articles")
    stored = through_mongo({**doc, "_id": "x", "content": "", "_seed": {"written": written}})
    assert front_matter(stored) == front


@given(st.dictionaries(keys, values, max_size=4))
@settings(max_examples=200)
def test_our_reader_reads_what_pyyaml_reads(value):
    text = write_yaml(value)
    assert read_yaml(text)[0] == yaml.load(text, yaml.CSafeLoader)


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2020-10-08T03:47:00Z", datetime(2020, 10, 8, 3, 47, tzinfo=UTC)),
        ("2020-10-08T03:47:00+02:00", datetime(2020, 10, 8, 1, 47, tzinfo=UTC)),
        ("2020-10-08 03:47:00 -0730", datetime(2020, 10, 8, 11, 17, tzinfo=UTC)),
        ("2020-10-08", datetime(2020, 10, 8, tzinfo=UTC)),
        ("2020-10-08T03:47:00", datetime(2020, 10, 8, 3, 47, tzinfo=UTC)),
        ('"2020-10-08T03:47:00.123456Z"', datetime(2020, 10, 8, 3, 47, 0, 123000, tzinfo=UTC)),
    ],
)
def test_dates_keep_their_instant(written, instant):
    text = f"---\ntitle: T\npublishedDateTime: {written}\n---\n"
    built = build(source(), text.encode(), load=1)
    assert built.doc is not None
    assert through_mongo(built.doc)["publishedDateTime"] == instant
    assert front_matter(through_mongo(built.doc)) == yaml.safe_load(text.split("---")[1])


@pytest.mark.parametrize(
    ("key", "written", "stored"),
    [
        ("heat", '"84"', 84),
        ("heat", "84.0", 84),
        ("published", '"false"', False),
        ("title", "2020", "2020"),
        ("topics", "AI", ["AI"]),
        ("topics", "[AI, 7, null, '']", ["AI", "7"]),
        ("provider", "Example", {"name": "Example"}),
        ("images", "https://example.org/a.jpg", [{"url": "https://example.org/a.jpg"}]),
        ("related", "[https://example.org/a]", [{"webUrl": "https://example.org/a"}]),
    ],
)
def test_what_is_nearly_right_is_stored_right_and_kept_as_written(key, written, stored):
    text = f"---\ntitle: T\n{key}: {written}\n---\n"
    built = build(source(), text.encode(), load=1)
    assert built.doc is not None, built.issues
    assert built.doc[key] == stored
    assert front_matter(built.doc)[key] == yaml.safe_load(written)


@pytest.mark.parametrize("odd", [math.inf, -math.inf, 2**70, date(2020, 1, 2), "é😀"])
def test_odd_values_have_a_form_and_come_back(odd):
    doc, written, problems = document({"title": "T", "mine": [odd]}, "articles")
    assert not problems
    assert "mine" in through_mongo(doc)
    assert front_matter({**doc, "_seed": {"written": written}})["mine"] == [odd]


def test_not_a_number_survives():
    doc, _, _ = document({"title": "T", "mine": math.nan}, "articles")
    assert math.isnan(through_mongo(doc)["mine"])
