"""Accept, Accept-Encoding and Content-Type, parsed as HTTP says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gql.media import (
    GRAPHQL_RESPONSE,
    HTML,
    JSON,
    choose_encoding,
    choose_media,
    parse_media_type,
)

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (GRAPHQL_RESPONSE, GRAPHQL_RESPONSE),
        ("APPLICATION/GraphQL-Response+JSON", GRAPHQL_RESPONSE),
        (f"{GRAPHQL_RESPONSE}, {JSON}", GRAPHQL_RESPONSE),
        (f"{JSON}, {GRAPHQL_RESPONSE}", JSON),
        (f"{GRAPHQL_RESPONSE}, {JSON};q=0.9", GRAPHQL_RESPONSE),
        (f"{JSON};q=0.5, {GRAPHQL_RESPONSE};q=0.6", GRAPHQL_RESPONSE),
        (f"{GRAPHQL_RESPONSE};charset=utf-8", GRAPHQL_RESPONSE),
        (f"{JSON};q=0, */*", GRAPHQL_RESPONSE),
        (f"{JSON};q=0", None),
        ("application/json; charset=utf-16", None),
        ("application/jsonx", None),
        ("text/html", None),
        ("text/plain", None),
        ("nonsense", None),
        ("application/json;q=7", None),
        ("application/json;q=x", None),
        ('text/plain;x="a,application/json"', None),
        ("multipart/mixed;deferSpec=20220824, application/json", JSON),
    ],
)
def test_the_answers_media_type_follows_accept(accept, expected):
    assert choose_media(accept, html=False) == expected


@pytest.mark.parametrize(
    ("accept", "expected"),
    [(BROWSER, HTML), ("text/html", HTML), ("*/*", JSON), ("", JSON), (f"{JSON}, text/html", JSON),
     ("text/html;q=0.5, */*", JSON), ("text/*", HTML)],
)  # fmt: skip
def test_a_page_is_for_who_names_html(accept, expected):
    assert choose_media(accept, html=True) == expected


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("", None),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip;q=1, zstd;q=0.5", "gzip"),
        ("zstd;q=0, gzip;q=0.1", "gzip"),
        ("*", "zstd"),
        ("*;q=0", None),
        ("identity", None),
        ("GZIP ; Q=0.5", "gzip"),
        ("gzipx", None),
        ("br", None),
    ],
)
def test_the_encoding_is_the_best_that_both_know(accepted, expected):
    assert choose_encoding(accepted, ("zstd", "gzip")) == expected


@pytest.mark.parametrize("text", ["", "json", "/", "a/", "/b", "application json", "a b/c"])
def test_what_is_no_media_type_is_none(text):
    assert parse_media_type(text) is None


@given(st.text(max_size=50))
def test_no_header_breaks_the_parsers(text):
    assert choose_media(text, html=True) in (JSON, GRAPHQL_RESPONSE, HTML, None)
    assert choose_encoding(text, ("zstd", "gzip")) in ("zstd", "gzip", None)
