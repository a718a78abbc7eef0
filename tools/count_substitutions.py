"""Write rules/learned/channels/FAMILY.tsv: how often a family was seen to write each phrase for each original.

    python tools/count_substitutions.py --spun corridor=dev-spun.jsonl.gz --pairs off-chance=pairs.tsv

Spun documents come with their substitutions. A site that writes the same phrase for the same original throughout tells
of it once: documents are counted by site, where their ids end in one ("a.txt/site3"). A table of pairs has the number
of documents in its third column. Only what the rules know is written: a pair is a fact, its rule is a curator's
judgement.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

from unspin.evaluation.arguments import named_path
from unspin.evaluation.records import records
from unspin.rulebook.folders import shipped_folder
from unspin.rulebook.phrase import normalize
from unspin.rulebook.rulebook import Rulebook

Pair = tuple[str, str]
"""(phrase, original), normalized."""


def spun_pairs(path: Path) -> dict[Pair, float]:
    """Pair -> number of sites, or of documents without one, that show it."""
    seen: defaultdict[Pair, set[str]] = defaultdict(set)
    for number, row in enumerate(records(path)):
        site = str(row.get("id", number)).rpartition("/")[2]
        for edit in row["edits"]:
            phrase = normalize(row["text"][edit["start"] : edit["end"]])
            seen[phrase, normalize(edit["original"])].add(f"{path.name}/{site}")
    return {pair: float(len(sites)) for pair, sites in seen.items()}


def listed_pairs(path: Path) -> dict[Pair, float]:
    """Pair -> number of documents, from a table with a header."""
    counts: dict[Pair, float] = {}
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        phrase, original, documents, *_ = line.split("\t")
        pair = normalize(phrase), normalize(original)
        counts[pair] = counts.get(pair, 0.0) + float(documents or 0)
    return counts


def main() -> None:
    """Count, and write a table for each family that is named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    for name, meaning in (("--spun", "documents with gold edits"), ("--pairs", "tables of pairs")):
        parser.add_argument(name, type=named_path, action="append", default=[], metavar="FAMILY=FILE", help=meaning)
    parser.add_argument("--out", type=Path, default=shipped_folder() / "learned" / "channels")
    options = parser.parse_args()
    counts: defaultdict[str, dict[Pair, float]] = defaultdict(dict)
    for given, count in ((options.spun, spun_pairs), (options.pairs, listed_pairs)):
        for family, path in given:
            for pair, number in count(path).items():
                counts[family][pair] = counts[family].get(pair, 0.0) + number
    book = Rulebook()
    names = [family.name for family in book.families]
    options.out.mkdir(parents=True, exist_ok=True)
    for family, found in sorted(counts.items()):
        known = {
            (book.phrases[phrase], normalize(choice.plain))
            for phrase, choices in book.family_choices(names.index(family)).items()
            for choice in choices
        }
        rows = [f"{a}\t{b}\t{number:g}\n" for (a, b), number in sorted(found.items()) if (a, b) in known and number]
        target = options.out / f"{family}.tsv"
        target.write_text(
            "# phrase\toriginal\ttimes seen; written by tools/count_substitutions.py\n" + "".join(rows),
            encoding="utf-8",
        )
        print(f"{target}: {len(rows)} pairs")


if __name__ == "__main__":
    main()
