"""What the documents of one site show together of their spinner: its habits are the same in all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass
class Totals:
    """How often each substitution seems to have been made, and each original was left standing, in spun text.

    Attributes:
        made: (phrase, alternative) of one rulebook -> expected number of times.
        standing: original, as it is spoken -> times.
    """

    made: dict[tuple[int, int], float]
    standing: dict[str, float]

    def add(self, other: Totals) -> None:
        """Add what another document shows."""
        for key, mass in other.made.items():
            self.made[key] = self.made.get(key, 0.0) + mass
        for word, count in other.standing.items():
            self.standing[word] = self.standing.get(word, 0.0) + count

    def dumped(self) -> dict[str, Any]:
        """As JSON has it; it means something under the same rules alone."""
        made = [[phrase, choice, round(mass, 6)] for (phrase, choice), mass in sorted(self.made.items())]
        return {"made": made, "standing": dict(sorted(self.standing.items()))}

    @classmethod
    def loaded(cls, data: dict[str, Any]) -> Totals:
        """From JSON."""
        return cls({(phrase, choice): mass for phrase, choice, mass in data["made"]}, dict(data["standing"]))
