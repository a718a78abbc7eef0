"""What documents show of the spinners that wrote them; those of one site can be added up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass
class SubstitutionCounts:
    """How often each substitution seems to have been made, and each original was left as it was, in spun text.

    Attributes:
        made: family -> (phrase, alternative) of one rulebook -> expected number of times.
        unreplaced: family -> original, as the language model sees it -> times.
    """

    made: dict[str, dict[tuple[int, int], float]]
    unreplaced: dict[str, dict[str, float]]

    def add_made(self, family: str, phrase: int, number: int, mass: float) -> None:
        """Add occurrences of one substitution."""
        made = self.made.setdefault(family, {})
        made[phrase, number] = made.get((phrase, number), 0.0) + mass

    def add_unreplaced(self, family: str, original: str, count: float = 1.0) -> None:
        """Add occurrences of an original that was left."""
        unreplaced = self.unreplaced.setdefault(family, {})
        unreplaced[original] = unreplaced.get(original, 0.0) + count

    def add(self, other: SubstitutionCounts) -> None:
        """Add what another document shows."""
        for family, made in other.made.items():
            here = self.made.get(family)
            if not here:
                self.made[family] = dict(made)
                continue
            for substitution, mass in made.items():
                here[substitution] = here.get(substitution, 0.0) + mass
        for family, unreplaced in other.unreplaced.items():
            for original, count in unreplaced.items():
                self.add_unreplaced(family, original, count)

    def dumped(self) -> dict[str, Any]:
        """As JSON has it; it means something under the same rules alone."""
        made = [
            [family, phrase, choice, round(mass, 6)]
            for family, of in sorted(self.made.items())
            for (phrase, choice), mass in sorted(of.items())
        ]
        return {"made": made, "unreplaced": {f: dict(sorted(of.items())) for f, of in sorted(self.unreplaced.items())}}

    @classmethod
    def loaded(cls, data: dict[str, Any]) -> SubstitutionCounts:
        """From JSON.

        Raises:
            KeyError, TypeError, ValueError, AttributeError: it holds no counts.
        """
        counts = cls({}, {})
        for family, of in data["unreplaced"].items():
            for original, count in of.items():
                counts.add_unreplaced(family, original, float(count))
        for family, phrase, choice, mass in data["made"]:
            if not isinstance(family, str) or not isinstance(phrase, int) or not isinstance(choice, int):
                raise TypeError(f"no substitution: {family!r}, {phrase!r}, {choice!r}")
            counts.add_made(family, phrase, choice, float(mass))
        return counts
