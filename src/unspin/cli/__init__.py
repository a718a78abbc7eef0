"""The command line; thin, and lazy: each command imports what it needs when it runs."""

from __future__ import annotations

from typing import Annotated

import typer

from unspin.cli import corpus, dictionary, families, mining, review, texts
from unspin.cli.help import SectionedCommand

app = typer.Typer(
    name="unspin",
    help="Put machine-mangled text back into English.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _command in (
    texts.check,
    texts.fix,
    texts.diff,
    texts.explain,
    corpus.clean,
    corpus.undo,
    corpus.replay,
    corpus.report,
    review.review,
    corpus.learn,
    mining.mine,
    families.families,
):
    app.command(cls=SectionedCommand)(_command)
app.add_typer(dictionary.rules_app, name="rules")


@app.callback(invoke_without_command=True)
def _main(version: Annotated[bool, typer.Option("--version", "-V", help="Show the version and exit.")] = False) -> None:
    if version:
        from unspin.core import version_lines

        print(version_lines())
        raise typer.Exit
