"""Calibration of the confidence of edits: of those at probability p, how many are right, family by family.

    python benchmarks/calibration.py corridor=dev-spun.jsonl.gz off-chance=own/off-chance/ --plot plot.png

Documents come with gold (JSON lines, or `*.gold.txt`; see `unspin.evaluation.gold`). An edit is right where it makes
of the text what the source said.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

from unspin import Repairer
from unspin.evaluation.arguments import named_path
from unspin.evaluation.calibration import Judged, binned, error
from unspin.evaluation.gold import Gold, marked

LEAST = 0.05
"""Confidence from which edits are asked for: below, hardly any is made."""


def judged(repairer: Repairer, path: Path, limit: int | None = None) -> Iterable[Judged]:
    """The edits of spun text that are made of the first `limit` documents of a file or folder with gold."""
    for document in islice(marked([path]), limit):
        edits = [edit for edit in repairer.repair(document.text).edits if edit.stage == "phrases"]
        restored = Gold(document.text, document.places or ()).compare(edits).restored
        yield from (Judged(edit.confidence, number in restored) for number, edit in enumerate(edits))


def table(families: dict[str, list[Judged]]) -> str:
    """The bins of all families, as Markdown."""
    lines = ["| family | confidence | edits | mean confidence | right |", "|---|---|---:|---:|---:|"]
    for name, edits in families.items():
        bins = binned(edits)
        lines += [
            f"| {name} | {b.low:g} to {b.high:g} | {b.edits} | {b.confidence:.3f} | {b.right:.3f} |" for b in bins
        ]
        lines.append(f"| **{name}** | expected calibration error | {len(edits)} | | **{error(bins):.3f}** |")
    return "\n".join(lines) + "\n"


def plot(families: dict[str, list[Judged]], path: Path) -> None:
    """The share of right edits over confidence, a line a family."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 5), layout="tight")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="0.8", linestyle="--")
    for name, edits in families.items():
        bins = binned(edits)
        axes.plot([b.confidence for b in bins], [b.right for b in bins], marker="o", label=name)
    axes.set(xlabel="confidence", ylabel="share of right edits", xlim=(0, 1), ylim=(0, 1))
    axes.legend()
    figure.savefig(path)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("documents", type=named_path, nargs="+", metavar="FAMILY=PATH")
    parser.add_argument("--limit", type=int, help="documents a path, at most")
    parser.add_argument("--out", type=Path, help="write the table there as well")
    parser.add_argument("--plot", type=Path, help="draw a plot, by matplotlib")
    options = parser.parse_args(arguments)
    repairer = Repairer(confidence=LEAST, select=["phrases"], suggest=False)
    families: dict[str, list[Judged]] = {}
    for family, path in options.documents:
        families.setdefault(family, []).extend(judged(repairer, path, options.limit))
    text = table(families)
    print(text, end="")
    if options.out:
        options.out.write_text(text, encoding="utf-8")
    if options.plot:
        plot(families, options.plot)


if __name__ == "__main__":
    main()
