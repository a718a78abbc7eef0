"""What check reports, format by format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from unspin.cli.terminal import colour, fail, put
from unspin.corpus.document import Document, Source, source_edits
from unspin.edits import Edit
from unspin.repairer import Repair
from unspin.report.baseline import Baseline, fingerprint, relative
from unspin.report.places import Placed, placed


class Reporter:
    """Reports documents as they come.

    Args:
        output: the format.
        baseline: a file of known findings, which are not reported.
        root: the folder that fingerprints take the paths of files from.

    Attributes:
        prints: fingerprints of all findings.
    """

    def __init__(self, output: str, baseline: Path | None = None, root: Path = Path()) -> None:
        self._output = output
        self._root = root
        self._collected: list[Any] = []
        self._texts: list[str] = []
        self._edits: list[Edit] = []
        self._length = 0
        self._source: Source | None = None
        self._path = ""
        self.prints: list[str] = []
        try:
            self._baseline = Baseline.read(baseline) if baseline is not None else None
        except (OSError, ValueError) as error:
            fail(f"{baseline}: not a baseline: {error}; write one with unspin check --write-baseline")

    def report(self, source: Source, document: Document, repair: Repair) -> bool:
        """Report one document; returns whether it has edits that are not known."""
        field = str(document.names.get("field", ""))
        path = relative(document.path, self._root) if repair.edits else ""
        prints = {edit: fingerprint(path, field, document.text, edit) for edit in repair.edits}
        self.prints += prints.values()
        if self._baseline is not None:
            known = {edit for edit, found in prints.items() if self._baseline.takes(found)}
            repair = repair.without(unwanted=known.__contains__)
        if self._output in ("json", "jsonl"):
            from unspin.records import dumps, record

            value = record(repair, document.path, **document.names)
            if self._output == "jsonl":
                put(dumps(value) + "\n")
            else:
                self._collected.append(value)
        elif self._output == "diff":
            self._add(source, source_edits([(document, repair.edits)]))
        else:
            self._places(document, placed(source, document, repair) if repair.edits or repair.suggestions else [])
        return bool(repair.edits)

    def _places(self, document: Document, found: list[Placed]) -> None:
        if self._output == "text":
            from unspin.report.text import lines

            for line in lines(found, document.path, document.names, colour()):
                put(line + "\n")
        elif self._output == "github":
            from unspin.report.sarif import annotation

            for place in found:
                put(annotation(document.path, place) + "\n")
        else:
            self._collected += [(document.path, place) for place in found]

    def _add(self, source: Source, edits: list[Edit]) -> None:
        """One more document of the file that is shown as a diff."""
        if source is not self._source:
            if self._source is not None:
                self._length += len(self._source.text)
            self._source = source
            self._texts.append(source.text)
        self._path = source.path
        self._edits += [edit.moved(self._length) for edit in edits]

    def end_file(self) -> None:
        """A file is done."""
        if self._output == "diff" and self._edits:
            from unspin.diff import unified

            put(unified("".join(self._texts), sorted(self._edits), self._path))
        self._texts, self._edits, self._length, self._source = [], [], 0, None

    def end(self, trouble: bool) -> None:
        """All files are done."""
        if self._output == "json" and (self._collected or not trouble):
            put(json.dumps(self._collected[0] if len(self._collected) == 1 else self._collected) + "\n")
        elif self._output == "sarif":
            from unspin import __version__
            from unspin.report.sarif import log

            put(json.dumps(log(self._collected, __version__), indent=1) + "\n")
