"""Text that was decoded wrongly, put right by ftfy: mojibake, HTML entities, stray control characters.

What comes out is what `ftfy.fix_text` makes of the text, as edits, with some differences, all of them so that good
text stays as it is: curly quotes, ligatures, character width and line ends are no damage; a line in which nothing
else is wrong keeps its Unicode normal form; a control character that parts words becomes a blank, one that was a
quotation mark becomes one; entities are left alone in code, in a text that holds markup, and where entities are
discussed; and so is mojibake where encodings are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from unspin.edits import Edit
from unspin.stages.encoding.controls import Controls
from unspin.stages.encoding.mentions import Mentions, is_compared
from unspin.stages.encoding.prefilter import entities_may_go, harmless, lines, suspicious
from unspin.stages.mechanism import MechanismStage
from unspin.stages.stage import NOTHING, Context, Findings, Options

if TYPE_CHECKING:
    from ftfy import TextFixerConfig

STAGE = "encoding"

_CONFIDENCE = 0.99
"""Of every edit: ftfy changes what cannot be meant, and weighs no readings against each other."""

_LONE = re.compile("[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]")
_STAND_IN = "\ufdd0"
"""Not a character by Unicode's word, so in no text; ftfy lets it be."""

_ESCAPED_OFTEN = re.compile(r"&(?:amp;){3,}")
"""An ampersand that was escaped again and again; ftfy takes the escapes off one by one, each time reading all."""

_SIGNED = re.compile(
    "(?<![^\\W\\d_])(?:([A-ZÀ-ÖØ-Þ]+[À-ÖØ-Þ])[®™”»’\"']|([A-ZÀ-ÖØ-Þ]{2,}[À-ÖØ-Þ])[\xa1-\xbf›…–—])(?![^\\W\\d_])"
)
"""A word in capitals and a sign behind it, which ftfy takes for one damaged letter: "MAÇÃ®" is a trade mark. A word of
two letters may as well be damaged: of "NÃ³" only the Ã is there because of the damage.
"""

_MOJIBAKE = 2
"""Letters of a word that mojibake makes most from which it is damaged."""

_MADE_PLAIN = ("quotes", "width")
"""What else to change (`Encoding`) that makes ASCII of other characters."""

_TORN = re.compile("Ã [\x80-\xbf]|â[€†] |(?<=[a-z])á[^\\w\\s] ")
"""Part of a mojibake sequence that a blank has torn apart, or whose last letter is lost: ftfy reads the blank as part
of a letter. An operator of physics, which it takes for an arrow. And a letter at the end of a Latin word with a sign
behind it, which would be one of Tai Tham or Ethiopic.
"""


def build(options: Options) -> Encoding:
    """The stage."""
    return Encoding(options.folders, [name.partition("/")[2] for name in options.extra if name.startswith(f"{STAGE}/")])


class Encoding(MechanismStage):
    """The stage.

    Args:
        folders: rule folders; their tables `words.tsv` hold words that texts about encodings and entities use.
        extra: what else to change though it is no damage: "quotes" (made straight), "ligatures" (taken apart), "width"
            (full-width letters and digits to plain ones), "normalization" (NFC everywhere).
    """

    def __init__(self, folders: Sequence[Path], extra: Iterable[str] = ()) -> None:
        self._folders = folders
        self._extra = frozenset(extra)

    def __call__(self, text: str, context: Context) -> Findings:
        if not self._extra and harmless(context.passages.signs):
            return NOTHING
        unescape = entities_may_go(text)
        unproved = list(lines(text)) if self._extra else suspicious(text, unescape)
        if not unproved:
            return NOTHING
        edits: list[Edit] = []
        controls = Controls(text)
        for start, line in unproved:
            kept = 1 if start == 0 and line.startswith("\ufeff") else 0  # the mark at the head of a file is no damage
            found = self._line(line[kept:], start + kept, unescape, controls)
            edits += [edit for edit in found if not self._mentions.hold(edit, context.passages)]
        return Findings(edits)

    @cached_property
    def _mentions(self) -> Mentions:
        return Mentions(self._folders)

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

    def _line(self, line: str, start: int, unescape: bool, controls: Controls) -> list[Edit]:
        """The edits of one line, which begins at `start` of the text."""
        from unspin.stages.encoding.alignment import aligned

        config = self._config._replace(unescape_html=unescape)
        if "normalization" not in self._extra and _fixed(line, config._replace(normalization=None)) == line:
            return []
        fixed = _fixed(line, config)
        edits = []
        signed = [m.span() for m in _SIGNED.finditer(line) if len(re.findall("[ÃÂ]", m[0])) < _MOJIBAKE]
        for a, b, c, d in aligned(line, fixed, not self._extra.isdisjoint(_MADE_PLAIN)):
            before, after = line[a:b], fixed[c:d]
            if _TORN.match(line, a) or any(x <= a and b <= y for x, y in signed):
                continue
            kind = _kind(before, after)
            if kind == "mojibake" and is_compared(line, fixed, c, d):
                continue
            if kind == "controls":
                after = controls.in_place(start + a, start + b)
            if before != after:
                edits.append(Edit(start + a, start + b, before, after, STAGE, f"{STAGE}/{kind}", _CONFIDENCE))
        return edits


def _fixed(line: str, config: TextFixerConfig) -> str:
    """What ftfy makes of a line, but for lone surrogates, which it would replace by a sign that tells nothing."""
    from ftfy import fix_text

    line = _ESCAPED_OFTEN.sub("&amp;", line) if config.unescape_html else line
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
