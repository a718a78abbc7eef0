"""The command line; thin, and lazy: each command imports what it needs when it runs."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, TypeVar

import typer

if TYPE_CHECKING:
    from unspin.corpus.documents import Document
    from unspin.repairer import Repair, Repairer

Item = TypeVar("Item")

app = typer.Typer(
    name="unspin",
    help="Put machine-mangled text back into English.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
rules_app = typer.Typer(help="The dictionary: list, show, lint and test its rules.", no_args_is_help=True)
app.add_typer(rules_app, name="rules")

_MANY = 20
"""Files from which on a progress bar is worth showing."""

_NAMED = 10
"""Pairs left out that are named; there may be as many as pairs."""


class Format(str, Enum):
    """Output formats of `check`."""

    text = "text"
    diff = "diff"
    json = "json"
    jsonl = "jsonl"


Paths = Annotated[list[Path], typer.Argument(help="Files and folders; - is standard input.", show_default=False)]
Confidence = Annotated[
    float,
    typer.Option("--confidence", "-c", help="Make an edit from this probability on: .5 is balanced, .8 careful."),
]
RuleFolders = Annotated[
    list[Path],
    typer.Option("--rules", help="A folder of your own rules, added to the shipped ones.", show_default=False),
]
Ignore = Annotated[
    list[str], typer.Option("--ignore", help="Rule ids, or beginnings of them, to leave out.", show_default=False)
]
TextField = Annotated[str, typer.Option(help="The field that holds the text of a JSON record.")]


@app.callback(invoke_without_command=True)
def _main(version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False) -> None:
    if version:
        from unspin import __version__

        print(f"unspin {__version__}")
        raise typer.Exit


def _trouble(message: object) -> None:
    print(f"unspin: {message}", file=sys.stderr)


def _fail(message: object) -> NoReturn:
    _trouble(message)
    raise typer.Exit(2)


def _colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def _put(text: str) -> None:
    """Text to standard output as UTF-8, whatever the locale, line ends as they are."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "surrogatepass"))


def _repairer(confidence: float, rules: list[Path], ignore: list[str]) -> Repairer:
    from unspin.repairer import Repairer
    from unspin.rulebook.schema import RuleError

    try:
        repairer = Repairer(confidence=confidence, rules=rules, ignore=ignore)
        _ = repairer.rulebook
    except (RuleError, ValueError) as error:
        _fail(error)
    return repairer


def _progress(items: list[Item]) -> Iterable[Item]:
    return items if len(items) < _MANY else _watch(items, "unspin")


def _watch(items: Iterable[Item], doing: str) -> Iterable[Item]:
    """Items as they are, with a progress bar on standard error where that is a terminal."""
    if not sys.stderr.isatty():
        return items
    from rich.console import Console
    from rich.progress import track

    return track(items, description=doing, console=Console(stderr=True), transient=True)


def _each(paths: list[Path], field: str, work: Callable[[Document], Repair]) -> tuple[bool, bool]:
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
            _trouble(error)
            trouble = True
    for path in _progress(files):
        try:
            if str(path) == "-":
                found |= bool(work(Document(decode(sys.stdin.buffer.read(), "-"), "-", {})).edits)
                continue
            for document in documents(path, field):
                found |= bool(work(document).edits)
        except BrokenPipeError:  # whoever reads has seen enough
            raise
        except (FileError, RuleError, OSError) as error:
            _trouble(error)
            trouble = True
    return trouble, found


def _exit(trouble: bool, findings: bool, exit_zero: bool = False) -> NoReturn:
    sys.stdout.flush()
    raise typer.Exit(2 if trouble else 1 if findings and not exit_zero else 0)


@app.command()
def check(
    paths: Paths,
    output: Annotated[Format, typer.Option("--format", help="How to report.")] = Format.text,
    confidence: Confidence = 0.5,
    rules: RuleFolders = [],  # noqa: B006
    ignore: Ignore = [],  # noqa: B006
    text_field: TextField = "text",
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Exit with 0 even where something was found.")] = False,
) -> None:
    """Report what would be repaired; write nothing. Exit status: 0 clean, 1 findings, 2 trouble."""
    repairer = _repairer(confidence, rules, ignore)
    collected: list[dict[str, object]] = []

    def one(document: Document) -> Repair:
        repair = repairer.repair(document.text)
        if output is Format.text:
            from unspin.report.text import lines

            for line in lines(repair, document.path, _colour()):
                _put(line + "\n")
        elif output is Format.diff:
            _put(repair.diff(document.path))
        else:
            from unspin.report.records import dumps, record

            value = record(repair, document.path, **document.names)
            if output is Format.jsonl:
                _put(dumps(value) + "\n")
            else:
                collected.append(value)
        return repair

    trouble, found = _each(paths, text_field, one)
    if output is Format.json and (collected or not trouble):
        import json

        _put(json.dumps(collected[0] if len(collected) == 1 else collected) + "\n")
    _exit(trouble, found, exit_zero)


@app.command()
def fix(
    paths: Paths,
    diff: Annotated[bool, typer.Option("--diff", help="Show a unified diff instead of writing.")] = False,
    confidence: Confidence = 0.5,
    rules: RuleFolders = [],  # noqa: B006
    ignore: Ignore = [],  # noqa: B006
) -> None:
    """Mend files in place; - filters standard input to standard output.

    Exit status: 0 nothing to do, 1 something changed (or would, with --diff), 2 trouble.
    """
    from unspin.corpus.documents import STRUCTURED
    from unspin.corpus.files import FileError, write

    repairer = _repairer(confidence, rules, ignore)

    def one(document: Document) -> Repair:
        if Path(document.path).suffix.lower() in STRUCTURED and not diff:
            raise FileError(
                f"{document.path}: records are not mended in place; see what was found with unspin check --format jsonl"
            )
        repair = repairer.repair(document.text)
        if diff:
            _put(repair.diff(document.path))
        elif document.path == "-":
            _put(repair.text)
        elif repair.edits:
            write(Path(document.path), repair.text, document.text)
            print(f"{document.path}: {len(repair.edits)} edits", file=sys.stderr)
        return repair

    _exit(*_each(paths, "text", one))


@app.command()
def diff(
    paths: Paths,
    unified: Annotated[bool, typer.Option("--unified", "-u", help="A unified diff instead of a word diff.")] = False,
    confidence: Confidence = 0.5,
    rules: RuleFolders = [],  # noqa: B006
    ignore: Ignore = [],  # noqa: B006
    text_field: TextField = "text",
) -> None:
    """Show every change, word by word in place, or as a unified diff. Exit status as for check."""
    from unspin.report.diff import words

    repairer = _repairer(confidence, rules, ignore)

    def one(document: Document) -> Repair:
        repair = repairer.repair(document.text)
        if unified:
            _put(repair.diff(document.path))
        elif repair.edits:
            shown = words(document.text, repair.edits, _colour())
            _put(shown if shown.endswith("\n") else shown + "\n")
        return repair

    _exit(*_each(paths, text_field, one))


@app.command()
def explain(
    path: Annotated[Path, typer.Argument(help="One document; - is standard input.")] = Path("-"),
    confidence: Confidence = 0.5,
    rules: RuleFolders = [],  # noqa: B006
    ignore: Ignore = [],  # noqa: B006
    text_field: TextField = "text",
) -> None:
    """One document: each sentence's probability of being spun, each edit with its rule and alternatives."""
    from unspin.report.text import explanation

    repairer = _repairer(confidence, rules, ignore)

    def one(document: Document) -> Repair:
        repair = repairer.repair(document.text, closely=True)
        for line in explanation(repair, document.path, _colour()):
            _put(line + "\n")
        return repair

    _exit(*_each([path], text_field, one))


@app.command()
def mine(
    pairs: Annotated[
        list[Path],
        typer.Argument(
            help="A JSON lines file (.gz too) with a spun text and its original a record; or two folders, the spun "
            "texts and then the originals, where files of equal names belong together.",
            show_default=False,
        ),
    ] = [],  # noqa: B006
    out: Annotated[Path, typer.Option("--out", "-o", help="The file to write; - is standard output.")] = Path("-"),
    from_corpus: Annotated[
        Path | None,
        typer.Option(
            help="Instead of pairs, a corpus (JSON lines or a folder) that holds spun copies of its own documents.",
            show_default=False,
        ),
    ] = None,
    spun_field: Annotated[str, typer.Option(help="The field of a record with the spun text.")] = "spun",
    original_field: Annotated[str, typer.Option(help="The field of a record with the original.")] = "original",
    text_field: TextField = "text",
    rules: RuleFolders = [],  # noqa: B006
    source: Annotated[str, typer.Option(help="Source that the rows name, a key of your sources.toml.")] = "mined",
    min_count: Annotated[int, typer.Option(min=1, help="Leave out what was seen less often.")] = 2,
    min_docs: Annotated[int, typer.Option(min=1, help="Leave out what was seen in fewer documents.")] = 2,
    top: Annotated[int | None, typer.Option(min=1, help="Only so many rows, the best.", show_default=False)] = None,
) -> None:
    """Find what a spinner writes for what, in spun texts and their originals: rows for a rule file, to be reviewed.

    What the dictionary repairs already is left out. Exit status: 0, or 2 for trouble.
    """
    from unspin.corpus.files import FileError, put
    from unspin.mining.arguments import named_pairs, pairs_of_corpus
    from unspin.mining.candidates import mine as find
    from unspin.mining.rows import check_source, lines

    repairer = _repairer(0.5, rules, [])
    try:
        check_source(source)
        if str(out) != "-" and (out.is_dir() or not out.absolute().parent.is_dir()):
            raise FileError(f"{out}: not a file in a folder that exists; name one with --out")
        if from_corpus is None:
            texts = named_pairs(pairs, spun_field, original_field, _trouble)
        else:
            texts = pairs_of_corpus(pairs, from_corpus, text_field, repairer, _watch, _trouble)
        mined = find(texts, repairer.rulebook, min_count, min_docs, _watch)
        rows = list(lines(mined.candidates, source, top))
        text = "".join(f"{line}\n" for line in rows)
        if str(out) == "-":
            _put(text)
        else:
            put(out, text)
    except (FileError, ValueError) as error:
        _fail(error)
    for name in mined.different[:_NAMED]:
        _trouble(f"{name}: left out: too unlike its original to be the same document")
    if len(mined.different) > _NAMED:
        _trouble(f"{len(mined.different) - _NAMED} more pairs left out for the same reason")
    _trouble(f"{len(rows) // 2} rows from {mined.pairs} pairs, {mined.words} spun words")


def _folders(rules: list[Path]) -> list[Path]:
    from unspin.rulebook.loader import shipped_folder

    return [shipped_folder(), *rules]


def _curating(work: Callable[[], Iterator[str]]) -> int:
    """Print the lines that `work` yields; returns how many there were."""
    from unspin.rulebook.schema import RuleError

    count = 0
    try:
        for line in work():
            _put(line + "\n")
            count += 1
    except RuleError as error:
        _fail(error)
    return count


@rules_app.command("list")
def rules_list(
    prefix: Annotated[str, typer.Argument(help="Only rules whose id begins so, such as spun/news.")] = "",
    rules: RuleFolders = [],  # noqa: B006
) -> None:
    """All rules: id, tier, what is spun, what it stands for."""
    from unspin.rulebook.curate import listing

    _curating(lambda: listing(_folders(rules), prefix))


@rules_app.command("show")
def rules_show(
    row: Annotated[str, typer.Argument(help="A rule's id, or a phrase.")],
    rules: RuleFolders = [],  # noqa: B006
) -> None:
    """Everything that a rule, or all rules of a phrase, stand for."""
    from unspin.rulebook.curate import showing

    if not _curating(lambda: showing(_folders(rules), row)):
        _fail(f"no rule with the id {row!r} and none for that phrase; unspin rules list shows all")


@rules_app.command("lint")
def rules_lint(
    rules: RuleFolders = [],  # noqa: B006
    fix: Annotated[bool, typer.Option("--fix", help="Sort and normalise the files.")] = False,
) -> None:
    """Check the rule files: order, duplicates, cycles, sources. Exit status: 0 clean, 1 findings, 2 trouble."""
    from unspin.rulebook.curate import linting

    raise typer.Exit(1 if _curating(lambda: linting(_folders(rules), fix)) else 0)


@rules_app.command("test")
def rules_test(rules: RuleFolders = []) -> None:  # noqa: B006
    """Run the examples of the contextual rules. Exit status: 0 all as they say, 1 not, 2 trouble."""
    from unspin.rulebook.curate import testing

    repairer = _repairer(0.5, rules, [])
    raise typer.Exit(1 if _curating(lambda: testing(_folders(rules), repairer.apply_rule)) else 0)
