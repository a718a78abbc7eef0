"""What a model of one's own text is worth, and a second pass over a site: measured on halves of the shared corpora.

A model is learned on one half; spun documents are scored whose originals are not in that half, and clean ones of the
other half. Groups are made of ten spun documents each.

python benchmarks/learn.py ../shared
"""

from __future__ import annotations

import importlib.util
import sys
import tempfile
from collections import Counter
from math import log
from pathlib import Path
from typing import Any

from unspin import Repairer
from unspin.english.language_model import load_language_model
from unspin.english.user_counts import Learner, OwnCounts
from unspin.evaluation.records import records
from unspin.spun.substitution_counts import SubstitutionCounts


def scorer(shared: Path) -> Any:
    spec = importlib.util.spec_from_file_location("gold", shared / "eval" / "gold.py")
    assert spec is not None
    assert spec.loader is not None
    gold = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(gold)
    return gold


def shingles(text: str) -> set[tuple[str, ...]]:
    words = text.lower().split()
    return {tuple(words[i : i + 5]) for i in range(0, len(words) - 5, 3)}


def learned(repairer: Repairer, texts: list[str], path: Path) -> Path:
    learner = Learner()
    for text in texts:
        for run in repairer.lm_tokens(text):
            learner.add(run)
    path.write_bytes(learner.dumped())
    return path


def heldout(repairer: Repairer, model: Path, texts: list[str]) -> tuple[float, float]:
    """Bits a word of other text by the shipped model, and with the counts."""
    shipped, own = load_language_model(), OwnCounts.load(model)
    plain = mixed = 0.0
    count = 0
    for text in texts:
        for run in repairer.lm_tokens(text):
            before = ("", "")
            for word in run:
                p = shipped.triple(before, word)
                plain -= log(p, 2)
                mixed -= log(own.triple(before, word, p), 2)
                count += 1
                before = (before[1], word)
    return plain / count, mixed / count


def counted(gold: Any, repairer: Repairer, documents: list[dict[str, Any]], size: int = 0) -> Counter[str]:
    """What the scorer counts; with sites of some size read twice, where one is given."""
    counts: Counter[str] = Counter()
    step = size or len(documents)
    for start in range(0, len(documents), step):
        group = documents[start : start + step]
        site: SubstitutionCounts | None = None
        if size:
            site = SubstitutionCounts({}, {})
            for document in group:
                shown = repairer.repair(document["text"]).substitutions
                if shown is not None:
                    site.add(shown)
        for document in group:
            edits = [(e.start, e.end, e.after) for e in repairer.repair(document["text"], site=site).edits]
            places = [(e["start"], e["end"], [e["original"]], False) for e in document["edits"]]
            counts.update(gold.compare(document["text"], places, edits)[0])
    return counts


def summary(gold: Any, counts: Counter[str]) -> str:
    return str(gold.summary(counts)).partition("  (")[0]


def score(gold: Any, repairer: Repairer, documents: list[dict[str, Any]], size: int = 0) -> str:
    """Recall, precision and touched."""
    return summary(gold, counted(gold, repairer, documents, size))


_PIECE = 600


def pieces(document: dict[str, Any]) -> list[dict[str, Any]]:
    """A document in short ones, cut between sentences and outside its spun places."""
    found = []
    start = 0
    text, edits = document["text"], document["edits"]
    while start < len(text):
        end = text.find(". ", start + _PIECE) + 2
        if end < 2 or any(e["start"] < end < e["end"] for e in edits):
            end = len(text)
        inside = [e for e in edits if start <= e["start"] and e["end"] <= end]
        moved = [{**e, "start": e["start"] - start, "end": e["end"] - start} for e in inside]
        found.append({"text": text[start:end], "edits": moved})
        start = end
    return found


def main() -> None:
    shared = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared")
    if not (shared / "corpora").is_dir():
        print(f"{shared} has no corpora here: nothing is measured")
        return
    gold = scorer(shared)
    clean = [r["text"] for name in ("addresses", "masc") for r in records(shared / f"corpora/clean-{name}.jsonl.gz")]
    spun = list(records(shared / "eval/dev-spun.jsonl.gz"))
    halves = [clean[0::2], clean[1::2]]
    known = [set().union(*map(shingles, half)) for half in halves]
    repairer = Repairer(suggest=False)

    def of(document: dict[str, Any]) -> int:
        """The half with the original of a spun document."""
        words = shingles(document["text"])
        return int(len(words & known[1]) > len(words & known[0]))

    parts = [[d for d in spun if of(d) == number] for number in (0, 1)]
    print(f"{len(parts[0])} spun documents have their originals in the first half, {len(parts[1])} in the second")
    with tempfile.TemporaryDirectory() as folder:
        for number in (0, 1):
            model = learned(repairer, halves[number], Path(folder, f"half{number}"))
            words = sum(len(text.split()) for text in halves[number])
            plain, mixed = heldout(repairer, model, halves[1 - number][::8])
            print(f"learned on half {number} ({words:,} words, {model.stat().st_size / 1e6:.1f} MB):")
            print(f"  held out: {plain:.3f} bits a word, with the counts {mixed:.3f}")
            own = Repairer(suggest=False, model=model)
            print(f"  shipped    {score(gold, repairer, parts[1 - number])}")
            print(f"  with model {score(gold, own, parts[1 - number])}")
            found = [own.repair(text) for text in halves[1 - number]]
            edits = sum(edit.stage == "phrases" for repair in found for edit in repair.edits)
            print(f"  clean: {edits} edits, {sum(r.verdict.label != 'clean' for r in found)} flagged of {len(found)}")
    print(f"sites: documents alone {score(gold, repairer, spun)}")
    print(f"  ten a site          {score(gold, repairer, spun, 10)}")
    print(f"pieces of some {_PIECE} letters alone {score(gold, repairer, [p for d in spun for p in pieces(d)])}")
    counts: Counter[str] = Counter()
    for start in range(0, len(spun), 5):
        group = [piece for document in spun[start : start + 5] for piece in pieces(document)]
        counts.update(counted(gold, repairer, group, len(group)))
    print(f"  those of five documents a site {summary(gold, counts)}")


if __name__ == "__main__":
    main()
