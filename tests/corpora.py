"""Corpora to try things on, as different writers write them; and what a run made of them."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from unspin import zstd

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


SPUN = (
    "The overseas minister shakes palms with the brand new chief of the opposition within the Nice Corridor of the "
    "Individuals on Monday. The minister stated that extra officers would attend the assembly, and that the settlement "
    "needs to be signed earlier than the top of the yr. "
)
PLAIN = "The council meets on Monday, and the minutes are read by the clerk. "


def texts(count: int) -> Iterator[str]:
    """Of ten, one is spun and two have a phrase that is repaired anywhere; some are no ASCII."""
    for n in range(count):
        yield SPUN * 2 if n % 10 == 0 else f"He shakes palms, “thus” {n}.\nAgain." if n % 5 == 1 else f"{PLAIN}{n}"


def records(count: int) -> list[dict[str, object]]:
    return [
        {"id": f"d{n}", "url": f"https://site{n % 3}.example/{n}", "text": text, "n": 1.5}
        for n, text in enumerate(texts(count))
    ]


def json_lines(count: int = 60) -> bytes:
    """JSON as different writers write it."""
    lines = []
    for n, record in enumerate(records(count)):
        spaced = json.dumps(record, ensure_ascii=n % 2 == 0, separators=(", ", ": ") if n % 3 else (",", ":"))
        lines.append(spaced.replace("1.5", "1.50e0") + ("\r\n" if n % 7 == 0 else "\n"))
    return "".join(lines).rstrip("\r\n").encode()


def table(delimiter: str, count: int = 60) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(["id", "text", "n"])
    for record in records(count):
        text = str(record["text"])
        writer.writerow([record["id"], text if delimiter == "," else text.replace("\n", " "), record["n"]])
    return out.getvalue().encode()


def warc_record(number: int, text: str, kind: str = "conversion") -> bytes:
    block = text.encode()
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://a.example/{number}\r\n"
        f"WARC-Date: 2026-01-01T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n"
        f"Content-Type: text/plain\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def write_corpus(folder: Path, count: int = 60) -> None:
    """A file of each format, some of them packed, some in a folder below.

    Args:
        folder: is made.
        count: records of a file that has many.
    """
    below = folder / "below"
    below.mkdir(parents=True)
    (folder / "a.jsonl").write_bytes(b"\xef\xbb\xbf" + json_lines(count))
    (below / "b.ndjson.gz").write_bytes(gzip.compress(json_lines(count)))
    (below / "c.jsonl.zst").write_bytes(zstd.compress(json_lines(count)))
    (folder / "d.csv").write_bytes(table(",", count))
    (folder / "e.tsv").write_bytes(table("\t", count))
    (folder / "f.txt").write_text("He shakes palms.\r\n\r\nAgain.\r\n", newline="")
    (below / "g.md").write_text("He shakes palms with `He shakes palms`.\n")
    (below / "h.txt.gz").write_bytes(gzip.compress((SPUN * 3).encode()))
    found = [warc_record(0, "software: mine\r\n", "warcinfo")]
    found += [warc_record(n, text) for n, text in enumerate(texts(count // 2), 1)]
    (folder / "i.warc.wet").write_bytes(b"".join(found))
    (folder / "j.warc.wet.gz").write_bytes(b"".join(map(gzip.compress, found)))
    rows = pa.Table.from_pylist(
        [{**r, "deep": {"texts": [r["text"], "x"], "k": 1}} for r in records(count)],
        metadata={"mine": "kept"},
    )
    with pq.ParquetWriter(folder / "k.parquet", rows.schema, compression="zstd") as writer:
        for start in range(0, count, 20):
            writer.write_table(rows.slice(start, 20))
    (folder / "l.json").write_text(json.dumps({"items": records(count // 4)}, indent=1))
    cells = [{"cell_type": kind, "source": "He shakes palms.\n"} for kind in ("markdown", "code")]
    (folder / "m.ipynb").write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    (below / "n.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nHe shakes palms.\n")


FIELDS = ("--text-field", "text,deep.texts")


def unpacked(path: Path) -> bytes:
    if path.suffix == ".gz":
        return gzip.decompress(path.read_bytes())
    if path.suffix == ".zst":
        return zstd.decompress(path.read_bytes())
    return path.read_bytes()


def files(folder: Path) -> dict[str, Path]:
    return {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file() and ".unspin" not in path.parts
    }


def content(folder: Path) -> dict[str, bytes]:
    """All that a run wrote for its users, but the times it took."""
    return {name: path.read_bytes() for name, path in files(folder).items() if name != "stats.json"}


def rows(folder: Path, kind: str = "changes") -> list[dict[str, object]]:
    paths = sorted(path for path in (folder / kind).rglob("*.jsonl*") if path.suffix != ".bin")
    return [json.loads(line) for path in paths for line in unpacked(path).splitlines()]


def big(folder: Path, count: int = 700) -> Path:
    folder.mkdir()
    (folder / "a.jsonl").write_bytes(json_lines(count))
    (folder / "b.csv").write_bytes(table(",", count))
    (folder / "c.jsonl.gz").write_bytes(gzip.compress(json_lines(count // 4)))
    return folder
