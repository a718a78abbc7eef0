"""Findings that are known: an old folder takes up the hook, and only new damage fails."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from unspin.corpus.document import Document
from unspin.edits import Edit
from unspin.errors import FileError
from unspin.repairer import Repair

_AROUND = 24
"""Code points on either side, in its line, by which a finding is recognised when lines have moved."""


class Finding(NamedTuple):
    """One entry of a baseline.

    Attributes:
        path: the file, as the folder of the baseline sees it.
        rule: of the edit.
        before, after: what it is about.
        fingerprint: what it is recognised by.
    """

    path: str
    rule: str
    before: str
    after: str
    fingerprint: str


def relative(path: str, root: Path) -> str:
    """A file as the folder of the baseline sees it, from wherever unspin was called."""
    return path if path == "-" else Path(os.path.relpath(path, root)).as_posix()


def fingerprint(path: str, document: Document, edit: Edit) -> str:
    """What a finding is recognised by: its file and field, its rule, its text and what stands around.

    Args:
        path: of the file, from `relative`.
        document: of the file.
        edit: of its text.
    """
    text, field = document.text, str(document.names.get("field", ""))
    before = text[max(0, edit.start - _AROUND) : edit.start].rpartition("\n")[2]
    behind = text[edit.end : edit.end + _AROUND].partition("\n")[0]
    around = f"{before}|{behind}"
    parts = (path, field, edit.rule, edit.before, edit.after, " ".join(around.split()))
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


class Baseline:
    """Known findings, each as often as it was found.

    Args:
        root: the folder that the paths of files are taken from.
        known: the findings that are known.

    Attributes:
        findings: all findings so far, known and new.
    """

    def __init__(self, root: Path = Path(), known: Iterable[Finding] = ()) -> None:
        self.findings: list[Finding] = []
        self._root = root
        self._known = list(known)
        self._left = Counter(finding.fingerprint for finding in self._known)
        self._read: set[str] = set()

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
            known = [Finding(*(str(entry[name]) for name in Finding._fields)) for entry in stored["findings"]]
        except (OSError, ValueError, RecursionError) as error:
            said = error.strerror if isinstance(error, OSError) else error
            raise FileError(f"{path}: not a baseline: {said}; write one with unspin check --write-baseline") from None
        except (KeyError, TypeError):
            raise FileError(
                f"{path}: not a baseline of this version; write it anew with unspin check --write-baseline"
            ) from None
        return cls(path.parent, known)

    def new(self, document: Document, repair: Repair) -> Repair:
        """What is found in a document, without what is known; each known finding is taken once."""
        path = relative(document.path, self._root)
        self._read.add(path)
        if not repair.edits:
            return repair
        found = {
            edit: Finding(path, edit.rule, edit.before, edit.after, fingerprint(path, document, edit))
            for edit in repair.edits
        }
        self.findings += found.values()
        known = {edit for edit, finding in found.items() if self._takes(finding.fingerprint)}
        return repair.without(unwanted=known.__contains__) if known else repair

    def pruned(self) -> list[Finding]:
        """The known findings that are still there: found again, or in a file that was not read and exists."""
        gone = +self._left
        kept = []
        for finding in self._known:
            unread = finding.path not in self._read and (self._root / finding.path).exists()
            if gone[finding.fingerprint] and not unread:
                gone[finding.fingerprint] -= 1
            else:
                kept.append(finding)
        return kept

    def _takes(self, fingerprint: str) -> bool:
        if self._left[fingerprint] <= 0:
            return False
        self._left[fingerprint] -= 1
        return True


def dumped(findings: Iterable[Finding]) -> str:
    """The text of a baseline file: JSON with a line for each finding, sorted, for people to review."""
    lines = [json.dumps(finding._asdict(), ensure_ascii=False) for finding in sorted(findings)]
    return '{"findings": [\n' + ",\n".join(lines) + "\n]}\n"
