"""Highlights: the matched words are marked, everything else is harmless."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gql.highlights import MAX_PASSAGE_CHARACTERS, MAX_PASSAGES, highlights
from store.words import read_search

LONG = "word " * 80 + "whales at last " + "and " * 80


@pytest.mark.parametrize(
    ("search", "texts", "passages"),
    [
        ("whale", ["Counting whales"], ["Counting <mark>whales</mark>"]),
        ("whale", ["Nothing", "Here. A Whale! There."], ["A <mark>Whale</mark>!"]),
        ("cafe", ["Le Café qui parle"], ["Le <mark>Café</mark> qui parle"]),
        ("the", ["The end"], []),
        ("end -whale", ["Whale's end"], ["Whale&#x27;s <mark>end</mark>"]),
        ('"big red"', ["A big Red bus, red"], ["A <mark>big</mark> <mark>Red</mark> bus, red"]),
        ("x", ["<b>x</b>"], ["&lt;b&gt;<mark>x</mark>&lt;/b&gt;"]),
        ("mark", ["<mark>"], ["&lt;<mark>mark</mark>&gt;"]),
        ("3.5 percent", ["Up 3.5 percent."], [
            "Up <mark>3</mark>.<mark>5</mark> <mark>percent</mark>."]),
        ("a", [None, 7, ["a"]], []),
        ("b", ["b. " * 9], ["<mark>b</mark>."] * MAX_PASSAGES),
        ("", ["", "x"], []),
    ],
)  # fmt: skip
def test_a_passage_marks_what_matched(
    search: str, texts: list[object], passages: list[str]
) -> None:
    assert highlights(read_search(search), *texts) == passages


def test_a_long_sentence_is_cut_around_its_match() -> None:
    (passage,) = highlights(read_search("whales"), LONG)
    assert passage.startswith("…word ")
    assert passage.endswith(" and…")
    assert "<mark>whales</mark> at last" in passage
    assert len(passage) <= MAX_PASSAGE_CHARACTERS + len("<mark></mark>") + 2


texts = st.text(st.sampled_from("ab <>&\"'.!-mrk/"), max_size=400)


@given(texts, texts)
def test_without_its_marks_a_passage_is_escaped_text(search: str, text: str) -> None:
    for passage in highlights(read_search(search), text):
        rest = re.sub(r"<mark>([\w']|&#x27;)+</mark>", "", passage)
        assert rest != passage
        assert not set("<>\"'") & set(rest)
