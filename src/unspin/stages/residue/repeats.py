"""What stands twice on a page: headlines, captions with their credits, headings made of the paragraph below.

Of two copies the later one goes: the first stands where the reader met it. A heading that its paragraph repeats goes
itself. Short lines that come again are refrains, rows and replies, and stay.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from unspin.levenshtein import common
from unspin.stages.residue.page import Line

_HEADLINE = 20
"""Code points from which a line at the head of a page may be its headline."""

_TOP, _FIRST = 14, 3
"""Lines at the head of a page among which a headline stands again, and its first ones; further down it may stand again
right below itself."""

_PARAGRAPH = 70
"""Code points from which a line is a paragraph or caption, not a refrain."""

_NEAR = 8
"""Lines within which a second copy is looked for."""

_ALIKE = 0.97
"""Share of their letters that two lines have in common, in order, from which they are the same but for a mark or a
letter."""

_BESIDE = 3
"""Lines within which a copy is looked for that is not quite the same."""

_EQUAL = 12
"""Code points at the beginning or the end that such a copy shares."""

_BEGUN = 0.5
"""Share of a headline that a line must have that breaks off."""

_HEADING = (4, 12)
"""Words of a heading that was made of its paragraph."""

_BODY = 150
"""Code points of a paragraph that may repeat its heading."""

_CREDIT = 60
"""Code points of the longest credit of a picture."""

_NAME = re.compile(r"(?:[A-Z][\w.'’-]+ ){1,3}[A-Z][\w.'’-]+")
_WORDS = re.compile(r"\w{5,}|\d+")
"""Words that tell two clauses of a contract apart, and figures."""


_PROSE = re.compile(r"[^\W_].*|[“‘\"'(].*")
_SYNTAX = re.compile(r"[<>{}=|\\$_]|--|::|;$|:$")
_ENDS = ".!?…”\"’')"
_WORDY = 8
"""Words of the shortest paragraph or caption."""

_TWICE = 3
"""Copies of a line on one page up to which they are the page's doing; more are a table, a log, a form."""


def repeats(page: Sequence[Line], gone: Collection[int]) -> dict[int, str]:
    """Number of a line -> the rule by which it goes.

    Args:
        page: the lines.
        gone: numbers of those that go for other reasons.
    """
    found: dict[int, str] = {}
    seen: dict[str, int] = {}
    counts = Counter(line.folded for line in page)
    article = any(map(_whole, page))  # verse has refrains, and no headline
    for number, line in enumerate(page):
        if number in gone or counts[line.folded] > _TWICE or _SYNTAX.search(line.text) or not _PROSE.match(line.text):
            continue
        copy = number - seen.get(line.folded, -_NEAR) <= _NEAR if line.folded in seen else False
        if (
            number < _TOP
            and article
            and any(
                _headline(page[n], line) for n in range(number) if n not in gone and (n < _FIRST or number - n < _FIRST)
            )
        ):
            found[number] = "residue/repeated-headline"
        elif _whole(line) and (
            copy or any(_alike(page[n], line) for n in range(max(0, number - _BESIDE), number) if n not in gone)
        ):
            found[number] = "residue/repeated-paragraph"
        elif 0 < number < len(page) - 1 and _heads(line, page[number + 1]):
            found[number] = "residue/repeated-heading"
        if number not in found:
            seen[line.folded] = number
    _credits(page, {*gone, *found}, found)
    _signature(page, gone, found)
    return found


def _whole(line: Line) -> bool:
    """Whether a line is a paragraph or a caption: sentences, from their beginning to their end."""
    text = line.text
    return len(text) >= _PARAGRAPH and text[-1] in _ENDS and not text[0].islower() and text.count(" ") >= _WORDY - 1


def _headline(first: Line, line: Line) -> bool:
    """Whether a line at the head of a page is its headline once more, perhaps cut short."""
    if len(line.folded) < _HEADLINE or line.text[-1] in ".,;" or line.text[0] in "“\"'‘":
        return False
    if line.folded == first.folded:
        return True
    cut = line.folded.rstrip(".…")
    return (first.folded.startswith(cut) and len(cut) >= _BEGUN * len(first.folded)) or _alike(first, line)


def _alike(first: Line, line: Line) -> bool:
    """Whether two lines are nearly the same, figures and all."""
    one, other = first.folded, line.folded
    if abs(len(one) - len(other)) > 3 or len(other) < _PARAGRAPH:
        return False
    if one[:_EQUAL] != other[:_EQUAL] and one[-_EQUAL:] != other[-_EQUAL:]:
        return False
    alike = 2 * common(one, other) / (len(one) + len(other))
    return alike >= _ALIKE and _WORDS.findall(one) == _WORDS.findall(other)


def _heads(line: Line, below: Line) -> bool:
    """Whether a line is a heading that the paragraph right below it has word for word."""
    words = line.folded.count(" ") + 1
    return (
        _HEADING[0] <= words <= _HEADING[1]
        and len(below.text) >= _BODY
        and line.text[-1] not in ".!?:,;"
        and line.folded in below.text.lower()
        and (line.text[0].islower() or below.text.lower().startswith(line.folded))
    )


def _credits(page: Sequence[Line], gone: Collection[int], found: dict[int, str]) -> None:
    """Credits of pictures that stand again beside what goes."""
    away = set(gone)
    for number, line in enumerate(page):
        if number in away or len(line.text) > _CREDIT or not line.text[0].isupper() or _SYNTAX.search(line.text):
            continue
        earlier = any(page[n].folded == line.folded for n in range(max(0, number - _NEAR), number))
        if earlier and (number - 1 in away or number + 1 in away):
            found[number] = "residue/repeated-credit"
            away.add(number)


def _signature(page: Sequence[Line], gone: Collection[int], found: dict[int, str]) -> None:
    """A name alone on a line between the article and the stamp at its end."""
    last = len(page) - 1
    if last > 0 and last in gone and last - 1 not in gone and any(map(str.isdigit, page[last].text)):
        above = page[last - 1]
        if "tail" in above.places and _NAME.fullmatch(above.text):
            found[last - 1] = "residue/signature"
