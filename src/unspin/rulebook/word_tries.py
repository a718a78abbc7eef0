"""Tries whose steps are words, as columns of numbers that are read where they are mapped: nothing is built when a
process starts.

Nodes are numbered level by level from the root, which is 0. The steps from a node stand side by side, by the numbers of
their words, and the number of the node to which a step leads is that of the step, and one.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from unspin.english.word_index import word_columns


def trie(sequences: Iterable[Sequence[int]]) -> tuple[array[int], array[int], list[int]]:
    """Where the steps from each node begin, and where the last ones end; the word of each step; and the node in which
    each sequence ends.

    >>> starts, words, ends = trie([(7,), (7, 2), (1, 7)])
    >>> starts.tolist(), words.tolist(), ends
    ([0, 2, 3, 4, 4, 4], [1, 7, 7, 2], [2, 4, 3])
    """
    steps: list[dict[int, int]] = [{}]  # by nodes as they come
    ends = []
    for sequence in sequences:
        node = 0
        for word in sequence:
            node = steps[node].setdefault(word, len(steps))
            if node == len(steps):
                steps.append({})
        ends.append(node)
    order = [0]
    starts, words = array("I", [0]), array("I")
    for node in order:  # grows on the way
        for word, behind in sorted(steps[node].items()):
            words.append(word)
            order.append(behind)
        starts.append(len(words))
    place = {node: number for number, node in enumerate(order)}
    return starts, words, [place[node] for node in ends]


def term_columns(plain: Mapping[str, Sequence[tuple[str, float]]], terms: Iterable[str]) -> dict[str, Any]:
    """What a `TermReader` needs of `Swaps.plain` and `Swaps.terms`.

    "ending": a trie of terms, from their last word to their first; for each node, whether a term begins there.
    "written": one of the words that are swapped; for each node, where what they stand for begins and ends among the
    choices. "choice": of each of these, where its words begin, from the last to the first.
    """
    terms = list(terms)
    phrases = [*plain, *(meaning for found in plain.values() for meaning, _ in found), *terms]
    words = sorted({word for phrase in phrases for word in phrase.split()})
    number = {word: place for place, word in enumerate(words)}

    def numbers(phrase: str) -> list[int]:
        return [number[word] for word in phrase.split()]

    ending_starts, ending_words, ends = trie(numbers(term)[::-1] for term in terms)
    is_term = bytearray(len(ending_starts) - 1)
    for node in ends:
        is_term[node] = 1
    written_starts, written_words, ends = trie(map(numbers, plain))
    first, last = (array("I", [0]) * (len(written_starts) - 1) for _ in range(2))
    choice_starts, choice_words = array("I", [0]), array("I")
    for node, found in zip(ends, plain.values(), strict=True):
        first[node] = len(choice_starts) - 1
        for meaning, _ in found:
            choice_words.extend(numbers(meaning)[::-1])
            choice_starts.append(len(choice_words))
        last[node] = len(choice_starts) - 1
    return {
        **word_columns(words),
        "ending starts": ending_starts,
        "ending words": ending_words,
        "ending is term": bytes(is_term),
        "written starts": written_starts,
        "written words": written_words,
        "written first": first,
        "written last": last,
        "choice starts": choice_starts,
        "choice words": choice_words,
    }
