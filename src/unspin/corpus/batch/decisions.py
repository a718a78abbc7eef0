"""What a reviewer decided about the edits of a run: a file of JSON lines to which is only ever added.

Each line is one decision, and the last one about an edit, or about a rule, holds. A line is on the disk before anybody
is told that it is decided; one that a killed process left unfinished is passed over.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

from unspin.corpus.batch.changes import Subset
from unspin.corpus.formats.noted_edits import Row
from unspin.errors import FileError

ACCEPT, REJECT, KEEP, IGNORE, OPEN = "accept", "reject", "keep", "ignore", "open"
"""An edit is right; it is wrong; it is wrong and its words are good English wherever they stand; a rule is never
wanted; an earlier decision is taken back."""

OF_EDITS, OF_RULES = (ACCEPT, REJECT, KEEP, OPEN), (IGNORE, OPEN)
"""What can be decided about an edit, and about a rule."""

Place = tuple[str, int, int, int, int]
"""An edit: its source, the place of the record, the number of the text in it, start and end."""


class Decision(NamedTuple):
    """One line of the file.

    Attributes:
        decision: what was decided.
        rule: the rule that it is about; "" where it is about an edit.
        edit: the edit as in `changes/`, its `after` as it was decided; empty where it is about a rule.
        proposed: the `after` that the run made.
        phrase: the words that are good English, for "keep".
    """

    decision: str
    rule: str = ""
    edit: Row = {}  # noqa: RUF012 - never changed
    proposed: str = ""
    phrase: str = ""

    @property
    def subject(self) -> Place | str:
        """What it is about: an edit, or the name of a rule."""
        return self.rule or place_of(self.edit)

    def dumped(self) -> bytes:
        """The line."""
        named = {name: value for name, value in self._asdict().items() if value}
        return json.dumps(named).encode() + b"\n"


def place_of(edit: Row) -> Place:
    """What tells an edit from all others of its run."""
    return edit["source"], edit["at"], edit["part"], edit["start"], edit["end"]


def parsed(line: bytes) -> Decision:
    """A decision from its line.

    Raises:
        ValueError: it is none.
    """
    try:
        found = Decision(**json.loads(line))
        about_rule = isinstance(found.rule, str) and bool(found.rule)
        if found.decision not in (OF_RULES if about_rule else OF_EDITS):
            raise ValueError(f"no decision: {found.decision!r}")
        if not about_rule:
            kinds = (str, int, int, int, int)
            if not all(isinstance(value, kind) for value, kind in zip(place_of(found.edit), kinds, strict=True)):
                raise ValueError("no place of an edit")
            if not isinstance(found.edit["before"], str) or not isinstance(found.edit["after"], str):
                raise ValueError("no edit")
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError(str(error)) from None
    return found


class DecisionFile:
    """The file, read on from where it was read last; several processes may add to it.

    Args:
        path: the file; it need not be there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read_to = 0
        self._lines = 0

    def add(self, decisions: Iterable[Decision]) -> None:
        """Write decisions, and wait until they are on the disk.

        Raises:
            FileError: they cannot be written.
        """
        data = b"".join(decision.dumped() for decision in decisions)
        try:
            with _locked(self.path) as file:
                if _is_torn(file):
                    data = b"\n" + data
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise FileError(
                f"{self.path}: not written: {error.strerror or error}; make room, or name another"
            ) from None

    def new(self) -> Iterator[Decision]:
        """The decisions that were added since it was last asked, by whomever.

        Raises:
            FileError: with the line, for one that is no decision.
        """
        try:
            with self.path.open("rb") as file:
                file.seek(self._read_to)
                data = file.read()
        except FileNotFoundError:
            return
        except OSError as error:
            raise FileError(f"{self.path}: not read: {error.strerror or error}") from None
        whole = data[: data.rfind(b"\n") + 1]
        self._read_to += len(whole)
        for line in whole.splitlines():
            self._lines += 1
            if not line:
                continue
            try:
                yield parsed(line)
            except ValueError as error:
                if _is_whole(line):
                    raise FileError(f"{self.path}:{self._lines}: not a decision of a review: {error}") from None


def _is_whole(line: bytes) -> bool:
    """Whether a line is JSON, and not what a killed process left of one."""
    try:
        json.loads(line)
    except ValueError:
        return False
    except RecursionError:  # nothing that was begun as a decision
        return True
    return True


def _is_torn(file: IO[bytes]) -> bool:
    """Whether a file ends within a line."""
    if not file.seek(0, os.SEEK_END):
        return False
    file.seek(-1, os.SEEK_END)
    return file.read(1) != b"\n"


@contextmanager
def _locked(path: Path) -> Iterator[IO[bytes]]:
    """A file to add to, by one process at a time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        if os.name == "posix":
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield file


class Decided:
    """What holds after all decisions so far.

    Attributes:
        edits: edit -> the last decision about it.
        rules: the rules that are never wanted.
    """

    def __init__(self) -> None:
        self.edits: dict[Place, Decision] = {}
        self.rules: dict[str, None] = {}

    @classmethod
    def of(cls, decisions: Iterable[Decision]) -> Decided:
        """What holds after some decisions."""
        decided = cls()
        for decision in decisions:
            decided.add(decision)
        return decided

    def add(self, decision: Decision) -> None:
        """One more decision."""
        subject = decision.subject
        if isinstance(subject, str):
            self.rules.pop(subject, None)
            if decision.decision == IGNORE:
                self.rules[subject] = None
        elif decision.decision == OPEN:
            self.edits.pop(subject, None)
        else:
            self.edits[subject] = decision

    def accepted(self) -> list[Row]:
        """The edits that were accepted, as in `changes/`."""
        return [decision.edit for decision in self.edits.values() if decision.decision == ACCEPT]


def read(path: Path) -> Decided:
    """What a file of decisions comes to.

    Raises:
        FileError: there is none, or a line is no decision.
    """
    if not path.is_file():
        raise FileError(f"{path}: there are no decisions; unspin review RUN makes them")
    return Decided.of(DecisionFile(path).new())


def accepted(path: Path) -> Subset:
    """The accepted edits of a file of decisions, as changes to be made again.

    Raises:
        FileError: there is no such file, or a line is no decision.
    """
    subset = Subset(())
    for edit in read(path).accepted():
        subset.add(edit)
    return subset


def decision(about: dict[str, Any], edit: Row | None) -> Decision:
    """A decision as somebody asks for it.

    Args:
        about: `decision`, and either `rule` or, for an edit, perhaps `after` and `phrase`.
        edit: what it is about, as in `changes/`; None for a rule.

    Raises:
        ValueError: nothing can be decided so.
    """
    what, rule = about.get("decision"), about.get("rule")
    if edit is None:
        if what not in OF_RULES or not (isinstance(rule, str) and rule):
            raise ValueError(f"about a rule one of {', '.join(OF_RULES)} is decided, not {what!r}")
        return Decision(what, rule)
    after, phrase = about.get("after", edit["after"]), about.get("phrase", "")
    if what not in OF_EDITS or not isinstance(after, str) or not isinstance(phrase, str):
        raise ValueError(f"about an edit one of {', '.join(OF_EDITS)} is decided, not {what!r}")
    made = {**edit, "after": after if what == ACCEPT else edit["after"]}
    return Decision(what, "", made, edit["after"], phrase if what == KEEP else "")
