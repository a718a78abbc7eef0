"""Findings as SARIF 2.1.0, with a fix for every edit, for code scanning."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from unspin.corpus.document import Document, Source
from unspin.repairer import Repair
from unspin.report.baseline import fingerprint, relative
from unspin.report.places import Placed, message
from unspin.report.reporter import Reporter, placed_edits

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"

_HELP = "https://github.com/unspin/unspin/blob/main/docs/stages.md"
"""What the rules of a stage are about."""


class Result(NamedTuple):
    """A finding.

    Attributes:
        path: the file.
        place: the edit and where it stands.
        fingerprint: what it is recognised by when lines have moved.
    """

    path: str
    place: Placed
    fingerprint: str


class Sarif(Reporter):
    """SARIF 2.1.0, for code scanning."""

    def __init__(self, write: Callable[[str], None], terminal: bool = False) -> None:
        super().__init__(write, terminal)
        self._found: list[Result] = []

    def document(self, source: Source, document: Document, repair: Repair) -> None:
        name = relative(document.path, Path())
        for place in placed_edits(source, document, repair):
            self._found.append(Result(document.path, place, fingerprint(name, document, place.edit)))

    def end(self, trouble: bool) -> None:
        from unspin import __version__

        self.write(json.dumps(log(self._found, __version__), indent=1) + "\n")


def log(found: Sequence[Result], version: str) -> dict[str, Any]:
    """The SARIF log of some findings.

    Args:
        found: the findings, in order.
        version: of unspin.
    """
    rules = sorted({result.place.edit.rule for result in found})
    numbers = {rule: number for number, rule in enumerate(rules)}
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "unspin",
                        "version": version,
                        "rules": [{"id": rule, "shortDescription": {"text": rule}, "helpUri": _HELP} for rule in rules],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(result, numbers[result.place.edit.rule]) for result in found],
            }
        ],
    }


def _result(result: Result, rule: int) -> dict[str, Any]:
    place = result.place
    uri = _uri(result.path)
    region = {
        "startLine": place.start[0],
        "startColumn": place.start[1],
        "endLine": place.end[0],
        "endColumn": place.end[1],
    }
    return {
        "ruleId": place.edit.rule,
        "ruleIndex": rule,
        "level": "note" if place.suggested else "warning",
        "message": {"text": message(place)},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}],
        "partialFingerprints": {"unspin/v1": result.fingerprint},
        "fixes": [
            {
                "description": {"text": message(place)},
                "artifactChanges": [
                    {
                        "artifactLocation": {"uri": uri},
                        "replacements": [{"deletedRegion": region, "insertedContent": {"text": place.raw.after}}],
                    }
                ],
            }
        ],
        "properties": {
            "confidence": round(place.edit.confidence, 4),
            "stage": place.edit.stage,
            "verdict": place.verdict.label,
            **place.verdict.of_family,
        },
    }


def _uri(path: str) -> str:
    """The URI of a file: relative to the current folder where it is below it, as viewers of a repository want it."""
    if "://" in path:
        return path
    from_here = os.path.relpath(path)
    outside = from_here.split(os.sep)[0] == os.pardir
    name = os.path.abspath(path) if outside else from_here
    return ("file://" if outside else "") + quote(os.fsencode(name.replace(os.sep, "/")))
