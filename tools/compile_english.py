"""What the language model reads, compiled from the packages that ship it: `python tools/compile_english.py`.

Writes src/unspin/english/data/: ngrams.bin, of symspellpy's bigram counts and pocketsphinx's trigram model, and
frequencies.bin, of wordfreq's figures. The same packages give the same bytes, on machines of the usual byte order.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable
from importlib import resources
from importlib.metadata import version
from math import exp, log, log10
from pathlib import Path
from typing import Any

from sphinx_model import Model, read_model

from unspin.cache import pack
from unspin.english import frequencies, ngrams
from unspin.english.lexicon import dictionary
from unspin.english.word_index import word_columns

VOCABULARY = 60_000
"""Most frequent words whose share the language model looks up, beside those of the bigram counts."""

LEVELS = 255
"""Levels of a quantised probability; code 0 says that there is none."""

BIGRAMS = "frequency_bigramdictionary_en_243_342.txt"


def bigram_shares() -> dict[tuple[str, str], float]:
    """(first word, second word) -> its share of what stands behind the first, by symspellpy's counts."""
    counts: dict[tuple[str, str], int] = {}
    with resources.files("symspellpy").joinpath(BIGRAMS).open(encoding="utf-8-sig") as lines:
        for line in lines:
            first, second, number = line.split()
            counts[first, second] = int(number)
    totals: Counter[str] = Counter()
    for (first, _), times in counts.items():
        totals[first] += times
    known = dictionary()  # a word is seen more often than in these pairs, of which the rare ones were left out
    return {pair: count / max(known.get(pair[0], 0), totals[pair[0]]) for pair, count in counts.items()}


def quantised(values: Iterable[float]) -> tuple[array[int], array[float]]:
    """Probabilities in one byte each, and what each byte stands for; evenly spaced logarithms, 0.0 for none."""
    values = list(values)
    logs = [log(value) for value in values if value]
    least, step = min(logs), (max(logs) - min(logs)) / (LEVELS - 1)
    codes = array("B", (1 + round((log(value) - least) / step) if value else 0 for value in values))
    return codes, array("d", [0.0, *(exp(least + step * level) for level in range(LEVELS))])


def compile_ngrams(model: Model, shares: dict[tuple[str, str], float]) -> bytes:
    """The file of `unspin.english.ngrams`."""
    endings = Counter(last for _, _, last in model.triples)
    vocabulary = {*model.singles, *(word for pair in shares for word in pair)}
    # Two bytes hold the words that end a triple.
    words = sorted(vocabulary, key=lambda word: (-endings[word], word))
    if len(endings) > ngrams.NARROW:
        raise SystemExit(f"{len(endings)} words end triples; two bytes hold {ngrams.NARROW}")
    number = {word: i for i, word in enumerate(words)}
    pairs = sorted((number[first], number[second]) for first, second in {*shares, *model.pairs})
    spelled = [(words[first], words[second]) for first, second in pairs]
    pair_codes, pair_scale = quantised(model.pairs.get(pair, 0.0) for pair in spelled)
    count_codes, count_scale = quantised(shares.get(pair, 0.0) for pair in spelled)
    place = {pair: i for i, pair in enumerate(spelled)}
    triples = sorted((place[first, second], number[last], p) for (first, second, last), p in model.triples.items())
    contexts = sorted({place[pair] for pair in model.backoff_of_pairs} | {context for context, _, _ in triples})
    context_codes, context_scale = quantised(model.backoff_of_pairs.get(spelled[c], 1.0) for c in contexts)
    triple_codes, triple_scale = quantised(p for _, _, p in triples)
    rank = {context: i for i, context in enumerate(contexts)}
    return pack(
        {
            "source": f"pocketsphinx {version('pocketsphinx')}, symspellpy {version('symspellpy')}",
            **word_columns(words),
            "single": array("d", [model.singles.get(word, 0.0) for word in words]),
            "backoff": array("d", [model.backoff.get(word, 0.0) for word in words]),
            "pair rows": starts((2 * a + (b >= ngrams.NARROW) for a, b in pairs), 2 * len(words)),
            "pair words": array("H", (b % ngrams.NARROW for _, b in pairs)),
            "pair codes": pair_codes,
            "count codes": count_codes,
            "contexts": array("I", contexts),
            "context rows": starts((rank[context] for context, _, _ in triples), len(contexts)),
            "context codes": context_codes,
            "triple words": array("H", (word for _, word, _ in triples)),
            "triple codes": triple_codes,
            "pair scale": pair_scale,
            "count scale": count_scale,
            "context scale": context_scale,
            "triple scale": triple_scale,
        }
    )


def starts(rows: Iterable[int], count: int) -> array[int]:
    """Where each of `count` rows begins, and the last ends, for entries in the order of the rows that they are in."""
    sizes = Counter(rows)
    found = array("I", [0])
    for row in range(count):
        found.append(found[-1] + sizes[row])
    return found


def compile_frequencies(of_counts: set[str]) -> bytes:
    """The file of `unspin.english.frequencies`.

    Args:
        of_counts: the words of the bigram counts.
    """
    from wordfreq import get_frequency_dict

    centibels = {word: round(-100 * log10(share)) for word, share in get_frequency_dict("en", "best").items()}
    ranked = sorted(centibels, key=centibels.__getitem__)  # in wordfreq's order where they are as frequent
    usual = {*ranked[:VOCABULARY], *of_counts}
    listed = [word for word in ranked if word in usual]
    rare = [word for word in ranked if word not in usual]
    columns: dict[str, Any] = {
        "source": f"wordfreq {version('wordfreq')}",
        **word_columns(listed),
        "centibels": array("H", [centibels[word] for word in listed]),
        "rare": "\n".join(rare).encode(),
        "rare centibels": array("H", [centibels[word] for word in rare]),
    }
    return pack(columns, deflate={"rare", "rare centibels"})


def main() -> None:
    from pocketsphinx import get_model_path

    shares = bigram_shares()
    of_counts = {word for pair in shares for word in pair}
    frequencies.FILE.parent.mkdir(exist_ok=True)
    frequencies.FILE.write_bytes(compile_frequencies(of_counts))
    model = read_model(Path(get_model_path("en-us/en-us.lm.bin")))
    ngrams.FILE.write_bytes(compile_ngrams(model, shares))


if __name__ == "__main__":
    main()
