"""The commands on texts: check, fix, diff, explain."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from unspin.cli.files import LONGEST, MOST, FileRun, FromEncoding, MaxFindings, MaxRecord, OpenFile, Paths, StdinName
from unspin.cli.options import with_settings
from unspin.cli.terminal import Colour, ColourOption, colour, is_terminal, warn, write_stdout
from unspin.errors import SettingsError
from unspin.report.reporters import REPORTERS, reporter_class
from unspin.settings import Settings

if TYPE_CHECKING:
    from unspin.report.baseline import Finding

Format = Enum("Format", {name: name for name in REPORTERS}, type=str)  # type: ignore[misc]
"""Output formats of `check`."""

_TEXT = Format("text")


@with_settings("repair", "files", "records")
def check(
    paths: Paths,
    settings: Settings,
    output: Annotated[Format, typer.Option("--format", "--output-format", help="How to report.")] = _TEXT,
    from_encoding: FromEncoding = "utf-8",
    stdin_filename: StdinName = "",
    max_record: MaxRecord = LONGEST,
    max_findings: MaxFindings = MOST,
    color: ColourOption = Colour.auto,
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Exit with 0 even where something was found.")] = False,
    statistics: Annotated[bool, typer.Option("--statistics", help="Count the edits of each rule, at the end.")] = False,
    baseline: Annotated[
        Path | None,
        typer.Option(
            "--baseline", metavar="FILE", help="A file of known findings, which do not count.", show_default=False
        ),
    ] = None,
    write_baseline: Annotated[
        Path | None,
        typer.Option(
            "--write-baseline", metavar="FILE", help="Write what is found to a baseline file.", show_default=False
        ),
    ] = None,
    prune_baseline: Annotated[
        bool, typer.Option("--prune-baseline", help="Take what is no longer found out of the baseline file.")
    ] = False,
) -> None:
    """Report what would be repaired; write nothing. Exit status: 0 clean, 1 findings, 2 trouble."""
    from unspin.report.baseline import Baseline
    from unspin.report.text_output import Text

    run = FileRun(settings, from_encoding, stdin_filename, max_record)
    known = baseline or (Path(settings.baseline) if settings.baseline else None)
    if prune_baseline and known is None:
        raise SettingsError("--prune-baseline: no baseline; name one with --baseline or in the settings")
    if write_baseline is not None:
        findings = Baseline(write_baseline.parent)
    else:
        findings = Baseline.read(known) if known is not None else Baseline()
    shown = _is_shown(output, color)
    text = Text(write_stdout, shown, max_findings) if output is _TEXT else None
    reporter = text or reporter_class(output.value)(write_stdout, shown)
    run.report(paths, reporter, findings)
    if write_baseline is not None:
        _write_baseline(write_baseline, findings.findings, "written to")
        run.found = False
    elif prune_baseline and known is not None and not run.trouble:
        _write_baseline(known, findings.pruned(), "left in")
    if text is not None and write_baseline is None:
        run.say_total(text.left_out, "unspin fix repairs, unspin explain says why")
    run.exit(exit_zero, statistics)


def _write_baseline(path: Path, findings: Sequence[Finding], done: str) -> None:
    """Write a baseline file, and say how many findings there are in it."""
    from unspin.corpus.storage.files import write_text
    from unspin.escapes import counted
    from unspin.report.baseline import dumped

    write_text(path, dumped(findings))
    warn(f"{counted(len(findings), 'finding')} {done} {path}")


def _is_shown(output: Format, color: Colour) -> bool:
    """Whether what is written is for a terminal: in colour, or for a patch without what could command it."""
    return is_terminal() if output.value == "diff" else colour(color)


@with_settings("repair", "files", "records")
def fix(
    paths: Paths,
    settings: Settings,
    diff: Annotated[bool, typer.Option("--diff", help="Show a unified diff instead of writing.")] = False,
    from_encoding: FromEncoding = "utf-8",
    stdin_filename: StdinName = "",
    max_record: MaxRecord = LONGEST,
    max_findings: MaxFindings = MOST,
    color: ColourOption = Colour.auto,
    statistics: Annotated[bool, typer.Option("--statistics", help="Count the edits of each rule, at the end.")] = False,
) -> None:
    """Fix files in place; - filters standard input to standard output.

    In files of records only the fields with texts are touched, in Markdown only prose. What cannot be fixed in place
    byte for byte (packed files, Parquet, URLs) is named. Exit status: 0 nothing to do, 1 something changed (or would,
    with --diff), 2 trouble.
    """
    from unspin.cli.fixing import Findings, fix_file, say_conversion

    run = FileRun(settings, from_encoding, stdin_filename, max_record, suggest=False)
    if diff:
        from unspin.report.diff_output import Diff

        run.report(paths, Diff(write_stdout, is_terminal()), then=lambda file: say_conversion(run, file, from_encoding))
    else:
        findings = Findings(colour(color, sys.stderr), max_findings)
        run.for_each_file(paths, lambda file: fix_file(run, file, from_encoding, findings))
        run.say_total(findings.left_out)
    run.exit(statistics=statistics)


@with_settings("repair", "files", "records")
def diff(
    paths: Paths,
    settings: Settings,
    color: ColourOption = Colour.auto,
    unified: Annotated[bool, typer.Option("--unified", "-u", help="A unified diff instead of a word diff.")] = False,
    from_encoding: FromEncoding = "utf-8",
    stdin_filename: StdinName = "",
    max_record: MaxRecord = LONGEST,
) -> None:
    """Show every change, word by word in place, or as a unified diff. Exit status as for check."""
    run = FileRun(settings, from_encoding, stdin_filename, max_record, suggest=False)
    if unified:
        from unspin.report.diff_output import Diff

        run.report(paths, Diff(write_stdout, is_terminal()))
        run.exit()
    from unspin.diff import words

    def one(file: OpenFile) -> None:
        for source in run.sources(file):
            for document, repair in run.repairs(source):
                if repair.edits:
                    shown = words(document.text, repair.edits, colour(color))
                    write_stdout(shown if shown.endswith("\n") else shown + "\n")

    run.for_each_file(paths, one)
    run.exit()


@with_settings("repair", "records")
def explain(
    settings: Settings,
    path: Annotated[str, typer.Argument(help="One document; - is standard input.")] = "-",
    color: ColourOption = Colour.auto,
    from_encoding: FromEncoding = "utf-8",
    stdin_filename: StdinName = "",
) -> None:
    """Explain the edits of a document: rules, alternatives, verdict.

    Each sentence is shown with its probability of being spun.
    """
    from unspin.report.text import explanation

    run = FileRun(settings, from_encoding, stdin_filename)
    if path == "-" and sys.stdin.isatty():
        warn("reading standard input; end it with Ctrl-D")

    def one(file: OpenFile) -> None:
        for source in run.sources(file):
            for document, repair in run.repairs(source, explain=True):
                for line in explanation(repair, document.path, colour(color)):
                    write_stdout(line + "\n")

    run.for_each_file([path], one)
    run.exit()
