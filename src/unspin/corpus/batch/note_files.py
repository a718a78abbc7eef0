"""The files that a run writes beside its output: what they are called, and how their lines are read."""

from __future__ import annotations

import json
from collections.abc import Iterator

from unspin.corpus.formats.noted_edits import Row
from unspin.corpus.storage.compression import packing_of, unpacked
from unspin.corpus.storage.folders import STATE, Folder
from unspin.corpus.storage.opening import chained
from unspin.errors import FileError


def changes_name(shard: str) -> str:
    """Every edit of a shard."""
    return f"changes/{shard}.jsonl.gz"


def dropped_name(shard: str, ending: str = ".jsonl.gz") -> str:
    """The records that were left out of a shard."""
    return f"dropped/{shard}{ending}"


def errors_name(shard: str, ending: str = ".jsonl") -> str:
    """What is broken in a shard: where and why, or with `.bin` its bytes."""
    return f"errors/{shard}{ending}"


def records_name(shard: str) -> str:
    """The records of a shard that stand otherwise in the output, with their lengths here and there."""
    return f"{STATE}/records/{shard}.jsonl.gz"


def samples_name(shard: str) -> str:
    """The documents of a shard that are shown as samples."""
    return f"{STATE}/samples/{shard}.jsonl.gz"


def note_names(shard: str) -> list[str]:
    """All files of notes that a shard may have."""
    return [
        changes_name(shard),
        dropped_name(shard),
        dropped_name(shard, ".parquet"),
        errors_name(shard),
        errors_name(shard, ".bin"),
        records_name(shard),
        samples_name(shard),
    ]


def rows(folder: Folder, name: str) -> Iterator[Row]:
    """The lines of a file of notes, packed or not; none where there is no such file.

    Raises:
        FileError: with the line, for what is no note.
    """
    if not folder.exists(name):
        return
    with folder.open(name) as stream:
        head = stream.read(4)
        whole = chained(head, stream)
        packing = packing_of(head)
        lines, unpacking = unpacked(whole, packing) if packing else (whole, None)
        number = 0
        for number, line in enumerate(lines, 1):
            try:
                row = json.loads(line)
                if not isinstance(row, dict):
                    raise ValueError("no object")
            except (ValueError, RecursionError) as error:
                raise FileError(f"{folder.where}/{name}:{number}: not a note of a run: {error}") from None
            yield row
        if unpacking is not None and unpacking.damage:
            raise FileError(f"{folder.where}/{name}: {unpacking.damage}; run unspin clean again")


def original_text(raw: bytes) -> str:
    """Bytes as a text that JSON can hold, whatever they are."""
    return raw.decode("utf-8", "surrogateescape")


def original_bytes(text: str) -> bytes:
    """The bytes of such a text."""
    return text.encode("utf-8", "surrogateescape")
