"""Limits: what is refused, with which code, and that counting agrees with graphql-core."""

import pytest
from graphql import Lexer, Source, TokenKind, parse
from hypothesis import given
from hypothesis import strategies as st

from gql.errors import CODES, RequestErrors
from gql.limits import DOCUMENT_LIMITS, Limits, check_document, check_source
from gql.operation import Operations
from tests.http.conftest import tiny_schema_once

BOMB = "query { ...F0 } " + " ".join(
    f"fragment F{i} on Query {{ a{i}: hello ...F{i + 1} ...F{i + 1} }}" for i in range(30)
)
BOMB += " fragment F30 on Query { hello }"
CHAIN = "{ ...F0 } " + " ".join(f"fragment F{i} on Query {{ ...F{i + 1} }}" for i in range(500))
CHAIN += " fragment F500 on Query { hello }"

REFUSED = [
    ("tokens", "{ " + "hello " * 5000 + "}", "TOO_MANY_TOKENS"),
    ("10,000 aliases", "{ " + " ".join(f"a{i}: hello" for i in range(10_000)) + " }",
     "TOO_MANY_TOKENS"),
    ("aliases", "{ self { " + " ".join(f"a{i}: hello" for i in range(101)) + " } }",
     "TOO_MANY_ALIASES"),
    ("depth", "{ self " * 16 + "{ hello }" + "}" * 16, "TOO_DEEP"),
    ("depth by fragments", "{ ...A } fragment A on Query { " + "self { " * 8 + "...B" + "}" * 9
     + " fragment B on Query { " + "self { " * 8 + "hello" + "}" * 9, "TOO_DEEP"),
    ("brackets", "{ self " * 1000 + "{ hello }" + "}" * 1000, "NESTED_TOO_DEEP"),
    ("braces only", "{" * 4000, "NESTED_TOO_DEEP"),
    ("a deep list", "{ echo(value: " + "[" * 1000 + "]" * 1000 + ") }", "NESTED_TOO_DEEP"),
    ("a deep object", "{ echo(value: " + "{a: " * 1000 + "1" + "}" * 1000 + ") }",
     "NESTED_TOO_DEEP"),
    ("a deep type", "query ($a: " + "[" * 1000 + "Int" + "]" * 1000 + ") { hello }",
     "NESTED_TOO_DEEP"),
    ("inline fragments", "{ ... on Query " * 70 + "{ hello }" + "}" * 70, "NESTED_TOO_DEEP"),
    ("root fields", "{ " + " ".join(f"a{i}: hello" for i in range(31)) + " }",
     "TOO_MANY_ROOT_FIELDS"),
    ("directives", "{ hello " + "@skip(if: false) " * 101 + "}", "TOO_MANY_DIRECTIVES"),
    ("a field repeated", "{ self {" + " hello" * 51 + " } }", "TOO_MANY_REPEATS"),
    ("a field repeated by fragments", "{ self { " + "...F " * 51 + "} } "
     "fragment F on Query { hello }", "TOO_MANY_REPEATS"),
    ("a fragment bomb", BOMB, "TOO_MANY_ROOT_FIELDS"),
    ("a fragment chain", CHAIN, "NESTED_TOO_DEEP"),
    ("fragments in a circle", "{ ...A } fragment A on Query { self { ...B } } "
     "fragment B on Query { self { ...A } }", "GRAPHQL_VALIDATION_FAILED"),
    ("a fragment in itself", "{ ...A } fragment A on Query { ...A }", "GRAPHQL_VALIDATION_FAILED"),
    ("5,000 digits", "{ numbers(first: " + "9" * 5000 + ") }", "GRAPHQL_VALIDATION_FAILED"),
    ("5,000 digits after a point", "{ slow(seconds: 0." + "9" * 5000 + ") }",
     "GRAPHQL_VALIDATION_FAILED"),
    ("nothing selected", "{ }", "GRAPHQL_PARSE_FAILED"),
    ("nothing selected below", "{ self { } }", "GRAPHQL_PARSE_FAILED"),
    ("comments only", "# nothing", "GRAPHQL_PARSE_FAILED"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "code"), [row[1:] for row in REFUSED], ids=[r[0] for r in REFUSED]
)
def test_a_document_over_a_limit_is_refused(source, code):
    with pytest.raises(RequestErrors) as refused:
        Operations(tiny_schema_once()).prepare(source)
    assert refused.value.code == code


@pytest.mark.parametrize(("code", "limit", "sentence"), DOCUMENT_LIMITS)
def test_a_limit_is_inclusive_and_its_refusal_says_what_came_and_what_is_allowed(
    code, limit, sentence
):
    at = {
        "max_depth": "{ self { self { hello } } }",
        "max_root_fields": "{ hello wrong broken }",
        "max_aliases": "{ self { a: hello b: hello c: hello } }",
        "max_directives": "{ hello " + "@skip(if: false) " * 3 + "}",
        "max_repeats": "{ hello hello hello }",
        "max_fields": "{ ...A ...A ...A } fragment A on Query { hello }",
    }[limit]
    loose = Limits()
    check_document(parse(at), Limits(**{limit: 3}, max_nesting=loose.max_nesting))
    with pytest.raises(RequestErrors) as refused:
        check_document(parse(at), Limits(**{limit: 2}))
    assert refused.value.code == code
    assert refused.value.errors[0].message == f"{sentence.format(3)}; allowed are 2."


def test_introspection_is_exempt_from_depth():
    deep = "{ __schema { types { fields { type " + "{ ofType " * 20 + "{ name }" + "}" * 24
    check_document(parse(deep), Limits())


def test_every_limit_has_a_code():
    assert {code for code, _, _ in DOCUMENT_LIMITS} <= set(CODES)


def test_what_nests_too_deep_never_reaches_the_recursive_parser(monkeypatch):
    monkeypatch.setattr("gql.operation.parse", lambda *_, **__: pytest.fail("It was parsed."))
    for source in ("{ a " * 65 + "}" * 65, "[" * 100_000, "{ hello " * 6_000):
        with pytest.raises(RequestErrors):
            Operations(tiny_schema_once()).prepare(source)


def test_a_long_source_of_few_tokens_is_answered_and_not_kept():
    """512 kept sources of a megabyte of comment each would be half a gigabyte."""
    operations = Operations(tiny_schema_once())
    for source in ("{ hello }", "{ hello } #" + "x" * 500_000):
        operations.prepare(source)
    assert list(operations._known) == ["{ hello }"]


NAMES = st.from_regex(r"[_A-Za-z][_0-9A-Za-z]{0,5}", fullmatch=True)
STRINGS = st.text(st.characters(exclude_characters='"\\\n\r', exclude_categories=["Cs", "Cc"]))
LEXEMES = st.one_of(
    NAMES,
    st.integers().map(str),
    st.sampled_from(["1.5", "-0.2e10", "...", "$", ":", "=", "@", "!", "|", "&"]),
    st.sampled_from(["{", "}", "(", ")", "[", "]"]),
    STRINGS.map(lambda text: f'"{text}"'),
    st.sampled_from(
        [r'"\""', r'"\\"', r'"{\n"', '""', '""""""', '"""a"b""c\\"""d"""', '"""{[("""']
    ),
    st.sampled_from(["# { a comment\n", "#\r", ",", "\ufeff", "\t", "#{\n#["]),
)


@given(st.lists(LEXEMES, max_size=40))
def test_tokens_are_counted_as_graphql_core_counts_them(lexemes):
    source = " ".join(lexemes)
    lexer = Lexer(Source(source))
    expected = 0
    while lexer.advance().kind is not TokenKind.EOF:
        expected += 1
    assert check_source(source, Limits(max_nesting=100)) == expected


@given(st.text(alphabet="{}[]()\"\\#\n\r abc'", max_size=60))
def test_no_text_hides_its_depth_from_the_scan(source):
    """Where the scan says a text is shallow, the parser does not nest deeper."""
    lexer, depth, deepest = Lexer(Source(source)), 0, 0
    try:
        while (kind := lexer.advance().kind) is not TokenKind.EOF:
            depth += (kind.value in "{[(") - (kind.value in "}])")
            deepest = max(deepest, depth)
    except Exception:  # what follows is never parsed
        pass
    if deepest > 2:
        with pytest.raises(RequestErrors):
            check_source(source, Limits(max_nesting=2))
