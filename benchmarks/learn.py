"""What a model of one's own text is worth, and a second pass over a site: measured on halves of the shared corpora.

A model is learned on one half; spun documents are scored whose originals are not in that half, and clean ones of the
other half. Sites are made of ten spun documents each.

python benchmarks/learn.py ../shared
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from math import log2
from pathlib import Path

from unspin import Repair, Repairer
from unspin.english.language_model import load_language_model
from unspin.english.user_counts import Learner, OwnCounts
from unspin.evaluation.figures import Figures
from unspin.evaluation.gold import Gold, Marked, marked
from unspin.evaluation.records import records
from unspin.spun.substitution_counts import SubstitutionCounts

SITE = 10
"""Documents of a site."""

PIECE = 600
"""Code points of a short document, at least: long ones are cut to see what a site tells of its short ones."""


def shingles(text: str) -> set[tuple[str, ...]]:
    """Every third run of five words, by which a spun text is known again."""
    words = text.lower().split()
    return {tuple(words[i : i + 5]) for i in range(0, len(words) - 5, 3)}


def learned(repairer: Repairer, texts: list[str], path: Path) -> Path:
    """Write a model of some texts to a file; returns the file."""
    learner = Learner()
    for text in texts:
        for run in repairer.lm_tokens(text):
            learner.add(run)
    path.write_bytes(learner.dumped())
    return path


def heldout(repairer: Repairer, model: Path, texts: list[str]) -> tuple[float, float]:
    """Bits a word of other text by the shipped model, and with the counts."""
    shipped, own = load_language_model(), OwnCounts.load(model)
    plain = mixed = 0.0
    count = 0
    for text in texts:
        for run in repairer.lm_tokens(text):
            before = ("", "")
            for word in run:
                p = shipped.triple(before, word)
                plain -= log2(p)
                mixed -= log2(own.triple(before, word, p))
                count += 1
                before = (before[1], word)
    return plain / count, mixed / count


Read = tuple[Marked, Repair]
"""A spun document, and what was made of it."""


def alone(repairer: Repairer, documents: Iterable[Marked]) -> Iterator[Read]:
    """Documents, each repaired for itself."""
    for document in documents:
        yield document, repairer.repair(document.text)


def in_sites(repairer: Repairer, sites: Iterable[Sequence[Marked]]) -> Iterator[Read]:
    """Documents of sites, each repaired twice: for the substitutions that it shows, and with those of its site."""
    for documents in sites:
        site = SubstitutionCounts({}, {})
        for _, repair in alone(repairer, documents):
            if repair.substitutions is not None:
                site.add(repair.substitutions)
        for document in documents:
            yield document, repairer.repair(document.text, site=site)


def summary(read: Iterable[Read]) -> str:
    """Recall, precision, touched and closer."""
    figures = Figures()
    for document, repair in read:
        figures.add(Gold(document.text, document.places or ()), repair)
    shares = figures.shares()
    return "  ".join(f"{name} {shares[name]:.4f}" for name in ("recall", "precision", "touched", "closer"))


def groups(documents: Sequence[Marked], size: int) -> Iterator[Sequence[Marked]]:
    """The documents in order, some at a time."""
    for start in range(0, len(documents), size):
        yield documents[start : start + size]


def pieces(document: Marked) -> Iterator[Marked]:
    """A document in short ones, cut between sentences and outside its spun places."""
    text, places = document.text, document.places or ()
    start = 0
    while start < len(text):
        end = text.find(". ", start + PIECE) + 2
        if end < 2 or any(place.start < end < place.end for place in places):
            end = len(text)
        inside = (place for place in places if start <= place.start and place.end <= end)
        moved = (place._replace(start=place.start - start, end=place.end - start) for place in inside)
        yield Marked(text[start:end], tuple(moved))
        start = end


def models(repairer: Repairer, halves: Sequence[list[str]], spun: Sequence[list[Marked]], folder: Path) -> None:
    """Print what a model of each half does for the other half, and for spun documents that are of the other."""
    for number in (0, 1):
        model = learned(repairer, halves[number], folder / f"half{number}")
        words = sum(len(text.split()) for text in halves[number])
        plain, mixed = heldout(repairer, model, halves[1 - number][::8])
        print(f"learned on half {number} ({words:,} words, {model.stat().st_size / 1e6:.1f} MB):")
        print(f"  held out: {plain:.3f} bits a word, with the counts {mixed:.3f}")
        own = Repairer(suggest=False, model=model)
        print(f"  shipped    {summary(alone(repairer, spun[1 - number]))}")
        print(f"  with model {summary(alone(own, spun[1 - number]))}")
        found = [own.repair(text) for text in halves[1 - number]]
        edits = sum(edit.stage == "phrases" for repair in found for edit in repair.edits)
        print(f"  clean: {edits} edits, {sum(r.verdict.label != 'clean' for r in found)} flagged of {len(found)}")


def by_site(repairer: Repairer, spun: Sequence[Marked]) -> None:
    """Print what a second pass does for the documents of a site, long ones and short ones."""
    print(f"sites: documents alone {summary(alone(repairer, spun))}")
    print(f"  ten a site          {summary(in_sites(repairer, groups(spun, SITE)))}")
    short = [list(chain.from_iterable(map(pieces, group))) for group in groups(spun, SITE // 2)]
    print(f"pieces of some {PIECE} code points alone {summary(alone(repairer, chain.from_iterable(short)))}")
    print(f"  those of five documents a site {summary(in_sites(repairer, short))}")


def main() -> None:
    """Measure both, and print."""
    shared = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared")
    if not (shared / "corpora").is_dir():
        print(f"{shared} has no corpora here: nothing is measured")
        return
    clean = [r["text"] for name in ("addresses", "masc") for r in records(shared / f"corpora/clean-{name}.jsonl.gz")]
    spun = list(marked([shared / "eval/dev-spun.jsonl.gz"]))
    halves = [clean[0::2], clean[1::2]]
    known = [set().union(*map(shingles, half)) for half in halves]
    parts: tuple[list[Marked], list[Marked]] = ([], [])
    for document in spun:
        words = shingles(document.text)
        parts[len(words & known[1]) > len(words & known[0])].append(document)
    print(f"{len(parts[0])} spun documents have their originals in the first half, {len(parts[1])} in the second")
    repairer = Repairer(suggest=False)
    with tempfile.TemporaryDirectory() as folder:
        models(repairer, halves, parts, Path(folder))
    by_site(repairer, spun)


if __name__ == "__main__":
    main()
