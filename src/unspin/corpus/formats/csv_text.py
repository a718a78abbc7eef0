"""Cells of CSV and TSV, and edits that leave dialect and every other cell alone."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cached_property

from unspin.edits import Edit, apply


class Malformed(ValueError):
    """A row that cannot be parted into cells."""


class Cell:
    """One cell of a row.

    Args:
        raw: the cell as it is written, in quotes or not, without blanks before it.
        start: where it begins in its row.
        pattern: how cells are written.
        quoted: whether it is in quotes.
    """

    def __init__(self, raw: str, start: int, pattern: CellPattern, quoted: bool) -> None:
        self.start = start
        self.end = start + len(raw)
        self._raw = raw
        self._pattern = pattern
        self._quoted = quoted

    @property
    def text(self) -> str:
        """What the cell says."""
        return self._raw[1:-1].replace('""', '"') if self._quoted else self._raw

    def edits(self, edits: Sequence[Edit]) -> Iterable[Edit]:
        """Edits of the row. A cell without quotes that needs them now is put in quotes as a whole, where the table has
        such; where it has none, and would be read otherwise, it stays as it is."""
        if not edits:
            return ()
        if self._quoted:
            return map(self._inside_quotes, edits)
        after = apply(self._raw, edits)
        if not self._pattern.needs_quotes(after, self._raw):
            return (edit.moved(self.start) for edit in edits)
        if self._pattern.loose and not self._pattern.lines:
            return ()
        first = edits[0]
        whole = first._replace(start=self.start, end=self.end, before=self._raw, after=quoted_cell(after))
        return [whole._replace(rule="+".join(dict.fromkeys(edit.rule for edit in edits)))]

    @cached_property
    def _quotes(self) -> array[int]:
        """Offsets, in the text, of its quotation marks, each of which is written twice."""
        return array("q", (match.start() for match in re.finditer('"', self.text)))

    def _inside_quotes(self, edit: Edit) -> Edit:
        before = edit.before.replace('"', '""')
        start = self.start + 1 + edit.start + bisect_left(self._quotes, edit.start)
        return edit._replace(start=start, end=start + len(before), before=before, after=edit.after.replace('"', '""'))


def quoted_cell(text: str) -> str:
    """A cell in quotes."""
    return '"' + text.replace('"', '""') + '"'


class CellPattern:
    """How the cells of a table are written.

    Args:
        delimiter: what parts them.
        blanks: whether blanks behind a delimiter belong to it.
        lines: whether a cell in quotes may have several lines.
        loose: whether a quotation mark that does not enclose its cell is a letter, as in TSV, where many tables have no
            quoting.
    """

    def __init__(self, delimiter: str, blanks: bool = False, lines: bool = True, loose: bool = False) -> None:
        self.delimiter = delimiter
        self.has_blanks = blanks
        self.lines = lines
        self.loose = loose
        sign = re.escape(delimiter)
        inside = r'[^"]' if lines else r'[^"\r\n]'
        self.blanks = re.compile(r"[ \t]*" if blanks else "")
        self.quoted = re.compile(rf'"(?:{inside}|"")*"(?P<end>{sign}|\r?\n|\r|\Z)')
        self.plain = re.compile(rf"(?P<cell>[^{sign}\r\n]*)(?P<end>{sign}|\r?\n|\r|\Z)")
        self.closing = re.compile(rf'(?:[^"]|"")*"(?!")(?P<end>{sign}|\r?\n|\r|\Z)?')

    def needs_quotes(self, cell: str, before: str) -> bool:
        """Whether a cell that had none is only read right in quotes now."""
        # A deletion may leave a quotation mark at the head of the cell, where it would open one.
        opened = cell.startswith('"') and not before.startswith('"')
        signs = (self.delimiter, "\n", "\r") if self.loose else (self.delimiter, '"', "\n", "\r")
        return opened or any(cell.count(sign) > before.count(sign) for sign in signs)


class RowReader:
    """Puts lines together to rows, each line read once.

    Args:
        pattern: how cells are written.

    Attributes:
        open: whether the last line ended within a cell.
    """

    def __init__(self, pattern: CellPattern) -> None:
        self._pattern = pattern
        self.reset()

    def reset(self) -> None:
        """Forget the row that was begun."""
        self.open = False
        self._cells: list[Cell] = []
        self._begun: list[str] = []  # the lines of the cell that is open
        self._start = 0  # where it begins
        self._length = 0  # of the row so far

    def line(self, line: str) -> list[Cell] | None:
        """The cells of a row, where this line ends it.

        Args:
            line: the next line of the table, with its end.

        Raises:
            Malformed: a quotation mark opens or closes inside a cell, or there is a line end within the row.
        """
        pattern = self._pattern
        at = 0
        if self.open:
            closing = pattern.closing.match(line)
            if closing is None:
                self._begun.append(line)
                self._length += len(line)
                return None
            if closing["end"] is None:
                raise Malformed("a quotation mark opens or closes inside a cell")
            self._begun.append(line[: closing.start("end")])
            self._cells.append(Cell("".join(self._begun), self._start, pattern, True))
            self._begun = []
            self.open = False
            at = closing.end()
            if closing["end"] != pattern.delimiter:
                return self._row(line, at)
        while True:
            blank = pattern.blanks.match(line, at)
            at = blank.end() if blank else at
            match = pattern.quoted.match(line, at) if line.startswith('"', at) else None
            quoted = match is not None
            if match is None:
                if line.startswith('"', at):
                    if self._opens(line, at):
                        return None
                    if not pattern.loose:
                        raise Malformed("a quotation mark opens or closes inside a cell")
                match = pattern.plain.match(line, at)
                assert match is not None
            self._cells.append(Cell(line[at : match.start("end")], self._length + at, pattern, quoted))
            at = match.end()
            if match["end"] != pattern.delimiter:
                return self._row(line, at)

    def _opens(self, line: str, at: int) -> bool:
        """Whether a cell begins that goes on in the next line."""
        if not self._pattern.lines or self._pattern.closing.match(line, at + 1) is not None:
            return False
        self.open = True
        self._begun = [line[at:]]
        self._start = self._length + at
        self._length += len(line)
        return True

    def _row(self, line: str, at: int) -> list[Cell]:
        if at < len(line):
            raise Malformed("a line end inside a row")
        cells = self._cells
        self.reset()
        return cells
