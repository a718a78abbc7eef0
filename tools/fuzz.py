"""Repair random texts with every stage on, as long as there is time: `make fuzz`, or `tools/fuzz.py --seconds 3600`.

A text is put together of what each stage looks for, cut, repeated and shuffled, and of signs. Whatever it is: there is
no exception; edits stand where they say, make the repaired text and lead back; a second run makes no more of them than
the first; and it takes no longer than texts may.
A text that fails is written to a file, and made smaller as long as it fails.

With `--atheris`, the same is asked of what atheris (`pip install atheris`) makes of these pieces, which follows the
branches that are taken. Files of each format are tried by tests/test_formats.py, which `make fuzz` runs with more
examples.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from test_linear import UNITS
from unspin import Repair, Repairer
from unspin.edits import apply
from unspin.stages import OPTIONAL, OPTIONAL_RULES

PER_MEGABYTE = 3.0
"""Seconds of processor time that a megabyte may take."""

FREE = 1.0
"""Seconds that any text may take: spun sentences cost more than the bar by their number, not by their length."""

SIGNS = [
    *"abc XYZ 019 &;:{}|[]()<>\"'“”.,!?\n\r\t\\/-—_*#@$%éÃâ€ß中а😀",
    "\u200b",
    "\u0336",
    "\ufeff",
    "\x00",
    "\ud800",
]
PIECES = [*UNITS.values(), *SIGNS]
JOINTS = ("", " ", " ", ". ", "\n", "\n\n")

Number = Callable[[int], int]
"""Chooses a number below another."""


def text_of(number: Number) -> str:
    """A text, by chance or by whatever chooses."""
    parts = []
    for _ in range(1 + number(12)):
        piece = PIECES[number(len(PIECES))]
        start = number(len(piece))
        parts.append(piece[start : start + 1 + number(40)] * (1, 1, 1, 2, 3, 50)[number(6)])
        parts.append(JOINTS[number(len(JOINTS))])
    return "".join(parts)


def check(repairer: Repairer, text: str) -> None:
    """Repair a text, and see whether the answer holds.

    Raises:
        AssertionError: it does not.
    """
    repair, seconds = timed(repairer, text)
    if seconds > FREE:  # tables that it was the first to ask for are read now
        repair, seconds = timed(repairer, text)
    size = len(text.encode("utf-8", "surrogatepass"))
    assert seconds < FREE + PER_MEGABYTE * size / 1e6, f"{seconds:.1f} s for {size} bytes"
    assert all(text[edit.start : edit.end] == edit.before for edit in repair.edits), "an edit stands elsewhere"
    assert apply(text, repair.edits) == repair.text, "the edits do not make the text"
    assert repair.undo() == text, "the edits do not lead back"
    again = repairer.repair(repair.text).edits if repair.edits else ()
    assert len(again) <= len(repair.edits), f"{len(again)} edits of what {len(repair.edits)} edits made"


def timed(repairer: Repairer, text: str) -> tuple[Repair, float]:
    """A repair, and the processor time it took."""
    begun = time.process_time()
    return repairer.repair(text), time.process_time() - begun


def smaller(repairer: Repairer, text: str) -> str:
    """The smallest text that still fails, found by leaving out ever shorter stretches."""
    size = len(text) // 2
    while size:
        at = 0
        while at < len(text):
            shorter = text[:at] + text[at + size :]
            if fails(repairer, shorter):
                text = shorter
            else:
                at += size
        size //= 2
    return text


def fails(repairer: Repairer, text: str) -> str:
    """What goes wrong with a text; "" for nothing."""
    try:
        check(repairer, text)
    except Exception as error:  # whatever it is
        return f"{type(error).__name__}: {error}"
    return ""


def by_chance(repairer: Repairer, seconds: float, seed: int, out: Path) -> int:
    """Try texts by chance; returns how many failed."""
    chance = random.Random(seed)
    end = time.monotonic() + seconds
    tried = failed = 0
    while time.monotonic() < end:
        text = text_of(chance.randrange)
        tried += 1
        if wrong := fails(repairer, text):
            failed += 1
            path = out / f"fuzz-{seed}-{tried}.txt"
            path.write_text(smaller(repairer, text), encoding="utf-8", errors="surrogatepass")
            print(f"{path}: {wrong}", file=sys.stderr)
    print(f"{tried:,} texts, {failed} failed (seed {seed})")
    return failed


def by_branches(repairer: Repairer, arguments: list[str]) -> None:
    """Try what atheris makes, until it is stopped or something fails."""
    import atheris  # type: ignore[import-untyped,import-not-found,unused-ignore]

    def one(data: bytes) -> None:
        provider = atheris.FuzzedDataProvider(data)
        check(repairer, text_of(lambda below: provider.ConsumeIntInRange(0, below - 1)))

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
