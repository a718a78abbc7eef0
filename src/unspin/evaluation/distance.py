"""How much closer to its source edits bring a spun text, counted in words.

Recall and precision ask of each place whether it came out right. *Closer* also credits a long phrase that is half
restored and charges an edit for every word it spoils, so it tells whether a reader is better off:

    closer = 1 - (word edits between the repaired text and the source) / (word edits between the spun text and it)

1 is the source itself, 0 no gain, and below 0 the text was made worse.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import regex

from unspin.edits import Edit
from unspin.evaluation.gold import Gold
from unspin.levenshtein import distance as levenshtein

_TOKEN = regex.compile(r"\w+(?:'\w+)*|[^\w\s]")


class Distance(NamedTuple):
    """How far texts are from their sources, in word edits: a word or sign inserted, deleted or exchanged for another.

    Attributes:
        spun: distance of the text as the spinner left it.
        repaired: distance of the text with the edits of a run made.
    """

    spun: int
    repaired: int

    @property
    def closer(self) -> float:
        """The share of the way back to the source that was made good: 1 at most, below 0 where edits did harm.

        A text that has no way to go counts as one word away, so that harm done to it has a figure too.

        >>> Distance(8, 2).closer, Distance(8, 10).closer, Distance(0, 0).closer, Distance(0, 3).closer
        (0.75, -0.25, 1.0, -2.0)
        """
        return 1 - self.repaired / max(1, self.spun)


def total(distances: Iterable[Distance]) -> Distance:
    """The distance of several texts taken as one, so that a long text weighs more than a short one.

    >>> total([Distance(8, 2), Distance(2, 2)])
    Distance(spun=10, repaired=4)
    """
    spun = repaired = 0
    for distance in distances:
        spun += distance.spun
        repaired += distance.repaired
    return Distance(spun, repaired)


def distance(gold: Gold, edits: Sequence[Edit]) -> Distance:
    """How far the text of `gold` is from its source, as it stands and with `edits` made.

    Of several right restorations the nearest counts, for either text on its own; an optional place counts as
    restored whether or not it is. Letter case, white space and the shape of quotation marks make no difference.

    Args:
        gold: a spun text with its places.
        edits: sorted and apart, in code points of that text.

    >>> from unspin.evaluation.gold import parse
    >>> spun = parse("He {gets the better of=>overcomes} his {palms=>hands}.", "a.gold.txt")
    >>> edit = Edit(26, 31, "palms", "hands", "phrases", "corridor/everyday:palms", 0.9)
    >>> distance(Gold(spun.text, spun.places), [edit])
    Distance(spun=5, repaired=4)
    """
    spun = repaired = 0
    for start, end, _, given in gold.segments(edits):
        sources = [_tokens(source) for source in gold.sources(start, end)]
        made = [(edits[i].start, edits[i].end, edits[i].after) for i in given]
        spun += _to_nearest(gold.rewritten(start, end, []), sources)
        repaired += _to_nearest(gold.rewritten(start, end, made), sources)
    return Distance(spun, repaired)


def _to_nearest(text: str, sources: Iterable[Sequence[str]]) -> int:
    tokens = _tokens(text)
    return min(levenshtein(tokens, source) for source in sources)


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text)
