"""The commands on texts: check, fix, diff, explain."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from unspin.cli.options import with_settings
from unspin.cli.terminal import Paths, colour, complain, fail, make_treatment, progress, put
from unspin.settings import Settings

if TYPE_CHECKING:
    from unspin.cli.findings import Reporter
    from unspin.corpus.document import Document, Source
    from unspin.edits import Edit
    from unspin.repairer import Repair

FromEncoding = Annotated[
    str, typer.Option(metavar="NAME", help="What the files are in; what fix writes is always UTF-8.")
]
StdinName = Annotated[
    str, typer.Option("--stdin-filename", help="The name of standard input: it tells its format, and is reported.")
]


class Format(str, Enum):
    """Output formats of `check`."""

    text = "text"
    diff = "diff"
    json = "json"
    jsonl = "jsonl"
    sarif = "sarif"
    github = "github"


class _Run:
    """One run of a command over files: reads them, repairs every document, and remembers what happened.

    Args:
        settings: what holds.
        encoding: what the files are in.
        stdin_name: the name of standard input, or "".
        suggest: whether suggestions are wanted.

    Attributes:
        trouble: whether something could not be read or written.
        found: whether a document has edits that count.
        rules: how often each rule made an edit.
    """

    def __init__(self, settings: Settings, encoding: str, stdin_name: str, suggest: bool = True) -> None:
        self.settings = settings
        self.trouble = self.found = False
        self.rules: Counter[str] = Counter()
        self._encoding = encoding
        self._stdin_name = stdin_name
        self._treatment = make_treatment(settings, suggest)

    def files(self, paths: list[Path]) -> Iterator[Path]:
        """The files to be read, the excluded ones passed over."""
        from unspin.corpus.storage.files import Excluded, find
        from unspin.errors import FileError

        excluded = Excluded(self.settings.exclude, self.settings.root, self.settings.force_exclude)
        files: list[Path] = []
        for path in paths:
            try:
                files += [path] if str(path) == "-" else find([path], excluded)
            except (FileError, OSError) as error:
                complain(error)
                self.trouble = True
        return iter(progress(files))

    def each(self, paths: list[Path], work: Callable[[Path], None]) -> None:
        """Call `work` for every file; says on standard error what could not be read or written."""
        from unspin.errors import FileError, RuleError

        for path in self.files(paths):
            try:
                work(path)
            except BrokenPipeError:  # whoever reads has seen enough
                raise
            except (FileError, RuleError, OSError) as error:
                complain(error)
                self.trouble = True

    def report(self, paths: list[Path], reporter: Reporter) -> None:
        """Report every document; what the reporter knows already does not count."""
        counted = False

        def one(path: Path) -> None:
            nonlocal counted
            for source in self.sources(path):
                for document in source.documents:
                    repair = self.repair(document)
                    counted |= reporter.report(source, document, repair)
                    counted |= self.settings.spun == "flag" and repair.verdict.label != "clean"
            reporter.end_file()

        self.each(paths, one)
        reporter.end(self.trouble)
        self.found = counted

    def sources(self, path: Path) -> Iterator[Source]:
        """The sources of a file, or of standard input."""
        from unspin.corpus.formats.reading import sources, sources_of
        from unspin.corpus.storage.files import decode

        fields = self.settings.text_fields
        if str(path) != "-":
            return sources(path, fields, self._encoding)
        name = self._stdin_name or "-"
        return sources_of(decode(sys.stdin.buffer.read(), name, self._encoding), name, name, fields)

    def repair(self, document: Document, closely: bool = False) -> Repair:
        """One document repaired, without what the settings or its author switched off."""
        repair = self._treatment.repair(document, closely)
        self.found |= self.settings.spun == "flag" and repair.verdict.label != "clean"
        self.rules.update(edit.rule for edit in repair.edits)
        self.found |= bool(repair.edits)
        return repair

    def exit(self, exit_zero: bool = False, statistics: bool = False) -> NoReturn:
        """End the command with the status that the run comes to."""
        if statistics:
            for rule, count in sorted(self.rules.items(), key=lambda item: (-item[1], item[0])):
                print(f"{count}\t{rule}", file=sys.stderr)
        sys.stdout.flush()
        raise typer.Exit(2 if self.trouble else 1 if self.found and not exit_zero else 0)


@with_settings
def check(
    paths: Paths,
    settings: Settings,
    output: Annotated[Format, typer.Option("--format", "--output-format", help="How to report.")] = Format.text,
    from_encoding: FromEncoding = "utf-8",
    stdin_filename: StdinName = "",
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Exit with 0 even where something was found.")] = False,
    statistics: Annotated[bool, typer.Option("--statistics", help="Count the edits of each rule, at the end.")] = False,
    baseline: Annotated[
        Path | None,
        typer.Option("--baseline", help="A file of known findings, which do not count.", show_default=False),
    ] = None,
    write_baseline: Annotated[
        Path | None,
        typer.Option("--write-baseline", help="Write what is found to a baseline file.", show_default=False),
    ] = None,
) -> None:
    """Report what would be repaired; write nothing. Exit status: 0 clean, 1 findings, 2 trouble."""
    from unspin.cli.findings import Reporter

    run = _Run(settings, from_encoding, stdin_filename)
    known = _known(baseline, settings)
    root = (write_baseline or known or Path()).parent
    reporter = Reporter(output.value, known if write_baseline is None else None, root)
    run.report(paths, reporter)
    if write_baseline is not None:
        from unspin.corpus.storage.files import put as save
        from unspin.errors import FileError
        from unspin.report.baseline import dumped

        try:
            save(write_baseline, dumped(reporter.prints))
        except FileError as error:
            fail(error)
        complain(f"{len(reporter.prints)} findings written to {write_baseline}")
        run.found = False
    run.exit(exit_zero, statistics)


def _known(baseline: Path | None, settings: Settings) -> Path | None:
    """The baseline that holds."""
    return baseline if baseline is not None else Path(settings.baseline) if settings.baseline else None


@with_settings
def fix(
    paths: Paths,
    settings: Settings,
    diff: Annotated[bool, typer.Option("--diff", help="Show a unified diff instead of writing.")] = False,
    from_encoding: FromEncoding = "utf-8",
    stdin_filename: StdinName = "",
    statistics: Annotated[bool, typer.Option("--statistics", help="Count the edits of each rule, at the end.")] = False,
) -> None:
    """Mend files in place; - filters standard input to standard output.

    In files of records only the fields with texts are touched, in Markdown only prose. Exit status: 0 nothing to do,
    1 something changed (or would, with --diff), 2 trouble.
    """
    from unspin.corpus.storage.files import load, write
    from unspin.edits import apply
    from unspin.errors import FileError

    run = _Run(settings, from_encoding, stdin_filename, suggest=False)

    def one(path: Path) -> None:
        if path.suffix.lower() == ".gz" and not diff:
            raise FileError(f"{path}: packed files are checked, not mended in place; unpack it first")
        raw = b"" if str(path) == "-" else load(path, from_encoding)
        texts, edits = [], []
        length = 0
        for source, found in _repaired(run, path):
            edits += [edit.moved(length) for edit in found]
            length += len(source.text)
            texts.append(source.text)
        text = "".join(texts)
        mended = apply(text, edits)
        # By edits, or by another encoding.
        changes = str(path) != "-" and mended.encode("utf-8", "surrogatepass") != raw
        run.found |= changes
        if diff:
            from unspin.diff import unified

            put(unified(text, edits, stdin_filename if str(path) == "-" and stdin_filename else str(path)))
            if changes and not edits:
                print(f"{path}: would be written as UTF-8", file=sys.stderr)
        elif str(path) == "-":
            put(mended)
        elif changes:
            write(path, mended, raw)
            print(f"{path}: {len(edits)} edits", file=sys.stderr)

    run.each(paths, one)
    run.exit(statistics=statistics)


def _repaired(run: _Run, path: Path) -> Iterator[tuple[Source, list[Edit]]]:
    """The sources of a file, each with the edits of its documents."""
    from unspin.corpus.document import source_edits

    for source in run.sources(path):
        yield source, source_edits((document, run.repair(document).edits) for document in source.documents)


@with_settings
def diff(
    paths: Paths,
    settings: Settings,
    unified: Annotated[bool, typer.Option("--unified", "-u", help="A unified diff instead of a word diff.")] = False,
    from_encoding: FromEncoding = "utf-8",
    stdin_filename: StdinName = "",
) -> None:
    """Show every change, word by word in place, or as a unified diff. Exit status as for check."""
    run = _Run(settings, from_encoding, stdin_filename, suggest=False)
    if unified:
        from unspin.cli.findings import Reporter

        run.report(paths, Reporter(Format.diff.value))
        run.exit()
    from unspin.diff import words

    def one(path: Path) -> None:
        for source in run.sources(path):
            for document in source.documents:
                repair = run.repair(document)
                if repair.edits:
                    shown = words(document.text, repair.edits, colour())
                    put(shown if shown.endswith("\n") else shown + "\n")

    run.each(paths, one)
    run.exit()


@with_settings
def explain(
    settings: Settings,
    path: Annotated[Path, typer.Argument(help="One document; - is standard input.")] = Path("-"),
    from_encoding: FromEncoding = "utf-8",
    stdin_filename: StdinName = "",
) -> None:
    """One document: each sentence's probability of being spun, each edit with its rule and alternatives."""
    from unspin.report.text import explanation

    run = _Run(settings, from_encoding, stdin_filename)

    def one(path: Path) -> None:
        for source in run.sources(path):
            for document in source.documents:
                for line in explanation(run.repair(document, closely=True), document.path, colour()):
                    put(line + "\n")

    run.each([path], one)
    run.exit()
