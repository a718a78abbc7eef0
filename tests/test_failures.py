"""A stage that fails on a text stops nothing: the text is named and left as it is, and the others are done."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpora import SPUN
from in_process import Run
from unspin import Repairer
from unspin.corpus.document import Document
from unspin.corpus.document_repairer import DocumentRepairer
from unspin.errors import Interrupted, RepairError
from unspin.settings import Settings

PALMS, HANDS = "He shakes palms with his host.", "He shakes hands with his host."
SAID = b"unspin failed on it: RuntimeError: boom"


@pytest.fixture(autouse=True)
def fails_on_boom(monkeypatch: pytest.MonkeyPatch) -> None:
    """The repairer, which fails on texts with a certain word."""
    repair = Repairer.repair

    def failing(self: Repairer, text: str, *rest: object, **named: object) -> object:
        if "boom" in text:
            raise RuntimeError("boom\nand more")
        return repair(self, text, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Repairer, "repair", failing)


def lines(*texts: str) -> str:
    return "".join(json.dumps({"id": n, "text": text}) + "\n" for n, text in enumerate(texts, 1))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Records of which one fails, a file that fails, and one behind it."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.jsonl").write_text(lines(PALMS, "boom", PALMS))
    (tmp_path / "in/b.txt").write_text("boom\n")
    (tmp_path / "in/c.csv").write_text(f"id,text\n1,boom\n2,{PALMS}\n")
    (tmp_path / "in/d.txt").write_text(PALMS)
    return tmp_path / "in"


PLACES = [b"a.jsonl:2: ", b"b.txt:1: ", b"c.csv:2: "]


READING = [("check",), ("check", "--format", "jsonl"), ("check", "--format", "sarif"), ("diff",), ("fix", "--diff")]


@pytest.mark.parametrize("command", READING)
def test_what_only_reads_names_the_text_and_goes_on(run: Run, folder: Path, command: tuple[str, ...]) -> None:
    done = run(*command, folder)
    assert (done.returncode, b"Traceback" in done.stderr) == (2, False)
    for place in PLACES:
        assert place + SAID + b"; left as it is, please report it\n" in done.stderr, done.stderr
    assert b"and more" not in done.stderr
    for name in (b"a.jsonl", b"c.csv", b"d.txt"):
        assert name in done.stdout or command == ("diff",)


def test_explain_names_the_text(run: Run, folder: Path) -> None:
    done = run("explain", folder / "b.txt")
    assert (done.returncode, done.stderr.count(b"\n"), SAID in done.stderr) == (2, 1, True)


def test_fix_leaves_the_text_and_mends_the_others(run: Run, folder: Path) -> None:
    done = run("fix", folder)
    assert (done.returncode, b"Traceback" in done.stderr) == (2, False)
    assert all(place + SAID in done.stderr for place in PLACES)
    assert (folder / "a.jsonl").read_text() == lines(HANDS, "boom", HANDS)
    assert (folder / "b.txt").read_text() == "boom\n"
    assert (folder / "c.csv").read_text() == f"id,text\n1,boom\n2,{HANDS}\n"
    assert (folder / "d.txt").read_text() == HANDS


def test_a_filter_passes_on_what_it_fails_on(run: Run) -> None:
    done = run("fix", "-", "--stdin-filename", "a.jsonl", stdin=lines("boom", PALMS).encode())
    assert (done.returncode, done.stdout.decode()) == (2, lines("boom", HANDS))
    assert b"a.jsonl:1: " + SAID in done.stderr


def test_a_packed_file_that_fails_is_named(run: Run, tmp_path: Path) -> None:
    import gzip

    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines("boom", HANDS).encode()))
    done = run("fix", tmp_path / "a.jsonl.gz")
    assert (done.returncode, b"a.jsonl.gz:1: " + SAID in done.stderr) == (2, True)


def test_clean_sets_it_aside_with_the_place_in_the_program(run: Run, folder: Path, tmp_path: Path) -> None:
    for options in ((), ("--group-by", "id"), ("--annotate",), ("--spun", "drop")):
        out = tmp_path / "-".join(("out", *options))
        done = run("clean", folder, "--out", out, *options)
        assert (done.returncode, b"3 set aside in errors/: unspin failed on it" in done.stderr) == (2, True)
        errors = [json.loads(line) for path in sorted((out / "errors").glob("*.jsonl")) for line in path.open()]
        assert all("in failing" in error["trace"] for error in errors)
        assert [error["source"] for error in errors] == ["a.jsonl", "c.csv", "b.txt"]
        assert run("undo", out, "--out", tmp_path / f"back-{out.name}").returncode == 0
        for path in folder.iterdir():
            assert (tmp_path / f"back-{out.name}" / path.name).read_bytes() == path.read_bytes()
    strict = run("clean", folder, "--out", tmp_path / "strict", "--strict")
    assert (strict.returncode, b"a.jsonl: at " in strict.stderr, SAID in strict.stderr) == (2, True, True)


def test_one_record_never_stops_a_run(run: Run, tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    (tmp_path / "in").mkdir()
    records = [{"id": n, "text": text} for n, text in enumerate((PALMS, "boom", PALMS))]
    lines = [json.dumps(record) + "\n" for record in records]
    (tmp_path / "in/a.jsonl").write_text("".join(lines))
    (tmp_path / "in/b.txt").write_text("boom")
    pq.write_table(pa.Table.from_pylist(records), tmp_path / "in/c.parquet")
    done = run("clean", tmp_path / "in", "--out", tmp_path / "out")
    assert (done.returncode, b"3 set aside in errors/: unspin failed on it" in done.stderr) == (2, True)
    assert json.loads((tmp_path / "out/stats.json").read_text())["documents"] == 4
    error = json.loads((tmp_path / "out/errors/a.jsonl.00000.jsonl").read_text())
    assert (error["at"], error["reason"]) == (len(lines[0]), "unspin failed on it: RuntimeError: boom")
    assert "in failing" in error["trace"]
    assert (tmp_path / "out/errors/a.jsonl.00000.bin").read_text() == lines[1]
    assert pq.read_table(tmp_path / "out/c.parquet").num_rows == 2
    assert run("undo", tmp_path / "out", "--out", tmp_path / "back").returncode == 0
    assert (tmp_path / "back/a.jsonl").read_text() == "".join(lines)
    assert pq.read_table(tmp_path / "back/c.parquet").to_pylist() == records
    strict = run("clean", tmp_path / "in", "--out", tmp_path / "strict", "--strict")
    assert (strict.returncode, b"boom" in strict.stderr, b"--strict" in strict.stderr) == (2, True, True)


def test_learn_names_what_it_passes_over(run: Run, folder: Path, tmp_path: Path) -> None:
    (folder / "e.jsonl").write_text('{"text": \n' + lines(HANDS))
    done = run("learn", folder, "--out", tmp_path / "model")
    assert (done.returncode, b"Traceback" in done.stderr) == (2, False)
    at = len(lines(PALMS))
    assert f"a.jsonl: at {at}: ".encode() + SAID + b"; passed over" in done.stderr
    assert b"e.jsonl: at 0: not a JSON record" in done.stderr
    assert b" words learned" in done.stderr
    assert (tmp_path / "model").exists()
    assert run("learn", folder / "d.txt", "--out", tmp_path / "other").returncode == 0


def test_mine_leaves_it_out(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("datasketch")
    plain = " ".join(f"word{n}" for n in range(60))
    (tmp_path / "a.jsonl").write_text(lines(plain, plain.replace("word7 ", "boom "), plain.replace("word9 ", "else ")))
    done = run("mine", "--from-corpus", tmp_path / "a.jsonl")
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)
    assert b"a.jsonl:2: left out: unspin failed on it: RuntimeError: boom" in done.stderr


def test_the_page_for_texts_names_it_and_shows_the_others() -> None:
    from unspin.report.review.text_page import TextPage

    answer = TextPage(Settings()).post("repair", {"name": "a.jsonl"}, lines(PALMS, "boom", PALMS).encode())
    assert [document["name"] for document in answer["documents"]] == ["1", "3"]
    assert answer["trouble"] == f"2: {SAID.decode()}; please report it"


def test_an_engine_logs_it_or_stops(caplog: pytest.LogCaptureFixture) -> None:
    pa = pytest.importorskip("pyarrow")
    from unspin.engines import BatchRepairer

    batch = pa.RecordBatch.from_pydict({"id": [1, 2, 3], "text": [PALMS, "boom", PALMS]})
    rows = BatchRepairer(annotate=True)(batch).to_pylist()
    assert [row["text"] for row in rows] == [HANDS, "boom", HANDS]
    assert [row["unspin"] and row["unspin"]["label"] for row in rows] == ["clean", None, "clean"]
    assert f"row left as it is: {SAID.decode()} (id 2)" in caplog.text
    assert "in failing" in caplog.text
    with pytest.raises(Interrupted, match=r"boom \(id 2\); nothing more was done: strict"):
        BatchRepairer(strict=True)(batch)


def test_lines_of_an_engine_that_are_no_records_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    pa = pytest.importorskip("pyarrow")
    from unspin.corpus.batch.job import Job
    from unspin.engines.spark import Lines

    rows = [lines(PALMS).strip().encode(), b'{"text":', lines("boom").strip().encode()]
    batch = pa.RecordBatch.from_pydict({"value": rows})
    (made,) = Lines(Job(Settings(), ""))([batch])
    assert made.column(0).to_pylist() == [rows[0].replace(b"palms", b"hands"), *rows[1:]]
    assert "line left as it is: not a JSON record" in caplog.text
    with pytest.raises(Interrupted, match="not a JSON record"):
        list(Lines(Job(Settings(), "", strict=True))([batch]))


def test_a_failure_says_what_failed() -> None:
    with pytest.raises(RepairError, match=r"^unspin failed on it: RuntimeError: boom$") as failure:
        DocumentRepairer(Settings()).repair(Document("boom", "a", {}))
    assert isinstance(failure.value.__cause__, RuntimeError)
    assert DocumentRepairer(Settings()).repair(Document(SPUN, "a", {})).edits
