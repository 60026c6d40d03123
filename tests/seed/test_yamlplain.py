"""The plain reader and the parser agree, or the plain reader leaves it to the parser."""

from pathlib import Path
from random import Random

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from seed.frontmatter import Refused, decode, split
from seed.yamlplain import read_plain
from seed.yamlread import plain

SAMPLES = Path("seed/samples")
KEYS = ["a", "b-c", "title", "yes", "null", "1", "-", "a b", '"a"', "<<", "?", "é", "a:"]
VALUES = [
    "", " ", "x", "two words", '"q"', "'q'", '"a\\n"', "'it''s'", '"', "''", "1", "1.5", "yes", "~",
    "2020-01-02", "2020-01-02T03:04:05Z", "2020-13-45", "12:30:45", "0x1f", "1_000", ".inf",
    "a: b", "a:", "a:b", ":a", "x #c", "x#c", "# c", "[a, b]", "{a: b}", "[]", "|", ">", "&x", "*x",
    "!!str 1", "@a", "`a`", "%a", "- x", "-x", "-1", "? x", "...", "---", "é ü",
    "\u00a0x", "x\u2028y",
    "\ufeffx", "a\tb", "\tb", "x\u0085y", "x\x07", "https://x.org/a?b=c#d", '"a" b', "'a' #c", "x ",
]  # fmt: skip
line = st.builds(
    lambda indent, dash, key, colon, value, end: f"{' ' * indent}{dash}{key}{colon}{value}{end}",
    st.integers(0, 5),
    st.sampled_from(["", "", "", "- ", "-   ", "-"]),
    st.sampled_from(["", *KEYS, "a", "b", "c"]),
    st.sampled_from([": ", ":", ":  ", ": ", " : "]),
    st.sampled_from(VALUES),
    st.sampled_from(["", "", "", " ", "\r", "  "]),
)


def agrees(text: str) -> bool:
    """Whether the plain reader took it; it must then say what the parser says."""
    found = read_plain(text, plain)
    if found is None:
        return False
    assert repr(found) == repr(yaml.load(text, yaml.CSafeLoader)), text
    return True


@settings(max_examples=1500)
@given(st.lists(line, min_size=1, max_size=6).map("\n".join))
@example("a:\n- b\n- c: d\n  e:\n  - f\ng: 1")
@example("a: b\n  c")
@example("a: b\n  c: d")
@example("a:\n    b: 1\n  c: 2")
@example("- a")
@example("a:\n  - b\n - c")
def test_it_reads_what_the_parser_reads_or_leaves_it(text: str) -> None:
    agrees(text)


@settings(max_examples=300)
@given(st.text(max_size=40), st.sampled_from(["a: {}", "- {}", "a:\n  {}", "a: b{}\nc: d"]))
def test_any_characters_are_read_alike(text: str, frame: str) -> None:
    if not any("\ud800" <= char <= "\udfff" for char in text):
        agrees(frame.format(text))


@pytest.mark.parametrize("number", range(40))
def test_a_real_file_with_a_character_changed_is_read_alike(number: int) -> None:
    dice = Random(number)
    for file in sorted(SAMPLES.rglob("*.md")):
        text = split(decode(file.read_bytes(), ""), "").text
        at = dice.randrange(len(text))
        text = text[:at] + dice.choice(" \n:-#\"'[&x\t") + text[at + dice.randint(0, 1) :]
        agrees(text)


def test_nearly_all_front_matter_is_plain() -> None:
    taken = []
    for file in sorted(SAMPLES.rglob("*.md")):
        try:
            taken.append(agrees(split(decode(file.read_bytes(), ""), "").text))
        except Refused:
            continue
    assert sum(taken) / len(taken) > 0.8
