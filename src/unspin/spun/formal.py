"""Words of formal writing: "whilst", "prior to", "together with", "by means of".

Spinners write them for plain ones, and so does whoever writes a manual, a notice or a contract, one after another. They
are one habit, and no independent signs.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from unspin.spun.lattice import Span


class FormalWords:
    """Tells the phrases that hold one.

    Args:
        words: the words, and phrases of a few, in lower case.
        phrases: how each phrase of the rulebook is written.
    """

    def __init__(self, words: Collection[str], phrases: Sequence[str]) -> None:
        self._single = frozenset(word for word in words if " " not in word)
        self._several = tuple(f" {word} " for word in words if " " in word)
        self._phrases = phrases
        self._known: dict[int, bool] = {}

    def among(self, spans: Collection[Span]) -> set[int]:
        """The phrases of some candidates that hold a formal word."""
        return {phrase for _, _, phrase in spans if self._holds(phrase)}

    def _holds(self, phrase: int) -> bool:
        holds = self._known.get(phrase)
        if holds is None:
            written = self._phrases[phrase]
            padded = f" {written} "
            holds = not self._single.isdisjoint(written.split(" ")) or any(word in padded for word in self._several)
            self._known[phrase] = holds
        return holds
