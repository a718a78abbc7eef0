"""Diffs drawn from known edits: unified by line, and word by word in colour."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from unspin.edits import Edit, apply
from unspin.escapes import patch_name, printable

_CONTEXT = 3
_RED, _GREEN, _RESET = "\x1b[31m", "\x1b[32m", "\x1b[0m"


class Lines:
    """The lines of a text, found by offset. A line ends with `\\n`; `\\r\\n` belongs to its line.

    >>> lines = Lines("one\\ntwo")
    >>> lines.position(5)
    (2, 2)
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0]
        at = text.find("\n")
        while at >= 0:
            self.starts.append(at + 1)
            at = text.find("\n", at + 1)
        if len(self.starts) > 1 and self.starts[-1] == len(text):
            self.starts.pop()

    def number(self, offset: int) -> int:
        """Index, from 0, of the line that holds `offset`."""
        return bisect_right(self.starts, offset) - 1

    def position(self, offset: int) -> tuple[int, int]:
        """(line, column) of `offset`, both from 1."""
        number = self.number(offset)
        return number + 1, offset - self.starts[number] + 1

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Offsets of lines `first` up to and including `last`."""
        end = self.starts[last + 1] if last + 1 < len(self.starts) else len(self.text)
        return self.starts[first], end


def unified(text: str, edits: Sequence[Edit], path: str) -> str:
    """A unified diff with three lines of context, as `diff -u` writes it; empty without edits."""
    diff = UnifiedDiff(path)
    return "".join([*diff.add(text, edits), *diff.end()])


class UnifiedDiff:
    """A unified diff of a text that comes in pieces; only the lines around an edit are held. Odd names are quoted as
    git does it.

    Args:
        path: what the text is called.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._begun = False
        self._old = self._new = 0  # lines that are done, of the text and of the repaired one
        self._before: list[str] = []  # the last unchanged lines
        self._hunk: _Hunk | None = None
        self._rest = ""  # a line that was not whole, or lines that an edit joins to it
        self._rest_edits: list[Edit] = []

    def add(self, text: str, edits: Iterable[Edit]) -> Iterator[str]:
        """The next piece of the text with its edits; gives the hunks that are whole now."""
        edits = [*self._rest_edits, *(edit.moved(len(self._rest)) for edit in edits)]
        text = self._rest + text
        whole = text.rfind("\n") + 1
        runs: list[Run] = []
        if edits:
            lines = Lines(text)
            runs = _changed_lines(lines, edits)
            if runs[-1][1] > whole or (edits[-1].end == len(text) and _joins(lines, edits[-1])):
                whole = min(whole, runs.pop()[0])
        self._rest = text[whole:]
        self._rest_edits = [edit.moved(-whole) for edit in edits if edit.end > whole or edit.start >= whole]
        yield from self._take(text[:whole], runs)

    def end(self) -> Iterator[str]:
        """The hunk that is left: the text is at its end."""
        text, edits = self._rest, self._rest_edits
        yield from self._take(text, _changed_lines(Lines(text), edits) if edits else [])
        yield from self._close()

    def _take(self, text: str, runs: Sequence[Run]) -> Iterator[str]:
        at = 0
        for start, end, edits in runs:
            yield from self._unchanged(text[at:start])
            self._changed(text[start:end], [edit.moved(-start) for edit in edits])
            at = end
        yield from self._unchanged(text[at:])

    def _changed(self, text: str, edits: Sequence[Edit]) -> None:
        if self._hunk is None:
            context = len(self._before)
            self._hunk = _Hunk(self._old - context, self._new - context, self._before)
        old, new = _split(text), _split(apply(text, edits))
        self._hunk.change(old, new)
        self._old += len(old)
        self._new += len(new)
        self._before = []

    def _unchanged(self, text: str) -> Iterator[str]:
        if not text:
            return
        count = text.count("\n") + (not text.endswith("\n"))
        first, last = _first_lines(text, 2 * _CONTEXT + 1), _last_lines(text, _CONTEXT)
        if self._hunk is not None:
            self._hunk.after += first
            if len(self._hunk.after) > 2 * _CONTEXT:
                yield from self._close()
        self._before = [*self._before, *last][-_CONTEXT:] if count < _CONTEXT else last
        self._old += count
        self._new += count

    def _close(self) -> Iterator[str]:
        if self._hunk is not None:
            head = "" if self._begun else f"--- {patch_name(self.path)}\n+++ {patch_name(self.path)}\n"
            self._begun = True
            yield head + self._hunk.text()
            self._hunk = None


class _Hunk:
    """A hunk that grows.

    Args:
        old, new: lines before it, of the text and of the repaired one.
        before: the unchanged lines that it begins with.

    Attributes:
        after: unchanged lines since its last change.
    """

    def __init__(self, old: int, new: int, before: Sequence[str]) -> None:
        self._start = old, new
        self._body = [_line(" ", line) for line in before]
        self.after: list[str] = []

    def change(self, old: Sequence[str], new: Sequence[str]) -> None:
        """Add lines that are changed."""
        self._body += [_line(" ", line) for line in self.after]
        self._body += [_line("-", line) for line in old] + [_line("+", line) for line in new]
        self.after = []

    def text(self) -> str:
        """The hunk as it is written."""
        body = self._body + [_line(" ", line) for line in self.after[:_CONTEXT]]
        old = sum(line[0] != "+" for line in body)
        new = sum(line[0] != "-" for line in body)
        return f"@@ -{_range(self._start[0] + 1, old)} +{_range(self._start[1] + 1, new)} @@\n" + "".join(body)


Run = tuple[int, int, list[Edit]]
"""(start, end, edits) of whole lines that edits touch."""


def _changed_lines(lines: Lines, edits: Sequence[Edit]) -> list[Run]:
    """Each run of lines that an edit touches."""
    runs: list[tuple[int, int, list[Edit]]] = []
    for edit in edits:
        a, b = lines.number(edit.start), lines.number(max(edit.start, edit.end - 1))
        if _joins(lines, edit):
            b = lines.number(edit.end)
        if runs and a <= runs[-1][1]:
            runs[-1] = (runs[-1][0], max(b, runs[-1][1]), [*runs[-1][2], edit])
        else:
            runs.append((a, b, [edit]))
    return [(*lines.span(a, b), its) for a, b, its in runs]


def _joins(lines: Lines, edit: Edit) -> bool:
    """Whether an edit takes the end from a line, which goes on in the next."""
    ends = edit.before.endswith("\n") and not edit.after.endswith("\n")
    return ends and (bool(edit.after) or lines.position(edit.start)[1] > 1)


def _first_lines(text: str, count: int) -> list[str]:
    """The first lines of a text, with their ends."""
    end = 0
    for _ in range(count):
        end = text.find("\n", end) + 1
        if not end:
            return _split(text)
    return _split(text[:end])


def _last_lines(text: str, count: int) -> list[str]:
    """The last lines of a text, with their ends."""
    start = len(text) - text.endswith("\n")
    for _ in range(count):
        start = text.rfind("\n", 0, start)
        if start < 0:
            return _split(text)
    return _split(text[start + 1 :])


def _split(text: str) -> list[str]:
    """Lines with their ends; only `\\n` ends a line, as for diff."""
    parts = text.split("\n")
    return [part + "\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _line(sign: str, line: str) -> str:
    return sign + line if line.endswith("\n") else f"{sign}{line}\n\\ No newline at end of file\n"


def _range(start: int, count: int) -> str:
    return str(start) if count == 1 else f"{start if count else start - 1},{count}"


def words(text: str, edits: Sequence[Edit], colour: bool) -> str:
    """The text with each edit shown in place, as `marked` does. What could command a terminal is shown as escapes."""
    out = []
    position = 0
    for edit in edits:
        out.append(printable(text[position : edit.start]))
        out.append(marked(printable(edit.before), printable(edit.after), colour))
        position = edit.end
    out.append(printable(text[position:]))
    return "".join(out)


def marked(before: str, after: str, colour: bool = False) -> str:
    """A change in a line: red and green in colour, else as `git diff --word-diff` writes it.

    >>> marked("palms", "hands"), marked("", "the ")
    ('[-palms-]{+hands+}', '{+the +}')
    """
    if colour:
        return f"{_RED}{before}{_RESET}{_GREEN}{after}{_RESET}"
    return (f"[-{before}-]" if before else "") + (f"{{+{after}+}}" if after else "")
