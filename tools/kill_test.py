"""Kill unspin again and again, and see whether anything is lost: `make kill`, or `tools/kill_test.py --kills 1000`.

A round takes one command (clean, fix, undo or replay) with some of its options over a corpus with files of each format,
kills it two to six times, lets it end, and compares every byte with what the same command makes undisturbed. Nothing
else may be left, in the output or beside it. While `fix` is killed, each file must be as it was or as it is to be, at
any moment.

A kill comes at a random moment, to the command or to one of its workers; or, as often, just before a random one of the
operations on files that they make, whoever makes it: no gap between two of them is too short to be hit. Each command
is a process of its own, forked from this one, which has read all tables: a round takes a second or two.
"""

from __future__ import annotations

import argparse
import contextlib
import mmap
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from corpora import FIELDS, big, write_corpus
from in_process import in_process, shared_repairer
from unspin.corpus.document_repairer import DocumentRepairer
from unspin.settings import Settings

MODES = (
    (),
    ("--annotate",),
    ("--spun", "drop"),
    ("--spun", "flag"),
    ("--group-by", "url"),
    ("--per-line",),
    ("--web", "--spelling"),
)
"""Options of clean; each is killed with all formats, one worker or two."""

COMMANDS = ("clean", "fix", "undo", "replay")

RECORDS = 12
"""Records of most files; one in six has edits."""

SHARD = ("--shard-size", "0.003")
"""Most files are cut into several shards."""

MOST = 0.9
"""Share of the time, or of the operations, of an undisturbed run within which it is killed, from its beginning."""

_CHANGES = ("rename", "remove", "mkdir", "rmdir", "chmod", "chown", "truncate", "link")

OPERATIONS = {"open", "tempfile.mkstemp", "shutil.rmtree", "fcntl.flock", *(f"os.{name}" for name in _CHANGES)}
"""Audit events of Python before which a process may be killed."""

WORKER_KILLED = 3
"""Status of a command that lost a worker."""

Tree = dict[str, bytes]


def tree(folder: Path, hidden: bool = True) -> Tree:
    """Every file below a folder, but those that hold times: what a run says of itself."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "stats.json" and (hidden or ".unspin" not in path.parts)
    }


class Operations:
    """Counts the operations on files of a command and its workers, in memory that they share with this process.

    Attributes:
        fatal: the number of the one before which whoever makes it is killed; 0 for none.
    """

    def __init__(self) -> None:
        self.fatal = 0
        self._count = memoryview(mmap.mmap(-1, 8)).cast("Q")

    @property
    def count(self) -> int:
        """How many there were."""
        return self._count[0]

    def begin(self, fatal: int = 0) -> None:
        """Count anew, for the command that is forked next."""
        self._count[0], self.fatal = 0, fatal

    def watch(self) -> None:
        """Count those of this process and of all that it forks from now on."""
        sys.addaudithook(self._happened)

    def _happened(self, event: str, given: tuple[object, ...]) -> None:
        if event in OPERATIONS:
            self._count[0] += 1
            if self._count[0] == self.fatal:
                os.kill(os.getpid(), signal.SIGKILL)


OPERATED = Operations()


class Undisturbed(NamedTuple):
    """How long a command takes that nobody kills.

    Attributes:
        seconds: by the clock.
        operations: on files, of all its processes.
    """

    seconds: float
    operations: int


def start(command: Sequence[object]) -> int:
    """Fork a process that runs a command; returns its number."""
    process = os.fork()
    if process:
        return process
    status = 2
    try:
        os.setsid()
        OPERATED.watch()
        done = in_process(list(map(str, command)), b"", None)
        status = WORKER_KILLED if b"a worker was killed" in done.stderr else done.returncode
        if b"Traceback" in done.stderr:
            os.write(2, done.stderr[-4000:])
    finally:
        os._exit(status)


def ended(process: int) -> int:
    """Wait for the end of a process; its status, below 0 where a signal ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def whole(command: Sequence[object], allowed: Sequence[int] = (0,)) -> Undisturbed:
    """Run a command to its end, where it has one of some statuses.

    Raises:
        AssertionError: it fails.
    """
    OPERATED.begin()
    begun = time.monotonic()
    status = ended(start(command))
    assert status in allowed, (command, status)
    return Undisturbed(time.monotonic() - begun, OPERATED.count)


class Kills:
    """Kills commands.

    Args:
        chance: tells when, and whom.

    Attributes:
        made: kills so far, by the name of the command.
    """

    def __init__(self, chance: random.Random) -> None:
        self.made: Counter[str] = Counter()
        self._chance = chance

    def run(self, command: Sequence[object], undisturbed: Undisturbed) -> None:
        """Start a command and kill it, or one of its workers, where it does not end before."""
        by_operation = self._chance.random() < 0.5
        latest = max(1, int(MOST * undisturbed.operations))
        OPERATED.begin(self._chance.randint(1, latest) if by_operation else 0)
        process = start(command)
        if not by_operation:
            time.sleep(self._chance.uniform(0, MOST * undisturbed.seconds))
            workers = children(process)
            victim = self._chance.choice(workers) if workers and self._chance.random() < 0.4 else process
            with contextlib.suppress(ProcessLookupError):  # a worker that ended
                os.kill(victim, signal.SIGKILL)
        self.made[str(command[0])] += ended(process) in (-signal.SIGKILL, WORKER_KILLED)


def children(process: int) -> list[int]:
    """The processes that one started, where the system tells them."""
    try:
        return list(map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split()))
    except OSError:
        return []


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
        write_corpus(self.source, RECORDS)
        shutil.copytree(big(home / "big", 4 * RECORDS), self.source / "big")
        (self.source / "broken.jsonl").write_bytes(b'{"text": "He shakes palms."}\n{"text":\n\xff\n')
        self._undisturbed: dict[tuple[object, ...], Undisturbed] = {}
        self._outputs: dict[tuple[str, ...], Path] = {}

    def output(self, options: tuple[str, ...]) -> Path:
        """What clean makes of the corpus undisturbed."""
        if options not in self._outputs:
            out = self._outputs[options] = self.home / f"whole{len(self._outputs)}"
            command = ("clean", self.source, "--out", out, *FIELDS, *SHARD, *options)
            key = ("clean", *options)
            self._undisturbed[key] = whole(command, (2,))
        return self._outputs[options]

    def undisturbed(self, key: tuple[object, ...], command: Sequence[object]) -> Undisturbed:
        """How long a command takes."""
        if key not in self._undisturbed:
            self._undisturbed[key] = whole(command)
        return self._undisturbed[key]

    def round(self, command: str) -> str:
        """One round; returns what was done, in words.

        Raises:
            AssertionError: something was lost, or left.
        """
        mode = self.chance.choice(MODES)
        work = self.home / "work"
        getattr(self, f"_{command}")(work, mode)
        shutil.rmtree(work)
        return f"{command} {' '.join(mode) if command in ('clean', 'undo') else ''}".rstrip()

    def _killed(self, command: Sequence[object], undisturbed: Undisturbed) -> None:
        for _ in range(self.chance.randint(2, 6)):
            self.kills.run(command, undisturbed)

    def _clean(self, work: Path, mode: tuple[str, ...]) -> None:
        made = self.output(mode)
        workers = ("--workers", self.chance.choice(("1", "2")))
        command = ("clean", self.source, "--out", work, *FIELDS, *SHARD, *mode, *workers)
        key = ("clean", *mode)
        self._killed(command, self._undisturbed[key])
        whole(command, (2,))
        assert tree(work, hidden=False) == tree(made, hidden=False)
        assert not any(name.startswith((".unspin/unfinished/", ".unspin/parts/")) for name in tree(work))

    def _fix(self, work: Path, mode: tuple[str, ...]) -> None:
        command = ("fix", work, *FIELDS)
        fixed = self.home / "fixed"
        if not fixed.exists():  # what cannot be fixed in place is said, and left: packed files, Parquet
            shutil.copytree(self.source, fixed)
            self._undisturbed[("fix",)] = whole(("fix", fixed, *FIELDS), (2,))
        before, after = tree(self.source), tree(fixed)
        shutil.copytree(self.source, work)
        for _ in range(self.chance.randint(2, 6)):
            self.kills.run(command, self._undisturbed[("fix",)])
            for name, content in tree(work).items():
                assert content in (before.get(name), after.get(name)) or name.endswith(".unspin"), name
        whole(command, (2,))
        assert tree(work) == after

    def _undo(self, work: Path, mode: tuple[str, ...]) -> None:
        made = self.output(mode)
        before = tree(made)
        undisturbed = self.undisturbed(("undo", *mode), ("undo", made, "--out", self.home / f"{made.name}-back"))
        command = ("undo", made, "--out", work)
        self._killed(command, undisturbed)
        self._end(command, work)
        assert tree(made) == before
        expected, restored = tree(self.source), tree(work)
        assert restored.keys() == expected.keys(), restored.keys() ^ expected.keys()
        for name, content in expected.items():
            assert restored[name] == content or name.endswith((".gz", ".zst", ".parquet")), name
        assert restored == tree(self.home / f"{made.name}-back")

    def _replay(self, work: Path, mode: tuple[str, ...]) -> None:
        command = ("replay", self.source, *FIELDS, "--changes", self.output(()) / "changes", "--out")
        undisturbed = self.undisturbed(("replay",), (*command, self.home / "again"))
        self._killed((*command, work), undisturbed)
        self._end((*command, work), work)
        assert tree(work) == tree(self.home / "again")

    @staticmethod
    def _end(command: Sequence[object], work: Path) -> None:
        """Let a command end that is not run again over what it has written once it is through."""
        names = os.listdir(work) if work.exists() else []
        if not names or any(name.startswith(".unspin") for name in names):
            whole(command)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=100, help="how many there are to be")
    parser.add_argument("--command", choices=COMMANDS, action="append", help="only that; may be given again")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of the random moments; said at the end")
    given = parser.parse_args()
    for settings in (Settings(), Settings(web=True, spelling=True)):
        DocumentRepairer.repairer = property(shared_repairer)  # type: ignore[assignment]
        DocumentRepairer(settings, suggest=False).repairer.warm()
    with tempfile.TemporaryDirectory() as home:
        rounds = Rounds(Path(home), given.seed)
        commands = given.command or COMMANDS
        number = 0
        while rounds.kills.made.total() < given.kills:
            done = rounds.round(commands[number % len(commands)])
            number += 1
            print(f"{number}: {done}, {rounds.kills.made.total()} kills", flush=True)
    by_command = ", ".join(f"{count:,} of {name}" for name, count in sorted(rounds.kills.made.items()))
    print(f"no byte lost in {rounds.kills.made.total():,} kills ({by_command}; seed {given.seed})")


if __name__ == "__main__":
    main()
