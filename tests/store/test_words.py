"""A search is read just as the server reads it: its own `explain` says how."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.collections import INDEXES
from store.store import Store
from store.words import STOP_WORDS, Search, read_search, stem, words
from tests.conftest import Run

TEXT_INDEX = next(index for index in INDEXES if index.name == "text")

said = st.sampled_from(
    ["robots", "Running", "the", "Élan", "naïve", "e-mail", "don't", "it's", "b", "42", "unclosed"]
)
between = st.sampled_from([" ", " -", "-", ' "', '" ', ' -"', "--", ", ", "  ", '"', "\n", "."])
searches = st.lists(st.tuples(between, said), max_size=8).map(
    lambda parts: "".join(text for part in parts for text in part)
)


def parsed(store: Store, run: Run, text: str) -> dict[str, Any]:
    where = {"_index.visible": True, "$text": {"$search": text}}
    find = {"find": "articles", "filter": where}
    explained = run(store.database.command("explain", find, verbosity="queryPlanner"))
    return next(plan["parsedTextQuery"] for plan in maps(explained) if "parsedTextQuery" in plan)


def maps(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for member in value:
            yield from maps(member)


@pytest.fixture
def indexed(store: Store, run: Run) -> Store:
    run(store.make_indexes("articles", [TEXT_INDEX]))
    return store


def stems_of(search: Search) -> set[str]:
    """What the server calls terms: the words of phrases are among them."""
    return search.terms | {stem(word) for phrase in search.phrases for word in phrase} - {""}


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(searches)
def test_a_search_is_read_as_the_server_reads_it(indexed: Store, run: Run, text: str) -> None:
    theirs, ours = parsed(indexed, run, text), read_search(text)
    assert stems_of(ours) == set(theirs["terms"])
    # The server keeps phrases without words; they match nothing more and nothing less.
    kept = {tuple(word.stem for word in words(phrase)) for phrase in theirs["phrases"]} - {()}
    assert {tuple(map(stem, phrase)) for phrase in ours.phrases} == kept


def test_stop_words_are_those_of_the_server(indexed: Store, run: Run) -> None:
    assert parsed(indexed, run, " ".join(sorted(STOP_WORDS)))["terms"] == []
    assert len(STOP_WORDS) == 174


@pytest.mark.parametrize(
    ("text", "search"),
    [
        ("", Search(frozenset(), ())),
        ("the", Search(frozenset(), ())),
        ("The Robots' naïve running", Search(frozenset({"robot", "naiv", "run"}), ())),
        ('whale "Big Red" -dog -"x y"', Search(frozenset({"whale"}), (("big", "red"),))),
        ("pre-market -post-market", Search(frozenset({"pre", "market"}), ())),
        ('never "closed -here', Search(frozenset({"never", "close"}), ())),
    ],
)
def test_words_and_phrases_that_are_not_left_out_are_read(text: str, search: Search) -> None:
    assert read_search(text) == search


def test_a_word_knows_where_it_stands() -> None:
    text = "Big, red robots!"
    assert [(text[one.start : one.end], one.stem) for one in words(text)] == [
        ("Big", "big"),
        ("red", "red"),
        ("robots", "robot"),
    ]
