"""The examples of README and the documentation: read off the pages, run, and their shown output renewed.

A block of `bash` is an example; a block of `text` directly behind it shows what it prints.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent

PAGES = (
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "GLOSSARY.md",
    *sorted((ROOT / "docs").rglob("*.md")),
)

_BLOCK = re.compile(
    r"^```(?:bash|console)[^\n]*\n(?P<script>.*?)^```\n(?:\n```text\n(?P<output>.*?)^```\n)?", re.MULTILINE | re.DOTALL
)

_NOT_RUN = ("pip ", "make ")
"""Beginnings of lines that are shown and not run: they install, or take minutes."""

_HEAD = """
unspin() {{ "{python}" -m unspin "$@"; }}
trap 'status=$?; [ $status -le 1 ] || exit $status' ERR
"""
"""What a script begins with: 1 says that something was found, more is trouble."""


class Example(NamedTuple):
    """An example of a page.

    Attributes:
        script: lines of bash.
        output: what the page says it prints; None where it does not say.
    """

    script: str
    output: str | None = None

    @property
    def commands(self) -> list[str]:
        """The lines that can be run."""
        lines = (line.removeprefix("$ ") for line in self.script.splitlines())
        return [line for line in lines if not line.startswith(_NOT_RUN)]


def examples(text: str) -> Iterator[Example]:
    """The examples of a page, in order."""
    for match in _BLOCK.finditer(text):
        yield Example(match["script"], match["output"])


def run(example: Example) -> subprocess.CompletedProcess[str]:
    """Run an example in a copy of `examples/`, which is called `examples` there too."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder, "work")
        shutil.copytree(ROOT / "examples", work)
        (work / "examples").symlink_to(work)
        script = _HEAD.format(python=sys.executable) + "\n".join(example.commands)
        return subprocess.run(["bash", "-c", script], cwd=work, capture_output=True, text=True, check=False)


def renewed(text: str) -> str:
    """A page with the output of each example as it is now.

    Raises:
        RuntimeError: an example does not run.
    """
    parts, at = [], 0
    for match in _BLOCK.finditer(text):
        if match["output"] is not None:
            done = run(Example(match["script"]))
            if done.returncode > 1:
                raise RuntimeError(f"{match['script'].strip()}: {done.stderr.strip()}")
            parts += [text[at : match.start("output")], done.stdout]
            at = match.end("output")
    return "".join(parts) + text[at:]
