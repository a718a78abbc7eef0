"""The tables of a rule folder that rules and the decoder need: small tables, sources, what is kept, what was learned.

Other tables are read by the mechanisms that need them (`tables`).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from unspin.errors import RuleError
from unspin.rulebook.families import Calibration
from unspin.rulebook.folders import TABLES
from unspin.rulebook.papers import WEIGHTS
from unspin.rulebook.parsing import check_columns, load_toml, rows, store_rows
from unspin.rulebook.phrase import normalize
from unspin.rulebook.schema import FIELDS
from unspin.rulebook.sources import Sources

_FORM_COUNT = {"verb": 4, "noun": 1, "adj": 2}
"""Irregular forms in a row of `inflections.tsv`, by its kind."""


def read_table(path: Path, text: str, sources: Sources) -> None:
    """Add one of the tables that rules need to `sources`; what has another name is left to the mechanism that reads it.

    Raises:
        RuleError: with file and line, for a row of another shape.
    """
    if path.name == "inflections.tsv":
        for number, cells in rows(path, text):
            check_columns(path, number, cells, 2 + _FORM_COUNT.get(cells[0], 1))
            sources.irregular[cells[0], cells[1]] = tuple(cells[2:])
        return
    if path.name == "terms.tsv":
        store_rows(path, text, 1, sources.terms.add)
        return
    stores: dict[str, Callable[[str, str], None]] = {
        "articles.tsv": lambda article, word: sources.articles.__setitem__(word, article),
        "contractions.tsv": lambda word, lm_form: sources.contractions.__setitem__(word, tuple(lm_form.split())),
        FIELDS: lambda field, word: sources.fields.setdefault(field, []).append(word),
        "scholarly.tsv": lambda weight, word: sources.scholarly.__setitem__(word, WEIGHTS[weight]),
        "swaps.tsv": lambda plain, written: sources.swaps.add((plain, written)),
        "numbers.tsv": lambda digits, lm_form: sources.numbers.__setitem__(digits, tuple(lm_form.split())),
        "verbs.tsv": lambda verb, written: sources.verbs.__setitem__(verb, tuple(written.split(" | "))),
    }
    if path.name in stores:
        store_rows(path, text, 2, stores[path.name])


def read_learned(path: Path, text: str, sources: Sources) -> None:
    """What tools write: `learned/evidence/FAMILY.tsv`, `learned/channels/FAMILY.tsv`, `learned/calibrations.tsv`, and
    `learned/terms.tsv`. Errors are those of `read_table`.
    """
    if path.name == "calibrations.tsv":

        def calibrate(family: str, *numbers: str) -> None:
            sources.calibrations[family] = Calibration(*map(float, numbers))

        store_rows(path, text, 1 + len(Calibration._fields), calibrate)
    elif path.name == "terms.tsv":
        store_rows(path, text, 2, lambda name, weight: sources.term_weights.__setitem__(name, float(weight)))
    elif path.parent.name == "evidence":
        weights = sources.evidence.setdefault(path.stem, {})
        store_rows(path, text, 2, lambda phrase, weight: weights.__setitem__(phrase, float(weight)))
    elif path.parent.name == "channels":
        channel = sources.channels.setdefault(path.stem, {})
        store_rows(path, text, 3, lambda phrase, plain, count: channel.__setitem__((phrase, plain), float(count)))


def read_top(path: Path, text: str, sources: Sources) -> None:
    """Add a file at the top of a rule folder, `sources.toml` or `keep.tsv`. Errors are those of `read_table`, and one
    for a file of any other name.
    """
    if path.name == "sources.toml":
        sources.trust.update(_trust(path, text))
    elif path.name == "keep.tsv":
        store_rows(path, text, 2, lambda phrase, reason: sources.keep.__setitem__(normalize(phrase), reason))
    else:
        raise RuleError(
            f"{path}:1: not a file that unspin knows at the top of a rule folder; put rules into a pack such as mine/, "
            f"tables into {TABLES}/"
        )


def _trust(path: Path, text: str) -> dict[str, float]:
    """For each source, the probability that the spinner at work really makes a substitution that it reports."""
    trust = {}
    for key, value in load_toml(path, text).items():
        given = value.get("trust", 1.0) if isinstance(value, dict) else None
        if not isinstance(given, (int, float)) or not 0 < given <= 1:
            raise RuleError(f"{path}:1: source {key!r} needs a table with a trust above 0 and up to 1")
        trust[key] = float(given)
    return trust
