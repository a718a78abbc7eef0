"""The commands on texts: check, fix, diff, explain."""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from unspin.cli.terminal import (
    Confidence,
    Extend,
    FromEncoding,
    Ignore,
    Paths,
    RuleFolders,
    Select,
    Spelling,
    TextField,
    Web,
    colour,
    complain,
    make_repairer,
    progress,
    put,
)

if TYPE_CHECKING:
    from unspin.corpus.documents import Document
    from unspin.repairer import Repair


class Format(str, Enum):
    """Output formats of `check`."""

    text = "text"
    diff = "diff"
    json = "json"
    jsonl = "jsonl"


def _each(paths: list[Path], field: str, encoding: str, work: Callable[[Document], Repair]) -> tuple[bool, bool]:
    """Call `work` for every document below `paths`; says on standard error what could not be read.

    Returns whether there was trouble, and whether any repair has edits.
    """
    from unspin.corpus.documents import Document, documents
    from unspin.corpus.files import FileError, decode, find
    from unspin.rulebook.schema import RuleError

    trouble = found = False
    files: list[Path] = []
    for path in paths:
        try:
            files += [path] if str(path) == "-" else find([path])
        except (FileError, OSError) as error:
            complain(error)
            trouble = True
    for path in progress(files):
        try:
            if str(path) == "-":
                found |= bool(work(Document(decode(sys.stdin.buffer.read(), "-", encoding), "-", {})).edits)
                continue
            for document in documents(path, field, encoding):
                found |= bool(work(document).edits)
        except BrokenPipeError:  # whoever reads has seen enough
            raise
        except (FileError, RuleError, OSError) as error:
            complain(error)
            trouble = True
    return trouble, found


def _exit(trouble: bool, findings: bool, exit_zero: bool = False) -> NoReturn:
    sys.stdout.flush()
    raise typer.Exit(2 if trouble else 1 if findings and not exit_zero else 0)


def check(
    paths: Paths,
    output: Annotated[Format, typer.Option("--format", help="How to report.")] = Format.text,
    confidence: Confidence = 0.5,
    rules: RuleFolders = [],  # noqa: B006
    select: Select = [],  # noqa: B006
    extend: Extend = [],  # noqa: B006
    ignore: Ignore = [],  # noqa: B006
    web: Web = False,
    spelling: Spelling = False,
    from_encoding: FromEncoding = "utf-8",
    text_field: TextField = "text",
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Exit with 0 even where something was found.")] = False,
) -> None:
    """Report what would be repaired; write nothing. Exit status: 0 clean, 1 findings, 2 trouble."""
    repairer = make_repairer(web, spelling, extend, confidence=confidence, rules=rules, select=select, ignore=ignore)
    collected: list[dict[str, object]] = []

    def one(document: Document) -> Repair:
        repair = repairer.repair(document.text)
        if output is Format.text:
            from unspin.report.text import lines

            for line in lines(repair, document.path, colour()):
                put(line + "\n")
        elif output is Format.diff:
            put(repair.diff(document.path))
        else:
            from unspin.report.records import dumps, record

            value = record(repair, document.path, **document.names)
            if output is Format.jsonl:
                put(dumps(value) + "\n")
            else:
                collected.append(value)
        return repair

    trouble, found = _each(paths, text_field, from_encoding, one)
    if output is Format.json and (collected or not trouble):
        import json

        put(json.dumps(collected[0] if len(collected) == 1 else collected) + "\n")
    _exit(trouble, found, exit_zero)


def fix(
    paths: Paths,
    diff: Annotated[bool, typer.Option("--diff", help="Show a unified diff instead of writing.")] = False,
    confidence: Confidence = 0.5,
    rules: RuleFolders = [],  # noqa: B006
    select: Select = [],  # noqa: B006
    extend: Extend = [],  # noqa: B006
    ignore: Ignore = [],  # noqa: B006
    web: Web = False,
    spelling: Spelling = False,
    from_encoding: FromEncoding = "utf-8",
) -> None:
    """Mend files in place; - filters standard input to standard output.

    Exit status: 0 nothing to do, 1 something changed (or would, with --diff), 2 trouble.
    """
    from unspin.corpus.documents import STRUCTURED
    from unspin.corpus.files import FileError, write

    repairer = make_repairer(
        web, spelling, extend, confidence=confidence, rules=rules, select=select, ignore=ignore, suggest=False
    )
    rewritten: list[str] = []

    def one(document: Document) -> Repair:
        if Path(document.path).suffix.lower() in STRUCTURED and not diff:
            raise FileError(
                f"{document.path}: records are not mended in place; see what was found with unspin check --format jsonl"
            )
        repair = repairer.repair(document.text)
        # By edits, or by another encoding; what is no whole file has no bytes to compare.
        changes = bool(document.raw) and repair.text.encode("utf-8", "surrogatepass") != document.raw
        if diff:
            put(repair.diff(document.path))
            if changes and not repair.edits:
                print(f"{document.path}: would be written as UTF-8", file=sys.stderr)
        elif document.path == "-":
            put(repair.text)
        elif changes:
            write(Path(document.path), repair.text, document.raw)
            print(f"{document.path}: {len(repair.edits)} edits", file=sys.stderr)
        if changes:
            rewritten.append(document.path)
        return repair

    trouble, found = _each(paths, "text", from_encoding, one)
    _exit(trouble, found or bool(rewritten))


def diff(
    paths: Paths,
    unified: Annotated[bool, typer.Option("--unified", "-u", help="A unified diff instead of a word diff.")] = False,
    confidence: Confidence = 0.5,
    rules: RuleFolders = [],  # noqa: B006
    select: Select = [],  # noqa: B006
    extend: Extend = [],  # noqa: B006
    ignore: Ignore = [],  # noqa: B006
    web: Web = False,
    spelling: Spelling = False,
    from_encoding: FromEncoding = "utf-8",
    text_field: TextField = "text",
) -> None:
    """Show every change, word by word in place, or as a unified diff. Exit status as for check."""
    from unspin.report.diff import words

    repairer = make_repairer(
        web, spelling, extend, confidence=confidence, rules=rules, select=select, ignore=ignore, suggest=False
    )

    def one(document: Document) -> Repair:
        repair = repairer.repair(document.text)
        if unified:
            put(repair.diff(document.path))
        elif repair.edits:
            shown = words(document.text, repair.edits, colour())
            put(shown if shown.endswith("\n") else shown + "\n")
        return repair

    _exit(*_each(paths, text_field, from_encoding, one))


def explain(
    path: Annotated[Path, typer.Argument(help="One document; - is standard input.")] = Path("-"),
    confidence: Confidence = 0.5,
    rules: RuleFolders = [],  # noqa: B006
    select: Select = [],  # noqa: B006
    extend: Extend = [],  # noqa: B006
    ignore: Ignore = [],  # noqa: B006
    web: Web = False,
    spelling: Spelling = False,
    from_encoding: FromEncoding = "utf-8",
    text_field: TextField = "text",
) -> None:
    """One document: each sentence's probability of being spun, each edit with its rule and alternatives."""
    from unspin.report.text import explanation

    repairer = make_repairer(web, spelling, extend, confidence=confidence, rules=rules, select=select, ignore=ignore)

    def one(document: Document) -> Repair:
        repair = repairer.repair(document.text, closely=True)
        for line in explanation(repair, document.path, colour()):
            put(line + "\n")
        return repair

    _exit(*_each([path], text_field, from_encoding, one))
