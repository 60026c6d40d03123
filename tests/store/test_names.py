"""Names: deterministic, and safe for whatever comes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.names import canonical_url, fold, provider_key, slug


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("Computer Vision", "computer-vision"),
        ("computer-vision", "computer-vision"),
        ("AT&T", "at-t"),
        ("Élan  vital!", "elan-vital"),
        ("  ", ""),
        ("", ""),
        ("\U0001f600", "n-f0443a342c"),
    ],
)
def test_a_slug_is_made_of_words(text: str, made: str) -> None:
    assert slug(text) == made


@given(st.text(max_size=40))
def test_a_slug_is_its_own_slug_and_only_blank_text_has_none(text: str) -> None:
    assert slug(slug(text)) == slug(text)
    assert bool(slug(text)) == bool(text.strip())


def test_names_without_letters_stay_two() -> None:
    assert slug("\U0001f600") != slug("\U0001f601")


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Élan", "elan"), ("STRASSE", "strasse"), ("Straße", "strasse"), ("ﬁ", "fi")],
)
def test_folded_text_has_no_case_and_no_accents(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://Example.COM/A/b/#part", "https://example.com/A/b"),
        ("https://example.com/?utm_source=x&id=7&fbclid=y", "https://example.com?id=7"),
        ("HTTP://example.com:80/", "http://example.com"),
        ("https://example.com:8443/a?v=1&v=2", "https://example.com:8443/a?v=1&v=2"),
        (" https://example.com/é ", "https://example.com/é"),
        ("mailto:a@example.com", None),
        ("/assets/logo.png", None),
        ("https://", None),
        ("https://example.com/ / #x", "https://example.com"),
        ("http://[half", None),
        ("", None),
    ],
)
def test_a_url_has_one_form(url: str, canonical: str | None) -> None:
    assert canonical_url(url) == canonical


@given(st.text(max_size=60).map(lambda text: f"https://example.com/{text}"))
def test_a_canonical_url_is_its_own_form(url: str) -> None:
    canonical = canonical_url(url)
    assert canonical is None or canonical_url(canonical) == canonical


@pytest.mark.parametrize(
    ("domain", "name", "key"),
    [
        ("youtube.com", "Some Channel", "youtube.com/some-channel"),
        ("YouTube.com.", "Some channel", "youtube.com/some-channel"),
        ("example.com", None, "example.com/example-com"),
        ("example.com", " ", "example.com/example-com"),
        ("", "Name", None),
        (None, None, None),
    ],
)
def test_a_provider_is_a_name_at_a_domain(
    domain: str | None, name: str | None, key: str | None
) -> None:
    assert provider_key(domain, name) == key
