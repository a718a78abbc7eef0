"""What a run notes: on records, of what it left out, of every change; and changes made again."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from corpora import (
    FIELDS,
    SPUN,
    files,
    json_lines,
    rows,
    texts,
)
from in_process import Run
from unspin import Edit, apply

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


def test_notes_and_what_is_dropped(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    source.write_bytes(json_lines(20))
    assert run("clean", source, "--out", tmp_path / "out", "--annotate").returncode == 0
    notes = [json.loads(line)["unspin"] for line in (tmp_path / "out/a.jsonl").read_bytes().splitlines()]
    assert [note["label"] for note in notes].count("spun") == 2
    assert notes[0]["score"] > 0.9
    assert notes[0]["edits"]["phrases"] > 10
    assert run("clean", source, "--out", tmp_path / "flagged", "--spun", "flag").returncode == 0
    flagged = list(map(json.loads, (tmp_path / "flagged/a.jsonl").read_bytes().splitlines()))
    assert [record["text"] for record in flagged] == list(texts(20))
    assert [record["unspin"]["label"] for record in flagged].count("spun") == 2
    assert run("clean", source, "--out", tmp_path / "left", "--spun", "drop").returncode == 0
    left = list(map(json.loads, (tmp_path / "left/a.jsonl").read_bytes().splitlines()))
    assert [record["id"] for record in left] == [f"d{n}" for n in range(20) if n % 10]
    dropped = rows(tmp_path / "left", "dropped")
    assert [row["id"] for row in dropped] == ["d0", "d10"]
    assert str(dropped[0]["reason"]).startswith("spun, score ")
    assert json.loads(str(dropped[0]["record"]))["text"] == SPUN * 2


def test_a_note_replaces_an_older_one(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    lines = ['{"unspin": {"old": [1, 2]}, "text": "Plain."}', '{"text": "Plain.", "unspin": 1}', '{"a": {"unspin": 1}}']
    source.write_text("\n".join(lines))
    assert run("clean", source, "--out", tmp_path / "out", "--annotate").returncode == 0
    found = list(map(json.loads, (tmp_path / "out/a.jsonl").read_text().splitlines()))
    score = found[0]["unspin"]["score"]
    note = {"label": "clean", "score": score, "family": None, "family_probability": 0.0, "edits": {}}
    assert found == [{"text": "Plain.", "unspin": note}, {"text": "Plain.", "unspin": note}, {"a": {"unspin": 1}}]
    assert run("undo", tmp_path / "out", "--out", tmp_path / "back").returncode == 0
    assert (tmp_path / "back/a.jsonl").read_text() == "\n".join(lines)


def test_changes_say_what_was_done(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    source.write_bytes(json_lines(20))
    run("clean", source, "--out", tmp_path / "out")
    changes = rows(tmp_path / "out")
    text = SPUN * 2
    edits = [Edit(*(row[name] for name in Edit._fields)) for row in changes if row["id"] == "d0"]  # type: ignore[arg-type]
    line = json.loads((tmp_path / "out/a.jsonl").read_bytes().splitlines()[0])
    assert apply(text, edits) == line["text"]
    assert {row["field"] for row in changes} == {"text"}


def test_a_reviewed_subset_is_replayed(run: Run, corpus: Path, tmp_path: Path) -> None:
    assert run("clean", corpus, "--out", tmp_path / "out", *FIELDS).returncode == 0
    again = run("replay", corpus, "--changes", tmp_path / "out/changes", "--out", tmp_path / "all", *FIELDS)
    assert again.returncode == 0, again.stderr
    for name, path in files(tmp_path / "all").items():
        if name.endswith(".parquet"):
            assert pq.read_table(path).equals(pq.read_table(tmp_path / "out" / name))
        else:
            assert path.read_bytes() == (tmp_path / "out" / name).read_bytes()
    reviewed = [row for row in rows(tmp_path / "out") if row["source"] == "a.jsonl" and row["before"] == "shakes palms"]
    random.Random(1).shuffle(reviewed)
    (tmp_path / "some.jsonl").write_text("".join(json.dumps(row) + "\n" for row in reviewed))
    done = run("replay", corpus / "a.jsonl", "--changes", tmp_path / "some.jsonl", "--out", tmp_path / "some")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "some/a.jsonl").read_bytes() == (corpus / "a.jsonl").read_bytes().replace(
        b"shakes palms", b"shakes hands"
    )
    others: list[dict[str, object]] = [{"start": 1, "end": 13}, {"start": 10**30}, {"end": 0}, {"part": 7}]
    others += [{"confidence": 10**400}, {"confidence": None}]
    for other in others:
        (tmp_path / "wrong.jsonl").write_text(json.dumps({**reviewed[0], **other}) + "\n")
        wrong = run("replay", corpus / "a.jsonl", "--changes", tmp_path / "wrong.jsonl", "--out", tmp_path / "wrong")
        assert (wrong.returncode, b"a change does not fit" in wrong.stderr) == (2, True), (other, wrong.stderr)
        assert not (tmp_path / "wrong/a.jsonl").exists()
