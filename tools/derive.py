"""Move rows that follow from other rows out of the dictionary, into rules/learned/collocations/FAMILY.tsv.

    python tools/derive.py

`unspin rules lint` names such rows (`unspin.rulebook.derivation`). As readings they add nothing; as phrases they are
evidence of a spinner, the better the longer they are, so they stay in a table that nobody keeps by hand.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

from unspin.rulebook.curate import row_order
from unspin.rulebook.derivation import derived
from unspin.rulebook.folders import COLLOCATIONS, LEARNED, shipped_folder
from unspin.rulebook.loader import read
from unspin.rulebook.schema import DERIVED

HEAD = "# spun\tplain\ttier\tsource; rows that follow from others, moved here by tools/derive.py"


def take(path: Path, numbers: set[int]) -> list[str]:
    """Remove the rows at some lines of a rule file; returns them."""
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("".join(f"{line}\n" for n, line in enumerate(lines, 1) if n not in numbers), encoding="utf-8")
    return [lines[n - 1] for n in sorted(numbers)]


def move(folder: Path) -> dict[str, int]:
    """Move what follows from other rows in a rule folder; family -> how many rows."""
    places: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for rule, _ in derived(read([folder])):
        places[rule.group, rule.path].add(rule.line)
    moved: defaultdict[str, list[str]] = defaultdict(list)
    for (family, path), numbers in places.items():
        moved[family] += ["\t".join((*row.split("\t")[:3], DERIVED)) for row in take(Path(path), numbers)]
    for family, rows in moved.items():
        target = folder / LEARNED / COLLOCATIONS / f"{family}.tsv"
        target.parent.mkdir(parents=True, exist_ok=True)
        known = target.read_text(encoding="utf-8").splitlines()[1:] if target.exists() else []
        text = "\n".join((HEAD, *sorted({*known, *rows}, key=row_order)))
        target.write_text(text + "\n", encoding="utf-8")
    return {family: len(rows) for family, rows in sorted(moved.items())}


def main() -> None:
    """Move them in the rules that ship with unspin, or in another folder."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=shipped_folder(), help="a rule folder")
    for family, count in move(parser.parse_args().folder).items():
        print(f"{family}: {count} rows moved")


if __name__ == "__main__":
    main()
