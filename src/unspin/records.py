"""Repairs as JSON: one object a document, by the contract of the command line."""

from __future__ import annotations

import json
from typing import Any

from unspin.edits import Edit
from unspin.repairer import Repair


def record(repair: Repair, path: str, **names: Any) -> dict[str, Any]:
    """The object that `--format json` and `jsonl` print.

    Args:
        repair: what was found.
        path: the file, or "-".
        names: further keys that say which document of the file it is, such as `id` and `field`.
    """
    verdict = repair.verdict
    found: dict[str, Any] = {
        "path": path,
        **names,
        "verdict": {
            "label": verdict.label,
            "score": round(verdict.score, 4),
            **verdict.of_family,
            "sentences": [[a, b, round(p, 4)] for a, b, p in verdict.sentences],
        },
        "edits": [_edit(edit) for edit in repair.edits],
    }
    if repair.suggestions:
        found["suggestions"] = [_edit(edit) for edit in repair.suggestions]
    return found


def _edit(edit: Edit) -> dict[str, Any]:
    return edit._asdict()


_encoded = json.JSONEncoder(ensure_ascii=False).encode


def dumps(value: dict[str, Any]) -> str:
    """JSON on one line. Lone surrogates, which UTF-8 cannot hold, are written as escapes."""
    text = _encoded(value)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value)
    return text
