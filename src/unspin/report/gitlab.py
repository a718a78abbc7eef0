"""Findings as a code quality report of GitLab, which merge requests show beside the lines."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from unspin.corpus.document import Document, Source
from unspin.repairer import Repair
from unspin.report.baseline import fingerprint, relative
from unspin.report.places import message
from unspin.report.reporter import Reporter, placed_edits


class GitLab(Reporter):
    """One list of findings, each with the fingerprint that it keeps when lines move.

    https://docs.gitlab.com/ci/testing/code_quality/ has the fields. Files are named as the repository sees them: from
    its root, where the command runs, or from the folder that `CI_PROJECT_DIR` names.
    """

    def __init__(self, write: Callable[[str], None], terminal: bool = False) -> None:
        super().__init__(write, terminal)
        self._root = Path(os.environ.get("CI_PROJECT_DIR", ""))
        self._findings: list[dict[str, Any]] = []
        self._met: Counter[str] = Counter()

    def document(self, source: Source, document: Document, repair: Repair) -> None:
        path = relative(document.path, self._root)
        for place in placed_edits(source, document, repair):
            recognised = fingerprint(path, document, place.edit)
            self._met[recognised] += 1
            if self._met[recognised] > 1:  # GitLab shows findings with one fingerprint once
                recognised = f"{recognised}-{self._met[recognised]}"
            finding = {
                "description": message(place),
                "check_name": place.edit.rule,
                "fingerprint": recognised,
                "severity": "info" if place.suggested else "minor",
                "location": {"path": path, "lines": {"begin": place.start[0], "end": place.end[0]}},
            }
            self._findings.append(finding)

    def end(self, trouble: bool) -> None:
        self.write(json.dumps(self._findings, indent=1) + "\n")
