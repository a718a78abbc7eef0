"""How well mangled technical terms are put back: every row of the screener's list in a sentence, alone and in company;
and a tenth of the shipped pack that is held out, found by the swaps that the rest shows.

python benchmarks/terms.py ../shared
"""

from __future__ import annotations

import csv
import gzip
import json
import random
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from unspin import Repairer
from unspin.english.language_model import load_language_model
from unspin.english.words import words
from unspin.rulebook.folders import shipped_folder
from unspin.rulebook.rulebook import Rulebook
from unspin.rulebook.swaps import words_of
from unspin.spun.unlisted import Proposal, Unlisted

ALONE = "In this paper, the proposed method relies on {} and is compared with earlier work."
COMPANY = "In this paper, counterfeit consciousness and {} are compared with earlier work on the method."
HELD_OUT = "In this paper the proposed method for {} is evaluated on several datasets."


def main() -> None:
    shared = Path(sys.argv[1])
    listed(shared / "observed" / "tortured-phrases.tsv")
    for seed in range(1, 6):
        held_out(shared / "corpora", seed)


def folded(text: str) -> str:
    return " ".join(words_of(text))


def listed(path: Path) -> None:
    """Rows without a flag: those that the shipped pack restores, and those that its review file explains."""
    if not path.exists():
        print(f"{path} is not here: the list is not measured")
        return
    reviewed = {
        line.split("\t")[0] for line in (shipped_folder() / "tortured" / "review.txt").read_text("utf-8").splitlines()
    }
    plain: dict[str, set[str]] = {}
    book = Rulebook()
    for phrase, choices in zip(book.phrases, book.choices, strict=True):
        plain.setdefault(folded(phrase), set()).update(folded(choice.plain) for choice in choices)
    repairer = Repairer(suggest=False)
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE) if not row["flags"]]
    for name, template in (("alone", ALONE), ("in company", COMPANY)):
        outcome: Counter[str] = Counter()
        for row in rows:
            phrase = row["tortured"].strip()
            if phrase in reviewed:
                outcome["in the review file"] += 1
                continue
            needed = " ".join(re.findall(r'"([^"]+)"', row["require"])) or row["require"].replace("*", "ed")
            after = folded(repairer.repair(f"{template.format(phrase)} See also {needed}.").text)
            wanted = plain.get(folded(phrase), {folded(row["expected"])})
            sentence = template.replace("counterfeit consciousness", "artificial intelligence")
            done = any(folded(sentence.format(term)).strip(".") in after for term in wanted)
            outcome["restored" if done else "left"] += 1
        covered = outcome["restored"] + outcome["left"]
        share = outcome["restored"] / covered
        print(f"{len(rows)} rows without a flag, {name}: {dict(outcome)}; {share:.1%} of those covered")


def held_out(corpora: Path, seed: int) -> None:
    """A tenth of the pack, drawn at random by row, taken out before the swaps are derived."""
    pick = random.Random(seed)
    missing: list[list[str]] = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "rules"
        shutil.copytree(shipped_folder(), folder)
        for path in sorted((folder / "tortured").glob("*.tsv")):
            kept = []
            for line in path.read_text(encoding="utf-8").splitlines():
                out = not line.startswith("#") and pick.random() < 0.1
                (missing.append(line.split("\t")) if out else kept.append(line))
            path.write_text("\n".join(kept), encoding="utf-8")
        book = Rulebook([folder])
        find = Unlisted(book.swaps, book.scholarly, load_language_model())
        known = set(book.phrases)
    count: Counter[str] = Counter()
    for spun, plain, *_ in missing:
        phrase = spun.rpartition(": ")[2]
        if phrase in known:
            continue
        count["held out"] += 1
        terms, proposals = asked(find, HELD_OUT.format(phrase))
        count["found"] += bool(proposals)
        for first, last, term, _ in reversed(proposals):
            terms[first:last] = words_of(term)
        wanted = [words_of(choice) for choice in plain.split("|")]
        ends = folded(HELD_OUT).split("{}")
        got = " ".join(terms)
        whole = any(got == f"{ends[0]}{' '.join(choice)}{ends[1]}".replace(".", "") for choice in wanted)
        parts = bool(proposals) and any(
            all(f" {folded(term)} " in f" {' '.join(choice)} " for _, _, term, _ in proposals) for choice in wanted
        )
        count["restored"] += whole
        count["restored in part, and nothing wrong"] += parts and not whole
    total = count.pop("held out")
    print(f"held out {total}: " + ", ".join(f"{name} {number / total:.1%}" for name, number in count.items()))
    false = size = 0
    for text in clean(corpora):
        terms, proposals = asked(find, text)
        size += len(terms)
        false += len(proposals)
    if size:
        print(f"{false} suggestions in {size} clean words, {1e5 * false / size:.2f} per 100,000")


def asked(find: Unlisted, text: str) -> tuple[list[str], list[Proposal]]:
    found = words(text)
    terms = [word.lower for word in found]
    joined = [text[a.end : b.start] in (" ", "-") for a, b in pairwise(found)]
    return terms, find(terms, [*joined, False])


def clean(corpora: Path) -> Iterator[str]:
    for path in sorted(corpora.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as rows:
            yield from (json.loads(row)["text"] for row in rows)


if __name__ == "__main__":
    main()
