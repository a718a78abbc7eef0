"""Kill unspin again and again, and see whether anything is lost: `make kill`, or `tools/kill_test.py --rounds 500`.

A round takes one command (clean, fix, undo or replay) with some of its options over a corpus with files of each format,
kills it two to six times at random moments, its parent or one of its workers, lets it end, and compares every byte with
what the same command makes undisturbed. Nothing else may be left, in the output or beside it. While `fix` is killed,
each file must be as it was or as it is to be, at any moment.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from corpora import FIELDS, big, write_corpus

UNSPIN = (sys.executable, "-m", "unspin")

MODES = (
    (),
    ("--annotate",),
    ("--spun", "drop"),
    ("--spun", "flag"),
    ("--group-by", "url"),
    ("--web", "--spelling"),
)
"""Options of clean; each is killed with all formats, one worker or two, and shards of several sizes."""

MOST = 0.9
"""Share of the time of an undisturbed run within which it is killed, from its beginning."""

Tree = dict[str, bytes]


def tree(folder: Path, hidden: bool = True) -> Tree:
    """Every file below a folder, but those that hold times: what a run says of itself."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "stats.json" and (hidden or ".unspin" not in path.parts)
    }


class Kills:
    """Kills commands at random moments.

    Args:
        chance: tells when, and whom.

    Attributes:
        made: kills so far.
    """

    def __init__(self, chance: random.Random) -> None:
        self.made = 0
        self._chance = chance

    def run(self, command: Sequence[object], seconds: float) -> bool:
        """Start a command and kill it, or one of its workers, within some seconds; whether it was killed."""
        process = subprocess.Popen(
            [*UNSPIN, *map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        time.sleep(self._chance.uniform(0, seconds))
        workers = children(process.pid)
        victim = self._chance.choice(workers) if workers and self._chance.random() < 0.4 else process.pid
        if process.poll() is None:
            try:
                os.kill(victim, signal.SIGKILL)
            except ProcessLookupError:
                pass
            else:
                self.made += 1
        process.wait()
        return process.returncode != 0


def children(process: int) -> list[int]:
    """The processes that one started, where the system tells them."""
    try:
        return list(map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split()))
    except OSError:
        return []


def whole(command: Sequence[object]) -> float:
    """Run a command to its end; returns the seconds that it took.

    Raises:
        AssertionError: it fails.
    """
    begun = time.monotonic()
    done = subprocess.run([*UNSPIN, *map(str, command)], capture_output=True, check=False)
    assert done.returncode in (0, 1), (command, done.stderr.decode())
    return time.monotonic() - begun


class Rounds:
    """The rounds, one after the other.

    Args:
        home: a folder for all that is written.
        seed: of the random moments.
    """

    def __init__(self, home: Path, seed: int) -> None:
        self.home = home
        self.chance = random.Random(seed)
        self.kills = Kills(self.chance)
        self.source = home / "source"
        write_corpus(self.source)
        shutil.copytree(big(home / "big", 200), self.source / "big")
        self._made: dict[tuple[str, ...], tuple[Path, float]] = {}

    def reference(self, options: tuple[str, ...]) -> tuple[Path, float]:
        """What clean makes of the corpus undisturbed, and how long it takes."""
        if options not in self._made:
            out = self.home / f"whole{len(self._made)}"
            self._made[options] = out, whole(("clean", self.source, "--out", out, *FIELDS, *options))
        return self._made[options]

    def round(self, number: int) -> str:
        """One round; returns what was done, in words.

        Raises:
            AssertionError: something was lost, or left.
        """
        mode = self.chance.choice(MODES)
        command = ("clean", "fix", "undo", "replay")[number % 4]
        work = self.home / "work"
        getattr(self, f"_{command}")(work, mode)
        shutil.rmtree(work)
        return f"{command} {' '.join(mode) if command != 'fix' else ''}".rstrip()

    def _killed(self, command: Sequence[object], seconds: float) -> None:
        for _ in range(self.chance.randint(2, 6)):
            self.kills.run(command, MOST * seconds)

    def _clean(self, work: Path, mode: tuple[str, ...]) -> None:
        made, seconds = self.reference((*mode, "--shard-size", "0.02"))
        command = ("clean", self.source, "--out", work, *FIELDS, *mode, "--shard-size", "0.02")
        command = (*command, "--workers", self.chance.choice(("1", "2")))
        self._killed(command, seconds)
        whole(command)
        assert tree(work, hidden=False) == tree(made, hidden=False)
        assert not any(name.startswith((".unspin/unfinished/", ".unspin/parts/")) for name in tree(work))

    def _fix(self, work: Path, mode: tuple[str, ...]) -> None:
        wanted = self.home / "fixed"
        command = ("fix", work, *FIELDS)
        if not wanted.exists():
            shutil.copytree(self.source, wanted)
            self._seconds = fix(wanted)
        before, after = tree(self.source), tree(wanted)
        shutil.copytree(self.source, work)
        for _ in range(self.chance.randint(2, 6)):
            self.kills.run(command, MOST * self._seconds)
            for name, content in tree(work).items():
                assert content in (before.get(name), after.get(name)) or name.endswith(".unspin"), name
        fix(work)
        assert tree(work) == after

    def _undo(self, work: Path, mode: tuple[str, ...]) -> None:
        made, _ = self.reference((*mode, "--shard-size", "0.02"))
        before = tree(made)
        back = self.home / "back"
        if not back.exists():
            self._undoing = whole(("undo", made, "--out", back))
        self._killed(("undo", made, "--out", work), self._undoing)
        if not (work / "a.jsonl").exists() or (work / ".unspin").exists():
            whole(("undo", made, "--out", work))
        assert tree(made) == before
        expected = tree(self.source)
        found = tree(work)
        assert found.keys() == expected.keys(), found.keys() ^ expected.keys()
        for name, content in expected.items():
            assert found[name] == content or name.endswith((".gz", ".zst", ".parquet")), name

    def _replay(self, work: Path, mode: tuple[str, ...]) -> None:
        made, _ = self.reference(())
        command = ("replay", self.source, *FIELDS, "--changes", made / "changes", "--out")
        again = self.home / "again"
        if not again.exists():
            self._replaying = whole((*command, again))
        self._killed((*command, work), self._replaying)
        if not (work / "a.jsonl").exists() or (work / ".unspin").exists():
            whole((*command, work))
        assert tree(work) == tree(again)


def fix(folder: Path) -> float:
    """Fix a folder in place; what cannot be fixed in place is said, and left."""
    begun = time.monotonic()
    subprocess.run([*UNSPIN, "fix", str(folder), *FIELDS], capture_output=True, check=False)
    return time.monotonic() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of the random moments; said at the end")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        rounds = Rounds(Path(home), given.seed)
        for number in range(given.rounds):
            done = rounds.round(number)
            print(f"{number + 1}/{given.rounds}: {done}, {rounds.kills.made} kills", flush=True)
    print(f"no byte lost in {rounds.kills.made} kills (seed {given.seed})")


if __name__ == "__main__":
    main()
