"""Findings that are known: an old folder takes up the hook, and only new damage fails."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from unspin.corpus.document import Document
from unspin.edits import Edit
from unspin.errors import FileError
from unspin.repairer import Repair

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
        root: the folder that fingerprints take the paths of files from.
        known: fingerprints of the findings that are known.

    Attributes:
        prints: fingerprints of all findings so far.
    """

    def __init__(self, root: Path = Path(), known: Iterable[str] = ()) -> None:
        self.prints: list[str] = []
        self._root = root
        self._left = Counter(known)

    @classmethod
    def read(cls, path: Path) -> Baseline:
        """The baseline of a file.

        Raises:
            FileError: it is none.
        """
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
            if not isinstance(stored, dict) or not isinstance(stored.get("findings"), list):
                raise ValueError("no list of findings in it")
        except (OSError, ValueError, RecursionError) as error:
            said = error.strerror if isinstance(error, OSError) else error
            raise FileError(f"{path}: not a baseline: {said}; write one with unspin check --write-baseline") from None
        return cls(path.parent, map(str, stored["findings"]))

    def new(self, document: Document, repair: Repair) -> Repair:
        """What is found in a document, without what is known; each known finding is taken once."""
        if not repair.edits:
            return repair
        path, field = relative(document.path, self._root), str(document.names.get("field", ""))
        prints = {edit: fingerprint(path, field, document.text, edit) for edit in repair.edits}
        self.prints += prints.values()
        known = {edit for edit, print_ in prints.items() if self._takes(print_)}
        return repair.without(unwanted=known.__contains__) if known else repair

    def _takes(self, fingerprint: str) -> bool:
        if self._left[fingerprint] <= 0:
            return False
        self._left[fingerprint] -= 1
        return True


def dumped(prints: Iterable[str]) -> str:
    """The text of a baseline file."""
    return json.dumps({"findings": sorted(prints)}, indent=1) + "\n"
