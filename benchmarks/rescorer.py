"""What a causal language model as rescorer adds, and what it costs, as a table.

    python benchmarks/rescorer.py MODEL [--each 8]

Measured on the passages of tests/quality/spun, which neither the dictionary nor the weights of the rescorer were fitted
to. Seconds are processor time on one core, without the time in which the model loads: threads that wait for each other
spin, so on several cores their seconds tell what else the machine did. The table goes to benchmarks/rescorer.md.
"""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import process_time

from unspin import Repairer
from unspin.english.causal import CausalModel, load_causal_model
from unspin.evaluation.figures import Figures
from unspin.evaluation.gold import Gold, Marked, parse

HERE = Path(__file__).resolve().parent
SPUN = HERE.parent / "tests" / "quality" / "spun"

WORDS = 500
"""Words of the document for which seconds are given."""

HEAD = f"""\
| spun text | passages | rescorer | recall | precision | touched | places | CPU ms a place | CPU s for {WORDS} words |
|---|---:|---|---:|---:|---:|---:|---:|---:|
"""


class Timed:
    """A causal model that counts what it is asked, and the seconds of processor time that it takes."""

    def __init__(self, model: CausalModel) -> None:
        self._model = model
        self.places = 0
        self.seconds = 0.0

    def scores(self, context: str, continuations: Sequence[str]) -> list[float]:
        """log P(continuation | context) of each, in nats."""
        start = process_time()
        scores = self._model.scores(context, continuations)
        self.seconds += process_time() - start
        self.places += 1
        return scores


def passages(path: Path, each: int | None) -> list[Marked]:
    """The first passages of a file, each under its `## heading`."""
    parts = re.split(r"(?m)^## .*\n", path.read_text(encoding="utf-8"))[1:]
    return [parse(part.strip(), str(path)) for part in parts[:each]]


def rows(name: str, documents: Sequence[Marked], model: CausalModel) -> Iterator[str]:
    """The rows of some documents: without the model, and with it."""
    for by in (None, Timed(model)):
        repairer = Repairer(select=["phrases"], suggest=False, rescorer=by)
        figures = Figures()
        for document in documents:
            figures.add(Gold(document.text, document.places or ()), repairer.repair(document.text))
        shares = figures.shares()
        cells = [f"{shares[figure]:.3f}" for figure in ("recall", "precision", "touched")]
        if by is None:
            cells = ["no", *cells, "", "", ""]
        else:
            words = sum(len(document.text.split()) for document in documents)
            cost = by.seconds / max(1, by.places)
            cells = ["yes", *cells, f"{by.places:,}", f"{1e3 * cost:.0f}", f"{by.seconds * WORDS / max(1, words):.1f}"]
        yield f"| {name} | {len(documents):,} | " + " | ".join(cells) + " |\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("model", help="a causal language model, as for --rescorer")
    parser.add_argument("--passages", type=Path, default=SPUN, help="a folder of files of passages with gold")
    parser.add_argument("--each", type=int, help="passages of a file, at most")
    parser.add_argument("--out", type=Path, default=HERE / "rescorer.md")
    given = parser.parse_args(arguments)
    os.environ["OMP_NUM_THREADS"] = "1"  # read when torch is imported, with the model
    model = load_causal_model(given.model)
    table = HEAD
    print(HEAD, end="")
    for path in sorted(given.passages.glob("*.txt")):
        for row in rows(path.stem, passages(path, given.each), model):
            print(row, end="", flush=True)
            table += row
    given.out.write_text(table, encoding="utf-8")


if __name__ == "__main__":
    main()
