"""Speed, as ratios measured in one run: start-up against codespell, a clean text against the bare scan, spun text.

python benchmarks/speed.py
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from unspin import Repairer
from unspin.rulebook.rulebook import Rulebook

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
RUNS = 11


def median(work: Callable[[], object], runs: int = RUNS) -> float:
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def paired(a: list[str], b: list[str]) -> tuple[float, float, float]:
    """Median seconds of two commands run in turn, and the median of their ratios pair by pair."""
    first, second, ratios = [], [], []
    for _ in range(RUNS + 1):
        one = median(lambda: subprocess.run(a, capture_output=True, check=False), 1)
        two = median(lambda: subprocess.run(b, capture_output=True, check=False), 1)
        first.append(one)
        second.append(two)
        ratios.append(one / two)
    return statistics.median(first[1:]), statistics.median(second[1:]), statistics.median(ratios[1:])


def main() -> None:
    clean = "".join((EXAMPLES / f"clean-{n}.txt").read_text(encoding="utf-8") for n in ("council", "clinic"))
    spun = "".join((EXAMPLES / f"spun-{n}.txt").read_text(encoding="utf-8") for n in ("council", "clinic"))
    unspin = str(Path(sys.executable).parent / "unspin")
    codespell = shutil.which("codespell", path=str(Path(sys.executable).parent)) or shutil.which("codespell")
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder, "small.txt")
        small.write_text((clean * 2)[:2048], encoding="utf-8")
        if codespell:
            for name, ours, theirs in (
                ("--version", [unspin, "--version"], [codespell, "--version"]),
                ("check 2 KB", [unspin, "check", str(small)], [codespell, str(small)]),
            ):
                one, two, ratio = paired(ours, theirs)
                print(f"start-up, {name}: {one * 1e3:.0f} ms, codespell {two * 1e3:.0f} ms, ratio {ratio:.2f}")
    text = (clean * (1_000_000 // len(clean) + 1))[:1_000_000]
    scanner = Rulebook().scanner()
    folded = text.encode("ascii", "replace")
    bare = median(lambda: scanner._automaton.find_matches_as_indexes(folded, overlapping=True))
    repairer = Repairer()
    repairer.repair("warm")
    whole = median(lambda: repairer.repair(text))
    print(f"clean text, 1 MB: {whole * 1e3:.1f} ms, bare automaton {bare * 1e3:.1f} ms, ratio {whole / bare:.2f}")
    words = len(spun.split())
    repairer.repair(spun)
    warm = median(lambda: repairer.repair(spun), 3)
    print(f"spun text, the same again: {words / warm:.0f} words a second (benchmarks/quality.py: texts never seen)")


if __name__ == "__main__":
    main()
