"""Where a search matched: passages of a text, safe for HTML, matched words in ``<mark>``. Pure."""

from __future__ import annotations

import re
from html import escape

from store.names import fold
from store.words import Search, Word, words

MAX_PASSAGES = 3  # of one text
# A sentence longer than this is cut down to the words around its first match.
MAX_PASSAGE_CHARACTERS = 240
_SENTENCE = re.compile(r"[^.!?…]*(?:[.!?…](?!\s)[^.!?…]*)*[.!?…]*\s*")


def highlights(search: Search, *texts: object) -> list[str]:
    """The passages of these texts that a search matched, in their order; what is no text has none.

    A passage is a sentence. Its matched words stand between ``<mark>`` and ``</mark>``, everything
    else is escaped.
    """
    return [
        passage for text in texts if isinstance(text, str) for passage in _passages(search, text)
    ]


def _passages(search: Search, text: str) -> list[str]:
    sentences = (match[0].strip() for match in _SENTENCE.finditer(text))
    found = ((sentence, _matched(search, sentence)) for sentence in sentences)
    return [_marked(sentence, spans) for sentence, spans in found if spans][:MAX_PASSAGES]


def _matched(search: Search, text: str) -> list[Word]:
    """The words of a text that a search matches, in order."""
    found = words(text)
    folded = [fold(text[word.start : word.end]) for word in found]
    hits = {number for number, word in enumerate(found) if word.stem in search.terms}
    for phrase in search.phrases:
        for at in range(len(found) - len(phrase) + 1):
            if tuple(folded[at : at + len(phrase)]) == phrase:
                hits.update(range(at, at + len(phrase)))
    return [found[number] for number in sorted(hits)]


def _marked(text: str, spans: list[Word]) -> str:
    start, end = _window(text, spans[0])
    parts, at = (["…"] if start else []), start
    for span in spans:
        if span.end <= end:
            parts += [escape(text[at : span.start]), "<mark>"]
            parts += [escape(text[span.start : span.end]), "</mark>"]
            at = span.end
    return "".join([*parts, escape(text[at:end]), "" if end == len(text) else "…"])


def _window(text: str, first: Word) -> tuple[int, int]:
    """The part of a sentence to show: all of it, or from a little before the first match."""
    if len(text) <= MAX_PASSAGE_CHARACTERS:
        return 0, len(text)
    start = max(0, min(first.start - 60, len(text) - MAX_PASSAGE_CHARACTERS))
    if start:
        start = text.find(" ", start, first.start) + 1 or first.start
    end = max(start + MAX_PASSAGE_CHARACTERS, first.end)
    return start, end if end >= len(text) else max(text.rfind(" ", first.end, end), first.end)
