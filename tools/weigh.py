"""Write rules/evidence.tsv: how much each phrase of the rulebook speaks for a spinner.

    python tools/weigh.py --spun dev-spun.jsonl.gz --clean clean-a.jsonl.gz clean-b.jsonl.gz

A weight is log P(phrase | spun) / P(phrase | clean). The spun documents come with their substitutions, so the same
documents restored are part of the clean side: against them a phrase shows what the spinner did and not what the
text is about. Counts are small, so a weight starts from what is typical of a phrase of its length and trust.
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

from unspin.rulebook.loader import shipped_folder
from unspin.rulebook.rulebook import TYPICAL_WEIGHT, Rulebook

PRIOR = 0.5
"""Expected occurrences that the typical weight is worth."""

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
    for number, phrase in enumerate(book.phrases):
        if (
            number in book.conditions
            or not book.choices[number]
            or book.tiers[number] == "suggest"
            or not (spun[number] or clean[number])
        ):
            continue
        typical = TYPICAL_WEIGHT[min(len(phrase.split()), 3) - 1] * max(c.trust for c in book.choices[number])
        expected = (clean[number] + UNSEEN) * share
        weight = log((spun[number] + PRIOR * exp(typical)) / (expected + PRIOR))
        lines.append(f"{phrase}\t{weight:.2f}\n")
    target = shipped_folder() / "evidence.tsv"
    target.write_text("# phrase\tweight; written by make weights\n" + "".join(sorted(set(lines))), encoding="utf-8")
    print(f"{target}: {len(set(lines))} weights from {words['spun']} spun and {words['clean']} clean words")


if __name__ == "__main__":
    main()
