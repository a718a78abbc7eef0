"""The scripts beside the package: they run, on next to nothing, and make what they say."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import calibrate
import count_substitutions
import gather
import pytest
import rescorer
import speed
import weigh

import quality
from corpora import SPUN
from in_process import Run

pytestmark = pytest.mark.slow


ROOT = Path(__file__).resolve().parent.parent

SENTENCE = "The keeper of the lighthouse is a friend of the harbour master, and he walks to the town on Sundays."
OTHER = "A letter to the board of the school is on the table, and the clerk copies it to a book in the evening."


@pytest.fixture
def texts(tmp_path: Path) -> Callable[[str, list[dict[str, object]]], Path]:
    """Writes packed JSON lines."""

    def write(name: str, records: list[dict[str, object]]) -> Path:
        path = tmp_path / f"{name}.jsonl.gz"
        with gzip.open(path, "wt", encoding="utf-8") as lines:
            lines.writelines(json.dumps(record) + "\n" for record in records)
        return path

    return write


def test_prose_of_manuals_is_gathered_once_and_code_is_not(tmp_path: Path) -> None:
    files = {
        "usr/share/doc/one/a.html": f"<pre>{OTHER}</pre><p>{SENTENCE.replace('walks', '<b>walks</b>')}</p><p>No.</p>",
        "usr/share/doc/one/b.txt": f"{SENTENCE}\n\nx = [i for i in range(10) if i]\n\n{OTHER}\n",
        "usr/share/man/man1/c.1": f'.\\" a comment\n.PP\n{OTHER}\n',
        "usr/share/doc/one/de/d.txt": OTHER.replace("school", "Schule"),
        "usr/lib/e.py": f'"""{OTHER}"""',
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = list(gather.documents(gather.paragraphs(tmp_path / name for name in files)))
    assert [record["text"] for record in found] == [SENTENCE, OTHER]


def test_gathering_stops_at_the_size_asked_for(tmp_path: Path) -> None:
    out = tmp_path / "english.jsonl.gz"
    records = ({"id": str(number), "text": SENTENCE} for number in range(1000))
    size = gather.write(out, records, megabytes=0.001)
    assert 1000 <= size < 1000 + len(SENTENCE)
    assert sum(len(text.rstrip()) for text in speed.texts(out)) == size


def test_the_benchmark_of_speed_writes_its_tables(
    tmp_path: Path, texts: Callable[[str, list[dict[str, object]]], Path], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = speed.used([sys.executable, "-c", "print(1)"])
    assert usage.seconds > 0
    assert usage.memory > 1
    for command, said in (
        (("-c", "1 / 0"), "status 1: Traceback"),
        (("-m", "unspin", "check", "no.txt"), "no such file"),
    ):
        with pytest.raises(RuntimeError, match=said):
            speed.used([sys.executable, *command])
    programs: set[tuple[str, ...]] = set()

    def used(command: speed.Command, environment: dict[str, str] | None = None) -> speed.Usage:
        """Runs commands as they are, ours in this process, and others once each."""
        words = tuple(map(str, command))
        if words[1:3] == ("-m", "unspin"):
            assert run(*words[3:]).returncode in (0, 1)
        elif words[:3] not in programs:
            programs.add(words[:3])
            subprocess.run(words, check=True, capture_output=True)
        return usage

    monkeypatch.setattr(speed, "used", used)
    english = texts("english", [{"text": SENTENCE}, {"text": OTHER}])
    out = tmp_path / "speed.md"
    speed.main([str(english), "--megabytes", ".0001", "--rounds", "1", "--out", str(out)])
    tables = out.read_text(encoding="utf-8")
    for row in ("| unspin |", "| parse, scan, write |", "| unspin check, spun |", "| megabytes of one file |"):
        assert row in tables


def test_the_benchmark_of_quality_counts_what_gold_says(
    tmp_path: Path, texts: Callable[[str, list[dict[str, object]]], Path]
) -> None:
    spun = tmp_path / "spun.gold.txt"
    spun.write_text("He {shakes palms=>shakes hands} and {nods=>waves}.", encoding="utf-8")
    clean = texts("clean", [{"text": SENTENCE}])
    out = tmp_path / "quality.md"
    quality.main(["--spun", f"one={spun}", "--clean", f"two={clean}", "--out", str(out)])
    rows = out.read_text(encoding="utf-8").splitlines()
    assert "| one | 1 | 2 | 0 | 0.50 | 1.00 | 1.00 | 0.50 |" in rows
    assert f"| two | 1 | {len(SENTENCE.split())} | 0 | 0 |" in rows


def test_a_path_that_has_no_name_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        quality.main(["--spun", "dev-spun.jsonl.gz"])
    assert "'dev-spun.jsonl.gz': write a name, an equals sign, and the path" in capsys.readouterr().err


def test_the_benchmark_of_quality_measures_something(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="2"):
        quality.main(["--out", str(tmp_path / "quality.md")])
    assert not (tmp_path / "quality.md").exists()


def test_weights_and_counts_are_learned_from_documents_with_gold(
    tmp_path: Path, texts: Callable[[str, list[dict[str, object]]], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "The sufferers went to the seaside and the sufferers came back."
    edits = [{"start": at, "end": at + 9, "original": "patients"} for at in (4, text.rindex("sufferers"))]
    spun = texts("spun", [{"id": "a.txt/one", "text": text, "edits": edits}])
    clean = texts("clean", [{"text": SENTENCE}])
    given = ["--spun", f"corridor={spun}", "--out", str(tmp_path / "learned")]
    monkeypatch.setattr(sys, "argv", ["count_substitutions.py", *given])
    count_substitutions.main()
    assert "sufferers\tpatients\t1\n" in (tmp_path / "learned" / "corridor.tsv").read_text(encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["weigh.py", *given, "--family", "corridor", "--clean", str(clean)])
    weigh.main()
    rows = (tmp_path / "learned" / "corridor.tsv").read_text(encoding="utf-8").splitlines()[1:]
    weights = {phrase: float(weight) for phrase, weight in (row.split("\t") for row in rows)}
    assert weights["sufferers"] > 2.0


class Opposed:
    """A causal model that finds everything less likely the longer it is, and notes what it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def scores(self, context: str, continuations: Sequence[str]) -> list[float]:
        self.asked += 1
        return [-float(len(continuation)) for continuation in continuations]


def test_the_benchmark_of_the_rescorer_measures_with_it_and_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = Opposed()
    monkeypatch.setattr(rescorer, "load_causal_model", lambda name: model)
    (tmp_path / "daily-life.txt").write_bytes((rescorer.SPUN / "daily-life.txt").read_bytes())
    rescorer.main(["a.gguf", "--passages", str(tmp_path), "--each", "2", "--out", str(tmp_path / "rescorer.md")])
    rows = [line.split(" | ") for line in (tmp_path / "rescorer.md").read_text(encoding="utf-8").splitlines()[2:]]
    assert [row[:3] for row in rows] == [["| daily-life", "2", "no"], ["| daily-life", "2", "yes"]]
    assert int(rows[1][6]) == model.asked > 0


def test_weights_of_the_rescorer_are_fitted_to_what_gold_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("sklearn", reason="make rescorer-weights installs scikit-learn")
    import fit_rescorer

    spun = ROOT / "tests" / "quality" / "spun" / "daily-life.txt"
    documents, out, scores = tmp_path / "documents", tmp_path / "rescorer.tsv", tmp_path / "scores.jsonl"
    documents.mkdir()
    for number, passage in enumerate(spun.read_text(encoding="utf-8").split("\n## ")[:4]):
        (documents / f"{number}.gold.txt").write_text(passage.partition("\n")[2], encoding="utf-8")
    monkeypatch.setattr(fit_rescorer, "load_causal_model", lambda name: Opposed())
    given = [f"corridor={documents}", "--model", "a.gguf", "--out", str(out), "--scores", str(scores)]
    fit_rescorer.main(given)
    first, table = out.read_text(encoding="utf-8"), capsys.readouterr().out
    weights = dict(line.split("\t") for line in first.splitlines()[1:])
    assert set(weights) == {"lattice", "model", "keep"}
    assert float(weights["lattice"]) > 0.3  # its posteriors tell; how long a reading is does not
    assert abs(float(weights["model"])) < 0.3
    assert "| weights fitted to other documents |" in table
    monkeypatch.setattr(fit_rescorer, "load_causal_model", lambda name: pytest.fail("its answers were kept"))
    fit_rescorer.main(given)
    assert out.read_text(encoding="utf-8") == first


@pytest.mark.slow
def test_a_constant_is_varied_and_measured(
    texts: Callable[[str, list[dict[str, object]]], Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    at = SPUN.index("shakes palms")
    spun = texts("spun", [{"text": SPUN, "edits": [{"start": at, "end": at + 12, "original": "shakes hands"}]}])
    clean = ROOT / "examples" / "clean-council.txt"
    options = ["--spun", spun, "--clean", clean, "--constant", "_THRESHOLD", "_SLIGHT", "--factor", "1000"]
    monkeypatch.setattr(sys, "argv", ["calibrate.py", *map(str, options)])
    calibrate.main()
    head, as_they_are, *varied = (line.split("\t") for line in capsys.readouterr().out.splitlines())
    assert head[:4] == ["constant", "value", "detected", "recall"]
    assert as_they_are[2:4] == ["1.0000", "1.0000"]
    assert as_they_are[6:] == ["0", "0"]
    found = {row[0]: dict(zip(head, row, strict=True)) for row in varied}
    threshold, slight = found["screen._THRESHOLD"], found["segment_evidence._SLIGHT"]
    assert (threshold["value"], threshold["detected"]) == ("7200", "0.0000")
    assert (slight["value"], slight["detected"]) == ("200", "0.0000")  # although the core has a constant of its own
