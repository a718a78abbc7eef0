"""The records that figures and weights are made from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from unspin.corpus.formats.json_lines import objects


def records(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a file of JSON lines, packed or not.

    Raises:
        FileError: with file and line, for what cannot be read or is no record.
    """
    for _, record in objects(path):
        yield record
