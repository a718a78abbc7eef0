"""Repair random texts with every stage on, as long as there is time: `make fuzz`, or `tools/fuzz.py --seconds 3600`.

A text is put together of what each stage looks for, cut, repeated and shuffled: words and examples of the rule files,
what tests/test_linear.py gives to each stage, and signs. Most are short, so that many are tried. Whatever it is: there
is no exception; edits stand where they say, make the repaired text and lead back; a second run makes no more of them
than the first; and it takes no longer than texts may.
A text that fails is written to a file, and made smaller as long as it fails in the same way.

With `--atheris`, the same is asked of what atheris (`pip install atheris`) makes of these pieces, which follows the
branches that are taken. Files of each format are tried by tools/fuzz_files.py.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from test_linear import UNITS
from unspin import Repair, Repairer
from unspin.edits import apply
from unspin.rulebook.folders import shipped_folder
from unspin.stages import OPTIONAL, OPTIONAL_RULES

PER_MEGABYTE = 3.0
"""Seconds of processor time that a megabyte may take."""

FREE = 1.0
"""Seconds that any text may take: spun sentences cost more than the bar by their number, not by their length."""

REDUCED = 3
"""Texts that fail in the same way which are written down and made smaller."""

PATIENCE = 10.0
"""Seconds that making one of them smaller may take."""

OFTEN = 60.0
"""Seconds after which it is said again how many texts were tried."""

SIGNS = [
    *"abc XYZ 019 &;:{}|[]()<>\"'“”.,!?\n\r\t\\/-—_*#@$%éÃâ€ß中а😀",
    "\u200b",
    "\u0336",
    "\ufeff",
    "\x00",
    "\ud800",
]
JOINTS = (" ", " ", " ", " ", "", ", ", ". ", ".\n", "\n\n")
TIMES = (*[1] * 12, 2, 2, 3, 50)

Number = Callable[[int], int]
"""Chooses a number below another."""


@cache
def rule_texts() -> list[str]:
    """What stands in the cells and between the quotation marks of the rule files: phrases, patterns, examples."""
    folder = shipped_folder()
    files = sorted(path for path in folder.rglob("*.t*") if path.relative_to(folder).parts[0] != "learned")
    cells = (re.split(r'[\t"]', line) for path in files for line in path.read_text("utf-8").splitlines())
    return sorted({cell for line in cells for cell in line if 1 < len(cell) < 200})


def text_of(number: Number) -> str:
    """A text, by chance or by whatever chooses."""
    rules, units = rule_texts(), list(UNITS.values())
    sources: Sequence[Sequence[str]] = (rules, rules, rules, units, units, SIGNS)
    parts = []
    for _ in range(1 + number(6)):
        source = sources[number(len(sources))]
        piece = source[number(len(source))]
        if number(4) == 0:
            start = number(len(piece))
            piece = piece[start : start + 1 + number(40)]
        parts.append(piece * TIMES[number(len(TIMES))])
        parts.append(JOINTS[number(len(JOINTS))])
    return "".join(parts)


class Tried:
    """What came of the texts that were tried.

    Attributes:
        texts, edits, again: how many texts; how many edits the first run made of them, and the second.
        failed: what went wrong, its figures aside -> how often.
    """

    def __init__(self) -> None:
        self.texts = self.edits = self.again = 0
        self.failed: Counter[str] = Counter()

    def check(self, repairer: Repairer, text: str) -> None:
        """Repair a text, and see whether the answer holds.

        Raises:
            AssertionError: it does not.
        """
        self.texts += 1
        repair, seconds = timed(repairer, text)
        if seconds > FREE:  # tables that it was the first to ask for are read now
            repair, seconds = timed(repairer, text)
        size = len(text.encode("utf-8", "surrogatepass"))
        assert seconds < FREE + PER_MEGABYTE * size / 1e6, f"{seconds:.1f} s for {size} bytes"
        assert all(text[edit.start : edit.end] == edit.before for edit in repair.edits), "an edit stands elsewhere"
        assert apply(text, repair.edits) == repair.text, "the edits do not make the text"
        assert repair.undo() == text, "the edits do not lead back"
        again = repairer.repair(repair.text).edits if repair.edits else ()
        self.edits += len(repair.edits)
        self.again += len(again)
        assert len(again) <= len(repair.edits), f"{len(again)} edits of what {len(repair.edits)} edits made"

    def __str__(self) -> str:
        share = self.again / max(1, self.edits)
        return (
            f"{self.texts:,} texts in {time.process_time():,.0f} s of processor time, {self.failed.total():,} failed; "
            f"{self.edits:,} edits, {self.again:,} ({share:.3%}) in a second run"
        )


def timed(repairer: Repairer, text: str) -> tuple[Repair, float]:
    """A repair, and the processor time it took."""
    begun = time.process_time()
    return repairer.repair(text), time.process_time() - begun


def smaller(repairer: Repairer, text: str, kind: str) -> str:
    """A smaller text that still fails in the same way, found by leaving out ever shorter stretches."""
    size = len(text) // 2
    end = time.monotonic() + PATIENCE
    while size:
        at = 0
        while at < len(text) and time.monotonic() < end:
            shorter = text[:at] + text[at + size :]
            if kind_of(wrong_with(Tried(), repairer, shorter)) == kind:
                text = shorter
            else:
                at += size
        size //= 2
    return text


def wrong_with(tried: Tried, repairer: Repairer, text: str) -> str:
    """What goes wrong with a text; "" for nothing."""
    try:
        tried.check(repairer, text)
    except Exception as error:  # whatever it is
        return f"{type(error).__name__}: {error}"
    return ""


def kind_of(wrong: str) -> str:
    """What went wrong without its figures."""
    return re.sub(r"[\d.]+", "N", wrong)


def by_chance(repairer: Repairer, seconds: float, seed: int, out: Path) -> int:
    """Try texts by chance; returns how many failed."""
    chance = random.Random(seed)
    tried = Tried()
    begun = said = time.monotonic()
    while time.monotonic() - begun < seconds:
        text = text_of(chance.randrange)
        if wrong := wrong_with(tried, repairer, text):
            kind = kind_of(wrong)
            tried.failed[kind] += 1
            if tried.failed[kind] <= REDUCED:
                path = out / f"fuzz-{seed}-{tried.texts}.txt"
                path.write_text(smaller(repairer, text, kind), encoding="utf-8", errors="surrogatepass", newline="")
                print(f"{path}: {wrong}", file=sys.stderr)
        if time.monotonic() - said > OFTEN:
            said = time.monotonic()
            print(tried, flush=True)
    print(f"{tried} (seed {seed})")
    return tried.failed.total()


def by_branches(repairer: Repairer, arguments: list[str]) -> None:
    """Try what atheris makes, until it is stopped or something fails."""
    import atheris  # type: ignore[import-untyped,import-not-found,unused-ignore]

    tried = Tried()

    def one(data: bytes) -> None:
        provider = atheris.FuzzedDataProvider(data)
        tried.check(repairer, text_of(lambda below: provider.ConsumeIntInRange(0, below - 1)))

    atheris.instrument_all()
    atheris.Setup([sys.argv[0], *arguments], one)
    atheris.Fuzz()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of the texts; said at the end")
    parser.add_argument("--out", type=Path, default=Path(), help="a folder for texts that fail")
    parser.add_argument("--atheris", action="store_true", help="all other options are then those of atheris")
    given, rest = parser.parse_known_args()
    repairer = Repairer(extend=[*OPTIONAL, *OPTIONAL_RULES])
    repairer.warm()
    if given.atheris:
        by_branches(repairer, rest)
    elif rest:
        parser.error(f"unknown: {' '.join(rest)}")
    else:
        sys.exit(bool(by_chance(repairer, given.seconds, given.seed, given.out)))


if __name__ == "__main__":
    main()
