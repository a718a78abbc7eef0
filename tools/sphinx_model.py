"""Reads a trigram model in pocketsphinx's binary format (its src/lm/lm_trie.c), which it can read but not write.

The file is a trie of backward n-grams: a word, then the words before it from near to far. All numbers are
little-endian; entries of the trie are packed bit by bit, probabilities as places in tables of 65,536 logarithms to the
base 1.0001.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

MAGIC = b"Trie Language Model"
LEVELS = 1 << 16
BASE = 1.0001
MARKS = ("<s>", "</s>", "<UNK>", "<unk>")
"""What stands for the ends of a sentence and for unknown words: unspin never asks about them."""


class Model(NamedTuple):
    """A trigram model; the words of a key are in the order of the text.

    Attributes:
        singles: word -> p(word).
        backoff: word -> factor on p(next) where the pair was not seen.
        pairs: (first, second) -> p(second | first).
        backoff_of_pairs: (first, second) -> factor on p(next | second) where the triple was not seen; 1 if not here.
        triples: (first, second, third) -> p(third | first second).
    """

    singles: dict[str, float]
    backoff: dict[str, float]
    pairs: dict[tuple[str, str], float]
    backoff_of_pairs: dict[tuple[str, str], float]
    triples: dict[tuple[str, str, str], float]


def read_model(path: Path) -> Model:
    """Read a model.

    Raises:
        ValueError: it is not a binary trigram model of pocketsphinx.
    """
    data = path.read_bytes()
    at = len(MAGIC)
    if not data.startswith(MAGIC) or data[at] != 3:
        raise ValueError(f"{path}: not a binary trigram model of pocketsphinx")
    sizes = struct.unpack_from("<3I", data, at + 1)
    at += 1 + 12 + 4  # the counts, and the kind of quantisation, of which there is one
    tables = []
    for _ in range(3):
        tables.append([BASE**value for value in struct.unpack_from(f"<{LEVELS}f", data, at)])
        at += 4 * LEVELS
    of_pairs, of_backoff, of_triples = tables
    roots = list(struct.iter_unpack("<ffI", data[at : at + 12 * (sizes[0] + 1)]))
    at += 12 * (sizes[0] + 1)
    word_bits, next_bits = sizes[0].bit_length(), sizes[2].bit_length()
    second = _Packed(data, at, sizes[1], (word_bits, 16, 16, next_bits))
    third = _Packed(data, second.end, sizes[2], (word_bits, 16))
    names = data[third.end + 4 :].decode().split("\0")[: sizes[0]]

    asked = [name not in MARKS for name in names]
    words = [(name, root) for name, root in zip(names, roots[:-1], strict=True) if name not in MARKS]
    singles = {name: BASE ** root[0] for name, root in words}
    model = Model(singles, {name: BASE ** root[1] for name, root in words}, {}, {}, {})
    entries, beyond = second.entries(), third.entries()
    pair = next(entries)
    for word in range(sizes[0]):
        for _ in range(roots[word + 1][2] - roots[word][2]):
            (before, backoff_code, code, start), pair = pair, next(entries)
            wanted = asked[word] and asked[before]
            if wanted:
                model.pairs[names[before], names[word]] = of_pairs[code]
                if of_backoff[backoff_code] != 1.0:
                    model.backoff_of_pairs[names[before], names[word]] = of_backoff[backoff_code]
            for _ in range(pair[3] - start):
                far, code = next(beyond)
                if wanted and asked[far]:
                    model.triples[names[far], names[before], names[word]] = of_triples[code]
    return model


class _Packed:
    """Entries of fields of some bits each, one behind the other; there is one more than `count`, to end the last."""

    def __init__(self, data: bytes, at: int, count: int, fields: tuple[int, ...]) -> None:
        self._data, self._at, self._count, self._fields = data, at, count, fields
        self._size = sum(fields)
        self.end = at + ((1 + count) * self._size + 7) // 8 + 8

    def entries(self) -> Iterator[tuple[int, ...]]:
        mask = (1 << self._size) - 1
        for number in range(self._count + 1):
            byte, bit = divmod(number * self._size, 8)
            start = self._at + byte
            entry = int.from_bytes(self._data[start : start + 16], "little") >> bit & mask
            values = []
            for bits in self._fields:
                values.append(entry & (1 << bits) - 1)
                entry >>= bits
            yield tuple(values)
