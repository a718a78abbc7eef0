"""Rewrite and restore random files of each format: `make fuzz`, or `tools/fuzz_files.py --files 200000`.

A file is a few records of its format, as writers write them, in which stretches are then left out, put in twice, put
elsewhere or overwritten. The oracles are those of tests/test_formats.py, which makes its files in other ways: bytes.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from test_formats import BYTES, CUT, GAPS, HEADS, IN_PLACE, WORDS, leads_back, parts_make_whole, says_where, warc_record

OFTEN = 60.0
"""Seconds after which it is said again how many files were tried."""


def cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if set(text) & set('",;\t\r\n') else text


def notebook(text: str) -> str:
    return json.dumps({"cells": [{"cell_type": "markdown", "source": text.splitlines(keepends=True)}]})


RECORDS: dict[str, Callable[[str], str]] = {
    "json-lines": lambda text: json.dumps({"id": 1, "text": text, "other": [None]}, ensure_ascii="a" in text),
    "json": lambda text: json.dumps({"text": text}, indent=1 if "a" in text else None),
    "csv": lambda text: f"1,{cell(text)},x",
    "tsv": lambda text: f"1\t{cell(text)}\tx",
    "notebook": notebook,
    "subtitles": lambda text: f"1\n00:00:01,000 --> 00:00:02,000\n{text}\n",
    "html": lambda text: f"<p>{text}</p>",
}
"""Format -> a record of it that holds a text; of others the text is one."""

JUNK = [
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\r",
    b"\n",
    b'"',
    b"\\",
    b"{",
    b"]",
    b"\x1f\x8b",
    b"\\ud83d",
    b"<!--",
    b"```",
]


def file_of(name: str, chance: random.Random) -> bytes:
    """A file of a format, more or less."""
    end = chance.choice([b"\n", b"\n", b"\r\n", b"\r", b""])
    records = [record_of(name, prose(chance), chance) for _ in range(chance.randrange(1, 6))]
    data: bytes = chance.choice([b"", HEADS.get(name, b"")]) + end.join([*records, b""])
    for _ in range(chance.choice([0, 1, 1, 2, 3, 8])):
        data = damaged(data, chance)
    return data


def prose(chance: random.Random) -> str:
    return "".join(chance.choice(WORDS) + chance.choice(GAPS) for _ in range(chance.randrange(12)))


def record_of(name: str, text: str, chance: random.Random) -> bytes:
    if name != "warc":
        return RECORDS.get(name, str)(text).encode()
    kind = chance.choice(["conversion", "conversion", "response"])
    whole: bytes = warc_record(text.encode(), kind, len(text.encode()), chance.choice([b"\r\n", b"\n"]))
    return whole


def damaged(data: bytes, chance: random.Random) -> bytes:
    """A file with one stretch changed."""
    at = chance.randrange(len(data) + 1)
    stretch = data[at : at + chance.randrange(1, 30)]
    behind = at + len(stretch)
    to = chance.randrange(len(data) + 1)
    before, rest = data[:at], data[at:]
    made = [
        before + data[behind:],
        data[:to] + stretch + data[to:],
        before + chance.choice(JUNK) + rest,
        before + bytes([chance.randrange(256)]) + rest[1:],
        before,
    ]
    return chance.choice(made)


def check(name: str, raw: bytes, chance: random.Random) -> None:
    """Whether a file holds by one of the oracles.

    Raises:
        AssertionError: it does not.
    """
    oracle = chance.randrange(4)
    if oracle == 0 and name in IN_PLACE:
        says_where(name, raw)
    elif oracle == 1 and name in CUT:
        parts_make_whole(name, raw, chance.randrange(1, 60))
    else:
        leads_back(name, raw, drop=oracle == 2, annotate=chance.random() < 0.5)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--files", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of the files; said at the end")
    given = parser.parse_args()
    chance = random.Random(given.seed)
    failed = 0
    said = time.monotonic()
    for number in range(1, given.files + 1):
        name = chance.choice(BYTES)
        raw = file_of(name, chance)
        try:
            check(name, raw, chance)
        except Exception:  # whatever it is
            failed += 1
            print(f"{name}: {raw!r}\n{traceback.format_exc(limit=-3)}", file=sys.stderr)
        if time.monotonic() - said > OFTEN or number == given.files:
            said = time.monotonic()
            seconds = time.process_time()
            print(f"{number:,} files in {seconds:,.0f} s, {failed} failed (seed {given.seed})", flush=True)
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
