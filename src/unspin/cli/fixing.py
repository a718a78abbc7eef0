"""Fixing files in place, or standard input on its way to standard output."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import IO, NoReturn

from unspin.cli.files import FileRun, OpenFile, said
from unspin.cli.terminal import warn
from unspin.corpus.document import Source
from unspin.corpus.document_repairer import RecordResult
from unspin.corpus.formats.format import ALL, Broken, Change, OpenOutput, Record
from unspin.corpus.formats.record_format import source_of
from unspin.corpus.storage.encodings import UTF8, codec_named
from unspin.corpus.storage.files import digest, digest_of, replace
from unspin.corpus.storage.opening import STDIN, open_file
from unspin.corpus.storage.remote import is_url
from unspin.errors import FileError
from unspin.escapes import counted, on_one_line
from unspin.report.text_output import Text

_HELD = 16 << 20
"""Bytes of a fixed file that are held in memory; a longer one waits on disk."""


def fix_file(run: FileRun, file: OpenFile, encoding: str, findings: Findings) -> None:
    """Fix one file.

    Args:
        run: the command.
        file: the file.
        encoding: what it is in.
        findings: shows what was changed in it; not in standard input, whose output shows itself.

    Raises:
        FileError: it cannot be fixed in place; it is as it was.
    """
    opened = file.opened
    if opened.where == STDIN:
        with tempfile.SpooledTemporaryFile(_HELD) as fixed:
            _rewrite(run, file, fixed, None)
            sys.stdout.flush()
            shutil.copyfileobj(fixed, sys.stdout.buffer)
        return
    if opened.packing is not None or not file.form.exact or is_url(opened.where):
        if any(repair.edits for source in run.sources(file) for _, repair in run.repairs(source)):
            raise FileError(f"{file.where}: not fixed in place; unspin clean writes a repaired copy")
        return
    path = Path(opened.where)
    before = digest(path)
    with tempfile.SpooledTemporaryFile(_HELD) as fixed:
        edits = _rewrite(run, file, fixed, findings)
        if (edits or codec_named(encoding) != UTF8) and digest_of(fixed) != before:
            run.found = True
            fixed.seek(0)
            replace(path, fixed, before)
            print(on_one_line(f"{file.where}: {counted(edits, 'edit')}"), file=sys.stderr)
            findings.show()


def say_conversion(run: FileRun, file: OpenFile, encoding: str) -> None:
    """Say of a file that it would be written in another encoding."""
    where = file.opened.where
    if codec_named(encoding) == UTF8 or where == STDIN or is_url(where):
        return
    with open_file(where, encoding) as converted:
        if digest_of(converted.stream) != digest(Path(where)):
            run.found = True
            print(on_one_line(f"{where}: would be written as UTF-8"), file=sys.stderr)


def _rewrite(run: FileRun, file: OpenFile, fixed: IO[bytes], findings: Findings | None) -> int:
    """Write a file with its records fixed, and go back to its beginning; returns the number of edits."""
    log = _FixLog(file, findings)
    if findings is not None:
        findings.begin()

    def repair(record: Record) -> RecordResult:
        where = f"{file.where}:{log.line}"
        repairs = [run.repair(document, where) for document in record.documents]
        done = [repair for repair in repairs if repair is not None]
        if len(done) < len(repairs):  # the record stays as it is, and the others are fixed
            return RecordResult(())
        for document, repair in zip(record.documents, done, strict=True):
            run.tally(document, repair)
        return RecordResult(done)

    file.form.rewrite(file.opened.stream, ALL, OpenOutput(fixed), repair, log)
    fixed.seek(0)
    return log.edits


class Findings:
    """What was changed in files, as lines on standard error. Those about a file wait until it is written: one that
    cannot be written is not changed.

    Args:
        colour: whether they are in colour.
        most: lines that are shown; 0 for all.
    """

    def __init__(self, colour: bool, most: int) -> None:
        self._waiting: list[str] = []
        self._text = Text(self._waiting.append, colour, most)

    @property
    def left_out(self) -> int:
        """Lines that are not shown."""
        return self._text.left_out

    def begin(self) -> None:
        """The next file."""
        self._waiting.clear()

    def add(self, source: Source, result: RecordResult) -> None:
        """The repairs of the documents of a source."""
        for document, repair in zip(source.documents, result.repairs, strict=True):
            if repair.edits:
                self._text.document(source, document, repair)

    def show(self) -> None:
        """The file is written."""
        sys.stderr.writelines(self._waiting)


class _FixLog:
    """Counts the edits of one file, and knows the line it is at.

    Args:
        file: the file.
        findings: shows what is changed.

    Attributes:
        edits: made so far.
        line: the number of the line on which the next record begins.
    """

    def __init__(self, file: OpenFile, findings: Findings | None) -> None:
        self.edits = 0
        self._file = file
        self._findings = findings
        self.line = 1

    def record(self, record: Record, result: RecordResult) -> None:
        edits = sum(len(repair.edits) for repair in result.repairs)
        if edits and self._findings is not None:
            self._findings.add(source_of(self._file.where, record, self.line), result)
        self.line += record.raw.count(b"\n")
        self.edits += edits

    def broken(self, broken: Broken) -> NoReturn:
        """
        Raises:
            FileError: always: a file is fixed whole or not at all.
        """
        line = None if broken.line is None else self.line + broken.line
        what = said(self._file, broken._replace(line=line))
        raise FileError(what if broken.undecodable else f"{what}; left untouched")

    def remark(self, remark: str) -> None:
        warn(f"{self._file.where}: {remark}")

    def changed(self, change: Change) -> None:
        pass

    def dropped(self, record: Record, result: RecordResult) -> None:
        pass

    def dropped_rows(self, ending: str) -> IO[bytes]:
        raise NotImplementedError("nothing is dropped when a file is fixed")
