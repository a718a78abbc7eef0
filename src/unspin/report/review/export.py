"""What a review taught, as rows for a rule folder, as a setting, and as gold for the audit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from unspin.corpus.batch.decisions import ACCEPT, KEEP, Decided, Decision
from unspin.corpus.batch.originals import Originals, TextPlace
from unspin.corpus.formats.noted_edits import Row
from unspin.errors import FileError
from unspin.records import dumps

SOURCE = "review"
"""The key of `sources.toml` that the rows name as where they come from."""


def rules(decided: Decided) -> Iterator[str]:
    """Rows for a file of pairs: the phrases for which another wording was chosen, the commonest choice first."""
    chosen: dict[str, Counter[str]] = {}
    for made in decided.edits.values():
        before, after = _words(made.edit["before"]), _words(made.edit["after"])
        if made.decision == ACCEPT and made.edit["after"] != made.proposed and before and after:
            chosen.setdefault(before, Counter())[after] += 1
    for before in sorted(chosen):
        plain = sorted(chosen[before], key=lambda after: (-chosen[before][after], after))
        yield f"{before}\t{' | '.join(plain)}\tspun\t{SOURCE}"


def keep(decided: Decided) -> Iterator[str]:
    """Rows for `keep.tsv`: the phrases that are good English wherever they stand."""
    phrases = {_words(made.phrase) for made in decided.edits.values() if made.decision == KEEP}
    for phrase in sorted(phrases - {""}):
        yield f"{phrase}\tgood English, a reviewer says"


def ignore(decided: Decided) -> Iterator[str]:
    """The rules that are never wanted, as the setting `ignore` of `unspin.toml`."""
    parts = sorted({part for rule in decided.rules for part in rule.split("+")})  # several may have made an edit
    names = ", ".join(f'"{part}"' for part in parts)
    yield f"ignore = [{names}]"


def gold(run: str, decided: Decided) -> Iterator[str]:
    """Gold as JSON lines: each text of which an edit was decided, with what was accepted as its right edits. What was
    rejected, or not decided, is none of them.

    Args:
        run: the output of `unspin clean`.
        decided: the decisions about it.

    Raises:
        FileError: the run's output was changed since, or the decisions are about another run.
    """
    texts: dict[TextPlace, list[Decision]] = {}
    for made in decided.edits.values():
        edit = made.edit
        texts.setdefault((edit["source"], edit["at"], edit["part"]), []).append(made)
    with Originals(run, texts) as originals:
        originals.fill()
        for place, its in sorted(texts.items(), key=lambda item: item[0]):
            text = originals.get(place)
            if text is None:
                raise FileError(f"{run}: no text in {place[0]} at {place[1]}; the decisions are about another run")
            right = [_right(made.edit) for made in its if made.decision == ACCEPT]
            right.sort(key=lambda edit: (edit["start"], edit["end"]))
            yield dumps({"source": place[0], "at": place[1], "text": text, "edits": right})


def _right(edit: Row) -> Row:
    return {"start": edit["start"], "end": edit["end"], "spun": edit["before"], "original": edit["after"]}


def _words(text: str) -> str:
    """A phrase as rule files have it: in lower case, one blank between its words."""
    return " ".join(text.split()).lower()


def lines(what: str, run: str, decided: Decided) -> Iterable[str]:
    """The lines of an export: "rules", "keep", "ignore" or "gold"."""
    if what == "gold":
        return gold(run, decided)
    return {"rules": rules, "keep": keep, "ignore": ignore}[what](decided)
