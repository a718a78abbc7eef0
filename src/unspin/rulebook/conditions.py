"""Does a contextual rule apply here?"""

from __future__ import annotations

from functools import lru_cache

import regex

from unspin.errors import RuleError
from unspin.rulebook.loader import normalize
from unspin.rulebook.papers import papers_in
from unspin.rulebook.schema import SCHOLARLY, Condition

_TIMEOUT = 0.2
"""Seconds that one pattern of a rule may take on one sentence."""

_WORD_BEFORE = regex.compile(r"([\p{L}\p{N}'’.-]*[\p{L}\p{N}])\.?[ \t\n\u00a0]+$")
_WORD_AFTER = regex.compile(r"[ \t\n\u00a0]+([\p{L}\p{N}](?:[\p{L}\p{N}'’.-]*[\p{L}\p{N}])?)")
_FOLDED_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{N}']*")
_ANY_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{N}'’-]*")


@lru_cache(maxsize=1024)
def _pattern(source: str) -> regex.Pattern[str]:
    return regex.compile(source)


def holds(
    condition: Condition,
    text: str,
    start: int,
    end: int,
    sentence: tuple[int, int],
    place: str,
    scholarly: frozenset[str] = frozenset(),
) -> bool:
    """Whether `condition` is met by the phrase at `text[start:end]`.

    Args:
        condition: what the rule asks for.
        text: the whole text.
        start, end: the phrase.
        sentence: (start, end) of the sentence around it.
        place: file and line of the rule, for the error.
        scholarly: the vocabulary of scientific writing.

    Raises:
        RuleError: a pattern of the rule runs away (catastrophic backtracking).
    """
    phrase = text[start:end]
    if not condition.fits_case(phrase):
        return False
    if (condition.requires or condition.excludes) and not _document_fits(condition, text, start, end, scholarly):
        return False
    if condition.inside and not any(c.isalnum() for c in text[sentence[0] : start]):
        return False
    head, tail = text[sentence[0] : start], text[end : sentence[1]]
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
    try:
        if condition.text_before and not _pattern(f"(?:{condition.text_before})$").search(head, timeout=_TIMEOUT):
            return False
        if condition.text_after and not _pattern(condition.text_after).match(tail, timeout=_TIMEOUT):
            return False
    except TimeoutError:
        raise RuleError(
            f"{place}: a pattern of this rule takes more than {_TIMEOUT} s on one sentence; "
            "write it without nested repetition"
        ) from None
    return True


def _document_fits(condition: Condition, text: str, start: int, end: int, scholarly: frozenset[str]) -> bool:
    return all(_stands(term, text, start, end, scholarly) for term in condition.requires) and not any(
        _stands(term, text, start, end, scholarly) for term in condition.excludes
    )


def _stands(term: str, text: str, start: int, end: int, scholarly: frozenset[str]) -> bool:
    """Whether one term of a guard stands in the document, or near the phrase where it says so."""
    if term == SCHOLARLY:
        return any(a <= start and end <= b for a, b in _papers_in(text, scholarly))
    return any(_stands_alone(wanted, text, start, end) for wanted in term.split(" | "))


def _stands_alone(term: str, text: str, start: int, end: int) -> bool:
    wanted, near, distance = term.rpartition("~")
    if not near or not distance.isdigit():
        wanted, distance = term, ""
    beginning = wanted.endswith("*")
    wanted = _folded(wanted).strip()
    if distance:
        reach = int(distance)
        before = _folded(text[max(0, start - 40 * reach) : start]).split()[-reach:]
        after = _folded(text[end : end + 40 * reach]).split()[:reach]
        return set(wanted.split()) <= {*before, *_folded(text[start:end]).split(), *after}
    around = _folded(text)
    return f" {wanted}" in around if beginning else f" {wanted} " in around or f" {wanted}s " in around


_papers_in = lru_cache(maxsize=8)(papers_in)


@lru_cache(maxsize=8)
def _folded(text: str) -> str:
    """The words of a text in lower case, a blank around each; hyphens part words."""
    return f" {' '.join(_FOLDED_WORD.findall(normalize(text)))} "
