"""Say what each constant of docs/method.md does to the figures: vary them one by one, and measure.

    python tools/calibrate.py --spun dev.jsonl.gz --clean clean.jsonl.gz
    python tools/calibrate.py --spun dev.jsonl.gz --clean clean.jsonl.gz --constant DRAG PRIOR --factor .5 2

The files are those of `unspin rules audit`: JSON lines of `text` and `edits`, or `*.gold.txt`. Each value has a row of
cells parted by tabs: the constant, its value, and the figures; the first row is of the constants as they are. A
constant of several numbers is varied number by number. Each value has a process of its own too, so that nothing
computed with another one is left; expect as many runs over the documents as rows. They run without the native core,
whose constants are compiled into it.
"""

from __future__ import annotations

import argparse
import atexit
import importlib
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

METHOD = Path(__file__).resolve().parent.parent / "docs" / "method.md"
FACTORS = (0.8, 1.25)
"""What each number is multiplied by, by default: a fifth less, and as much more."""

COLUMNS = ("constant", "value", "detected", "recall", "precision", "closer", "clean edits", "clean flagged")

_ROW = re.compile(r"^\| `(?P<name>\w+)` \|[^|]*\| `(?P<file>[\w/]+)\.py` \|", re.M)


class Variant(NamedTuple):
    """A constant with another value.

    Attributes:
        module, name: of the constant; "" for all constants as they are.
        label: "module.name", as two modules may have one of a name, and the number that differs where it has several.
        value: of the whole constant.
        shown: the number that differs.
    """

    module: str = ""
    name: str = ""
    label: str = "(as they are)"
    value: Any = None
    shown: object = ""


def constants(names: Sequence[str] = ()) -> Iterator[tuple[str, str]]:
    """(module, name) of each constant of the page, or of those that are named."""
    for match in _ROW.finditer(METHOD.read_text(encoding="utf-8")):
        if not names or match["name"] in names:
            yield "unspin." + match["file"].replace("/", "."), match["name"]


def variants(module: str, name: str, factors: Sequence[float]) -> Iterator[Variant]:
    """A constant with each of its numbers multiplied by each factor."""
    value = getattr(importlib.import_module(module), name)
    label = f"{module.rpartition('.')[2]}.{name}"
    for factor in factors:
        if isinstance(value, dict):
            for key, number in value.items():
                changed = _scaled(number, factor)
                yield Variant(module, name, f"{label}[{key!r}]", {**value, key: changed}, changed)
        elif isinstance(value, tuple):
            fields = getattr(value, "_fields", range(len(value)))
            for at, field in enumerate(fields):
                changed = _scaled(value[at], factor)
                numbers = (*value[:at], changed, *value[at + 1 :])
                whole = type(value)(*numbers) if hasattr(value, "_fields") else numbers
                yield Variant(module, name, f"{label}.{field}", whole, changed)
        else:
            changed = _scaled(value, factor)
            yield Variant(module, name, label, changed, changed)


def _scaled(number: float, factor: float) -> float:
    """A count stays a whole number, and other than it was."""
    if isinstance(number, int):
        return max(
            0, min(number - 1, round(number * factor)) if factor < 1 else max(number + 1, round(number * factor))
        )
    return number * factor


def without_core() -> None:
    """Let this process run in Python alone: `unspin` has not been imported in it yet."""
    os.environ["UNSPIN_PURE"] = "1"


def install(variant: Variant) -> None:
    """Give a constant its value in this process, in its own module and in all that have imported it."""
    if variant.module.startswith("unspin.rulebook."):  # it is in what was compiled
        folder = tempfile.TemporaryDirectory(prefix="unspin-calibrate-")
        atexit.register(folder.cleanup)
        os.environ["UNSPIN_CACHE_DIR"] = folder.name
        vars(importlib.import_module("unspin.cache"))["SHIPPED"] = Path(folder.name)
    old = getattr(importlib.import_module(variant.module), variant.name)
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "unspin" and vars(module).get(variant.name) is old:
            setattr(module, variant.name, variant.value)


def measured(variant: Variant, spun: Sequence[Path], clean: Sequence[Path]) -> tuple[str, ...]:
    """The row of one variant.

    Raises:
        FileError: a file cannot be read, or its gold does not fit its text.
    """
    if variant.name:
        install(variant)
    from unspin import Repairer
    from unspin.evaluation.figures import Figures
    from unspin.evaluation.gold import Gold, marked

    repairer = Repairer(suggest=False)
    figures = Figures()
    for document in marked(spun):
        figures.add(Gold(document.text, document.places or ()), repairer.repair(document.text))
    shares = figures.shares()
    repairs = [repairer.repair(document.text) for document in marked(clean)]
    edits, flagged = sum(len(r.edits) for r in repairs), sum(r.verdict.label != "clean" for r in repairs)
    shown = f"{variant.shown:.4g}" if isinstance(variant.shown, float) else str(variant.shown)
    cells = (f"{shares[figure]:.4f}" for figure in COLUMNS[2:6])
    return (variant.label, shown, *cells, str(edits), str(flagged))


def main() -> None:
    """Print the table, row by row as they come."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--spun", type=Path, nargs="+", required=True, help="spun text with gold")
    parser.add_argument("--clean", type=Path, nargs="*", default=[], help="text in which nothing is to be repaired")
    parser.add_argument("--constant", nargs="*", default=[], metavar="NAME", help="only these")
    parser.add_argument("--factor", type=float, nargs="+", default=FACTORS, help="what each number is multiplied by")
    parser.add_argument("--workers", type=int, default=1, help="processes at a time")
    options = parser.parse_args()
    wanted = list(constants(options.constant))
    unknown = set(options.constant) - {name for _, name in wanted}
    if unknown:
        parser.error(f"{sorted(unknown)[0]} is no constant of {METHOD}")
    every = [Variant(), *(variant for place in wanted for variant in variants(*place, options.factor))]
    print(*COLUMNS, sep="\t", flush=True)
    with get_context("spawn").Pool(options.workers, without_core, maxtasksperchild=1) as pool:
        for row in pool.imap(partial(measured, spun=options.spun, clean=options.clean), every, chunksize=1):
            print(*row, sep="\t", flush=True)


if __name__ == "__main__":
    main()
