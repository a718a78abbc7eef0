"""The page on which the edits of a run are reviewed: what it shows, and what becomes of what is decided there."""

from __future__ import annotations

import json
import re
import threading
from collections import OrderedDict
from collections.abc import Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any

from unspin.corpus.batch.changes import RunNotes
from unspin.corpus.batch.decisions import Decision, DecisionFile, Place, decision, place_of
from unspin.corpus.batch.originals import Originals, TextPlace
from unspin.corpus.document import Document
from unspin.corpus.document_repairer import DocumentRepairer
from unspin.corpus.formats.noted_edits import Row
from unspin.edits import Edit
from unspin.errors import FileError, UnspinError
from unspin.repairer import Repair
from unspin.report.review.explained import offers, probability_at, verdict_of
from unspin.settings import parsed

EDITS = 100_000
"""Edits that a page has at most: a browser holds them all, at about 300 bytes each."""

_CONTEXT = 600
"""Code points that are shown on either side of an edit."""

_EXPLAINED = 100_000
"""Code points of the longest text that is read again for its alternatives: a tenth of a second, or more."""

_REPAIRS = 32
"""Texts whose alternatives are kept at hand."""

_WORD_BEFORE = re.compile(r"([^\W_][\w'’-]*)[^\S\n]+\Z")
_WORD_BEHIND = re.compile(r"[^\S\n]+([^\W_][\w'’-]*)")


class RunPage:
    """The edits of a run, and the decisions about them.

    Args:
        run: the output of `unspin clean`.
        decisions: the file of decisions.

    Raises:
        FileError: there is no run, or a file of it is broken.
    """

    assets = {  # noqa: RUF012 - a constant of the protocol
        "": "review/page/run.html",
        "run.js": "review/page/run.js",
        "list.js": "review/page/list.js",
    }

    def __init__(self, run: str, decisions: Path) -> None:
        self._run = run
        self._notes = RunNotes(run)
        changes = self._notes.changes()
        self._edits = [_checked(run, row) for row in islice(changes, EDITS)]
        self._more = next(changes, None) is not None
        self._numbers: dict[Place, int] = {place_of(row): number for number, row in enumerate(self._edits)}
        self._texts: dict[TextPlace, list[int]] = {}
        for number, row in enumerate(self._edits):
            self._texts.setdefault(_text_place(row), []).append(number)
        self._file = DecisionFile(decisions)
        self._log: list[dict[str, Any]] = []
        self._lock = threading.Lock()
        self._repairs: OrderedDict[TextPlace, Repair] = OrderedDict()
        self._trouble = ""
        self._filled = threading.Event()
        self._read_decisions()
        self._originals = Originals(run, self._texts)

    def __enter__(self) -> RunPage:
        threading.Thread(target=self._fill, daemon=True).start()
        return self

    def __exit__(self, *error: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._originals.__exit__(None, None, None)

    def _fill(self) -> None:
        try:
            self._originals.fill()
        except (UnspinError, OSError) as error:
            self._trouble = str(error)
        finally:
            self._filled.set()

    def get(self, name: str, query: dict[str, str]) -> Any:
        """`edits`: all of them; `edit?n=`: one, in its place; `decisions?since=`: those after so many."""
        if name == "edits":
            return self._listed()
        if name == "edit":
            return self._shown(self._number(query.get("n", "")))
        if name == "decisions":
            return self._decisions(query.get("since", "0"))
        raise LookupError(name)

    def post(self, name: str, query: dict[str, str], body: bytes) -> Any:
        """`decisions?since=`: a list of those to be added; the answer is as for `get`."""
        if name != "decisions":
            raise LookupError(name)
        try:
            asked = json.loads(body)
        except RecursionError:
            raise ValueError("decisions are not nested") from None
        if not isinstance(asked, list) or not all(isinstance(about, dict) for about in asked):
            raise ValueError("decisions are sent as a list of objects")
        self._file.add([self._decision(about) for about in asked])
        return self._decisions(query.get("since", "0"))

    def _number(self, number: object) -> int:
        """The number of an edit.

        Raises:
            LookupError: there is no such edit.
        """
        text = str(number)
        if not (text.isascii() and text.isdigit() and int(text) < len(self._edits)):
            raise LookupError(text)
        return int(text)

    def _decision(self, about: dict[str, Any]) -> Decision:
        return decision(about, self._edits[self._number(about["n"])] if "n" in about else None)

    def _listed(self) -> dict[str, Any]:
        columns = ("source", "at", "id", "field", "before", "after", "stage", "rule", "confidence")
        return {
            "run": self._run,
            "file": str(self._file.path),
            "more": self._more,
            "columns": [*columns, "family"],
            "edits": [[*(row.get(name) for name in columns), _family(row)] for row in self._edits],
        }

    def _shown(self, number: int) -> dict[str, Any]:
        row = self._edits[number]
        place = _text_place(row)
        text = self._originals.get(place)
        if text is None:
            return {"n": number, "waiting": not self._filled.is_set(), "error": self._trouble}
        start, end = row["start"], row["end"]
        first, last = max(0, start - _CONTEXT), min(len(text), end + _CONTEXT)
        found: dict[str, Any] = {
            "n": number,
            "pieces": self._pieces(text, place, first, last),
            "cut": [first > 0, last < len(text)],
            "phrase": _phrase(text, start, end),
            "alternatives": [],
        }
        repair = self._explained(place, text)
        if repair is not None:
            edit = Edit(*(row[name] for name in Edit._fields))
            found["alternatives"] = offers(repair, edit, self._repairer.repairer.rulebook.articles)
            found["verdict"] = verdict_of(repair)
            found["sentence"] = probability_at(repair, start)
        return found

    def _pieces(self, text: str, place: TextPlace, first: int, last: int) -> list[Any]:
        """A stretch of a text: what stands as it is, and between it the numbers of edits."""
        pieces: list[Any] = []
        at = first
        for number in self._texts[place]:
            row = self._edits[number]
            if first <= row["start"] and row["end"] <= last:
                pieces += [text[at : row["start"]], number]
                at = row["end"]
        return [*pieces, text[at:last]]

    @cached_property
    def _repairer(self) -> DocumentRepairer:
        """The repairer of the run."""
        return DocumentRepairer(parsed(self._notes.settings, Path(self._run, "the settings of the run")))

    def _explained(self, place: TextPlace, text: str) -> Repair | None:
        """A text repaired again, with all that was weighed; None where it is too long, or cannot be repaired."""
        if len(text) > _EXPLAINED:
            return None
        with self._lock:
            if place not in self._repairs:
                try:
                    self._repairs[place] = self._repairer.repair(Document(text, place[0], {}), explain=True)
                except UnspinError:  # such as rules that are not there any more
                    return None
                if len(self._repairs) > _REPAIRS:
                    self._repairs.popitem(last=False)
            return self._repairs[place]

    def _decisions(self, since: str) -> dict[str, Any]:
        if not (since.isascii() and since.isdigit()):
            raise ValueError(f"since is a number, not {since!r}")
        self._read_decisions()
        return {"decisions": self._log[int(since) :], "next": len(self._log)}

    def _read_decisions(self) -> None:
        """Take note of what was decided, in this process or another."""
        with self._lock:
            for made in self._file.new():
                subject = made.subject
                if isinstance(subject, str):
                    self._log.append({"rule": subject, "decision": made.decision})
                elif subject in self._numbers:
                    about = {"n": self._numbers[subject], "decision": made.decision, "phrase": made.phrase}
                    self._log.append({**about, "after": made.edit["after"]})


def _checked(run: str, row: Row) -> Row:
    try:
        place_of(row)
        Edit(*(row[name] for name in Edit._fields))
    except KeyError as error:
        raise FileError(f"{run}: an edit in changes/ without {error}; run unspin clean again") from None
    return row


def _text_place(row: Row) -> TextPlace:
    return row["source"], row["at"], row["part"]


def _family(row: Row) -> str:
    """The folder of a rule about phrases, which is a family of spinners or what they share; "" for other stages."""
    return str(row["rule"]).partition("/")[0] if row["stage"] == "phrases" else ""


def _phrase(text: str, start: int, end: int) -> str:
    """The words of an edit with the word on either side, in lower case, as `keep.tsv` has phrases; "" without any."""
    words: Sequence[str] = text[start:end].split()
    before, behind = _WORD_BEFORE.search(text, max(0, start - 60), start), _WORD_BEHIND.match(text, end)
    sides = [before[1]] if before else [], [behind[1]] if behind else []
    return " ".join([*sides[0], *words, *sides[1]]).lower() if words else ""
