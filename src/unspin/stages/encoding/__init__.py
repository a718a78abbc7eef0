"""Text that was decoded wrongly, put right by ftfy: mojibake, HTML entities, stray control characters.

What comes out is what `ftfy.fix_text` makes of the text, as edits, with three differences, all of them so that good
text stays as it is: curly quotes, ligatures, character width and line ends are no damage; a line in which nothing
else is wrong keeps its Unicode normal form; and entities are left alone in a text that holds markup or discusses it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from itertools import zip_longest
from typing import TYPE_CHECKING

from unspin.edits import Edit
from unspin.stages.encoding.prefilter import entities_may_go, lines, suspicious
from unspin.stages.stage import NOTHING, Proposals

if TYPE_CHECKING:
    from ftfy import TextFixerConfig

STAGE = "encoding"

_CONFIDENCE = 0.99
"""Of every edit: ftfy changes what cannot be meant, and weighs no readings against each other."""

_LONE = re.compile("[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]")
_STAND_IN = "\ufdd0"
"""Not a character by Unicode's word, so in no text; ftfy lets it be."""

_TORN = re.compile("Ã [\x80-\xbf]")
"""Half of a mojibake sequence that a blank has torn apart: ftfy takes it for an "à" and the other half for text."""


class Encoding:
    """The stage.

    Args:
        extra: what else to change though it is no damage: "quotes" (made straight), "ligatures" (taken apart), "width"
            (full-width letters and digits to plain ones), "normalization" (NFC everywhere).
    """

    def __init__(self, extra: Iterable[str] = ()) -> None:
        self._extra = frozenset(extra)

    def __call__(self, text: str) -> Proposals:
        unescape = entities_may_go(text)
        unproved = list(lines(text)) if self._extra else suspicious(text, unescape)
        if not unproved:
            return NOTHING
        edits: list[Edit] = []
        for start, line in unproved:
            kept = 1 if start == 0 and line.startswith("\ufeff") else 0  # the mark at the head of a file is no damage
            edits += self._line(line[kept:], start + kept, unescape)
        return Proposals(edits)

    def by_rule(self, text: str, rule: str) -> list[Edit]:
        """The edits of one rule alone."""
        return [edit for edit in self(text).edits if edit.rule == rule]

    @cached_property
    def _config(self) -> TextFixerConfig:
        from ftfy import TextFixerConfig

        return TextFixerConfig(
            uncurl_quotes="quotes" in self._extra,
            fix_latin_ligatures="ligatures" in self._extra,
            fix_character_width="width" in self._extra,
            fix_line_breaks=False,
            explain=False,
        )

    def _line(self, line: str, start: int, unescape: bool) -> list[Edit]:
        """The edits of one line, which begins at `start` of the text."""
        from unspin.stages.encoding.alignment import aligned

        config = self._config._replace(unescape_html=unescape)
        if "normalization" not in self._extra and _fixed(line, config._replace(normalization=None)) == line:
            return []
        fixed = _fixed(line, config)
        return [
            Edit(
                start + a,
                start + b,
                line[a:b],
                fixed[c:d],
                STAGE,
                f"{STAGE}/{_kind(line[a:b], fixed[c:d])}",
                _CONFIDENCE,
            )
            for a, b, c, d in aligned(line, fixed)
            if not _TORN.match(line, a)
        ]


def _fixed(line: str, config: TextFixerConfig) -> str:
    """What ftfy makes of a line, but for lone surrogates, which it would replace by a sign that tells nothing."""
    from ftfy import fix_text

    lone = _LONE.findall(line)
    if not lone or _STAND_IN in line:
        return fix_text(line, config)
    parts = fix_text(_LONE.sub(_STAND_IN, line), config).split(_STAND_IN)
    return "".join(part + surrogate for part, surrogate in zip_longest(parts, lone, fillvalue=""))


def _kind(before: str, after: str) -> str:
    """The name of what was wrong."""
    import unicodedata

    if before.startswith("&") and before.endswith(";"):
        return "entities"
    if before.startswith("\x1b["):
        return "terminal"
    if any("\ud800" <= c <= "\udfff" for c in before):
        return "surrogates"
    if not after and not any(c.isprintable() for c in before):
        return "controls"
    if unicodedata.normalize("NFC", before) == after:
        return "normalization"
    if before in "\u02bc\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f":
        return "quotes"
    if unicodedata.normalize("NFKC", before) == unicodedata.normalize("NFC", after):
        return "width" if before[:1] >= "\u3000" and not "\ufb00" <= before[:1] <= "\ufb06" else "ligatures"
    return "mojibake"
