"""Does a contextual rule apply here?"""

from __future__ import annotations

from functools import lru_cache

import regex

from unspin.rulebook.loader import normalize
from unspin.rulebook.schema import Condition, RuleError

_TIMEOUT = 0.2
"""Seconds that one pattern of a rule may take on one sentence."""

_WORD_BEFORE = regex.compile(r"([\p{L}\p{N}'’.-]*[\p{L}\p{N}])\.?[ \t\n\u00a0]+$")
_WORD_AFTER = regex.compile(r"[ \t\n\u00a0]+([\p{L}\p{N}](?:[\p{L}\p{N}'’.-]*[\p{L}\p{N}])?)")
_ANY_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{N}'’-]*")


@lru_cache(maxsize=1024)
def _pattern(source: str) -> regex.Pattern[str]:
    return regex.compile(source)


def holds(condition: Condition, text: str, start: int, end: int, sentence: tuple[int, int], place: str) -> bool:
    """Whether `condition` is met by the phrase at `text[start:end]`.

    Args:
        condition: what the rule asks for.
        text: the whole text.
        start, end: the phrase.
        sentence: (start, end) of the sentence around it.
        place: file and line of the rule, for the error.

    Raises:
        RuleError: a pattern of the rule runs away (catastrophic backtracking).
    """
    phrase = text[start:end]
    if not condition.fits_case(phrase):
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
