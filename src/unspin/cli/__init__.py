"""The command line; thin, and lazy: each command is imported when it is asked for, and what it needs when it runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from unspin.cli.help import HELP_OPTIONS, SectionedCommand

_MODULES = {
    "check": "texts",
    "fix": "texts",
    "diff": "texts",
    "explain": "texts",
    "clean": "corpus",
    "undo": "corpus",
    "replay": "corpus",
    "report": "corpus",
    "review": "review",
    "learn": "corpus",
    "mine": "mining",
    "families": "families",
    "rules": "dictionary",
}
"""Command -> the module of this package that has it as a function, or, a group of commands, as a `Typer`."""


class _Commands(Mapping[str, Any]):
    """The commands by their names, in the order of the help, each built when it is asked for: a hook asks for one, and
    all take longer than a small file."""

    def __getitem__(self, name: str) -> Any:
        found = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
        if isinstance(found, typer.Typer):
            return get_command(found)
        alone = typer.Typer(add_completion=False, rich_markup_mode=None, context_settings=HELP_OPTIONS)
        alone.command(name, cls=SectionedCommand)(found)
        return get_command(alone)

    def __iter__(self) -> Iterator[str]:
        return iter(_MODULES)

    def __len__(self) -> int:
        return len(_MODULES)


class _Group(TyperGroup):
    """The group of all commands."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.commands = _Commands()  # type: ignore[assignment]  # nobody adds one


app = typer.Typer(
    name="unspin",
    cls=_Group,
    help="Put machine-mangled text back into English.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings=HELP_OPTIONS,
)


@app.callback(invoke_without_command=True)
def _main(version: Annotated[bool, typer.Option("--version", "-V", help="Show the version and exit.")] = False) -> None:
    if version:
        from unspin.core import version_lines

        print(version_lines())
        raise typer.Exit
