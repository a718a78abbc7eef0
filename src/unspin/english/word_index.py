"""A list of words in a mapped file, each found by its hash: nothing is built when a process starts.

A hash table with open addressing and linear probing (D. E. Knuth, The Art of Computer Programming 3, 1998, 6.4), at
most half full, as columns of numbers.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from typing import Any
from zlib import crc32


class WordIndex:
    """Words and their numbers.

    Args:
        columns: those that `word_columns` makes.
    """

    def __init__(self, columns: Mapping[str, Any]) -> None:
        self._words: bytes = columns["words"]
        self._offsets: Sequence[int] = columns["offsets"]
        self._slots: Sequence[int] = columns["slots"]
        self._mask = len(self._slots) - 1

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, number: int) -> str:
        return self._words[self._offsets[number] : self._offsets[number + 1]].decode()

    def number(self, word: str) -> int:
        """The place of a word in the list; -1 where it is not in it."""
        key = word.encode("utf-8", "surrogatepass")
        slots, offsets, mask = self._slots, self._offsets, self._mask
        slot = crc32(key) & mask
        while (behind := slots[slot]) != 0:  # the number of a word, and one: an empty slot holds 0
            if self._words[offsets[behind - 1] : offsets[behind]] == key:
                return behind - 1
            slot = (slot + 1) & mask
        return -1


def word_columns(words: Sequence[str]) -> dict[str, Any]:
    """Different words as columns for `pack`, in which a `WordIndex` finds them.

    >>> index = WordIndex(word_columns(["shakes", "hands"]))
    >>> index.number("hands"), index[1], index.number("palms")
    (1, 'hands', -1)
    """
    size = 2
    while size < 2 * len(words):
        size *= 2
    slots, offsets = array("I", [0]) * size, array("I", [0])
    encoded = [word.encode() for word in words]
    for number, key in enumerate(encoded):
        slot = crc32(key) & (size - 1)
        while slots[slot]:
            slot = (slot + 1) & (size - 1)
        slots[slot] = number + 1
        offsets.append(offsets[-1] + len(key))
    return {"words": b"".join(encoded), "offsets": offsets, "slots": slots}
