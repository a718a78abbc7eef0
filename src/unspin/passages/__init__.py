"""What the parts of a text are, decided once and shared by all stages: which language a passage is in, and whether it
is prose.

What is not English prose gets only the repairs that need neither: no dictionary, no notation, no reading of letters.
"""

from __future__ import annotations

from unspin.passages.languages import Language, Languages, declared
from unspin.passages.passages import Passages

__all__ = ["Language", "Languages", "Passages", "declared"]
