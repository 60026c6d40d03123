"""What is exported loads again as it was: a property over front matter of every kind."""

import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from seed.export import export
from seed.load import load
from store.write import Writing
from tests.seed.helpers import everything, put

text = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
scalar = st.one_of(
    text,
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False),
    st.dates(date(1, 1, 2), date(9999, 12, 30)),
    st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)),
    st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)).map(
        lambda at: at.replace(tzinfo=UTC) + timedelta(hours=1)
    ),
)
value = st.recursive(
    scalar,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.one_of(text, scalar), inner, max_size=3)
    ),
    max_leaves=6,
)
known = st.fixed_dictionaries(
    {"title": text.filter(str.strip)},
    optional={
        "heat": st.one_of(st.integers(-9, 99), st.just("7"), st.just(3.0)),
        "published": st.one_of(st.booleans(), st.just("no")),
        "topics": st.one_of(text, st.lists(text, max_size=3)),
        "webUrl": st.sampled_from(["https://a.org/x", "/relative", "no url", ""]),
        "publishedDateTime": st.one_of(st.dates(), st.just("2020-10-08 03:47:00 +0200")),
        "provider": st.sampled_from([{"name": "P", "domain": "p.org", "odd": 1}, {"name": "P"}]),
        "images": st.sampled_from(["https://a.org/i.png", ["/i.png", {"url": "https://b.org/j"}]]),
        "secured": text,
    },
)
front = st.builds(
    lambda more, said: {**more, **said}, st.dictionaries(text, value, max_size=4), known
)
body = st.one_of(st.just(""), text, st.sampled_from(["\n\nTwo\n", "a\r\nb\n", "---\n", "+++\nx"]))


@pytest.fixture
def twice(store, run):
    """Loads a file, exports it, loads that: what the store held before and after."""

    def load_twice(content: str):
        with tempfile.TemporaryDirectory() as folder:
            site, out = Path(folder) / "site", Path(folder) / "out"
            site.mkdir()
            put(site, "_news/2020-01-02-words.md", content)
            first = run(load(store, [site]))
            before = run(everything(store, but=("hash",)))

            async def exported():
                return [path async for path in export(Writing(store), out)]

            run(exported())
            second = run(load(store, [out / "site"])) if first.exit_code == 0 else None
            after = run(everything(store, but=("hash",)))
            (site / "_news/2020-01-02-words.md").unlink()
            return first, second, before, after

    return load_twice


@settings(max_examples=60)
@example({"title": "T", "number": 2**31, "numbers": [-(2**40)]}, "")  # more than 32 bits
@given(front, body)
@example({"title": "T", "mine": [2**31]}, "")
@example({"": None, "title": "T", "heat": "7"}, "")
def test_exporting_and_loading_again_changes_nothing(twice, front, body) -> None:
    written = yaml.safe_dump(front, allow_unicode=True, sort_keys=False)
    first, second, before, after = twice(f"---\n{written}---\n{body}")
    if second is None:
        assert first.found.errors  # refused, so nothing of it is there to be exported
        return
    assert second.found.errors == 0
    assert second.counts == {"unchanged": 1}
    assert repr(after) == repr(before)
