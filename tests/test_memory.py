"""Memory is bounded: a process with little of it does what others do with more."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from in_process import Run
from unspin import Edit, Repair, Repairer, apply
from unspin.edits import EditTable
from unspin.spun.evidence import Verdict
from unspin.zstd import ZstdFile

resource = pytest.importorskip("resource")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the limit is on the address space, as Linux counts it"),
]

MB = 1 << 20

PLAIN = "The council meets on Monday, and the minutes are read by the clerk. "

READS_TABLES = """
from unspin import Repairer
Repairer().repair("He shakes palms with his host. " * 20)
Repairer().repair("The minutes are read by the clerk. " * 20_000)
"""

PROGRAM = """
import resource, sys
from unspin.__main__ import main
exec(sys.argv.pop(1))
size = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
limit = size + int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
main()
"""
"""The command, with so much more memory than it has once something was done, as tables are read."""


def limited(megabytes: int, *arguments: object, once: str = READS_TABLES) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", PROGRAM, once, str(megabytes * MB), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("unit", [PLAIN, "a"], ids=["sentences", "one word"])
def test_a_record_of_fifteen_megabytes_takes_two_hundred(tmp_path: Path, unit: str) -> None:
    whole = unit * (15 * MB // len(unit))
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": whole}, ensure_ascii=False) + "\n", encoding="utf-8")
    done = limited(200, "clean", tmp_path / "a.jsonl", "--out", tmp_path / "out", "--workers", "1")
    assert (done.returncode, done.stderr.splitlines()[-1][:12]) == (0, "1 document, "), done.stderr[-2000:]


ONCE = """
from contextlib import suppress
given, sys.argv = sys.argv, ["unspin", *{command!r}]
with suppress(SystemExit):
    main()
sys.argv = given
"""
"""Another command before it."""


def test_a_record_of_a_megabyte_that_is_spun_from_end_to_end_takes_seventy(tmp_path: Path) -> None:
    """More than a piece of it, which is read before, tables and all."""
    passages = (Path(__file__).parent / "quality" / "spun" / "public-life.txt").read_text(encoding="utf-8")
    spun = re.sub(r"\{([^}=]*)=>[^}]*\}", r"\1", re.sub("(?m)^## .*", "", passages))
    for name, size in (("piece.jsonl", MB // 4), ("a.jsonl", MB)):
        (tmp_path / name).write_text(json.dumps({"text": spun * (size // len(spun))}) + "\n", encoding="utf-8")
    piece = ONCE.format(command=["clean", str(tmp_path / "piece.jsonl"), "--out", str(tmp_path / "piece")])
    done = limited(70, "clean", tmp_path / "a.jsonl", "--out", tmp_path / "out", "--workers", "1", once=piece)
    assert done.returncode == 0, done.stderr[-2000:]
    *_, edits = re.findall(r"1 spun or mixed, ([\d,]+) edits", done.stderr)
    assert int(edits.replace(",", "")) > 15_000


def test_a_record_and_its_thousands_of_edits_are_held_a_few_times(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An edit as an object, or a line of the notes as one, would take ten times the size of what it changes."""
    unit = "He shakes palms. "

    def held(count: int) -> list[int]:
        """Bytes that clean, and undo after it, hold at most, for a record of as many sentences."""
        starts = range(10, count * len(unit), len(unit))
        edits = EditTable(Edit(start, start + 5, "palms", "hands", "phrases", "r", 1.0) for start in starts)
        repair = Repair(unit * count, apply(unit * count, edits), edits, (), Verdict("spun", 1.0), {})
        monkeypatch.setattr(Repairer, "repair", lambda *_, **__: repair)
        source, out, back = (tmp_path / f"{count}{name}" for name in (".jsonl", "-out", "-back"))
        source.write_text(json.dumps({"text": repair.original}) + "\n")
        peaks = []
        for command in (("clean", source, "--out", out), ("undo", out, "--out", back)):
            tracemalloc.start()
            assert run(*command).returncode == 0
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        assert (back / source.name).read_bytes() == source.read_bytes()
        return peaks

    held(1)
    few, many = held(4_000), held(16_000)
    for more in (b - a for a, b in zip(few, many, strict=True)):
        assert more < 10 * 12_000 * len(unit)


def test_a_damaged_line_of_two_megabytes_takes_two_hundred(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": PLAIN * (2 * MB // len(PLAIN)) + "é &amp; é"}) + "\n")
    done = limited(200, "clean", tmp_path / "a.jsonl", "--out", tmp_path / "out", "--workers", "1")
    assert (done.returncode, " 1 edit in 1" in done.stderr) == (0, True), done.stderr[-2000:]


def test_what_unpacks_to_gigabytes_takes_little_memory_and_disk(tmp_path: Path) -> None:
    with ZstdFile(tmp_path / "a.jsonl.zst", "wb", level=1) as out:
        for _ in range(1024):
            out.write(bytes(MB))
    done = limited(200, "clean", tmp_path / "a.jsonl.zst", "--out", tmp_path / "out", "--workers", "1")
    assert (done.returncode, "not a whole zstd file" in done.stderr) == (2, True), done.stderr[-2000:]
    assert sum(path.stat().st_size for path in (tmp_path / "out").rglob("*") if path.is_file()) < 120 * MB


def test_what_is_set_aside_has_a_bound(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"text": broken}\n' * 100_000)
    command = ("clean", tmp_path / "a.jsonl", "--out", tmp_path / "out", "--workers", "1", "--max-errors", "1")
    done = limited(200, *command)
    assert (done.returncode, "more than 1 MB are broken" in done.stderr) == (2, True), done.stderr[-2000:]
    assert sum(path.stat().st_size for path in (tmp_path / "out").rglob("*") if path.is_file()) < 2 * MB


def test_only_the_last_few_texts_are_remembered() -> None:
    """What is kept of texts for the sake of speed is their words; the texts themselves go with their caller."""
    repairer = Repairer()
    spun = "The overseas minister shakes palms with the brand new chief of the opposition within the Nice Corridor. "
    spun += "A profound neural organization was prepared by them. "
    repairer.repair(spun * 20)
    texts = [f"{spun * 20}{PLAIN * 20}{number}" for number in range(30)]
    before = [sys.getrefcount(text) for text in texts]
    for text in texts:
        repairer.repair(text)
    assert [sys.getrefcount(text) for text in texts][:20] == before[:20]
