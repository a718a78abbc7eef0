"""What machine translation leaves in English: fragments out of their place, dates and numbers in another language's
form, quotation marks closed on the wrong side, names in the wrong order.

Where the pieces leave one reading they are put back; where they leave several, the likeliest is suggested.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from unspin.edits import Edit
from unspin.passages import Passages
from unspin.stages.mechanism import Found, MechanismStage, drop_overlaps, edits, split_by_confidence
from unspin.stages.stage import NOTHING, Context, Findings, Options
from unspin.stages.translation.confidence import SURE, weigh_habits
from unspin.stages.translation.names import Names
from unspin.stages.translation.prefilter import Prefilter, Sign

if TYPE_CHECKING:
    from unspin.stages.translation.style import Style
    from unspin.stages.translation.vocabulary import Vocabulary

STAGE = "translation"

_QUOTE = f"{STAGE}/quote"


def build(options: Options) -> Translation:
    """The stage."""
    return Translation(options.folders)


class Translation(MechanismStage):
    """The stage.

    Args:
        folders: rule folders; their packs `translation` hold names and calques, and `tables` the words that the
            mechanisms go by.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders
        self._prefilter = Prefilter(folders)
        self._names = Names(folders)

    @cached_property
    def _mechanisms(self) -> Sequence[tuple[str, Callable[[str], Found], Sign]]:
        """(rule, what finds it, the sign without which it finds nothing); loaded when a text first has a sign."""
        from unspin.stages.translation.clauses import Clauses
        from unspin.stages.translation.dates import Dates
        from unspin.stages.translation.fragments import Fragments
        from unspin.stages.translation.numbers import Numbers
        from unspin.stages.translation.order import Order
        from unspin.stages.translation.quotes import quotes
        from unspin.stages.translation.running_on import RunningOn

        vocabulary = self._vocabulary
        fragments, running_on = Fragments(vocabulary), RunningOn(vocabulary)
        dates, numbers = Dates(vocabulary), Numbers(vocabulary)
        return (
            ("fragment", fragments.names, Sign.NAME_BEHIND_STOP),
            ("fragment", fragments.in_lower_case, Sign.LOWER_CASE),
            ("fragment", fragments.nations, Sign.NATION),
            ("fragment", running_on.descriptions, Sign.LOWER_CASE),
            ("fragment", running_on.phrases, Sign.LOWER_CASE),
            ("fragment", running_on.national_phrases, Sign.NATION),
            ("fragment", running_on.names, Sign.KIND_BEFORE_STOP),
            ("fragment", running_on.nations, Sign.NATION),
            ("clause", Clauses(vocabulary), Sign.CLAUSE),
            ("order", Order(vocabulary), Sign.KIND_BEFORE_NAME),
            ("quote", quotes, Sign.QUOTE),
            ("number", numbers.decimals, Sign.COMMA),
            ("number", numbers.thousands, Sign.POINT),
            ("clock", numbers.clocks, Sign.CLOCK),
            ("date", dates.with_stop, Sign.STOPPED_DAY),
            ("date", dates.with_article, Sign.ARTICLED_DAY),
            ("date", dates.of_year, Sign.YEAR_OF_MONTH),
            ("date", dates.with_word, Sign.WORDED_YEAR),
            ("date", dates.centuries, Sign.CENTURY),
        )

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        from unspin.stages.translation.vocabulary import Vocabulary

        return Vocabulary(self._folders)

    @cached_property
    def _style(self) -> Style:
        from unspin.stages.translation.style import Style

        return Style(self._vocabulary)

    def __call__(self, text: str, context: Context) -> Findings:
        signs = self._prefilter(context.passages)
        if not signs:
            return NOTHING
        prose = [edit for edit in self._found(text, signs) if _is_english_prose(edit, context.passages)]
        named = self._names(text, context) if Sign.NAME in signs else NOTHING
        if not prose and named is NOTHING:
            return NOTHING
        made, suggested = split_by_confidence(weigh_habits(self._style.heeded(text, prose)), SURE)
        made = drop_overlaps([*made, *named.edits])
        return Findings(made, drop_overlaps([*suggested, *named.suggestions], made))

    def _found(self, text: str, signs: set[int]) -> Iterator[Edit]:
        """What the mechanisms find, each asked only where its sign stands."""
        for rule, mechanism, sign in self._mechanisms:
            if sign in signs:
                yield from edits(text, STAGE, rule, mechanism(text))

    def by_rule(self, text: str, rule: str) -> list[Edit]:
        """The edits of one rule alone, suggested ones too."""
        return self._names.by_rule(text, rule) if ":" in rule else super().by_rule(text, rule)


def _is_english_prose(edit: Edit, passages: Passages) -> bool:
    """Whether a passage is one in which another language's notation is a splice, and not how that is written; what is
    quoted in another language keeps that one's marks."""
    return (
        passages.english(edit.start, edit.end)
        and not passages.table(edit.start, edit.end)
        and (edit.rule != _QUOTE or passages.may_be_english(edit.before))
    )
