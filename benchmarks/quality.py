"""Quality on the evaluation data beside the repository, where it is present.

python benchmarks/quality.py ../shared
"""

from __future__ import annotations

import gzip
import json
import statistics
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
    for corpus in sorted((shared / "corpora").glob("*.jsonl.gz")):
        with gzip.open(corpus, "rt", encoding="utf-8") as rows:
            clean = "\n\n".join(json.loads(row)["text"] for row in rows)[:1_000_000]
        folded = clean.lower().encode("ascii", "replace")
        scanner = repairer.rulebook.scanner()
        bare, whole = [], []
        for _ in range(9):
            start = time.perf_counter()
            scanner._automaton.find_matches_as_indexes(folded, overlapping=True)
            bare.append(time.perf_counter() - start)
            start = time.perf_counter()
            repairer.repair(clean)
            whole.append(time.perf_counter() - start)
        ratio = statistics.median(w / b for w, b in zip(whole, bare, strict=True))
        print(f"{corpus.name}: 1 MB in {statistics.median(whole) * 1e3:.0f} ms, {ratio:.2f} times the bare automaton")
    for seed in sorted((shared / "seeds").glob("*.txt")):
        done = repairer.repair(seed.read_text(encoding="utf-8"))
        print(f"{seed.name}: {done.verdict.label}, {len(done.edits)} edits")


if __name__ == "__main__":
    main()
