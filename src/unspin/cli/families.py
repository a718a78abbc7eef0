"""The command on the families of spinners."""

from __future__ import annotations

import json
from enum import Enum
from typing import Annotated

import typer

from unspin.cli.terminal import RuleFolders, write_stdout


class Format(str, Enum):
    """Output formats of `families`."""

    text = "text"
    json = "json"


def families(
    name: Annotated[str, typer.Argument(metavar="NAME", help="One family, to be shown; all are listed without.")] = "",
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.text,
    rules: RuleFolders = [],  # noqa: B006
) -> None:
    """List the families of spinners, or show what is known of one."""
    from unspin.rulebook.family_listing import described, page, table
    from unspin.rulebook.folders import shipped_folder

    found = described([shipped_folder(), *rules], name)
    if output is Format.json:
        write_stdout(json.dumps(found[0] if name else found, ensure_ascii=False, indent=1) + "\n")
        return
    for line in page(found[0]) if name else table(found):
        write_stdout(line + "\n")
