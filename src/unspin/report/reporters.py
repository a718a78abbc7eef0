"""The output formats of `check`; a new one is a module with a class that derives from `Reporter`, and a line here."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unspin.report.reporter import Reporter

REPORTERS = {
    "text": "text_output:Text",
    "diff": "diff_output:Diff",
    "json": "json_output:Json",
    "jsonl": "json_output:JsonLines",
    "sarif": "sarif:Sarif",
    "github": "github:GitHub",
    "gitlab": "gitlab:GitLab",
}
"""Name of a format -> "module:class" within this package, imported when it is asked for."""


def reporter_class(name: str) -> type[Reporter]:
    """What reports in a format of `REPORTERS`."""
    module, _, kind = REPORTERS[name].partition(":")
    found: type[Reporter] = getattr(importlib.import_module(f"unspin.report.{module}"), kind)
    return found
