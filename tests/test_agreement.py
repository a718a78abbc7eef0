"""check and clean agree: on which files are read, on their documents and on every edit."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from in_process import Run
from unspin import zstd

pytestmark = pytest.mark.slow

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


SPUN = "He shakes palms with his host."


def write_folder(folder: Path) -> None:
    """A file of each kind, and all that is to be passed over."""
    record = {"id": 7, "text": f"First.\n{SPUN}", "title": "He shakes palms."}
    lines = json.dumps(record) + "\n" + json.dumps({"text": SPUN}) + "\n\n{broken\n" + json.dumps({"other": SPUN})
    named = {
        "a.jsonl": lines.encode(),
        "b.jsonl.gz": gzip.compress(lines.encode()),
        "c.json": json.dumps([record, {"body": SPUN}], indent=1).encode(),
        "d.json": (json.dumps(record) + "\n") .encode() * 2,
        "e.csv": f'id,text\n1,"{SPUN}\nAnd again."\n2,{SPUN}\n3,"broken" x\n'.encode(),
        "f.tsv.zst": zstd.compress(f"text\tn\n{SPUN}\t1\n".encode()),
        "g.txt": f"\ufeff{SPUN}\r\n\r\n<!-- unspin: off -->\r\n{SPUN}\r\n".encode(),
        "h.md": f"# Note\n\n{SPUN} `{SPUN}`\n".encode(),
        "i.srt": f"1\n00:00:01,000 --> 00:00:02,000\n{SPUN}\n".encode(),
        "j.ipynb": json.dumps({"cells": [{"cell_type": "markdown", "source": [SPUN]}]}).encode(),
        "k.warc": b"WARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: 30\r\n\r\n" + SPUN.encode() + b"\r\n\r\n",
        "README": SPUN.encode(),
        "empty.txt": b"",
        "bad.txt": b"caf\xe9\n",
        "below/l.txt": SPUN.encode(),
        # Passed over:
        "m.py": b"# He shakes palms.\n",
        "n.html": b"<p>He shakes palms.</p>\n",
        "picture.png": b"\x89PNG\0\0",
        ".hidden.txt": SPUN.encode(),
        "raw/excluded.txt": SPUN.encode(),
        "ignored.log": SPUN.encode(),
        ".gitignore": b"*.log\n",
    }  # fmt: skip
    for name, data in named.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    (folder / "link.txt").symlink_to(folder / "g.txt")
    pq.write_table(pa.Table.from_pylist([record, {"id": 8, "text": SPUN, "title": "x"}]), folder / "o.parquet")


Found = tuple[str, object, str, int, int, str, str]
"""File, id, field, start, end, before and after of an edit."""


def of_check(run: Run, folder: Path, *options: object) -> tuple[list[Found], set[str]]:
    done = run("check", "--format", "jsonl", folder, *options)
    documents = [json.loads(line) for line in done.stdout.splitlines()]
    found = [
        (str(Path(document["path"]).relative_to(folder)), document.get("id"), document.get("field", ""),
         edit["start"], edit["end"], edit["before"], edit["after"])
        for document in documents
        for edit in document["edits"]
    ]  # fmt: skip
    return sorted(found, key=str), {line for line in done.stderr.decode().splitlines() if "passed over" in line}


def of_clean(run: Run, folder: Path, out: Path, *options: object) -> tuple[list[Found], set[str]]:
    done = run("clean", folder, "--out", out, *options)
    rows = [
        json.loads(line)
        for path in (out / "changes").rglob("*.gz")
        for line in gzip.decompress(path.read_bytes()).splitlines()
    ]
    found = [
        (row["source"], row["id"], row["field"], row["start"], row["end"], row["before"], row["after"]) for row in rows
    ]
    return sorted(found, key=str), {line for line in done.stderr.decode().splitlines() if "passed over" in line}


@pytest.mark.parametrize(
    "options", [(), ("--text-field", "text"), ("--exclude", "below/,*.csv"), ("--web", "--spelling"), ("--per-file",)]
)
def test_check_and_clean_find_the_same(run: Run, tmp_path: Path, options: tuple[str, ...]) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    write_folder(folder)
    if options == ("--per-file",):
        config = tmp_path / "unspin.toml"
        config.write_text(
            'exclude = ["raw/"]\n[per-file-ignores]\n"*.md" = ["phrases"]\n[ignore-phrases]\n"palms with" = "x"\n'
        )
        options = ("--config", str(config))
    checked, passed_over = of_check(run, folder, "--exclude", "raw/", *options)
    cleaned, passed_over_too = of_clean(run, folder, tmp_path / "out", "--exclude", "raw/", *options)
    assert len(checked) > 5

    def without_numbers(found: list[Found]) -> list[Found]:
        """A record without an id of its own is called by its line where it is shown, and by its place in notes."""
        own = {7, 8, "7", "1", "2"}
        return sorted(((a, b if b in own else None, *rest) for a, b, *rest in found), key=str)  # type: ignore[misc]

    assert without_numbers(checked) == without_numbers(cleaned)
    assert passed_over == passed_over_too
    assert len(passed_over) == 1


def test_what_fix_writes_is_what_clean_writes(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    write_folder(folder)
    for name in ("a.jsonl", "e.csv", "bad.txt"):  # which fix refuses, as something in them is broken
        (folder / name).unlink()
    assert run("clean", folder, "--out", tmp_path / "out").returncode == 2
    assert run("fix", folder).returncode == 2
    names = [path.relative_to(folder) for path in folder.rglob("*") if path.suffix not in (".gz", ".zst", ".parquet")]
    compared = [name for name in names if (tmp_path / "out" / name).is_file()]
    assert len(compared) == 11
    for name in compared:
        assert (tmp_path / "out" / name).read_bytes() == (folder / name).read_bytes(), name
