"""unspin clean end to end, against peers in the same run, as ratios; and its memory.

python benchmarks/corpus.py ../shared [--megabytes 20] [--growth]

The corpus is made from the shared corpora, or from the examples where there are none. --growth adds runs over 10, 100
and 1,000 MB for the peak memory.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

BIN = Path(sys.executable).parent
EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
PIECE = 4_000
RUNS = 3

BARE = """
import sys, orjson
from unspin.rulebook.rulebook import Rulebook
scanner = Rulebook().scanner(loud=True)
with open(sys.argv[1], "rb") as lines, open(sys.argv[2], "wb") as out:
    for line in lines:
        record = orjson.loads(line)
        scanner.search(record["text"])
        out.write(orjson.dumps(record) + b"\\n")
"""

DATATROVE = """
import sys
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.formatters import FTFYFormatter
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter
steps = [JsonlReader(sys.argv[1], glob_pattern="*.jsonl"), FTFYFormatter(), JsonlWriter(sys.argv[2], compression=None)]
LocalPipelineExecutor(pipeline=steps, logging_dir=sys.argv[2], skip_completed=False).run()
"""


def texts(shared: Path, spun: bool) -> list[str]:
    """Documents of some 4 KB, clean or spun."""
    if (shared / "corpora").is_dir():
        names = ["eval/dev-spun"] if spun else ["corpora/clean-addresses", "corpora/clean-masc"]
        whole = []
        for name in names:
            with gzip.open(shared / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
                whole += [json.loads(line)["text"] for line in lines]
    else:
        whole = [path.read_text(encoding="utf-8") for path in EXAMPLES.glob("spun-*.txt" if spun else "clean-*.txt")]
    return [piece for text in whole for piece in pieces(text)]


def pieces(text: str) -> Iterator[str]:
    piece = ""
    for line in text.split("\n"):
        piece += line + "\n"
        if len(piece) > PIECE:
            yield piece
            piece = ""
    if piece.strip():
        yield piece


def write(path: Path, size: float, clean: list[str], spun: list[str], share: int) -> int:
    """A file of JSON lines of some megabytes, of which one document in `share` is spun; its size in bytes."""
    plain, spoilt = cycle(clean), cycle(spun)
    written = number = 0
    with path.open("w", encoding="utf-8") as out:
        while written < size * 1e6:
            text = next(spoilt if share and number % share == 0 else plain)
            written += out.write(json.dumps({"id": number, "text": text}, ensure_ascii=False) + "\n")
            number += 1
    return path.stat().st_size


def timed(command: list[object]) -> tuple[float, float]:
    """(seconds, megabytes of the largest process) of a command."""
    begun = time.perf_counter()
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    return time.perf_counter() - begun, usage.ru_maxrss / 1024


def cleaning(source: Path, folder: Path, *options: object) -> tuple[float, float]:
    out = folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    return timed([BIN / "unspin", "clean", source, "--out", out, *options])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", nargs="?", type=Path, default=Path("../shared"))
    parser.add_argument("--megabytes", type=float, default=20)
    parser.add_argument("--growth", action="store_true")
    given = parser.parse_args()
    clean, spun = texts(given.shared, False), texts(given.shared, True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        peers(folder, clean, spun, given.megabytes)
        if given.growth:
            for size in (10, 100, 1000):
                total = write(folder / "g.jsonl", size, clean, spun, 1000)
                seconds, memory = cleaning(folder / "g.jsonl", folder, "--workers", 1)
                print(f"{size} MB: {total / 1e6 / seconds:.1f} MB/s, at most {memory:.0f} MB of memory", flush=True)


def peers(folder: Path, clean: list[str], spun: list[str], size: float) -> None:
    source = folder / "in" / "clean.jsonl"
    source.parent.mkdir()
    total = write(source, size, clean, spun, 0)
    mixed, alone = folder / "mixed.jsonl", folder / "spun.jsonl"
    sizes = {mixed: write(mixed, size, clean, spun, 100), alone: write(alone, min(size, 2), spun, spun, 1)}
    some = ("--select", "phrases,encoding", "--shard-size", size / 8)
    work: dict[str, tuple[int, list[object]]] = {
        "parse + bare scan + write": (total, [sys.executable, "-c", BARE, source, folder / "bare.jsonl"]),
        "typos -j1": (total, [BIN / "typos", "-j1", source]),
        "codespell": (total, [BIN / "codespell", source]),
        "ftfy": (total, [BIN / "ftfy", source, "-o", folder / "ftfy.txt"]),
    }
    if importlib.util.find_spec("datatrove"):
        work["datatrove with ftfy"] = total, [sys.executable, "-c", DATATROVE, source.parent, folder / "trove"]
    speeds: dict[str, list[float]] = {}
    memory: dict[str, float] = {}
    for _ in range(RUNS):  # in turn: the machine may change its speed
        for what, path, options in (
            ("unspin", source, (*some, "--workers", 1)),
            ("unspin, two workers", source, (*some, "--workers", 2)),
            ("unspin, all default stages", source, ("--workers", 1)),
            ("unspin, 1 % spun", mixed, (*some, "--workers", 1)),
            ("unspin, spun alone", alone, (*some, "--workers", 1)),
        ):
            seconds, memory[what] = cleaning(path, folder, *options)
            speeds.setdefault(what, []).append(sizes.get(path, total) / 1e6 / seconds)
        for what, (amount, command) in work.items():
            if Path(str(command[0])).exists():
                speeds.setdefault(what, []).append(amount / 1e6 / timed(command)[0])
    ours = statistics.median(speeds["unspin"])
    for what, found in speeds.items():
        speed = statistics.median(found)
        held = f", at most {memory[what]:.0f} MB of memory" if what in memory else ""
        print(f"{what}: {speed:.2f} MB/s; unspin is {ours / speed:.2f} times as fast{held}", flush=True)
    if importlib.util.find_spec("pyspark"):
        seconds, _ = cleaning(source, folder, *some[:2], "--engine", "spark", "--master", "local[2]")
        two = statistics.median(speeds["unspin, two workers"])
        speed = total / 1e6 / seconds
        print(f"Spark, local[2]: {speed:.2f} MB/s with its start; two workers are {two / speed:.2f} times as fast")


if __name__ == "__main__":
    main()
