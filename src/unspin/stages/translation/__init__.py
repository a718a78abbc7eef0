"""What machine translation leaves in English: fragments out of their place, dates and numbers in another language's
form, quotation marks closed on the wrong side, names in the wrong order.

Where the pieces leave one reading they are put back; where they leave several, the likeliest is suggested.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from unspin.edits import Edit
from unspin.passages import Passages
from unspin.stages.mechanism import Found, MechanismStage, drop_overlaps, edits, split_by_confidence
from unspin.stages.stage import NOTHING, Context, Findings, Options
from unspin.stages.translation.clauses import Clauses
from unspin.stages.translation.confidence import SURE, weigh_habits
from unspin.stages.translation.dates import Dates
from unspin.stages.translation.fragments import Fragments
from unspin.stages.translation.names import Names
from unspin.stages.translation.numbers import Numbers
from unspin.stages.translation.order import Order
from unspin.stages.translation.prefilter import Prefilter, Sign
from unspin.stages.translation.quotes import quotes
from unspin.stages.translation.running_on import RunningOn
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
        vocabulary = Vocabulary(folders)
        self._prefilter = Prefilter(folders)
        self._names = Names(folders)
        fragments, running_on = Fragments(vocabulary), RunningOn(vocabulary)
        dates, numbers = Dates(vocabulary), Numbers(vocabulary)
        self._mechanisms: tuple[tuple[str, Callable[[str], Found], frozenset[Sign]], ...] = (
            ("fragment", fragments.names, frozenset()),
            ("fragment", fragments.in_lower_case, frozenset({Sign.LOWER_CASE})),
            ("fragment", fragments.nations, frozenset({Sign.NATION})),
            ("fragment", running_on.descriptions, frozenset({Sign.LOWER_CASE})),
            ("fragment", running_on.phrases, frozenset({Sign.LOWER_CASE})),
            ("fragment", running_on.names, frozenset({Sign.KIND_BEFORE_STOP})),
            ("fragment", running_on.nations, frozenset({Sign.NATION})),
            ("clause", Clauses(vocabulary), frozenset({Sign.CLAUSE})),
            ("order", Order(vocabulary), frozenset({Sign.KIND_BEFORE_NAME})),
            ("quote", quotes, frozenset({Sign.QUOTE})),
            ("number", numbers.decimals, frozenset({Sign.COMMA})),
            ("number", numbers.thousands, frozenset({Sign.POINT})),
            ("clock", numbers.clocks, frozenset({Sign.CLOCK})),
            ("date", dates.with_stop, frozenset({Sign.STOPPED_DAY})),
            ("date", dates.with_article, frozenset({Sign.ARTICLED_DAY})),
            ("date", dates.of_year, frozenset({Sign.YEAR_OF_MONTH})),
            ("date", dates.with_word, frozenset({Sign.WORDED_YEAR})),
            ("date", dates.centuries, frozenset({Sign.CENTURY})),
        )

    def __call__(self, text: str, context: Context) -> Findings:
        signs = self._prefilter(context.passages)
        prose = [edit for edit in self._found(text, signs) if _is_english_prose(edit, context.passages)]
        named = self._names(text, context) if Sign.NAME in signs else NOTHING
        if not prose and named is NOTHING:
            return NOTHING
        made, suggested = split_by_confidence(weigh_habits(prose), SURE)
        made = drop_overlaps([*made, *named.edits])
        return Findings(made, drop_overlaps([*suggested, *named.suggestions], made))

    def _found(self, text: str, signs: set[int]) -> Iterator[Edit]:
        """What the mechanisms find, each asked only where one of its signs stands, if it has any."""
        for rule, mechanism, its in self._mechanisms:
            if not its or not its.isdisjoint(signs):
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
