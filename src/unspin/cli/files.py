"""One run of a command over files: finds them, reads them, repairs every document, and remembers what happened."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, NamedTuple, NoReturn

import typer

from unspin.cli.terminal import progress, warn
from unspin.corpus.limits import MAX_RECORD, MB
from unspin.errors import FileError, RecordError, RepairError, UnspinError
from unspin.escapes import counted
from unspin.settings import Settings

if TYPE_CHECKING:
    from unspin.corpus.document import Document, Source
    from unspin.corpus.formats.format import Broken, Format
    from unspin.corpus.selection import Selected, Skipped
    from unspin.corpus.storage.opening import Opened
    from unspin.repairer import Repair
    from unspin.report.baseline import Baseline
    from unspin.report.reporter import Reporter

Paths = Annotated[
    list[str],
    typer.Argument(metavar="PATHS...", help="Files, folders, globs and URLs; - is standard input.", show_default=False),
]
FromEncoding = Annotated[
    str, typer.Option(metavar="NAME", help="What the files are in; what is written is always UTF-8.")
]
StdinName = Annotated[
    str, typer.Option("--stdin-filename", metavar="NAME", help="The name of standard input, which tells its format.")
]
MaxRecord = Annotated[float, typer.Option(metavar="MB", help="Longer records are left alone.")]
MaxFindings = Annotated[
    int, typer.Option("--max-findings", metavar="N", min=0, help="Lines shown; the rest is counted. 0 for all.")
]

MOST = 100
"""Lines of findings that a command for people shows by default: a few screens, as a first look."""

LONGEST = MAX_RECORD // MB
"""Megabytes of the longest record by default."""


class OpenFile(NamedTuple):
    """A file that is read.

    Attributes:
        where: its path or URL; the name of standard input.
        opened: its content.
        form: its format.
    """

    where: str
    opened: Opened
    form: Format


class FileRun:
    """A command over files.

    Args:
        settings: what holds.
        encoding: what the files are in.
        stdin_name: the name of standard input, or "".
        max_record: megabytes of the longest record.
        suggest: whether suggestions are wanted.

    Attributes:
        trouble: whether something could not be read or written.
        found: whether a document has edits that count.
        rules: how often each rule made an edit.
    """

    def __init__(
        self, settings: Settings, encoding: str, stdin_name: str, max_record: float = LONGEST, suggest: bool = True
    ) -> None:
        from unspin.corpus.document_repairer import DocumentRepairer
        from unspin.corpus.formats.format import read_options

        self.settings = settings
        self.trouble = self.found = False
        self.rules: Counter[str] = Counter()
        self._documents = self._edited = 0
        self._edits: Counter[str] = Counter()
        self._fields: Counter[str] = Counter()
        self._declared = False  # whether some record says which language it is in
        self._names: dict[str, None] = {}
        self._options = read_options(settings, limit=int(max_record * MB))
        self._encoding = encoding
        self._stdin_name = stdin_name
        self._repairer = DocumentRepairer(settings, suggest)

    def for_each_file(self, places: Sequence[str], work: Callable[[OpenFile], None]) -> None:
        """Call `work` for every file; says on standard error what could not be read or written, and goes on.

        Raises:
            SettingsError: a field that was named is in no record.
        """
        from unspin.corpus.fields import check_fields
        from unspin.corpus.selection import Skipped, select
        from unspin.corpus.storage.opening import STDIN
        from unspin.corpus.storage.walk import Excluded, walk

        excluded = Excluded.by(self.settings)
        skipped = Skipped()
        found = walk([place for place in places if place != STDIN], excluded, self._trouble)
        files: list[Selected | None] = [None] * (STDIN in places)  # it has no place
        files += select(found, self._encoding, skipped, self._trouble)
        for selected in progress(files):
            try:
                with self._opened(selected, skipped) as file:
                    self._work(file, work)
            except BrokenPipeError:  # whoever reads has seen enough
                raise
            except (UnspinError, OSError) as error:
                self._trouble(error)
        if skipped.sentence():
            warn(skipped.sentence())
        check_fields(self.settings, self._fields, self._declared, self._names)

    def _work(self, file: OpenFile, work: Callable[[OpenFile], None]) -> None:
        before = self._documents
        work(file)
        if file.opened.damage:
            raise FileError(f"{file.where}: {file.opened.damage}")
        self._names.update(file.form.names)
        if self._documents == before and file.form.without_texts():
            warn(f"{file.where}: {file.form.without_texts()}")

    def _trouble(self, error: Exception) -> None:
        warn(error)
        self.trouble = True

    @contextmanager
    def _opened(self, file: Selected | None, skipped: Skipped) -> Iterator[OpenFile]:
        """A file; or standard input, which is passed on as it is where it is nothing to be edited."""
        from unspin.corpus.formats.registry import FormatSpec, PassedOver, format_named, open_format, recognise
        from unspin.corpus.storage.opening import STDIN, open_file

        if file is not None:
            where = file.origin.where
            with open_file(where, self._encoding) as opened:
                yield OpenFile(where, opened, open_format(file.spec, where, self._options))
            return
        where = self._stdin_name or STDIN
        with open_file(STDIN, self._encoding, self._stdin_name) as opened:
            spec = recognise(opened.name if self._stdin_name else "", opened.head)
            if isinstance(spec, PassedOver):
                skipped.add(where, spec.what)
            if not isinstance(spec, FormatSpec):
                spec = format_named("untouched" if isinstance(spec, PassedOver) else "text")
            yield OpenFile(where, opened, open_format(spec, where, self._options))

    def sources(self, file: OpenFile) -> Iterator[Source]:
        """The sources of a file; what is broken is said, and the rest is read."""
        from unspin.corpus.document import Source

        for source in file.form.sources(file.opened.stream):
            if isinstance(source, Source):
                yield source
            else:
                self._trouble(FileError(said(file, source)))

    def report(
        self,
        places: Sequence[str],
        reporter: Reporter,
        baseline: Baseline | None = None,
        then: Callable[[OpenFile], None] = lambda file: None,
    ) -> None:
        """Report every document.

        Args:
            places: where they are.
            reporter: reports them.
            baseline: findings that are known already, and do not count.
            then: is called for each file that was reported.
        """
        found = False  # in some file, what the baseline does not know

        def one(file: OpenFile) -> None:
            nonlocal found
            for source in self.sources(file):
                for document, whole in self.repairs(source):
                    repair = whole if baseline is None else baseline.new(document, whole)
                    self.tally(document, repair)
                    reporter.document(source, document, repair)
                    found |= self._counts(repair)
                reporter.end_source(source)
            reporter.end_file()
            self.found = False
            then(file)
            found |= self.found

        try:
            self.for_each_file(places, one)
        finally:
            reporter.end(self.trouble)
        self.found = found

    def repairs(self, source: Source, explain: bool = False) -> Iterator[tuple[Document, Repair]]:
        """The documents of a source repaired, but those that cannot be, which is said."""
        for document in source.documents:
            repair = self.repair(document, f"{source.path}:{source.line}", explain)
            if repair is not None:
                yield document, repair

    def repair(self, document: Document, where: str, explain: bool = False) -> Repair | None:
        """One document repaired, without what the settings or its author switched off; None where it cannot be, which
        is said.

        Args:
            document: the document.
            where: the place of its record, for messages.
            explain: as for `Repairer.repair`.
        """
        try:
            repair = self._repairer.repair(document, explain)
        except (RecordError, RepairError) as error:
            self._trouble(FileError(f"{where}: {error}; left as it is, please report it"))
            return None
        self.found |= self._counts(repair)
        self.rules.update(edit.rule for edit in repair.edits)
        self._documents += 1
        self._fields[str(document.names.get("field", ""))] += 1
        self._declared |= bool(document.language)
        return repair

    def _counts(self, repair: Repair) -> bool:
        """Whether what was found in a document makes the command end with 1."""
        return bool(repair.edits) or (self.settings.spun == "flag" and repair.verdict.label != "clean")

    def tally(self, document: Document, repair: Repair) -> None:
        """Count the edits of a document that are reported or made."""
        if repair.edits:
            self._edits[document.path] += len(repair.edits)
            self._edited += 1

    def say_total(self, left_out: int, remedy: str = "") -> None:
        """Say on standard error how many edits there are, how many lines about them were left out, and what may be done
        about them; without a remedy, that they were made."""
        if left_out:
            warn(f"{counted(left_out, 'more line')} not shown; --max-findings 0 shows all")
        if self._edits:
            where = f"in {counted(self._edited, 'document')} of {counted(len(self._edits), 'file')}"
            edits = counted(self._edits.total(), "edit")
            warn(f"{edits} {where}; {remedy}" if remedy else f"{edits} made {where}")

    def exit(self, exit_zero: bool = False, statistics: bool = False) -> NoReturn:
        """End the command with the status that the run comes to."""
        if statistics:
            for rule, count in sorted(self.rules.items(), key=lambda item: (-item[1], item[0])):
                print(f"{count}\t{rule}", file=sys.stderr)
        sys.stdout.flush()
        raise typer.Exit(2 if self.trouble else 1 if self.found and not exit_zero else 0)


def said(file: OpenFile, broken: Broken) -> str:
    """What is wrong with a stretch of a file, where, and what to do about it."""
    from unspin.corpus.storage.encodings import advice

    remedy = f"; left untouched, {advice(broken.undecodable)}" if broken.undecodable else ""
    where = file.where if broken.line is None else f"{file.where}:{broken.line}"
    return f"{where}: {broken.reason}{remedy}"
