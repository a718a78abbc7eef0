"""The stages around the heart: what each costs on clean text, and what the spelling stage corrects.

python benchmarks/stages.py [../shared]
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

from unspin import Repairer

ROOT = Path(__file__).resolve().parent.parent
_MARK = re.compile(r"\{([^{}=]*)=>([^{}]*)\}")


def costs(texts: list[str], name: str) -> None:
    repairer = Repairer(extend=["residue", "spelling"])
    size = sum(map(len, texts)) / 1e6
    stages: dict[str, Callable[[str], object]] = {"the first scan for phrases": repairer._phrases.glance}
    stages |= {stage: repairer._stage(stage) for stage in repairer.stages if stage != "phrases"}
    for stage, work in stages.items():
        spent = []
        for _ in range(3):
            start = time.perf_counter()
            for text in texts:
                work(text)
            spent.append(time.perf_counter() - start)
        print(f"{name}: {stage}: {1e3 * min(spent) / size:.0f} ms a megabyte")


def spelling() -> None:
    repairer = Repairer(select=["spelling"])
    for name in ("misspelled.txt", "misspelled-held-out.txt"):
        lines = (ROOT / "tests" / "data" / name).read_text(encoding="utf-8").splitlines()
        right = made = 0
        for line in lines:
            mark = _MARK.search(line)
            done = repairer.repair(_MARK.sub(r"\1", line))
            made += len(done.edits)
            right += mark is not None and done.text in {_MARK.sub(choice, line) for choice in mark[2].split("|")}
        print(
            f"spelling, {name}: {right / len(lines):.3f} of {len(lines)} corrected, {right / made:.3f} of edits right"
        )


def main() -> None:
    spelling()
    examples = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "examples").glob("clean-*.txt"))]
    costs(examples * 200, "examples")
    shared = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared"
    for corpus in sorted((shared / "corpora").glob("*.jsonl.gz")):
        with gzip.open(corpus, "rt", encoding="utf-8") as rows:
            texts = [json.loads(row)["text"] for row in rows]
        costs(texts, corpus.name)
        for stage in ("encoding", "obfuscation", "translation", "residue", "spelling"):
            repairer = Repairer(select=[stage])
            edits = sum(len(repairer.repair(text).edits) for text in texts)
            print(f"{corpus.name}: {stage}: {edits} edits in {sum(len(text.split()) for text in texts)} words")


if __name__ == "__main__":
    main()
