"""Write rules/evidence.tsv: how much each phrase of the rulebook speaks for a spinner.

    python tools/weigh.py --spun dev-spun.jsonl.gz --clean clean-a.jsonl.gz clean-b.jsonl.gz

A weight is log P(phrase | spun) / P(phrase | clean). Before anything is counted it is what the rules and the language
model expect: a phrase stands in spun text as often as in clean text, and besides wherever the spinner wrote it for one
of its originals, which is so much oftener as the originals are commoner words and the rule is trusted. Phrases that the
spun documents show are counted too. These documents come with their substitutions, so the same documents restored are
part of the clean side: against them a phrase shows what the spinner did and not what the text is about. A phrase that
is only guessed keeps what is expected of it: another spinner may use what this one does not.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from math import exp, log
from pathlib import Path
from typing import Any

from unspin.english.language_model import LanguageModel, load_language_model
from unspin.rulebook.folders import shipped_folder
from unspin.rulebook.loader import normalize
from unspin.rulebook.rulebook import Rulebook
from unspin.spun.channel import SURE

PRIOR = 0.5
"""Occurrences that the expected weight is worth."""

OFTEN = 3
"""Occurrences in the spun documents from which a guessed phrase is counted like one that is sure."""

MOST = 4.5
"""The greatest weight that is only expected."""

UNSEEN = 0.3
"""Occurrences in the clean text granted to a phrase that has none."""


def rows(path: Path) -> Iterator[dict[str, Any]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def restored(row: dict[str, Any]) -> str:
    out, position = [], 0
    for edit in row["edits"]:
        out += [row["text"][position : edit["start"]], edit["original"]]
        position = edit["end"]
    return "".join(out) + row["text"][position:]


def frequency(phrase: str, language: LanguageModel) -> float:
    """Occurrences of a phrase per word of running text, by the language model."""
    frequency, previous = 1.0, ""
    for word in phrase.split():
        spoken = word.removesuffix("'s")
        frequency *= language.pair(previous, spoken)
        previous = spoken
    return frequency


def expected_weights(book: Rulebook) -> list[float]:
    """For each phrase, its weight by trust and language model alone."""
    language = load_language_model()
    written: Counter[str] = Counter()  # expected number of phrases that the spinner writes for an original
    for choices in book.choices:
        for choice in choices:
            written[normalize(choice.plain)] += choice.trust
    weights = []
    for phrase, choices in zip(book.phrases, book.choices, strict=True):
        replaced = 0.0
        for choice in choices:
            plain = normalize(choice.plain)
            replaced += choice.trust / max(1.0, written[plain]) * frequency(plain, language)
        weights.append(min(MOST, log(1.0 + replaced / frequency(phrase, language))))
    return weights


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--spun", type=Path, nargs="+", required=True)
    parser.add_argument("--clean", type=Path, nargs="*", default=[])
    options = parser.parse_args()
    book = Rulebook()
    scanner = book.scanner(dense=True)
    spun: Counter[int] = Counter()
    clean: Counter[int] = Counter()
    words = {"spun": 0, "clean": 0}

    def count(text: str, into: Counter[int], side: str) -> None:
        into.update(phrase for phrase, _, _ in scanner.scan(text))
        words[side] += len(text.split())

    for path in options.spun:
        for row in rows(path):
            count(row["text"], spun, "spun")
            count(restored(row), clean, "clean")
    for path in options.clean:
        for row in rows(path):
            count(row["text"], clean, "clean")
    share = words["spun"] / words["clean"]
    lines = []
    for number, (phrase, weight) in enumerate(zip(book.phrases, expected_weights(book), strict=True)):
        if number in book.conditions or number in book.terms or not book.choices[number]:
            continue
        if book.tiers[number] == "suggest":
            continue
        if book.choices[number][0].trust >= SURE or spun[number] > OFTEN:
            expected = (clean[number] + UNSEEN) * share
            weight = log((spun[number] + PRIOR * exp(weight)) / (expected + PRIOR))  # noqa: PLW2901
        lines.append(f"{phrase}\t{weight:.2f}\n")
    target = shipped_folder() / "evidence.tsv"
    target.write_text("# phrase\tweight; written by make weights\n" + "".join(sorted(set(lines))), encoding="utf-8")
    print(f"{target}: {len(set(lines))} weights from {words['spun']} spun and {words['clean']} clean words")


if __name__ == "__main__":
    main()
