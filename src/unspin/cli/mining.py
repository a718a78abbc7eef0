"""The command that finds rule candidates, and starts a family of spinners."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from unspin.cli.terminal import RuleFolders, TextField, make_repairer, progress, warn, write_stdout
from unspin.errors import FileError, SettingsError
from unspin.escapes import counted

if TYPE_CHECKING:
    from unspin.mining.pairs import Pair
    from unspin.rulebook.rulebook import Rulebook

_NAMED = 10
"""Pairs left out that are named; there may be as many as pairs."""


def mine(
    pairs: Annotated[
        list[Path] | None,
        typer.Argument(
            help="A JSON lines file (.gz too) with a spun text and its original a record; or two folders, the spun "
            "texts and then the originals, where files of equal names belong together.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="PATH", help="A file, or with --family the rule folder; - is stdout.")
    ] = Path("-"),
    from_corpus: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="Instead of pairs, a corpus (JSON lines or a folder) that holds spun copies of its own documents.",
            show_default=False,
        ),
    ] = None,
    family: Annotated[
        str,
        typer.Option(metavar="NAME", help="Start the folder of a new family of spinners, for --rules."),
    ] = "",
    spins: Annotated[
        bool,
        typer.Option(
            "--spins",
            help="With --family: the files are spins of one page, or the folders hold spins of a page under the same "
            "name. Their originals are not known: only sets of alternatives are written.",
        ),
    ] = False,
    spun_field: Annotated[
        str, typer.Option(metavar="FIELD", help="The field of a record with the spun text.")
    ] = "spun",
    original_field: Annotated[
        str, typer.Option(metavar="FIELD", help="The field of a record with the original.")
    ] = "original",
    text_field: TextField = "text",
    rules: RuleFolders = [],  # noqa: B006
    source: Annotated[
        str, typer.Option(metavar="NAME", help="Source that the rows name, a key of your sources.toml.")
    ] = "mined",
    min_count: Annotated[int, typer.Option(metavar="N", min=1, help="Leave out what was seen less often.")] = 2,
    min_docs: Annotated[int, typer.Option(metavar="N", min=1, help="Leave out what was seen in fewer documents.")] = 2,
    top: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Only so many rows, the best.", show_default=False)
    ] = None,
) -> None:
    """Find what a spinner writes for what, in texts and originals.

    They are rows for a rule file, to be reviewed. What the dictionary repairs already is left out; for a new family
    only what it repairs whatever the family. Exit status: 0, or 2 for trouble.
    """
    from unspin.corpus.storage.files import write_text
    from unspin.mining.arguments import named_pairs, pairs_of_corpus, spins_of_pages
    from unspin.mining.family import alternatives_as_rows, check_family, others_left_out, start_family
    from unspin.mining.rows import check_source
    from unspin.mining.spins import alternatives
    from unspin.rulebook.folders import shipped_folder
    from unspin.rulebook.rulebook import Rulebook

    check_source(source)
    home = None
    if family:
        if str(out) == "-":
            raise SettingsError("--family writes a folder; name it with --out")
        home = check_family(family, out)
    elif spins:
        raise SettingsError("--spins tells no originals, so it makes no rules; start a family with --family")
    elif str(out) != "-" and (out.is_dir() or not out.absolute().parent.is_dir()):
        raise FileError(f"{out}: not a file in a folder that exists; name one with --out")
    if home is not None and spins:
        found = alternatives(spins_of_pages(pairs or ()))
        start_family(home, alternatives_as_rows(found), source)
        warn(f"{len(found)} sets of alternatives in {home / 'pairs.tsv'}; fill in {home / 'family.toml'}")
        return
    if from_corpus is None:
        texts = named_pairs(pairs or (), spun_field, original_field, warn)
        repairer = None
    else:
        repairer = make_repairer(rules=rules)
        texts = pairs_of_corpus(pairs or (), from_corpus, text_field, repairer, progress, warn)
    if home is not None:
        book = Rulebook([shipped_folder(), *rules], others_left_out)
    else:
        book = (repairer or make_repairer(rules=rules)).rulebook
    text = _rows(texts, book, source, min_count, min_docs, top)
    if home is not None:
        start_family(home, text, source)
        warn(f"{home} begun: read its pairs.tsv row by row, and fill in its family.toml")
    elif str(out) == "-":
        write_stdout(text)
    else:
        write_text(out, text)


def _rows(texts: Iterable[Pair], book: Rulebook, source: str, min_count: int, min_docs: int, top: int | None) -> str:
    """The text of a rule file; says what was left out."""
    from unspin.mining.candidates import mine as find
    from unspin.mining.rows import lines

    mined = find(texts, book, min_count, min_docs, progress)
    rows = list(lines(mined.candidates, source, top))
    for name in mined.different[:_NAMED]:
        warn(f"{name}: left out: too unlike its original to be the same document")
    if len(mined.different) > _NAMED:
        warn(f"{len(mined.different) - _NAMED} more pairs left out for the same reason")
    warn(f"{counted(len(rows) // 2, 'row')} from {counted(mined.pairs, 'pair')}, {counted(mined.words, 'spun word')}")
    return "".join(f"{line}\n" for line in rows)
