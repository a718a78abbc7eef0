"""Putting a plain wording into the place of a spun one: case, articles, doubled words, blanks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import regex

_PREVIOUS = regex.compile(r"(?<![\p{L}\p{N}'’-])([\p{L}]+)([ \t\u00a0]+)$")
_NEXT = regex.compile(r"([ \t\u00a0]+)([\p{L}]+)(?![\p{L}\p{N}'’-])")

_A, _AN = ("a", "A"), ("an", "An", "aN", "AN")
_ARTICLE_ENDS = ("a", "A", "n", "N")

_NEAR = 40
"""Code points on either side of a phrase in which the words next to it are looked for."""

_TITLED = 4
"""Shorter words inside a title stay in lower case."""


class Replacement(NamedTuple):
    """`text[start:end]` becomes `after`; wider than the phrase where its neighbours have to change with it."""

    start: int
    end: int
    after: str


def fit(text: str, start: int, end: int, plain: str, articles: Mapping[str, str]) -> Replacement:
    """The replacement of `text[start:end]` by `plain` that leaves grammatical text.

    Args:
        text: the text around it.
        start, end: the spun phrase.
        plain: its alternative as the rule has it.
        articles: exceptions from `articles.tsv`.

    >>> fit("He gave a statement.", 10, 19, "announcement", {})
    Replacement(start=8, end=19, after='an announcement')
    >>> fit("in\\nspite of it", 0, 11, "despite", {})
    Replacement(start=0, end=12, after='despite\\n')
    """
    before = text[start:end]
    if before.islower() and before.isalpha() and plain.isalpha() and text[start - 2 : start - 1] not in _ARTICLE_ENDS:
        return Replacement(start, end, plain)  # one word for one: most are such, and nothing around has to change
    done = _fitted(text, start, end, plain, articles)
    return done if text[done.start : done.end].isalpha() else _with_gaps(text, done)


def _fitted(text: str, start: int, end: int, plain: str, articles: Mapping[str, str]) -> Replacement:
    after = carry_case(text[start:end], plain)
    if "'" in after and ("’" in text[start:end] or ("’" in text and "'" not in text)):
        after = after.replace("'", "’")
    if after and " " not in after and text[start - 2 : start - 1] not in _ARTICLE_ENDS:
        return Replacement(start, end, after)  # nothing around it can have to change
    before = _before(text, start, after)
    if before:
        word, blank = before[1], before[2]
        lower = word.lower()
        if lower in ("a", "an") and after:
            wanted = article(after, articles)
            if wanted != lower and article(text[start:end], articles) == lower:
                return Replacement(before.start(1), end, carry_case(word, wanted) + blank + after)
        first, _, rest = after.partition(" ")
        if rest and first.lower() == lower and text[start:end].split(maxsplit=1)[0].lower() != lower:
            return Replacement(start, end, rest)  # "the" + "the first"
    if " " in after:
        head, _, last = after.rpartition(" ")
        behind = _behind(text, end, last)
        if (
            behind
            and behind[2].lower() == last.lower()
            and text[start:end].rsplit(maxsplit=1)[-1].lower() != last.lower()
        ):
            return Replacement(start, end, head)
    if not after:
        if before:
            return Replacement(before.start(2), end, "")
        behind = _NEXT.match(text, end, min(len(text), end + 40))
        if behind:
            return Replacement(start, behind.end(1), "")
    return Replacement(start, end, after)


def _before(text: str, start: int, after: str) -> regex.Match[str] | None:
    """The word before a place, where what stands there may make it change: that is told from its last letters."""
    near = max(0, start - _NEAR)
    head = text[near:start].rstrip(" \t\u00a0")
    first, last = after.partition(" ")[0], head[-1:]
    if after and last.isascii() and last.lower() != first[-1:].lower() and not _ends_with_article(head):
        return None
    return _PREVIOUS.search(text, near, start)


def _ends_with_article(head: str) -> bool:
    """Whether a text may end with "a" or "an"."""
    return (head[-1:] in _A and not head[-2:-1].isalpha()) or (head[-2:] in _AN and not head[-3:-2].isalpha())


def _behind(text: str, end: int, last: str) -> regex.Match[str] | None:
    """The word behind a place, where it may be the last that stands there: that is told from its first letter."""
    far = min(len(text), end + _NEAR)
    letter = text[end:far].lstrip(" \t\u00a0")[:1]
    return _NEXT.match(text, end, far) if not letter.isascii() or letter.lower() == last[:1].lower() else None


_GAP = regex.compile(r"\s+")


def _with_gaps(text: str, done: Replacement) -> Replacement:
    """A replacement that keeps the line ends, and as far as it has as many words the very gaps, of what it replaces.

    Where no gap is left to hold a line end, the blank beside it does. Nothing is replaced where there is none.
    """
    start, end, after = done
    before = text[start:end].strip()
    if before == " ".join(before.split()):
        return done
    gaps = _GAP.findall(before)
    slots = after.count(" ")
    if slots == len(gaps):
        return Replacement(start, end, _joined(after, gaps))
    lines = [gap for gap in gaps if gap.strip(" \xa0")]
    if len(lines) <= slots:
        blanks = [*lines, *[" "] * (slots - len(lines))]
        return Replacement(start, end, _joined(after, blanks)) if lines else done
    if not slots and len(lines) == 1:
        if text[end : end + 1] == " ":
            return Replacement(start, end + 1, after + lines[0])
        if text[start - 1 : start] == " ":
            return Replacement(start - 1, end, lines[0] + after)
    return Replacement(start, end, text[start:end])


def _joined(phrase: str, gaps: list[str]) -> str:
    words = phrase.split(" ")
    return "".join(part for pair in zip(words, [*gaps, ""], strict=True) for part in pair)


def carry_case(before: str, plain: str) -> str:
    """`plain` in the case of `before`; capitals of its own (names, I) stay.

    >>> carry_case("Regardless of", "despite"), carry_case("Nice Corridor", "great hall")
    ('Despite', 'Great Hall')
    >>> carry_case("REGARDLESS OF", "despite"), carry_case("america", "the United States")
    ('DESPITE', 'the United States')
    """
    if before.islower():
        return plain
    letters = [c for c in before if c.isalpha()]
    if not letters or not plain:
        return plain
    if len(letters) > 1 and all(c.isupper() for c in letters):
        return plain.upper()
    parts = before.split()
    if len(parts) > 1 and parts[0][:1].isupper() and parts[-1][:1].isupper() and plain.islower():
        first, *rest = plain.split(" ")
        return " ".join([_capital(first), *(w if len(w) < _TITLED else _capital(w) for w in rest)])
    if letters[0].isupper() and before.lstrip()[:1] == letters[0]:
        return _capital(plain)
    return plain


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def article(phrase: str, exceptions: Mapping[str, str]) -> str:
    """ "a" or "an", as the first word of `phrase` asks for.

    >>> article("hour", {"hour*": "an"}), article("European visit", {"euro*": "a"}), article("11th hour", {})
    ('an', 'a', 'an')
    """
    first = phrase.split(" ", maxsplit=1)[0].split("-", maxsplit=1)[0] if phrase else ""
    word = first.lower().strip("\"'“”‘’().,")
    if not word:
        return "a"
    if word in exceptions:
        return exceptions[word]
    for size in range(len(word), 1, -1):
        given = exceptions.get(word[:size] + "*")
        if given:
            return given
    if word[0].isdigit():
        return "an" if word[0] == "8" or (word.startswith(("11", "18")) and len(word) in (2, 4)) else "a"
    if len(first) > 1 and first.isupper() and len(first) < 5:
        return "an" if first[0] in "AEFHILMNORSX" else "a"
    return "an" if word[0] in "aeiou" else "a"
