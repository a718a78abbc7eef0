"""Speed and memory of unspin beside its peers, on distinct text, as a table.

    python benchmarks/speed.py english.jsonl.gz --spun spun.jsonl.gz --other other-languages.jsonl.gz

Texts are JSON lines of `text`; `benchmarks/gather.py` makes the first file. Each document is read once, so that no
memory of earlier ones answers. Every figure is CPU time, the best of several rounds in which all commands take turns,
as the machine may change its speed. What a command takes for next to nothing is taken off its time, and shown by
itself. Where a peer is not installed its row is left out. The tables go to benchmarks/speed.md, which the
documentation shows.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from unspin.evaluation.records import records
from unspin.rulebook.papers import paper_stretches
from unspin.rulebook.rulebook import Rulebook

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
SPUN_SHARE = 100
"""One document in so many is spun, in the mixed corpus."""

PIECE = 4_000
"""Code points from which a text is cut into several documents, at the end of a paragraph."""

SMALL = 2_048
"""Bytes of the file that start-up is measured on."""

PARSE_AND_WRITE = """
import sys, orjson
with open(sys.argv[1], "rb") as lines, open(sys.argv[2], "wb") as out:
    for line in lines:
        out.write(orjson.dumps(orjson.loads(line)) + b"\\n")
"""

PARSE_SCAN_AND_WRITE = """
import sys, orjson
from unspin.rulebook.rulebook import Rulebook
scanner = Rulebook().scanner(screened=True)
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
LocalPipelineExecutor(pipeline=steps, logging_dir=sys.argv[2] + "/logs", skip_completed=False).run()
"""

Command = Sequence[object]


class Usage(NamedTuple):
    """What a command took: seconds of CPU time, and megabytes of its largest process."""

    seconds: float
    memory: float


def used(command: Command, environment: dict[str, str] | None = None) -> Usage:
    """What a command, and all that it starts, takes.

    Raises:
        RuntimeError: it fails, which would make it fast.
    """
    arguments = list(map(str, command))
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env={**os.environ, **(environment or {})},
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        said = errors.read().decode(errors="replace")
    # Of peers any status may say that something was found.
    is_trouble = process.returncode > 1 and "unspin" in arguments
    if process.returncode < 0 or is_trouble or "Traceback" in said:
        raise RuntimeError(f"{' '.join(arguments)}: status {process.returncode}: {said.strip()}")
    return Usage(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def texts(path: Path) -> Iterator[str]:
    """The texts of a file of JSON lines in documents of some `PIECE` code points."""
    for record in records(path):
        piece = ""
        for paragraph in record["text"].splitlines(keepends=True):
            piece += paragraph
            if len(piece) > PIECE:
                yield piece
                piece = ""
        if piece.strip():
            yield piece


class Papers:
    """Tells texts that read like papers from others, as the phrases stage does."""

    def __init__(self) -> None:
        self._book = Rulebook()
        self._scanner = self._book.scanner(screened=True)

    def like(self, text: str) -> bool:
        """Whether part of a text reads like a paper."""
        weights = self._book.papers
        found = sorted((start, phrase) for phrase, start, _ in self._scanner.search(text).found if phrase in weights)
        return bool(paper_stretches([(phrase, start) for start, phrase in found], weights, len(text)))


def corpora(folder: Path, given: argparse.Namespace) -> dict[str, Path]:
    """The corpora, each of some megabytes in a folder of its own: what it is -> its file of JSON lines."""
    papers = Papers()
    plain: list[str] = []
    scholarly: list[str] = []
    wanted = given.megabytes * 1e6
    left = {True: wanted, False: wanted}  # bytes still to be found, like papers and not
    for text in texts(given.english):
        like = papers.like(text)
        if left[like] > 0:
            (scholarly if like else plain).append(text)
            left[like] -= len(text.encode())
        elif max(left.values()) <= 0:
            break
    made = {"clean": plain, "clean, like papers": scholarly}
    if given.spun:
        spun = texts(given.spun)
        mixed = (
            next(spun, text) if number % SPUN_SHARE == SPUN_SHARE // 2 else text for number, text in enumerate(plain)
        )
        made["1 % spun"] = list(mixed)
        made["spun alone"] = list(_taken(spun, wanted * given.spun_part))
    if given.other:
        made["other languages"] = list(_taken(texts(given.other), wanted))
    return {what: _written(folder / str(number), found) for number, (what, found) in enumerate(made.items()) if found}


def _taken(found: Iterable[str], size: float) -> Iterator[str]:
    """The first texts that come to some size in bytes."""
    for text in found:
        if size <= 0:
            return
        yield text
        size -= len(text.encode())


def _written(folder: Path, found: Iterable[str]) -> Path:
    folder.mkdir()
    path = folder / "texts.jsonl"
    with path.open("w", encoding="utf-8") as out:
        for number, text in enumerate(found):
            out.write(json.dumps({"id": number, "text": text}, ensure_ascii=False) + "\n")
    return path


def commands(source: Path, folder: Path) -> dict[str, Command]:
    """What is measured on a corpus: what it is called -> the command, peers as far as they are installed."""
    out = folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    cleaning = (sys.executable, "-m", "unspin", "clean", source, "--out", out, "--workers", 1)
    found: dict[str, Command] = {
        "unspin": cleaning,
        "unspin, phrases alone": (*cleaning, "--select", "phrases"),
        "parse, write": (sys.executable, "-c", PARSE_AND_WRITE, source, folder / "written"),
        "parse, scan, write": (sys.executable, "-c", PARSE_SCAN_AND_WRITE, source, folder / "written"),
        "typos": (BIN / "typos", "-j1", source),
        "codespell": (BIN / "codespell", source),
        "ftfy": (BIN / "ftfy", source, "-o", folder / "written"),
    }
    if find_spec("datatrove"):
        found["datatrove with ftfy"] = (sys.executable, "-c", DATATROVE, source.parent, folder / "trove")
    return {name: command for name, command in found.items() if shutil.which(str(command[0]))}


def throughput(folder: Path, given: argparse.Namespace) -> Iterator[str]:
    """Rows of megabytes a second of CPU time: a corpus a column."""
    files = corpora(folder, given)
    nothing = _written(folder / "nothing", ["Nothing is wrong here."])
    names = list(commands(nothing, folder))
    seconds: dict[tuple[str, Path], float] = {}
    for _ in range(given.rounds):
        for source in (nothing, *files.values()):
            for name in names:
                took = used(commands(source, folder)[name]).seconds
                seconds[name, source] = min(took, seconds.get((name, source), took))
    sizes = {source: source.stat().st_size / 1e6 for source in files.values()}
    speeds = {
        (name, source): sizes[source] / max(1e-3, seconds[name, source] - seconds[name, nothing])
        for name in names
        for source in sizes
    }
    yield from _head(["MB a second of CPU time", *files])
    for name in names:
        yield _row([name, *(f"{speeds[name, source]:.2f}" for source in sizes)])
    yield _row(["(megabytes)", *(f"{size:.1f}" for size in sizes.values())])
    yield ""
    yield from _head(["unspin is so many times as fast as", *files])
    for name in names[2:]:
        yield _row([name, *(f"{speeds['unspin', source] / speeds[name, source]:.2f}" for source in sizes)])


def start_up(folder: Path, given: argparse.Namespace) -> Iterator[str]:
    """Rows of milliseconds of CPU time for a file of 2 KB, with and without compiled modules."""
    clean, spun = folder / "clean.txt", folder / "spun.txt"
    for path in (clean, spun):
        example = (ROOT / "examples" / f"{path.stem}-council.txt").read_bytes()
        path.write_bytes((example * (SMALL // len(example) + 1))[:SMALL])
    measured: dict[str, Command] = {
        "unspin check, clean": (sys.executable, "-m", "unspin", "check", clean),
        "unspin check, spun": (sys.executable, "-m", "unspin", "check", spun),
        "codespell": (BIN / "codespell", clean),
        "ftfy": (BIN / "ftfy", clean, "-o", folder / "written"),
    }
    without = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPYCACHEPREFIX": str(folder / "none")}
    yield from _head(["start-up and 2 KB, ms of CPU time", "modules compiled", "not compiled"])
    for name, command in measured.items():
        if shutil.which(str(command[0])):
            compiled = min(used(command).seconds for _ in range(given.rounds))
            source = min(used(command, without).seconds for _ in range(given.rounds))
            yield _row([name, f"{compiled * 1e3:.0f}", f"{source * 1e3:.0f}"])


def growth(folder: Path, given: argparse.Namespace) -> Iterator[str]:
    """Rows of memory and time for one file that grows: a corpus, and a single text."""
    yield from _head(["megabytes of one file", "clean: MB/s", "clean: memory, MB", "check of one text: memory, MB"])
    for part in (0.25, 0.5, 1.0):
        size = given.megabytes * part * 1e6
        whole = list(_taken(texts(given.english), size))
        target = folder / f"growth-{part}"
        source = _written(target, whole)
        text = target / "one.txt"
        text.write_text("\n".join(whole), encoding="utf-8")
        cleaned = used((sys.executable, "-m", "unspin", "clean", source, "--out", target / "out", "--workers", 1))
        checked = used((sys.executable, "-m", "unspin", "check", text))
        megabytes = source.stat().st_size / 1e6
        yield _row(
            [f"{megabytes:.1f}", f"{megabytes / cleaned.seconds:.2f}", f"{cleaned.memory:.0f}", f"{checked.memory:.0f}"]
        )


def _head(cells: Sequence[str]) -> Iterator[str]:
    yield _row(cells)
    yield "|" + "---|" * len(cells)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def setting(given: argparse.Namespace) -> str:
    """A sentence on where the figures come from."""
    peers = [f"{name} {found}" for name in ("typos", "codespell", "ftfy", "datatrove") if (found := _version(name))]
    return (
        f"unspin {_version('unspin')}; {', '.join(peers) or 'no peers'}; Python {platform.python_version()} on "
        f"{platform.machine()}, {os.cpu_count()} cores; the best of {given.rounds} rounds. Documents have some "
        "4 KB and are read once each. The machine was a small one and not idle: read the ratios."
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and write the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("english", type=Path, help="clean English, from benchmarks/gather.py")
    parser.add_argument("--spun", type=Path, help="spun documents")
    parser.add_argument("--other", type=Path, help="text of other languages")
    parser.add_argument("--megabytes", type=float, default=20, help="of each corpus")
    parser.add_argument("--spun-part", type=float, default=0.1, help="share of that which is measured of spun text")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "speed.md")
    given = parser.parse_args(arguments)
    lines = [setting(given)]
    with tempfile.TemporaryDirectory() as name:
        for table in (throughput, start_up, growth):
            lines.append("")
            for line in table(Path(name), given):
                print(line, flush=True)
                lines.append(line)
    given.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
