"""Memory is bounded: a process with little of it does what others do with more."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from unspin import Repairer
from unspin.zstd import ZstdFile

resource = pytest.importorskip("resource")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the limit is on the address space, as Linux counts it"),
]

MB = 1 << 20

PLAIN = "The council meets on Monday, and the minutes are read by the clerk. "

PROGRAM = """
import resource, sys
from unspin import Repairer
from unspin.__main__ import main
Repairer().repair("He shakes palms with his host. " * 20)
Repairer().repair("The minutes are read by the clerk. " * 20_000)
size = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
limit = size + int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
main()
"""
"""The command, with so much more memory than it has once its tables are read."""


def limited(megabytes: int, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", PROGRAM, str(megabytes * MB), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("unit", [PLAIN, "a"], ids=["sentences", "one word"])
def test_a_record_of_fifteen_megabytes_takes_two_hundred(tmp_path: Path, unit: str) -> None:
    whole = unit * (15 * MB // len(unit))
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": whole}, ensure_ascii=False) + "\n", encoding="utf-8")
    done = limited(200, "clean", tmp_path / "a.jsonl", "--out", tmp_path / "out", "--workers", "1")
    assert (done.returncode, done.stderr.splitlines()[-1][:12]) == (0, "1 document, "), done.stderr[-2000:]


def test_a_record_of_two_megabytes_that_is_spun_from_end_to_end_takes_two_hundred(tmp_path: Path) -> None:
    """Each of its edits is held until it is written."""
    passages = (Path(__file__).parent / "quality" / "spun" / "public-life.txt").read_text(encoding="utf-8")
    spun = re.sub(r"\{([^}=]*)=>[^}]*\}", r"\1", re.sub("(?m)^## .*", "", passages))
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": spun * (2 * MB // len(spun))}) + "\n", encoding="utf-8")
    done = limited(200, "clean", tmp_path / "a.jsonl", "--out", tmp_path / "out", "--workers", "1")
    assert done.returncode == 0, done.stderr[-2000:]
    edits = re.search(r"1 spun or mixed, ([\d,]+) edits", done.stderr)
    assert edits, done.stderr[-2000:]
    assert int(edits[1].replace(",", "")) > 30_000


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
