"""Where a text shows entities and mojibake on purpose: it names them, quotes them, or sets them beside what they stand
for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from unspin.edits import Edit
from unspin.passages import Passages
from unspin.rulebook.tables import members

_AROUND = 300
"""Code points on either side of an edit in which a text may say what it is about."""

_TERM = re.compile(r"[A-Za-z][\w-]*")
_WORD = re.compile(r"[^\W\d_]+")
_PARTS = re.compile(r"[\s/|]+")

_QUOTED = ("''", '""', "``", "‘’", "“”", "«»", "//")
"""What stands before and behind a sequence that is quoted by itself, or is to be replaced."""

_ALONE = " \t\n.,;:?!|/"
"""What parts a sequence that stands by itself from its neighbours."""

_JOINING = "&–—…\xa0"
"""What stands by itself between the words of any text."""

_ONCE = 2
"""Code points of a letter that was damaged once; nobody shows one that was damaged twice without a word on it."""

_CELL = re.compile(r"[:=|\t] ?$")
"""What stands before the last cell of a row."""

_ENTITY = re.compile(r"(?<![^\s(])&#?\w+;(?:\w+;)*(?=[\s.,;:?!)]|$)")


class Mentions:
    """Tells what is shown from what is damaged.

    Args:
        folders: rule folders; classes of their tables `words.tsv` hold what such texts say.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders

    def hold(self, edit: Edit, passages: Passages) -> bool:
        """Whether something that an edit would put right stands there on purpose."""
        if edit.rule == "encoding/entities":
            return (
                passages.code(edit.start, edit.end)
                or self._discussed("about entities", edit, passages)
                or _is_shown(edit, passages)
                or self._is_named(edit, passages)
            )
        if edit.rule == "encoding/mojibake":
            return self._discussed("about encoding", edit, passages) or _is_shown(edit, passages)
        return False

    def _discussed(self, topic: str, edit: Edit, passages: Passages) -> bool:
        """Whether the line around an edit has a word of some class."""
        head, tail = _line(edit, passages)
        return any(word.lower() in self._words[topic] for word in _TERM.findall(f"{head} {tail}"))

    def _is_named(self, edit: Edit, passages: Passages) -> bool:
        """Whether a line names one of its entities: "use &mdash; for a dash", "greater than: &gt;"."""
        a, b = passages.line(edit.start, edit.end)
        line = passages.text[max(a, edit.start - _AROUND) : min(b, edit.end + _AROUND)]
        return _ENTITY.match(passages.text, edit.start) is not None and any(
            self._names(line[: entity.start()], line[entity.end() :]) for entity in _ENTITY.finditer(line)
        )

    def _names(self, head: str, tail: str) -> bool:
        if not tail.strip():
            return _CELL.search(head) is not None
        before, behind = _TERM.findall(head[-_AROUND:])[-1:], _TERM.match(tail.lstrip())
        follows = behind is None or behind[0].lower() in self._words["behind a mention"]
        return follows and bool(before) and before[0].lower() in self._words["before a mention"]

    @cached_property
    def _words(self) -> dict[str, frozenset[str]]:
        classes = members(self._folders, "words.tsv")
        names = ("about entities", "about encoding", "before a mention", "behind a mention")
        return {name: frozenset(classes.get(name, ())) for name in names}


def _is_shown(edit: Edit, passages: Passages) -> bool:
    """Whether a sequence stands there for itself: quoted by itself, on one line with what it stands for, or by itself
    where it stands for what does not: an apostrophe, or a Latin letter that is no word of English.
    """
    text = passages.text
    end = edit.start + len(edit.before.rstrip(" "))
    before, behind = text[: edit.start][-1:], text[end : end + 1]
    if before + behind in _QUOTED:
        return True
    if before.strip(_ALONE) or behind.strip(_ALONE):
        return False
    after = edit.after.strip(" ")
    head, tail = _line(edit, passages)
    if (after in ("‘", "’") and after not in edit.before) or (
        after and after not in _JOINING and after in _PARTS.split(f"{head} {tail}")
    ):
        return True
    from ftfy.badness import is_bad  # loaded by what found the damage

    if is_bad(head) or is_bad(tail):  # nobody shows the one, and leaves the other damaged
        return False
    following = _WORD.match(tail.lstrip())
    of_english = following is None or following[0].lower() not in passages.foreign_words
    single = len(after) == 1 and unicodedata.name(after, "").startswith("LATIN") and after.isalpha()
    return single and len(edit.before.rstrip(" ")) <= _ONCE and of_english and passages.english(edit.start, edit.end)


def is_compared(line: str, fixed: str, start: int, end: int) -> bool:
    """Whether a damaged word is quoted, and beside it the right one.

    Args:
        line: a line.
        fixed: the same line without damage.
        start, end: a place of `fixed` that was damaged.

    >>> is_compared('"cafÃ©" for "café"', '"café" for "café"', 4, 5)
    True
    """
    begin = start
    while begin and _WORD.match(fixed, begin - 1):
        begin -= 1
        if start - begin > _AROUND:  # no word of any language; a line may be one
            return False
    word = _WORD.match(fixed, begin)
    if (
        word is None
        or word.end() < end
        or fixed[word.start() - 1 : word.start()] + fixed[word.end() : word.end() + 1] not in _QUOTED
    ):
        return False
    return any(f"{quotes[0]}{word[0]}{quotes[1]}" in line for quotes in _QUOTED)


def _line(edit: Edit, passages: Passages) -> tuple[str, str]:
    """What stands before and behind an edit in its line, as much of it as is near."""
    a, b = passages.line(edit.start, edit.end)
    text = passages.text
    return text[max(a, edit.start - _AROUND) : edit.start], text[edit.end : min(b, edit.end + _AROUND)]
