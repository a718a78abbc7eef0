"""The stages: what each costs on clean text, and how many edits it makes there.

python benchmarks/stages.py [../shared]
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from unspin import Repairer
from unspin.evaluation.records import records
from unspin.stages import ORDER

ROOT = Path(__file__).resolve().parent.parent


def costs(texts: list[str], name: str) -> None:
    """Print the least time of three that each stage takes on some texts, warm."""
    size = sum(map(len, texts)) / 1e6
    for stage in ORDER:
        repairer = Repairer(select=[stage])
        repairer.warm()
        spent = []
        for _ in range(3):
            start = time.perf_counter()
            for text in texts:
                repairer.repair(text)
            spent.append(time.perf_counter() - start)
        print(f"{name}: {stage}: {1e3 * min(spent) / size:.0f} ms a megabyte")


def main() -> None:
    examples = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "examples").glob("clean-*.txt"))]
    costs(examples * 200, "examples")
    shared = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared"
    for corpus in sorted((shared / "corpora").glob("*.jsonl.gz")):
        texts = [record["text"] for record in records(corpus)]
        costs(texts, corpus.name)
        for stage in ("encoding", "obfuscation", "translation", "residue", "spelling"):
            repairer = Repairer(select=[stage])
            edits = sum(len(repairer.repair(text).edits) for text in texts)
            print(f"{corpus.name}: {stage}: {edits} edits in {sum(len(text.split()) for text in texts)} words")


if __name__ == "__main__":
    main()
