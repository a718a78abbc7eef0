"""Write rules/learned/evidence/FAMILY.tsv: how much each phrase of the rulebook speaks for a family of spinners.

    python tools/weigh.py --spun corridor=dev-spun.jsonl.gz --spun off-chance= --clean clean-a.jsonl.gz clean-b.jsonl.gz

A weight is log P(phrase | spun by the family) / P(phrase | clean), in nats. Before anything is counted it is what the
rules and the language model expect: a phrase stands in spun text as often as in clean text, and besides wherever the
spinner wrote it for one of its originals, which is so much oftener as the originals are commoner words and the rule is
trusted. Phrases that the spun documents show are counted too. These documents come with their substitutions, so the
same documents restored are part of the clean side: against them a phrase shows what the spinner did and not what the
text is about. A phrase that is only guessed keeps what is expected of it: another spinner may use what this one does
not. A family without documents is weighed by expectation, and by how often its phrases stand in clean text.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from math import exp, log
from pathlib import Path
from typing import Any

from unspin.english.language_model import LanguageModel, load_language_model
from unspin.evaluation.arguments import named_path
from unspin.evaluation.records import records
from unspin.rulebook.choices import SURE, Choice
from unspin.rulebook.folders import shipped_folder
from unspin.rulebook.phrase import normalize
from unspin.rulebook.rulebook import Rulebook
from unspin.rulebook.scanner import Scanner

PRIOR = 0.5
"""Occurrences that the expected weight is worth."""

OFTEN = 3
"""Occurrences in the spun documents from which a guessed phrase is counted like one that is sure."""

MOST = 4.5
"""The greatest weight that is only expected, in nats."""

UNSEEN = 0.3
"""Occurrences in the clean text granted to a phrase that has none."""

CLEAN_PRIOR = 2.0
"""Occurrences in the clean text that the language model's frequency of a phrase is worth."""


class Counts:
    """How often each phrase stands in some texts, and how many words these have."""

    def __init__(self) -> None:
        self.phrases: Counter[int] = Counter()
        self.words = 0

    def add(self, text: str, scanner: Scanner) -> None:
        """Count a text.

        Args:
            text: what is counted.
            scanner: of the rulebook, whose numbers phrases have.
        """
        self.phrases.update(phrase for phrase, _, _ in scanner.scan(text))
        self.words += len(text.split())


def restored(row: dict[str, Any]) -> str:
    """The text of a record with its gold edits made."""
    out, position = [], 0
    for edit in row["edits"]:
        out += [row["text"][position : edit["start"]], edit["original"]]
        position = edit["end"]
    return "".join(out) + str(row["text"][position:])


def frequency(phrase: str, language: LanguageModel) -> float:
    """How often a phrase stands among as many words, by the language model."""
    share, previous = 1.0, ""
    for word in phrase.split():
        lm_form = word.removesuffix("'s")
        share *= language.pair(previous, lm_form) if previous else language.frequency(lm_form)
        previous = lm_form
    return share


def expected(choices: dict[int, list[Choice]], book: Rulebook, clean: Counts) -> dict[int, float]:
    """For each phrase of a family, its weight by trust, language model and clean text alone."""
    language = load_language_model()
    written: dict[str, float] = {}  # expected number of phrases that the spinner writes for an original
    for alternatives in choices.values():
        for choice in alternatives:
            plain = normalize(choice.plain)
            written[plain] = written.get(plain, 0.0) + choice.trust
    weights = {}
    for number, alternatives in choices.items():
        replaced = 0.0
        for choice in alternatives:
            plain = normalize(choice.plain)
            replaced += choice.trust / max(1.0, written[plain]) * frequency(plain, language)
        guess = frequency(book.phrases[number], language)
        counted = clean.phrases[number] / max(1, clean.words)
        worth = CLEAN_PRIOR / (CLEAN_PRIOR + clean.words * guess)  # the more there should be, the more the count tells
        # The language model takes an idiom for a rare thing: what has been counted is there, whatever it says.
        share = max(guess * worth + counted * (1 - worth), (clean.phrases[number] - 0.5) / max(1, clean.words), 1e-9)
        weights[number] = min(MOST, log(1.0 + replaced / share))
    return weights


def family_weights(book: Rulebook, family: int, spun: Sequence[Path], clean: Counts) -> dict[str, float]:
    """Phrase -> its weight in one family."""
    scanner = book.scanner()
    choices = {
        number: found
        for number, found in book.family_choices(family).items()
        if number not in book.terms and book.tiers[number] != "suggest"
    }
    seen, background = Counts(), Counts()
    background.phrases.update(clean.phrases)
    background.words = clean.words
    for path in spun:
        for row in records(path):
            seen.add(row["text"], scanner)
            background.add(restored(row), scanner)
    share = seen.words / max(1, background.words)
    weights: dict[str, float] = {}
    for number, by_expectation in expected(choices, book, background).items():
        weight, phrase = by_expectation, book.phrases[number]
        if seen.words and (choices[number][0].trust >= SURE or seen.phrases[number] > OFTEN):
            usual = (background.phrases[number] + UNSEEN) * share
            weight = log((seen.phrases[number] + PRIOR * exp(by_expectation)) / (usual + PRIOR))
        weights[phrase] = max(weight, weights.get(phrase, weight))
    return weights


def main() -> None:
    """Weigh the families that are named, or all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--spun", type=named_path, action="append", default=[], metavar="FAMILY=FILE", help="documents with gold edits"
    )
    parser.add_argument("--clean", type=Path, nargs="*", default=[], help="clean text")
    parser.add_argument("--family", action="append", default=[], help="only these families")
    parser.add_argument("--out", type=Path, default=shipped_folder() / "learned" / "evidence")
    options = parser.parse_args()
    book = Rulebook()
    documents: dict[str, list[Path]] = {}
    for name, path in options.spun:
        documents.setdefault(name, []).append(path)
    clean = Counts()
    scanner = book.scanner()
    for path in options.clean:
        for row in records(path):
            clean.add(row["text"], scanner)
    options.out.mkdir(parents=True, exist_ok=True)
    for number, family in enumerate(book.families):
        if options.family and family.name not in options.family:
            continue
        weights = family_weights(book, number, documents.get(family.name, []), clean)
        lines = [f"{phrase}\t{weight:.2f}\n" for phrase, weight in sorted(weights.items())]
        target = options.out / f"{family.name}.tsv"
        target.write_text("# phrase\tweight; written by make weights\n" + "".join(lines), encoding="utf-8")
        print(f"{target}: {len(lines)} weights, against {clean.words} clean words")


if __name__ == "__main__":
    main()
