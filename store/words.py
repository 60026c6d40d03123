"""How MongoDB's text index cuts text into words, and what it makes of a search. Pure.

A search is read as `$text` reads it: words, "quoted phrases", and a minus right before either to
leave out what has it. Words are compared by their English stem; stop words are in no search. A test
holds this reading to the one that a server gives in its `explain`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from snowballstemmer import stemmer

from store.names import fold

# Letters, digits and what stands above them; an apostrophe is part of an English word.
WORD = re.compile(r"(?:[\w']|[\u0300-\u036f])+")
_STEMMER = stemmer("english")

# The words that a text index in English leaves out, as a server says in `explain`.
STOP_WORDS = frozenset(
    """
    a about above after again against all am an and any are aren't as at be because been before
    being below between both but by can't cannot could couldn't did didn't do does doesn't doing
    don't down during each few for from further had hadn't has hasn't have haven't having he he'd
    he'll he's her here here's hers herself him himself his how how's i i'd i'll i'm i've if in
    into is isn't it it's its itself let's me more most mustn't my myself no nor not of off on
    once only or other ought our ours ourselves out over own same shan't she she'd she'll she's
    should shouldn't so some such than that that's the their theirs them themselves then there
    there's these they they'd they'll they're they've this those through to too under until up
    very was wasn't we we'd we'll we're we've were weren't what what's when when's where where's
    which while who who's whom why why's with won't would wouldn't you you'd you'll you're you've
    your yours yourself yourselves
    """.split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: where it stands, and its stem; "" for a stop word."""

    start: int
    end: int
    stem: str


@dataclass(frozen=True, slots=True)
class Search:
    """What a search asks for: stems, any of which may match, and phrases, all of which have to.

    `terms` holds the stems of words outside of phrases, `phrases` the folded words of each.
    What a search leaves out is not in here.
    """

    terms: frozenset[str]
    phrases: tuple[tuple[str, ...], ...]


def words(text: str) -> list[Word]:
    """The words of a text, in order."""
    return [Word(match.start(), match.end(), stem(match[0])) for match in WORD.finditer(text)]


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """The stem of one word, "" for a stop word: "Robots" -> "robot", "the" -> ""."""
    lower = word.lower()
    return "" if lower in STOP_WORDS else fold(_STEMMER.stemWord(lower))


@lru_cache(maxsize=256)
def read_search(text: str) -> Search:
    """A search as `$text` reads it."""
    terms: set[str] = set()
    phrases: list[tuple[str, ...]] = []
    for said, is_phrase in _wanted(text):
        if is_phrase:
            phrases.append(tuple(fold(word) for word in WORD.findall(said)))
        else:
            terms.add(stem(said))
    return Search(frozenset(terms - {""}), tuple(phrase for phrase in phrases if phrase))


def _wanted(text: str) -> Iterator[tuple[str, bool]]:
    """The words outside of phrases and the phrases that a search does not leave out."""
    leaving_out = after_space = True
    phrase_from: int | None = None
    for token in re.finditer(rf"\s+|{WORD.pattern}|.", text):
        said = token[0]
        if after_space and phrase_from is None:
            leaving_out = said == "-"
        if said == '"':
            if phrase_from is not None and not leaving_out:
                yield text[phrase_from : token.start()], True
            phrase_from = token.end() if phrase_from is None else None
        elif phrase_from is None and not leaving_out and WORD.fullmatch(said):
            yield said, False
        after_space = said.isspace()
    # A quote that is never closed makes no phrase: its words are words.
    if phrase_from is not None and not leaving_out:
        yield from ((word, False) for word in WORD.findall(text[phrase_from:]))
