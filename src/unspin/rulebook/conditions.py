"""Does a contextual rule apply here?"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from itertools import islice

import regex

from unspin.rulebook.papers import Papers
from unspin.rulebook.patterns import RulePattern
from unspin.rulebook.phrase import normalize, normalized_text
from unspin.rulebook.schema import SCHOLARLY, SUPPORTED, Condition, Vocabulary

_NONE = Vocabulary()

_WORD_BEFORE = regex.compile(r"([\p{L}\p{N}'’.-]*[\p{L}\p{N}])\.?[ \t\n\u00a0]+$")
_WORD_AFTER = regex.compile(r"[ \t\n\u00a0]+([\p{L}\p{N}](?:[\p{L}\p{N}'’.-]*[\p{L}\p{N}])?)")
_FOLDED_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{N}']*")
_ANY_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{N}'’-]*")

_SEEN = 1_000
"""Code points of a sentence on either side of a phrase that its condition sees. Longer sentences are lists, or text
without full stops; to look through the whole of one for each of its phrases would cost the square of its length."""

_OF_FIELD = 2
"""Different words of a field in a document that is of this field; one may be there by chance."""

_pattern = lru_cache(maxsize=1024)(RulePattern)


def holds(
    condition: Condition,
    text: str,
    start: int,
    end: int,
    sentence: tuple[int, int],
    place: Callable[[], str],
    vocabulary: Vocabulary = _NONE,
) -> bool:
    """Whether `condition` is met by the phrase at `text[start:end]`.

    Args:
        condition: what the rule asks for.
        text: the whole text.
        start, end: the phrase.
        sentence: (start, end) of the sentence around it.
        place: gives file and line of the rule, for messages.
        vocabulary: of scientific writing, and of its fields.
    """
    phrase = text[start:end]
    if not condition.fits_case(phrase):
        return False
    if (condition.requires or condition.excludes) and not _document_fits(condition, text, start, end, vocabulary):
        return False
    head = text[max(sentence[0], start - _SEEN) : start]
    tail = text[end : min(sentence[1], end + _SEEN)]
    if condition.inside and not any(map(str.isalnum, head)):
        return False
    if condition.before or condition.not_before:
        match = _WORD_BEFORE.search(head[-60:])
        word = normalize(match[1]) if match else ""
        if (condition.before and word not in condition.before) or word in condition.not_before:
            return False
    if condition.after or condition.not_after:
        match = _WORD_AFTER.match(tail[:60])
        word = normalize(match[1]) if match else ""
        if (condition.after and word not in condition.after) or word in condition.not_after:
            return False
    if condition.near or condition.not_near:
        around = {normalize(w) for w in _ANY_WORD.findall(head) + _ANY_WORD.findall(tail)}
        if (condition.near and around.isdisjoint(condition.near)) or not around.isdisjoint(condition.not_near):
            return False
    if condition.text_after and not _pattern(condition.text_after, place()).match(tail):
        return False
    # Read backwards from the phrase: forwards, each place of the sentence would be tried as the beginning.
    before = condition.text_before
    return not before or _pattern(f"(?r)(?:{before})$", place()).search(head) is not None


def _document_fits(condition: Condition, text: str, start: int, end: int, vocabulary: Vocabulary) -> bool:
    return all(_stands(term, text, start, end, vocabulary) for term in condition.requires) and not any(
        _stands(term, text, start, end, vocabulary) for term in condition.excludes
    )


def needs_support(condition: Condition, text: str, start: int, end: int, vocabulary: Vocabulary) -> bool:
    """Whether a phrase whose condition holds acts only beside another mangled one."""
    for term in condition.requires:
        options = term.split(" | ")
        if SUPPORTED in options:
            others = " | ".join(option for option in options if option != SUPPORTED)
            if not others or not _stands(others, text, start, end, vocabulary):
                return True
    return False


def _stands(term: str, text: str, start: int, end: int, vocabulary: Vocabulary) -> bool:
    """Whether one term of a guard stands in the document, or near the phrase where it says so."""
    for wanted in term.split(" | "):
        if wanted == SCHOLARLY:
            if _papers(text, vocabulary.scholarly).around(start, end):
                return True
        elif wanted == SUPPORTED:
            return True  # a matter of all candidates of the document together: see `spun.terms`
        elif wanted[:1] == "@":
            if _is_of(vocabulary.fields[wanted[1:]], text, text[start:end]):
                return True
        elif _stands_alone(wanted, text, start, end):
            return True
    return False


def _is_of(field: Collection[str], text: str, phrase: str) -> bool:
    """Whether a text has words of a field, other than those of the phrase."""
    found = (word for word in field if holds_anywhere(word, text) and not holds_anywhere(word, phrase))
    return len(list(islice(found, _OF_FIELD))) == _OF_FIELD


def _stands_alone(term: str, text: str, start: int, end: int) -> bool:
    wanted, near, distance = term.rpartition("~")
    if not near or not distance.isdigit():
        return holds_anywhere(term, text)
    reach = int(distance)
    before = _words(text[max(0, start - 40 * reach) : start])[-reach:]
    after = _words(text[end : end + 40 * reach])[:reach]
    return set(_words(wanted)) <= {*before, *_words(text[start:end]), *after}


def holds_anywhere(term: str, text: str) -> bool:
    """Whether a word, a beginning of a word with * behind it, or a phrase stands in a text, also in the plural."""
    return _indexed(text).holds(term)


class _Index:
    """The words of a text, and which terms were asked for."""

    def __init__(self, text: str) -> None:
        words = _words(text)
        self._folded = f" {' '.join(words)} "
        self._words = frozenset(words)
        self._sorted = sorted(self._words)
        self._asked: dict[str, bool] = {}

    def holds(self, term: str) -> bool:
        """As for `holds_anywhere`."""
        if term not in self._asked:
            self._asked[term] = self._looked_for(term)
        return self._asked[term]

    def _looked_for(self, term: str) -> bool:
        wanted = " ".join(_words(term))
        if " " in wanted:
            around = self._folded
            return f" {wanted}" in around if term.endswith("*") else f" {wanted} " in around or f" {wanted}s " in around
        if term.endswith("*"):
            at = bisect_left(self._sorted, wanted)
            return at < len(self._sorted) and self._sorted[at].startswith(wanted)
        return wanted in self._words or f"{wanted}s" in self._words


@lru_cache(maxsize=2)  # a text, and what was made of it; the words of a long one are megabytes
def _indexed(text: str) -> _Index:
    return _Index(text)


def _words(text: str) -> list[str]:
    """The words of a text in lower case; hyphens part words."""
    return _FOLDED_WORD.findall(normalized_text(text))


def _papers(text: str, scholarly: Mapping[str, float]) -> Papers:
    """Where a text reads like a paper; that of the last few texts is kept."""
    for known, words, papers in _recent:
        if known is text and words is scholarly:
            return papers
    papers = Papers(text, scholarly)
    _recent.append((text, scholarly, papers))
    return papers


_recent: deque[tuple[str, Mapping[str, float], Papers]] = deque(maxlen=2)
