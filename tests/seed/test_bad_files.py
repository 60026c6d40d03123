"""Bad input: one line each, with its place; nothing else is lost for it."""

from pathlib import Path

import pytest

from seed.build import build
from seed.files import MAX_FILE_BYTES, SourceFile, read, walk
from seed.issues import RULES, Issue

BOMB = "a: &a [1,2,3,4,5,6,7,8,9]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(9)
)

# front matter between the fences -> line:column rule of the one error
BROKEN = [
    (b"title: T\nheat: hot\n", "3:7 type"),
    (b"title: T\nheat: true\n", "3:7 type"),
    (b"title: T\nheat: 99999999999\n", "3:7 integer-range"),
    (b"title: T\npublished: perhaps\n", "3:12 type"),
    (b"heat: 1\n", "2:1 missing-title"),
    (b"title: '  '\n", "2:8 missing-title"),
    (b"title: T\npublishedDateTime: 2020-13-45\n", "3:20 date"),
    (b"title: T\npublishedDateTime: yesterday\n", "3:20 date"),
    (b"title: T\ntopics: {a: b}\n", "3:9 type"),
    (b"title: T\nimages:\n  - url: https://x.org/a\n    width: wide\n", "5:12 type"),
    (b"title: 'T\n", "3:1 syntax"),
    (b"title: T\n\theat: 1\n", "3:1 syntax"),
    (b"title: [a, b\n", "3:1 syntax"),
    (b"title: T\n? [1, 2]\n: x\n", "3:3 syntax"),
    (b"title: T\nx: !!python/object:os.system y\n", "3:4 syntax"),
    (b"- a\n- b\n", "2:1 not-a-mapping"),
    (b"title: T\nx: " + b"[" * 200 + b"]" * 200 + b"\n", "3:67 too-deep"),
    (b"title: T\nx: &x [*x]\n", "3:8 alias-bomb"),
    (b"title: T\n" + BOMB.encode(), "4:8 alias-bomb"),
    (b"title: \x01\n", "2:8 text"),
    (b"title: a\0b\n", "2:9 text"),
    (b"title: \xff\n", "2:8 encoding"),
]


def article(data: bytes) -> list[Issue]:
    return build(SourceFile("f.md", "_news/f.md", ".", "articles"), data, load=1).issues


def place(issue: Issue) -> str:
    return f"{issue.line}:{issue.column} {issue.rule}"


@pytest.mark.parametrize(("front", "expected"), BROKEN)
def test_what_is_broken_is_one_error_at_its_place(front, expected):
    found = [one for one in article(b"---\n" + front + b"---\nBody\n") if one.severity == "error"]
    assert [place(one) for one in found] == [expected]
    assert str(found[0]).startswith(f"f.md:{expected.split()[0]}: error: ")
    assert "\n" not in str(found[0])
    assert "; allowed: " in str(found[0])


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "1:1 empty-file"),
        (b" \n\n", "1:1 empty-file"),
        (b"# Hello\n", "1:1 no-front-matter"),
        (b"\n---\ntitle: T\n---\n", "1:1 no-front-matter"),
        (b"---\ntitle: T\n", "1:1 unclosed-front-matter"),
        (b"\xff\xfe-\0-\0", "1:1 encoding"),
        (b'{"title": }', "1:11 syntax"),
        (b"+++\ntitle = \n+++\n", "2:9 syntax"),
    ],
)
def test_what_has_no_front_matter_is_one_error(data, expected):
    assert [place(one) for one in article(data)] == [expected]


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf---\ntitle: T\n---\n",
        b"---\r\ntitle: T\r\nheat: 1\r\n---\r\nBody\r\n",
        b"---  \ntitle: T\n---\t\n",
        b"---\ntitle: T\n...\n",
        b"---\ntitle: T\n---",
        b"+++\ntitle = 'T'\ndate = 2020-01-02\nat = 10:00:00\n+++\nBody\n",
        b'{"title": "T", "heat": 3}\nBody\n',
        b"---\ntitle: T\nbase: &b {x: 1}\nmore: {<<: *b, y: 2}\n---\n",
    ],
)
def test_what_is_unusual_and_right_loads(data):
    found = build(SourceFile("f.md", "_news/f.md", ".", "articles"), data, load=1)
    assert found.issues == []
    assert found.doc is not None
    assert found.doc["title"] == "T"


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        (b"title: T\ntitle: U\n", "3:1 duplicate-key"),
        (b"title: T\npublishedDatetime: 2020-01-01\n", "3:1 typo"),
        (b"title: T\nwebUrl: example.org\n", "3:9 url"),
        (b"title: T\nimages: [{width: 3}]\n", "3:10 image-without-url"),
        (b"title: T\nimages: [{url: /a.jpg}]\n", "3:16 relative-url"),
        (b"title: T\nrelated: [{title: R}]\n", "3:11 related-empty"),
        (b"title: T\nexcerpt: a <b>c</b>\n", "3:10 html-excerpt"),
        (b"title: T\nprovider: {name: P}\n", "3:11 provider-without-domain"),
        (b"title: T\n3: x\n", "3:1 key-type"),
        (
            b"title: T\nwebUrl: https://a.org/x/\nrelated: [{title: R, webUrl: https://a.org/x}]\n",
            "4:11 related-to-itself",
        ),
    ],
)
def test_what_is_odd_is_a_warning_at_its_place(front, expected):
    found = article(b"---\n" + front + b"---\n")
    assert [place(one) for one in found] == [expected]
    assert found[0].severity == "warning" == RULES[found[0].rule].severity


def test_a_file_that_is_too_large_is_not_even_read(tmp_path: Path):
    big = tmp_path / "big.md"
    with big.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    found = read(SourceFile(str(big), "big.md", ".", "articles"))
    assert isinstance(found, Issue)
    assert found.rule == "too-large"
    assert MAX_FILE_BYTES < 50 * 1024 * 1024


def test_a_link_that_leads_back_is_one_issue_and_the_walk_ends(tmp_path: Path):
    (tmp_path / "_news" / "deep").mkdir(parents=True)
    (tmp_path / "_news" / "a.md").write_text("---\ntitle: A\n---\n")
    (tmp_path / "_news" / "deep" / "up").symlink_to(tmp_path)
    (tmp_path / "_news" / "self.md").symlink_to("self.md")
    found = list(walk([tmp_path]))
    assert [one.path for one in found if isinstance(one, SourceFile)] == ["_news/a.md"]
    rules = sorted(one.rule for one in found if isinstance(one, Issue))
    assert rules == ["symlink-loop", "symlink-loop"]
