"""How well mangled technical terms are put back: every row of the screener's list in a sentence, alone and with others;
and rows of the shipped pack that are held out, found by the swaps that the rest shows: the newest, and tenths of all.

python benchmarks/terms.py ../shared
"""

from __future__ import annotations

import csv
import random
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from time import process_time

from unspin import Repairer
from unspin.english.language_model import load_language_model
from unspin.english.words import words
from unspin.evaluation.records import records
from unspin.rulebook.folders import shipped_folder
from unspin.rulebook.rulebook import Rulebook
from unspin.rulebook.swaps import words_of
from unspin.spun.readings import Reading
from unspin.spun.unlisted import Unlisted, chosen
from unspin.spun.unlisted_terms import SUGGESTED

ALONE = "In this paper, the proposed method relies on {} and is compared with earlier work."
WITH_OTHERS = "In this paper, counterfeit consciousness and {} are compared with earlier work on the method."
NEWEST = "paper-screener-2026"
HELD_OUT = "In this paper the proposed method for {} is evaluated on several datasets."


def main() -> None:
    shared = Path(sys.argv[1])
    listed(shared / "observed" / "tortured-phrases.tsv")
    newest()
    tenths(shared / "corpora")
    if (shared / "corpora").is_dir():
        search(shared / "corpora")


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
    for phrase, choices in zip(book.phrases, book.choices.values(), strict=True):
        plain.setdefault(folded(phrase), set()).update(folded(choice.plain) for choice in choices)
    repairer = Repairer(suggest=False)
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE) if not row["flags"]]
    for name, template in (("alone", ALONE), ("with others", WITH_OTHERS)):
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


def tenths(corpora: Path) -> None:
    """Tenths of the pack, drawn at random by row, taken out before the swaps are derived."""
    for seed in range(1, 6):
        held_out(f"a tenth of the pack ({seed})", _drawn(random.Random(seed)), corpora)


def newest() -> None:
    """The rows that the screener's list gained in a year, all of them taken out; then halves of them."""
    held_out("the rows of 2026", lambda cells: cells[3] == NEWEST)
    for seed in range(1, 4):
        for half in (0, 1):
            held_out(f"half of the rows of 2026 ({seed}.{half})", _half(random.Random(seed), bool(half)))


def _drawn(draw: random.Random) -> Callable[[list[str]], bool]:
    return lambda cells: draw.random() < 0.1


def _half(draw: random.Random, second: bool) -> Callable[[list[str]], bool]:
    return lambda cells: cells[3] == NEWEST and (draw.random() < 0.5) == second


def held_out(name: str, is_out: Callable[[list[str]], bool], corpora: Path | None = None) -> None:
    """Rows of the pack taken out, and looked for by what the others show.

    Args:
        name: what is printed.
        is_out: whether a row, given as its cells, is taken out.
        corpora: a folder of clean texts in which false suggestions are counted.
    """
    missing: list[list[str]] = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "rules"
        shutil.copytree(shipped_folder(), folder)
        for path in sorted((folder / "tortured").glob("*.tsv")):
            kept = []
            for line in path.read_text(encoding="utf-8").splitlines():
                cells = line.split("\t")
                (missing.append(cells) if not line.startswith("#") and is_out(cells) else kept.append(line))
            path.write_text("\n".join(kept), encoding="utf-8")
        book = Rulebook([folder])
        swaps = book.swaps  # read while the folder is there
        find = Unlisted(lambda: swaps, book.scholarly, load_language_model())
        known = {folded(phrase) for phrase in book.phrases}
    count: Counter[str] = Counter()
    for spun, plain, *_ in missing:
        phrase = spun.rpartition(": ")[2]
        if folded(phrase) in known:
            continue
        count["held out"] += 1
        terms, readings = asked(find, HELD_OUT.format(phrase))
        for reading in reversed(readings):
            terms[reading.first : reading.last] = reading.term.split()
        wanted = [words_of(choice) for choice in plain.split("|")]
        ends = folded(HELD_OUT).replace(".", "").split("{}")
        whole = any(" ".join(terms) == f"{ends[0]}{' '.join(choice)}{ends[1]}" for choice in wanted)
        parts = bool(readings) and any(
            all(f" {reading.term} " in f" {' '.join(choice)} " for reading in readings) for choice in wanted
        )
        count["found"] += bool(readings)
        count["restored"] += whole
        count["restored in part, and nothing wrong"] += parts and not whole
    total = count.pop("held out")
    print(f"{name}, {total} held out: " + ", ".join(f"{what} {number / total:.1%}" for what, number in count.items()))
    false = size = 0
    for text in clean(corpora) if corpora else ():
        terms, readings = asked(find, text)
        size += len(terms)
        false += len(readings)
    if size:
        print(f"{false} suggestions in {size} clean words, {1e5 * false / size:.2f} per 100,000")


def asked(find: Unlisted, text: str) -> tuple[list[str], list[Reading]]:
    """The words of a text, and the readings that would be suggested."""
    terms, joined = cut(text)
    return terms, [reading for reading, _ in chosen(find.proposals(terms, joined, find.where(terms)), SUGGESTED)]


def cut(text: str) -> tuple[list[str], list[bool]]:
    """The words of a text, and for each whether a blank or a hyphen parts it from the next."""
    found = words(text)
    return [word.lower for word in found], [*(text[a.end : b.start] in (" ", "-") for a, b in pairwise(found)), False]


def search(corpora: Path) -> None:
    """What the search costs on clean text, as it is met first and as it is met again."""
    book = Rulebook()
    find = Unlisted(lambda: book.swaps, book.scholarly, load_language_model())
    texts = [cut(text) for text in clean(corpora)]
    size = sum(len(text) for text in clean(corpora)) / 1000
    for name in ("cold", "warm"):
        started = process_time()
        for terms, joined in texts:
            find.proposals(terms, joined, find.where(terms))
        print(f"the search for unlisted terms, {name}: {1e6 * (process_time() - started) / size:.0f} µs a KB")


def clean(corpora: Path) -> Iterator[str]:
    for path in sorted(corpora.glob("*.jsonl.gz")):
        yield from (record["text"] for record in records(path))


if __name__ == "__main__":
    main()
