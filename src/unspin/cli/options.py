"""The options that commands share, in groups, and the settings that they come to with those of a file."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from unspin.settings import Settings, find, load

_GROUPS: dict[str, dict[str, Any]] = {
    "repair": {
        "confidence": Annotated[
            float | None,
            typer.Option(
                "--confidence", "-c", metavar="P", help="Minimum probability for an edit: .5 is balanced, .8 careful."
            ),
        ],
        "rules": Annotated[
            list[Path] | None,
            typer.Option("--rules", metavar="FOLDER", help="A folder of your own rules, added to the shipped ones."),
        ],
        "select": Annotated[
            list[str] | None,
            typer.Option("--select", metavar="RULE", help="Only these stages, rule ids, or beginnings of ids."),
        ],
        "extend": Annotated[
            list[str] | None,
            typer.Option("--extend", metavar="RULE", help="Also what is off by default, such as encoding/quotes."),
        ],
        "ignore": Annotated[
            list[str] | None,
            typer.Option("--ignore", metavar="RULE", help="Stages, rule ids, or beginnings of ids, to leave out."),
        ],
        "web": Annotated[
            bool | None,
            typer.Option(
                "--web/--no-web", help='Remove leftovers of the page: cookie banners, share bars, "read more".'
            ),
        ],
        "spelling": Annotated[bool | None, typer.Option("--spelling/--no-spelling", help="Also correct spelling.")],
        "model": Annotated[
            Path | None, typer.Option("--model", metavar="FILE", help="Counts of your own clean text (unspin learn).")
        ],
        "rescorer": Annotated[
            str | None,
            typer.Option(
                "--rescorer",
                metavar="NAME_OR_PATH",
                help="A causal language model for readings of spun text that are left open (unspin[lm]).",
            ),
        ],
        "language": Annotated[
            str | None,
            typer.Option("--language", metavar="CODE", help="Language of all texts, such as en; auto by default."),
        ],
    },
    "files": {
        "exclude": Annotated[
            list[str] | None,
            typer.Option("--exclude", metavar="PATTERN", help="Files and folders to pass over, as in a .gitignore."),
        ],
        "force_exclude": Annotated[
            bool | None,
            typer.Option("--force-exclude", help="Pass over excluded files even where they are named here."),
        ],
        "gitignore": Annotated[
            bool | None, typer.Option("--gitignore/--no-gitignore", help="Pass over what .gitignore files ignore.")
        ],
    },
    "records": {
        "text_fields": Annotated[
            list[str] | None,
            typer.Option(
                "--text-field",
                metavar="FIELD",
                help="A field of records that holds texts, dotted for fields of fields.",
            ),
        ],
        "language_field": Annotated[
            str | None,
            typer.Option("--language-field", metavar="FIELD", help="A field that says the language of a record."),
        ],
    },
}
_CONFIG = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="The file with settings, in place of the nearest one.")
]
_DUMP = Annotated[bool, typer.Option("--dump-config", help="Show the settings that hold, and exit.")]

_LISTS = ("select", "extend", "ignore", "text_fields", "exclude")
"""Options of which a comma does for a repetition, as in ruff."""

Command = Callable[..., None]


def with_settings(*groups: str) -> Callable[[Command], Command]:
    """For a command that takes `settings`: it takes the options of some groups in their place."""
    options = {name: kind for group in groups for name, kind in _GROUPS[group].items()}

    def decorated(command: Command) -> Command:
        signature = inspect.signature(command, eval_str=True)
        own = [parameter for parameter in signature.parameters.values() if parameter.name != "settings"]
        keyword = inspect.Parameter.KEYWORD_ONLY
        shared = [inspect.Parameter(name, keyword, default=None, annotation=kind) for name, kind in options.items()]
        shared += [
            inspect.Parameter("config", keyword, default=None, annotation=_CONFIG),
            inspect.Parameter("dump_config", keyword, default=False, annotation=_DUMP),
        ]

        @wraps(command)
        def with_options(**given: Any) -> None:
            chosen = {name: given.pop(name) for name in options}
            dump = given.pop("dump_config")
            settings = _settings(given.pop("config"), chosen)
            if dump:
                typer.echo(settings.dumped(), nl=False)
                raise typer.Exit
            command(**given, settings=settings)

        with_options.__signature__ = signature.replace(  # type: ignore[attr-defined]
            parameters=[parameter.replace(kind=keyword) for parameter in own] + shared
        )
        return with_options

    return decorated


def _settings(config: Path | None, given: dict[str, Any]) -> Settings:
    settings = load(config if config is not None else find(Path()))
    for name in _LISTS:
        if name in given:
            given[name] = [part.strip() for text in given[name] or () for part in text.split(",") if part.strip()]
    for name in ("rules", "model"):
        if given.get(name):
            given[name] = list(map(str, given[name])) if isinstance(given[name], list) else str(given[name])
    return settings.merged(**given)
