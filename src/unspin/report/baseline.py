"""Findings that are known: an old folder takes up the hook, and only new damage fails."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from unspin.edits import Edit

_AROUND = 24
"""Code points on either side, in its line, by which a finding is recognised when lines have moved."""


def relative(path: str, root: Path) -> str:
    """A file as the folder of the baseline sees it, from wherever unspin was called."""
    return path if path == "-" else Path(os.path.relpath(path, root)).as_posix()


def fingerprint(path: str, field: str, text: str, edit: Edit) -> str:
    """What a finding is recognised by: its file and field, its rule, its text and what stands around."""
    before = text[max(0, edit.start - _AROUND) : edit.start].rpartition("\n")[2]
    behind = text[edit.end : edit.end + _AROUND].partition("\n")[0]
    around = f"{before}|{behind}"
    parts = (path, field, edit.rule, edit.before, edit.after, " ".join(around.split()))
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


class Baseline:
    """Known findings, each as often as it was found.

    Args:
        prints: their fingerprints.
    """

    def __init__(self, prints: Iterable[str] = ()) -> None:
        self._left = Counter(prints)

    @classmethod
    def read(cls, path: Path) -> Baseline:
        """The baseline of a file.

        Raises:
            ValueError: it is none.
            OSError: it cannot be read.
        """
        stored = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(stored, dict) or not isinstance(stored.get("findings"), list):
            raise ValueError("no list of findings in it")
        return cls(map(str, stored["findings"]))

    def takes(self, fingerprint: str) -> bool:
        """Whether a finding is known; each known one is taken once."""
        if self._left[fingerprint] <= 0:
            return False
        self._left[fingerprint] -= 1
        return True


def dumped(prints: Iterable[str]) -> str:
    """The text of a baseline file."""
    return json.dumps({"findings": sorted(prints)}, indent=1) + "\n"
