"""Findings as JSON: the documents with all that is known of each."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from unspin.corpus.document import Document, Source
from unspin.records import dumps, record
from unspin.repairer import Repair
from unspin.report.reporter import Reporter


class JsonLines(Reporter):
    """An object a document, one a line."""

    def document(self, source: Source, document: Document, repair: Repair) -> None:
        self.write(dumps(record(repair, document.path, **document.names)) + "\n")


class Json(Reporter):
    """One object for one document, else a list of them."""

    def __init__(self, write: Callable[[str], None], terminal: bool = False) -> None:
        super().__init__(write, terminal)
        self._collected: list[dict[str, Any]] = []

    def document(self, source: Source, document: Document, repair: Repair) -> None:
        self._collected.append(record(repair, document.path, **document.names))

    def end(self, trouble: bool) -> None:
        if self._collected or not trouble:
            self.write(json.dumps(self._collected[0] if len(self._collected) == 1 else self._collected) + "\n")
