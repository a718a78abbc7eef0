"""The spelling stage: misspellings in their sentences, what it makes of clean corpora, and its speed beside its peers'.

python benchmarks/spelling.py [../shared]
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from unspin import Repairer
from unspin.evaluation.records import records

ROOT = Path(__file__).resolve().parent.parent
_MARK = re.compile(r"\{([^{}=]*)=>([^{}]*)\}")
_ROUNDS = 3


def sentences(repairer: Repairer) -> None:
    """Print how many misspellings are corrected, and how many edits correct one."""
    for path in sorted((ROOT / "tests" / "data").glob("misspelled*.txt")):
        lines = path.read_text(encoding="utf-8").splitlines()
        right = made = 0
        for line in lines:
            mark = _MARK.search(line)
            done = repairer.repair(_MARK.sub(r"\1", line))
            made += len(done.edits)
            right += mark is not None and done.text in {_MARK.sub(choice, line) for choice in mark[2].split("|")}
        print(f"{path.name}: {right / len(lines):.3f} of {len(lines)} corrected, {right / made:.3f} of edits right")


def corpora(repairer: Repairer, corpora: dict[str, list[str]]) -> None:
    """Print each edit on clean text: which of them are wrong takes a reader."""
    for name, texts in corpora.items():
        edits = [(text, edit) for text in texts for edit in repairer.repair(text).edits]
        for text, edit in edits:
            around = text[max(0, edit.start - 40) : edit.end + 40].replace("\n", " ")
            print(f"  {edit.before} → {edit.after}: {around}")
        print(f"{name}: {len(edits)} edits in {sum(len(text.split()) for text in texts)} words")


def speed(repairer: Repairer, texts: list[str]) -> None:
    """Megabytes a second: the repairer warm, in this process; the peers as commands on one file, in alternation."""
    beside_python = str(Path(sys.executable).parent)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "corpus.txt"
        file.write_text("\n".join(texts), encoding="utf-8")
        work: dict[str, Callable[[], object]] = {"unspin, spelling": lambda: [repairer.repair(text) for text in texts]}
        for name in ("codespell", "typos"):
            command = shutil.which(name, path=beside_python) or shutil.which(name)
            if command:
                work[name] = partial(subprocess.run, [command, str(file)], capture_output=True, check=False)
        spent = dict.fromkeys(work, float("inf"))
        for text in texts:
            repairer.repair(text)
        for _ in range(_ROUNDS):
            for name, run in work.items():
                start = time.perf_counter()
                run()
                spent[name] = min(spent[name], time.perf_counter() - start)
        size = file.stat().st_size / 1e6
        for name, seconds in spent.items():
            print(f"{name}: {size / seconds:.1f} MB/s, {seconds / spent['unspin, spelling']:.2f} of unspin's time")


def main() -> None:
    repairer = Repairer(select=["spelling"])
    sentences(repairer)
    shared = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared"
    found = {}
    for corpus in sorted((shared / "corpora").glob("*.jsonl.gz")):
        found[corpus.name] = [record["text"] for record in records(corpus)]
    corpora(repairer, found)
    if found:
        speed(repairer, [text for texts in found.values() for text in texts])


if __name__ == "__main__":
    main()
