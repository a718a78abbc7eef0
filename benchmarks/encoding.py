"""Speed of the encoding stage, as ratios to `ftfy.fix_text` on the same text in the same run.

python benchmarks/encoding.py [SHARED]

SHARED holds corpora/*.jsonl.gz; where it is absent, only texts made of the project's own sentences are measured.
Those repeat themselves, which flatters a stage that remembers the runs of characters it has judged; the corpora do
not, and are read once.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import ftfy

from unspin.evaluation.records import records
from unspin.repairer import Repairer

ROOT = Path(__file__).resolve().parent.parent
SENTENCES = (ROOT / "tests" / "data" / "sentences.txt").read_text(encoding="utf-8").splitlines()
CLEAN = "".join((ROOT / "examples" / f"clean-{n}.txt").read_text(encoding="utf-8") for n in ("council", "clinic"))
PLAIN = CLEAN.encode("ascii", "ignore").decode()
CONFIG = ftfy.TextFixerConfig(
    uncurl_quotes=False, fix_latin_ligatures=False, fix_character_width=False, fix_line_breaks=False, explain=False
)
DOCUMENT = 4096
RUNS = 5


def documents(text: str) -> list[str]:
    """About half a megabyte of `text`, again and again, in documents as a corpus has them."""
    whole = text * (500_000 // len(text) + 1)
    return [whole[i : i + DOCUMENT] for i in range(0, len(whole), DOCUMENT)]


def seconds(work: Callable[[str], object], texts: list[str]) -> float:
    start = time.perf_counter()
    for text in texts:
        work(text)
    return time.perf_counter() - start


def compare(name: str, texts: list[str]) -> None:
    """Print megabytes a second of both, run in turn, the median ratio, and how many texts come out otherwise."""
    repairer = Repairer(select=["encoding"])
    size = sum(len(text.encode("utf-8", "surrogatepass")) for text in texts) / 1e6
    pairs = [
        (seconds(repairer.repair, texts), seconds(lambda text: ftfy.fix_text(text, CONFIG), texts)) for _ in range(RUNS)
    ]
    differ = sum(repairer.repair(text).text != ftfy.fix_text(text, CONFIG) for text in texts)
    ours, theirs = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = statistics.median(b / a for a, b in pairs)
    print(
        f"{name}: {size / ours:.0f} MB/s, ftfy {size / theirs:.1f} MB/s, ratio {ratio:.1f}; "
        f"{differ} of {len(texts)} texts differ"
    )


def main() -> None:
    curly = CLEAN.replace("'", "’").replace(' "', " “").replace('"', "”")
    accents = [line for line in SENTENCES if line[0] < "Ā" or line[0] in "“¿"]
    damaged = [line.encode().decode("latin-1") for line in SENTENCES]
    compare("ASCII", documents(PLAIN))
    compare("curly quotes and accents", documents(curly + "\n".join(accents) + "\n"))
    compare("many languages, every line beyond ASCII", documents("\n".join(SENTENCES) + "\n"))
    compare("one line of a hundred damaged", documents(curly * 8 + damaged[3] + "\n"))
    compare("every line damaged", documents("\n".join(damaged) + "\n"))
    for file in sorted(Path(sys.argv[1]).glob("corpora/*.jsonl.gz")) if len(sys.argv) > 1 else ():
        compare(file.name, [record["text"] for record in records(file)])


if __name__ == "__main__":
    main()
