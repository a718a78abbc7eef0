"""Candidates as a rule file that is ready to be reviewed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from unspin.errors import SettingsError
from unspin.mining.candidates import Candidate
from unspin.mining.substitutions import SHOWN

HEADER = "# spun\tplain\ttier\tsource"


def lines(candidates: Iterable[Candidate], source: str = "mined", top: int | None = None) -> Iterator[str]:
    """The lines of a rule file: for each spun phrase a comment with what speaks for it, and its row.

    Args:
        candidates: in any order; those of one spun phrase share a row, the most frequent first.
        source: key of `sources.toml` that the rows name.
        top: how many rows to write; None for all.

    Yields:
        The row with the highest score first.

    Raises:
        SettingsError: the source cannot stand in a rule file.
    """
    check_source(source)
    rows: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        rows.setdefault(candidate.spun, []).append(candidate)
    ranked = sorted(rows.values(), key=lambda row: (-_score(row), row[0].spun))
    yield HEADER
    for row in islice(ranked, top):
        row.sort(key=lambda candidate: (-candidate.occurrences, -candidate.score, candidate.original))
        yield comment(row)
        yield "\t".join((row[0].spun, " | ".join(candidate.original for candidate in row), "spun", source))


def check_source(source: str) -> None:
    """
    Raises:
        SettingsError: the source cannot stand in a rule file.
    """
    if not source.isprintable() or not source or source != source.strip():
        raise SettingsError(f"{source!r} cannot be a source; name a key of sources.toml with --source")


def comment(row: Sequence[Candidate]) -> str:
    """What is known of a row: how often, in how many documents, the highest G2 of its alternatives, and contexts."""
    documents = frozenset[int]().union(*(candidate.documents for candidate in row))
    numbers = f"# n={sum(candidate.occurrences for candidate in row)} docs={len(documents)} G2={_score(row):.1f}"
    return numbers + "  " + " | ".join(_contexts(row))


def _score(row: Iterable[Candidate]) -> float:
    return max(candidate.score for candidate in row)


def _contexts(row: Sequence[Candidate]) -> Iterator[str]:
    """A few contexts, of each alternative one before any has two."""
    turns = ((turn, i) for turn in range(SHOWN) for i in range(len(row)) if turn < len(row[i].contexts))
    for turn, i in islice(turns, SHOWN):
        yield row[i].contexts[turn]
