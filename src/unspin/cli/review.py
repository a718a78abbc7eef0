"""The command that opens a page to work on: review."""

from __future__ import annotations

import sys
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from unspin.cli.options import with_settings
from unspin.cli.terminal import write_stdout
from unspin.errors import SettingsError
from unspin.settings import Settings

if TYPE_CHECKING:
    from unspin.report.review.server import App


class Export(str, Enum):
    """What a review is written out as."""

    rules = "rules"
    keep = "keep"
    ignore = "ignore"
    gold = "gold"


@with_settings("repair", "records")
def review(
    settings: Settings,
    run: Annotated[
        str, typer.Argument(metavar="RUN", help="The output of unspin clean; without it a page to paste text on.")
    ] = "",
    decisions: Annotated[
        Path | None,
        typer.Option(
            "--decisions", metavar="FILE", help="Where decisions are kept.", show_default="RUN/decisions.jsonl"
        ),
    ] = None,
    export: Annotated[
        Export | None,
        typer.Option(
            "--export",
            help="Print what was decided, and exit: other wordings as rows for rules/, phrases for keep.tsv, "
            "rules for the setting ignore, or gold for the audit.",
        ),
    ] = None,
    port: Annotated[int, typer.Option(metavar="N", help="The port of the page; 0 for any that is free.")] = 0,
    browse: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
) -> None:
    """Review the edits of a run on a page, or try unspin on a text.

    Edits are accepted, rejected or given another wording; replay --decisions makes them. The page is served to this
    machine alone, at an address that nobody else knows; Ctrl-C ends it. Without a RUN it is a page to paste text on, or
    to drop a file on.
    """
    if not run:
        if decisions or export:
            raise SettingsError("--decisions and --export are about the output of a run; name it")
        from unspin.report.review.text_page import TextPage

        _serve(TextPage(settings), port, browse)
        return
    path = _decisions_of(run, decisions)
    if export is not None:
        from unspin.corpus.batch.decisions import read
        from unspin.report.review.export import lines

        for line in lines(export.value, run, read(path)):
            write_stdout(line + "\n")
        return
    from unspin.report.review.run_page import RunPage

    with RunPage(run, path) as page:
        _serve(page, port, browse)


def _decisions_of(run: str, given: Path | None) -> Path:
    """The file of decisions about a run.

    Raises:
        SettingsError: it would be behind a URL.
    """
    from unspin.corpus.storage.remote import is_url

    if given is None and is_url(run):
        raise SettingsError("decisions are kept on this machine; name a file with --decisions")
    return given or Path(run, "decisions.jsonl")


def _serve(app: App, port: int, browse: bool) -> None:
    from unspin.report.review.server import Server

    with Server(app, port) as server:
        print(f"{server.address}\nCtrl-C ends it", file=sys.stderr, flush=True)
        if browse:
            import webbrowser

            webbrowser.open(server.address)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return
