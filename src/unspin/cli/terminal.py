"""What all commands share: how they talk to the terminal, and their common options."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sized
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO, TypeVar

import typer

from unspin.escapes import on_one_line

if TYPE_CHECKING:
    from unspin.repairer import Repairer

Item = TypeVar("Item")

_MANY = 20
"""Files from which on a progress bar is worth showing."""

RuleFolders = Annotated[
    list[Path],
    typer.Option(
        "--rules", metavar="FOLDER", help="A folder of your own rules, added to the shipped ones.", show_default=False
    ),
]
TextField = Annotated[str, typer.Option(metavar="FIELD", help="The field that holds the text of a JSON record.")]


def warn(message: object) -> None:
    """Say something on standard error, in one line."""
    print(f"unspin: {on_one_line(str(message))}", file=sys.stderr)


class Colour(str, Enum):
    """When output is in colour."""

    auto = "auto"
    always = "always"
    never = "never"


ColourOption = Annotated[Colour, typer.Option("--color", help="When to use colours; auto: on a terminal.")]


def colour(wanted: Colour = Colour.auto, stream: TextIO | None = None) -> bool:
    """Whether a stream, by default standard output, shows colours: someone asked for it, or it is a terminal and
    NO_COLOR is not set."""
    if wanted is Colour.auto:
        return (stream or sys.stdout).isatty() and not os.environ.get("NO_COLOR")
    return wanted is Colour.always


def is_terminal() -> bool:
    """Whether standard output is a terminal."""
    return sys.stdout.isatty()


def write_stdout(text: str) -> None:
    """Text to standard output as UTF-8, whatever the locale, line ends as they are."""
    try:
        data = text.encode("utf-8", "surrogateescape")  # bytes that are no UTF-8 come out as they are
    except UnicodeEncodeError:
        data = text.encode("utf-8", "surrogatepass")
    write_stdout_bytes(data)


def write_stdout_bytes(data: bytes) -> None:
    """Bytes to standard output."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)


def make_repairer(**options: Any) -> Repairer:
    """A repairer, its rules read; `options` as for `Repairer`."""
    from unspin.repairer import Repairer

    repairer = Repairer(**options)
    _ = repairer.rulebook
    return repairer


def progress(items: Iterable[Item], doing: str = "unspin") -> Iterable[Item]:
    """Items as they are, with a progress bar on standard error where that is a terminal and they may be many."""
    if (isinstance(items, Sized) and len(items) < _MANY) or not sys.stderr.isatty():
        return items
    from rich.console import Console
    from rich.progress import track

    return track(items, description=doing, console=Console(stderr=True), transient=True)
