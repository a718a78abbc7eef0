"""Quality on the evaluation data beside the repository, where it is present.

python benchmarks/quality.py ../shared
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from unspin import Repairer


def main() -> None:
    shared = Path(sys.argv[1])
    gold = shared / "eval" / "gold.py"
    if not gold.exists():
        print(f"{gold} is not here: quality is not measured")
        return
    unspin = str(Path(sys.executable).parent / "unspin")
    python = [sys.executable, str(gold)]
    lines = [unspin, "check", "--format", "jsonl"]
    print("seed 004", flush=True)
    one = [unspin, "check", "--format", "json", "-"]
    subprocess.run([*python, "score", str(shared / "eval" / "seed-004.gold.txt"), "-q", "--", *one], check=True)
    print("spun corpus", flush=True)
    subprocess.run([*python, "corpus", str(shared / "eval" / "dev-spun.jsonl.gz"), "--", *lines], check=True)
    print("clean corpora", flush=True)
    for corpus in sorted((shared / "corpora").glob("*.jsonl.gz")):
        subprocess.run([*python, "clean", str(corpus), "--", *lines], check=True)
    repairer = Repairer()
    labels, words, second, again = Counter[str](), 0, 0, 0
    repairer.repair("shakes palms")
    spent = 0.0
    with gzip.open(shared / "eval" / "dev-spun.jsonl.gz", "rt", encoding="utf-8") as rows:
        for text in [json.loads(row)["text"] for row in rows]:
            start = time.perf_counter()
            done = repairer.repair(text)
            spent += time.perf_counter() - start
            labels[done.verdict.label] += 1
            words += len(text.split())
            second += len(repairer.repair(done.text).edits)
            again += len(done.edits)
    print(f"verdicts {dict(labels)}; {words / spent:.0f} words a second, each text seen for the first time")
    print(f"a second run makes {second} edits where the first made {again}: {second / again:.2%}")
    for seed in sorted((shared / "seeds").glob("*.txt")):
        done = repairer.repair(seed.read_text(encoding="utf-8"))
        print(f"{seed.name}: {done.verdict.label}, {len(done.edits)} edits")


if __name__ == "__main__":
    main()
