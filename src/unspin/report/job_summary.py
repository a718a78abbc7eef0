"""The summary of a job of GitHub Actions: what was found in each file, as a table of Markdown."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from unspin.errors import FileError
from unspin.escapes import counted, on_one_line

_VARIABLE = "GITHUB_STEP_SUMMARY"
"""The environment variable in which GitHub names the file that a step may write its summary to."""

_FILES = 100
"""Files in the table; GitHub shows a megabyte at most."""


class FileFindings(NamedTuple):
    """What was found in one file: edits, and the verdict on its document, or on the last that is not clean."""

    edits: int
    verdict: str


def write_job_summary(files: Mapping[str, FileFindings]) -> None:
    """Add a summary to the file that GitHub names; nothing where it names none.

    Raises:
        FileError: it cannot be written.
    """
    path = os.environ.get(_VARIABLE)
    if not path:
        return
    try:
        with Path(path).open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(markdown(files))
    except OSError as error:
        raise FileError(f"{path}: the job summary was not written: {error.strerror or error}") from None


def markdown(files: Mapping[str, FileFindings]) -> str:
    """The table, the files with the most edits first.

    >>> print(markdown({"a.md": FileFindings(2, "clean")}))
    ### unspin: 2 edits in 1 file
    <BLANKLINE>
    | file | edits | verdict |
    |---|---:|---|
    | `a.md` | 2 | clean |
    <BLANKLINE>
    """
    edits = sum(found.edits for found in files.values())
    if not files:
        return "### unspin: nothing found\n"
    lines = [f"### unspin: {counted(edits, 'edit')} in {counted(len(files), 'file')}", ""]
    lines += ["| file | edits | verdict |", "|---|---:|---|"]
    most = sorted(files.items(), key=lambda item: (-item[1].edits, item[0]))
    for path, found in most[:_FILES]:
        name = on_one_line(path).replace("`", "'").replace("|", "\\|")
        lines.append(f"| `{name}` | {found.edits:,} | {found.verdict} |")
    if len(most) > _FILES:
        lines += ["", f"and {counted(len(most) - _FILES, 'more file')}"]
    return "\n".join(lines) + "\n"
