"""Quality on spun documents with gold and on clean text, as tables.

    python benchmarks/quality.py --spun NAME=PATH --clean NAME=PATH

PATH is a file of JSON lines (`text`, and `edits` for gold), a text with marks such as {palms=>hands} (`*.gold.txt`), or
a folder of such files. The tables go to benchmarks/quality.md, which the documentation shows.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from unspin import Repairer
from unspin.evaluation.arguments import named_path
from unspin.evaluation.figures import Figures
from unspin.evaluation.gold import Gold, marked

OUT = Path(__file__).resolve().parent / "quality.md"


def spun(repairer: Repairer, name: str, path: Path) -> str:
    """A row for spun documents with gold.

    Raises:
        FileError: a file cannot be read, or its gold does not fit its text.
    """
    figures = Figures()
    for document in marked([path]):
        figures.add(Gold(document.text, document.places or ()), repairer.repair(document.text))
    shares = figures.shares()
    cells = " | ".join(f"{shares[figure]:.2f}" for figure in ("recall", "precision", "touched", "closer"))
    return f"| {name} | {figures.documents:,} | {figures.wanted:,} | {figures.found:,} | {cells} |"


def clean(repairer: Repairer, name: str, path: Path) -> str:
    """A row for documents in which nothing is to be repaired."""
    counts: Counter[str] = Counter()
    for document in marked([path]):
        done = repairer.repair(document.text)
        counts["documents"] += 1
        counts["words"] += len(document.text.split())
        counts["flagged"] += done.verdict.label != "clean"
        counts["edits"] += len(done.edits)
    return f"| {name} | " + " | ".join(f"{counts[key]:,}" for key in ("documents", "words", "flagged", "edits")) + " |"


def tables(spun_sets: Sequence[tuple[str, Path]], clean_sets: Sequence[tuple[str, Path]]) -> Iterator[str]:
    """The lines of both tables."""
    repairer = Repairer(suggest=False)
    if spun_sets:
        yield "| spun text | documents | places | found | recall | precision | touched | closer |"
        yield "|---|---|---|---|---|---|---|---|"
    for name, path in spun_sets:
        yield spun(repairer, name, path)
    if clean_sets:
        yield ""
        yield "| clean text | documents | words | flagged | edits |"
        yield "|---|---|---|---|---|"
    for name, path in clean_sets:
        yield clean(repairer, name, path)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and write the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--spun", type=named_path, action="append", default=[], metavar="NAME=PATH")
    parser.add_argument("--clean", type=named_path, action="append", default=[], metavar="NAME=PATH")
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args(arguments)
    if not (given.spun or given.clean):
        parser.error("nothing to measure: name documents with --spun NAME=PATH or --clean NAME=PATH")
    lines = []
    for line in tables(given.spun, given.clean):
        print(line, flush=True)
        lines.append(line)
    given.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
