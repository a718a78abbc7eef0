"""What is asked of a run beside its input: a stream, a beginning, a count, fields beside the changes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import unspin
from in_process import Run
from unspin.corpus.batch.note_files import rows
from unspin.corpus.storage.folders import LocalFolder

LINES = [json.dumps({"id": n, "url": f"https://a.example/{n}", "text": "He shakes palms."}) for n in range(5)]
JSONL = "".join(f"{line}\n" for line in LINES).encode()
MENDED = JSONL.replace(b"palms", b"hands")


def changes(folder: Path) -> list[dict[str, object]]:
    out = LocalFolder(str(folder))
    return [row for name in out.names("changes") for row in rows(out, name)]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.jsonl").write_bytes(JSONL)
    (folder / "b.csv").write_text("id,url,text\n7,https://b.example/7,He shakes palms.\n8,,He shakes palms.\n")
    (folder / "c.txt").write_text("He shakes palms.")
    return folder


def test_a_stream_comes_out_cleaned_and_leaves_nothing_behind(run: Run, tmp_path: Path) -> None:
    done = run("clean", "-", stdin=JSONL, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, MENDED)
    assert done.stderr.startswith(b"5 documents, 0 spun or mixed, 5 edits in 5, ")
    assert list(tmp_path.iterdir()) == []
    assert run("clean", "-", stdin=b"He shakes palms.\n").stdout == b"He shakes hands.\n"
    table = b"id,text\n1,He shakes palms.\n"
    assert run("clean", "-", "--stdin-filename", "a.csv", stdin=table).stdout == table.replace(b"palms", b"hands")


def test_the_notes_of_a_stream_go_to_a_folder(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "notes"
    broken = JSONL + b'{"text": \n'
    done = run("clean", "-", "--out", out, "--keep-field", "url", stdin=broken)
    assert (done.returncode, done.stdout) == (2, MENDED)
    assert [row["fields"] for row in changes(out)] == [{"url": f"https://a.example/{n}"} for n in range(5)]
    assert (out / "errors" / "stdin.bin").read_bytes() == b'{"text": \n'
    assert json.loads((out / "stats.json").read_text())["edits"] == 5
    again = run("clean", "-", "--out", out, stdin=JSONL)
    assert (again.returncode, b"not empty" in again.stderr) == (2, True)


def test_a_stream_may_be_flagged_or_thinned(run: Run) -> None:
    spun = (Path(__file__).parent.parent / "examples" / "spun-council.txt").read_text()
    stream = json.dumps({"text": spun}).encode() + b"\n" + LINES[0].encode() + b"\n"
    assert run("clean", "-", "--spun", "drop", stdin=stream).stdout == MENDED.splitlines(keepends=True)[0]
    flagged = run("clean", "-", "--spun", "flag", stdin=stream).stdout.splitlines()
    assert [json.loads(line)["unspin"]["label"] for line in flagged] == ["spun", "clean"]


def test_a_field_that_no_record_of_a_stream_has_is_refused(run: Run) -> None:
    refused = run("clean", "-", "--language-field", "lang", stdin=JSONL)
    assert refused.returncode == 2
    assert b"language-field: no record has the field 'lang'" in refused.stderr


def test_what_is_no_text_is_refused_on_standard_input(run: Run) -> None:
    done = run("clean", "-", stdin=b"\0\1\2" * 100)
    assert (done.returncode, b"clean reads JSON lines" in done.stderr) == (2, True)


def test_a_dry_run_counts_and_writes_nothing(run: Run, corpus: Path, tmp_path: Path) -> None:
    done = run("clean", corpus, "--dry-run", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stderr.startswith(b"8 documents, 0 spun or mixed, 8 edits in 8, ")
    assert done.stderr.endswith(b"(nothing was written)\n")
    assert [entry.name for entry in tmp_path.iterdir()] == ["corpus"]
    real = run("clean", corpus, "--out", tmp_path / "out").stderr
    assert real.partition(b";")[0] == done.stderr.partition(b";")[0]


def test_a_run_without_a_folder_says_what_to_do(run: Run, corpus: Path) -> None:
    done = run("clean", corpus)
    assert (done.returncode, b"--out is missing" in done.stderr) == (2, True)


@pytest.mark.parametrize(("limit", "lines", "table", "text"), [(2, 2, 0, 0), (5, 5, 0, 0), (6, 5, 2, 0), (8, 5, 3, 1)])
def test_a_limit_takes_the_first_records(
    run: Run, corpus: Path, tmp_path: Path, limit: int, lines: int, table: int, text: int
) -> None:
    out = tmp_path / "out"
    assert run("clean", corpus, "--limit", limit, "--out", out).stderr.startswith(f"{limit} documents, ".encode())
    assert (out / "a.jsonl").read_bytes() == b"".join(MENDED.splitlines(keepends=True)[:lines])
    made = (out / "b.csv").read_text().splitlines() if (out / "b.csv").exists() else []
    assert (len(made), (out / "c.txt").exists()) == (table, bool(text))
    assert run("undo", out, "--out", tmp_path / "back").returncode == 0
    assert (tmp_path / "back" / "a.jsonl").read_bytes() == b"".join(JSONL.splitlines(keepends=True)[:lines])


def test_fields_are_noted_beside_each_change_in_every_format(corpus: Path, tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    rows = [{"id": n, "url": f"https://c.example/{n}", "text": "He shakes palms."} for n in range(3)]
    pq.write_table(pa.Table.from_pylist(rows), corpus / "d.parquet")
    done = unspin.clean(corpus, tmp_path / "out", keep_fields=["url"], limit=9)
    assert done.counts.documents == 9
    noted = {(row["source"], str(row["id"])): row.get("fields") for row in changes(tmp_path / "out")}
    assert noted["a.jsonl", "3"] == {"url": "https://a.example/3"}
    assert noted["b.csv", "7"] == {"url": "https://b.example/7"}
    assert noted["d.parquet", "0"] == {"url": "https://c.example/0"}
    assert ("c.txt", "None") in noted
    assert pq.read_table(tmp_path / "out" / "d.parquet").num_rows == 1
