"""Diffs drawn from known edits: unified by line, and word by word in colour."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from unspin.edits import Edit, apply

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
    if not edits:
        return ""
    lines = Lines(text)
    changes = _changed_lines(lines, edits)
    out = [f"--- {path}\n", f"+++ {path}\n"]
    shift = 0
    for hunk in _hunks(changes):
        first = max(0, hunk[0][0] - _CONTEXT)
        last = min(len(lines.starts) - 1, hunk[-1][1] + _CONTEXT)
        body: list[str] = []
        at = first
        old = new = 0
        for a, b, inside in hunk:
            for line in _split(text[slice(*lines.span(at, a - 1))] if a > at else ""):
                body.append(_line(" ", line))
                old, new = old + 1, new + 1
            start, end = lines.span(a, b)
            before = _split(text[start:end])
            after = _split(apply(text[start:end], [e.moved(-start) for e in inside]))
            body += [_line("-", line) for line in before] + [_line("+", line) for line in after]
            old, new = old + len(before), new + len(after)
            at = b + 1
        for line in _split(text[slice(*lines.span(at, last))] if last >= at else ""):
            body.append(_line(" ", line))
            old, new = old + 1, new + 1
        out.append(f"@@ -{_range(first + 1, old)} +{_range(first + 1 + shift, new)} @@\n")
        out += body
        shift += new - old
    return "".join(out)


def _changed_lines(lines: Lines, edits: Sequence[Edit]) -> list[tuple[int, int, list[Edit]]]:
    """(first line, last line, edits) for each run of lines that an edit touches."""
    runs: list[tuple[int, int, list[Edit]]] = []
    for edit in edits:
        a, b = lines.number(edit.start), lines.number(max(edit.start, edit.end - 1))
        if runs and a <= runs[-1][1]:
            runs[-1] = (runs[-1][0], max(b, runs[-1][1]), [*runs[-1][2], edit])
        else:
            runs.append((a, b, [edit]))
    return runs


def _hunks(runs: Sequence[tuple[int, int, list[Edit]]]) -> Iterator[list[tuple[int, int, list[Edit]]]]:
    hunk = [runs[0]]
    for run in runs[1:]:
        if run[0] - hunk[-1][1] > 2 * _CONTEXT:
            yield hunk
            hunk = []
        hunk.append(run)
    yield hunk


def _split(text: str) -> list[str]:
    """Lines with their ends; only `\\n` ends a line, as for diff."""
    parts = text.split("\n")
    return [part + "\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _line(sign: str, line: str) -> str:
    return sign + line if line.endswith("\n") else f"{sign}{line}\n\\ No newline at end of file\n"


def _range(start: int, count: int) -> str:
    return str(start) if count == 1 else f"{start if count else start - 1},{count}"


def words(text: str, edits: Sequence[Edit], colour: bool) -> str:
    """The text with each edit shown in place: red and green in colour, else `[-before-]{+after+}`."""
    out = []
    position = 0
    for edit in edits:
        out.append(text[position : edit.start])
        if colour:
            out += (_RED, edit.before, _RESET, _GREEN, edit.after, _RESET)
        else:
            out.append((f"[-{edit.before}-]" if edit.before else "") + (f"{{+{edit.after}+}}" if edit.after else ""))
        position = edit.end
    out.append(text[position:])
    return "".join(out)
