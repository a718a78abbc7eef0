"""The options that all commands on texts share, and the settings that they come to with those of a file."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from unspin.cli.terminal import fail
from unspin.errors import SettingsError
from unspin.settings import Settings, find, load

_OPTIONS: dict[str, Any] = {
    "confidence": Annotated[
        float | None,
        typer.Option("--confidence", "-c", help="Make an edit from this probability on: .5 is balanced, .8 careful."),
    ],
    "rules": Annotated[
        list[Path] | None,
        typer.Option("--rules", help="A folder of your own rules, added to the shipped ones."),
    ],
    "select": Annotated[
        list[str] | None, typer.Option("--select", help="Only these stages, rule ids, or beginnings of ids.")
    ],
    "extend": Annotated[
        list[str] | None, typer.Option("--extend", help="Also what is off by default, such as encoding/quotes.")
    ],
    "ignore": Annotated[
        list[str] | None, typer.Option("--ignore", help="Stages, rule ids, or beginnings of ids, to leave out.")
    ],
    "web": Annotated[bool | None, typer.Option("--web/--no-web", help="Also take out what is left of the page.")],
    "spelling": Annotated[bool | None, typer.Option("--spelling/--no-spelling", help="Also correct spelling.")],
    "model": Annotated[Path | None, typer.Option("--model", help="Counts of your own clean text (unspin learn).")],
    "text_fields": Annotated[
        list[str] | None,
        typer.Option("--text-field", help="A field of records that holds texts, dotted for fields of fields."),
    ],
    "exclude": Annotated[
        list[str] | None, typer.Option("--exclude", help="Files and folders to pass over, as in a .gitignore.")
    ],
    "force_exclude": Annotated[
        bool | None,
        typer.Option("--force-exclude", help="Pass over excluded files even where they are named here."),
    ],
}
_CONFIG = Annotated[Path | None, typer.Option("--config", help="The file with settings, in place of the nearest one.")]
_DUMP = Annotated[bool, typer.Option("--dump-config", help="Show the settings that hold, and exit.")]


def with_settings(command: Callable[..., None]) -> Callable[..., None]:
    """A command that takes `settings`, as one that takes the shared options in their place."""
    signature = inspect.signature(command, eval_str=True)
    own = [parameter for parameter in signature.parameters.values() if parameter.name != "settings"]
    keyword = inspect.Parameter.KEYWORD_ONLY
    shared = [inspect.Parameter(name, keyword, default=None, annotation=kind) for name, kind in _OPTIONS.items()]
    shared += [
        inspect.Parameter("config", keyword, default=None, annotation=_CONFIG),
        inspect.Parameter("dump_config", keyword, default=False, annotation=_DUMP),
    ]

    @wraps(command)
    def with_options(**given: Any) -> None:
        options = {name: given.pop(name) for name in _OPTIONS}
        dump = given.pop("dump_config")
        settings = _settings(given.pop("config"), options)
        if dump:
            typer.echo(settings.dumped(), nl=False)
            raise typer.Exit
        command(**given, settings=settings)

    with_options.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[parameter.replace(kind=keyword) for parameter in own] + shared
    )
    return with_options


def _settings(config: Path | None, options: dict[str, Any]) -> Settings:
    try:
        settings = load(config if config is not None else find(Path()))
    except (SettingsError, OSError) as error:
        fail(error)
    for name in ("select", "extend", "ignore", "text_fields", "exclude"):  # as in ruff, a comma does for a repetition
        options[name] = [part.strip() for given in options[name] or () for part in given.split(",") if part.strip()]
    if options["rules"]:
        options["rules"] = [str(folder) for folder in options["rules"]]
    if options["model"]:
        options["model"] = str(options["model"])
    return settings.merged(**options)
