"""What machine translation leaves in English: fragments out of their place, dates and numbers in another language's
form, quotation marks closed on the wrong side, names in the wrong order.

Where the pieces leave one reading they are put back; where they leave several, the likeliest is suggested.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from unspin.edits import Edit
from unspin.stages.mechanism import apart, edits, parted
from unspin.stages.stage import NOTHING, Proposals
from unspin.stages.translation.forms import Forms
from unspin.stages.translation.fragments import Fragments
from unspin.stages.translation.names import Names
from unspin.stages.translation.prefilter import Glance, Sign
from unspin.stages.translation.quotes import quotes
from unspin.stages.translation.vocabulary import Vocabulary

STAGE = "translation"


class Translation:
    """The stage.

    Args:
        folders: rule folders; their packs `translation` hold names and calques, and `tables` the words that the
            mechanisms go by.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        vocabulary = Vocabulary(folders)
        self._glance = Glance(folders)
        self._names = Names(folders)
        self._fragments = Fragments(vocabulary)
        self._forms = Forms(vocabulary)

    def __call__(self, text: str) -> Proposals:
        signs = self._glance(text)
        named = self._names(text) if Sign.NAME in signs else NOTHING
        found = edits(text, STAGE, "fragment", self._fragments(text))
        found += edits(text, STAGE, "quote", quotes(text))
        found += edits(text, STAGE, "number", self._forms.numbers(text))
        if Sign.DATE in signs:
            found += edits(text, STAGE, "date", self._forms.dates(text))
        if Sign.CLOCK in signs:
            found += edits(text, STAGE, "clock", self._forms.clocks(text))
        if not found and named is NOTHING:
            return NOTHING
        made, told = parted(found)
        made = apart([*made, *named.edits])
        return Proposals(made, apart([*told, *named.suggestions], made))

    def by_rule(self, text: str, rule: str) -> list[Edit]:
        """The edits of one rule alone, suggested ones too."""
        if ":" in rule:
            return self._names.by_rule(text, rule)
        return [edit for stage in self(text) for edit in stage if edit.rule == rule]
