"""The commands on the dictionary: the group `rules`."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from unspin.cli.help import HELP_OPTIONS, SectionedCommand
from unspin.cli.terminal import RuleFolders, make_repairer, progress, warn, write_stdout
from unspin.errors import FileError, RuleError

rules = typer.Typer(
    help="The dictionary: list, show, lint, test, audit.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings=HELP_OPTIONS,
)


def _folders(rules: list[Path]) -> list[Path]:
    from unspin.rulebook.folders import shipped_folder

    return [shipped_folder(), *rules]


def _print(found: Iterator[str]) -> int:
    """Print lines as they come; returns how many there were."""
    count = 0
    for line in found:
        write_stdout(line + "\n")
        count += 1
    return count


@rules.command("list", cls=SectionedCommand)
def rules_list(
    prefix: Annotated[str, typer.Argument(help="Only rules whose id begins so, such as corridor/news.")] = "",
    rules: RuleFolders = [],  # noqa: B006
) -> None:
    """All rules: id, tier, what is spun, what it stands for."""
    from unspin.rulebook.curate import listing

    _print(listing(_folders(rules), prefix))


@rules.command("show", cls=SectionedCommand)
def rules_show(
    row: Annotated[str, typer.Argument(help="A rule's id, or a phrase.")],
    rules: RuleFolders = [],  # noqa: B006
) -> None:
    """Everything that a rule, or all rules of a phrase, stand for."""
    from unspin.rulebook.curate import showing

    if not _print(showing(_folders(rules), row)):
        raise RuleError(f"no rule with the id {row!r} and none for that phrase; unspin rules list shows all")


@rules.command("lint", cls=SectionedCommand)
def rules_lint(
    rules: RuleFolders = [],  # noqa: B006
    fix: Annotated[bool, typer.Option("--fix", help="Sort and normalise the files.")] = False,
) -> None:
    """Check the rule files: order, duplicates, cycles, sources. Exit status: 0 clean, 1 findings, 2 trouble."""
    from unspin.rulebook.curate import linting

    raise typer.Exit(1 if _print(linting(_folders(rules), fix)) else 0)


@rules.command("test", cls=SectionedCommand)
def rules_test(rules: RuleFolders = []) -> None:  # noqa: B006
    """Run the examples of the contextual rules. Exit status: 0 all as they say, 1 not, 2 trouble."""
    from unspin.rulebook.curate import testing

    repairer = make_repairer(rules=rules)
    raise typer.Exit(1 if _print(testing(_folders(rules), repairer.apply_rule)) else 0)


@rules.command("audit", cls=SectionedCommand)
def rules_audit(
    clean: Annotated[
        list[Path],
        typer.Option(
            metavar="PATH",
            help="Text by people: JSON lines with a text field (.jsonl, .jsonl.gz), text files, or a folder of such.",
            show_default=False,
        ),
    ],
    spun: Annotated[
        list[Path],
        typer.Option(
            metavar="PATH",
            help="Spun text, best with gold: JSON lines with text and edits, *.gold.txt.",
            show_default=False,
        ),
    ] = [],  # noqa: B006
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the table here, not to standard output.", show_default=False),
    ] = None,
    rules: RuleFolders = [],  # noqa: B006
) -> None:
    """Count what every rule does on clean and on spun text; a table of rates, precision, rivals and advice."""
    from unspin.corpus.storage.files import write_text
    from unspin.evaluation.audit import Audit
    from unspin.evaluation.gold import marked
    from unspin.stages import ORDER

    if out is not None and not out.parent.is_dir():
        raise FileError(f"{out.parent}: no such folder; make it first")  # said now, not after a minute's work
    audit = Audit(make_repairer(rules=rules, ignore=[stage for stage in ORDER if stage != "phrases"]))
    for document in progress(marked(clean)):
        audit.clean(document.text)
    for document in progress(marked(spun)):
        audit.spun(document.text, document.places)
    if not audit.clean_side.words:
        raise FileError(f"{', '.join(map(str, clean))}: no text in there; rates need some that people wrote")
    table = "".join(line + "\n" for line in audit.lines())
    if out is None:
        write_stdout(table)
    else:
        write_text(out, table)


class Tier(str, Enum):
    """Tiers of imported rules; see `unspin.rulebook.schema.TIERS`."""

    certain = "certain"
    spun = "spun"
    suggest = "suggest"


@rules.command("import-pps", cls=SectionedCommand)
def rules_import_pps(
    file: Annotated[Path, typer.Argument(help="The list as CSV; its first row names the columns.", show_default=False)],
    out: Annotated[
        Path,
        typer.Option(
            "--out", "-o", metavar="FOLDER", help="The rule folder to write, for --rules.", show_default=False
        ),
    ],
    tier: Annotated[
        Tier,
        typer.Option(
            help="Tier of all rules. spun: applied beside what is never good English, as nobody has judged "
            "these rows; certain: anywhere; suggest: never."
        ),
    ] = Tier.spun,
    query_column: Annotated[
        str,
        typer.Option(
            metavar="NAME", help="The column with the queries, where its name does not tell.", show_default=False
        ),
    ] = "",
    expected_column: Annotated[
        str,
        typer.Option(
            metavar="NAME", help="The column with the expected terms, where its name does not tell.", show_default=False
        ),
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier import in that folder.")] = False,
) -> None:
    """Make a rule folder of your download of the Problematic Paper Screener's tortured phrases.

    What the dictionary has already is left out; what makes no rule is listed in review.txt, with the reason.
    Exit status: 0, or 2 for trouble.
    """
    from unspin.corpus.storage.files import read_text, write_text
    from unspin.rulebook.folders import shipped_folder
    from unspin.rulebook.loader import read as read_rules
    from unspin.rulebook.screener.importer import MARK, Importer, listed_rows, rejections

    if out.exists() and (not out.is_dir() or (not force and any(out.iterdir()))):
        raise FileError(f"{out}: not an empty folder; name another with --out, or replace an import with --force")
    written = out / "sources.toml"
    if written.exists() and not read_text(written).startswith(MARK):
        raise FileError(f"{written}: not by an earlier import; name another folder with --out")
    listed = listed_rows(read_text(file), str(file), query_column, expected_column)
    importer = Importer(read_rules([shipped_folder()]), rejections(shipped_folder()))
    done = importer.convert(listed, str(file), tier.value)
    for name, text in done.files.items():
        path = out / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FileError(f"{out}: not written: {error.strerror or error}; name another folder with --out") from None
        write_text(path, text)
    warn(
        f"{done.rules} rows became {done.written} rules, {done.known} the dictionary has already, "
        f"{done.review} are left to review in {out / 'tortured' / 'review.txt'}"
    )
