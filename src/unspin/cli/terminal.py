"""What all commands share: their common options, and how they talk to the terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sized
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer

if TYPE_CHECKING:
    from unspin.corpus.document_repairer import Treatment
    from unspin.repairer import Repairer
    from unspin.settings import Settings

Item = TypeVar("Item")

_MANY = 20
"""Files from which on a progress bar is worth showing."""

Paths = Annotated[list[Path], typer.Argument(help="Files and folders; - is standard input.", show_default=False)]
RuleFolders = Annotated[
    list[Path],
    typer.Option("--rules", help="A folder of your own rules, added to the shipped ones.", show_default=False),
]
TextField = Annotated[str, typer.Option(help="The field that holds the text of a JSON record.")]


def complain(message: object) -> None:
    print(f"unspin: {message}", file=sys.stderr)


def fail(message: object) -> NoReturn:
    complain(message)
    raise typer.Exit(2)


def colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def put(text: str) -> None:
    """Text to standard output as UTF-8, whatever the locale, line ends as they are."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "surrogatepass"))


def make_repairer(**options: Any) -> Repairer:
    """A repairer, its rules read; `options` as for `Repairer`."""
    from unspin.errors import RuleError
    from unspin.repairer import Repairer

    try:
        repairer = Repairer(**options)
        _ = repairer.rulebook
    except (RuleError, ValueError) as error:
        fail(error)
    return repairer


def make_treatment(settings: Settings, suggest: bool = True) -> Treatment:
    """What is done about documents, its rules read."""
    from unspin.corpus.document_repairer import Treatment
    from unspin.errors import RuleError

    try:
        return Treatment(settings, suggest)
    except (RuleError, ValueError) as error:
        fail(error)


def progress(items: Iterable[Item], doing: str = "unspin") -> Iterable[Item]:
    """Items as they are, with a progress bar on standard error where that is a terminal and they may be many."""
    if (isinstance(items, Sized) and len(items) < _MANY) or not sys.stderr.isatty():
        return items
    from rich.console import Console
    from rich.progress import track

    return track(items, description=doing, console=Console(stderr=True), transient=True)
