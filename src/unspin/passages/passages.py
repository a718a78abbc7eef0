"""The passages of one text: asked about where a mechanism wants to change something, and not before."""

from __future__ import annotations

from functools import cached_property

from unspin.passages.kinds import is_code, is_statement, is_table
from unspin.passages.languages import Language, Languages
from unspin.passages.signs import signs


class Passages:
    """What the parts of a text are.

    Lines are passages, and so are paragraphs, which blank lines part; the smallest that tells its language decides.
    Nothing is looked at until it is asked about, and what was found is kept.

    Args:
        text: the text.
        languages: what tells languages apart; None where the language is declared.
        declared: the language that the user, or the text's record, says it is in; None where nobody does.
    """

    def __init__(self, text: str, languages: Languages | None, declared: Language | None = None) -> None:
        self.text = text
        self._languages = languages
        self._declared = declared
        self._decided: dict[tuple[int, int], Language] = {}
        self._guessed: dict[tuple[int, int], Language] = {}
        self._others: dict[tuple[int, int], bool] = {}
        self._tables: dict[tuple[int, int], bool] = {}
        self._last_line = self._last_paragraph = (0, -1)

    def language(self, start: int, end: int) -> Language:
        """The language of the passage around `text[start:end]`."""
        if self._declared is not None or self._languages is None:
            return self._declared or Language.UNKNOWN
        spans = (self.line(start, end), self._paragraph(start, end), (0, len(self.text)))
        for span in dict.fromkeys(spans):
            language = self._decide(span)
            if language is not Language.UNKNOWN:
                return language
        for span in dict.fromkeys(spans):
            language = self._guess(span)
            if language is not Language.UNKNOWN:
                return language
        return Language.UNKNOWN

    def english(self, start: int, end: int) -> bool:
        """Whether the passage around `text[start:end]` is plainly English."""
        return self.language(start, end) is Language.ENGLISH

    def foreign(self, start: int, end: int) -> bool:
        """Whether it is plainly in another language: by function words, or by the vocabulary of the whole text. A line
        of names and numbers says nothing.
        """
        if self._declared is not None or self._languages is None:
            return self._declared is Language.OTHER
        line, paragraph, whole = self.line(start, end), self._paragraph(start, end), (0, len(self.text))
        if self._decide(whole) is Language.ENGLISH and not (self._is_other(line) or self._is_other(paragraph)):
            return False
        for span in (line, paragraph, whole):
            language = self._decide(span)
            if language is not Language.UNKNOWN:
                return language is Language.OTHER
        return self._guess(whole) is Language.OTHER

    def code(self, start: int, end: int) -> bool:
        """Whether the line around `text[start:end]`, without that, is code, markup, or the usage of a command."""
        a, b = self.line(start, end)
        return is_code(self.text[max(a, start - _AROUND) : start], self.text[end : min(b, end + _AROUND)])

    @cached_property
    def signs(self) -> frozenset[str]:
        """The characters of the text that plain prose does without: what is not among them no stage looks for."""
        return signs(self.text)

    @cached_property
    def mostly_code(self) -> bool:
        """Whether much of the text is code or markup."""
        lines = [line for line in self.text[:_TELLING].splitlines() if line.strip()]
        return sum(is_statement(line) for line in lines) > _CODE_SHARE * len(lines)

    def reads_english(self, line: str, start: int) -> bool:
        """Whether a line that begins at `start` of the text would be English, were it written as `line`."""
        if self._declared is not None or self._languages is None:
            return self._declared is Language.ENGLISH
        evidence = self._languages.evidence(line)
        language = self._languages.decided(evidence)
        if language is Language.UNKNOWN:
            if self._decide((0, len(self.text))) is Language.OTHER:
                return False
            language = self._languages.guessed(evidence)
        return language is Language.ENGLISH or (language is Language.UNKNOWN and self.english(start, start))

    def may_be_english(self, sentence: str) -> bool:
        """Whether a sentence of an English passage is not in another language."""
        if self._languages is None:
            return True
        evidence = self._languages.evidence(sentence)
        return evidence.english >= evidence.other and self._languages.decided(evidence) is not Language.OTHER

    @property
    def foreign_words(self) -> frozenset[str]:
        """Function words of other languages."""
        return self._languages.foreign if self._languages is not None else frozenset()

    def of(self, text: str) -> Passages:
        """The passages of another text of the same document: what a repair made of this one."""
        return self if text is self.text else Passages(text, self._languages, self._declared)

    def table(self, start: int, end: int) -> bool:
        """Whether the line around `text[start:end]` is a row of a table."""
        line = self.line(start, end)
        if line not in self._tables:
            if len(self._tables) >= _KEPT:
                self._tables.clear()
            self._tables[line] = is_table(self.text[line[0] : line[1]])
        return self._tables[line]

    def line(self, start: int, end: int) -> tuple[int, int]:
        """(start, end) of the line or lines that hold `text[start:end]`, without the last line end."""
        a, b = self._last_line
        if not a <= start <= end <= b:
            behind = self.text.find("\n", end)
            a, b = self.text.rfind("\n", 0, start) + 1, behind if behind >= 0 else len(self.text)
            self._last_line = a, b
        return a, b

    def _paragraph(self, start: int, end: int) -> tuple[int, int]:
        a, b = self._last_paragraph
        if not a <= start <= end <= b:
            behind = self.text.find("\n\n", end)
            a, b = max(0, self.text.rfind("\n\n", 0, start)), behind if behind >= 0 else len(self.text)
            self._last_paragraph = a, b
        return a, b

    def _decide(self, span: tuple[int, int]) -> Language:
        known = self._decided.get(span)
        if known is None:
            assert self._languages is not None
            if len(self._decided) >= _KEPT:
                self._decided.clear()
            known = self._decided[span] = self._languages.decided(self._languages.evidence(self._part(span)))
        return known

    def _is_other(self, span: tuple[int, int]) -> bool:
        """Whether a part is decided to be in another language, which is told with less work than in which."""
        known = self._others.get(span)
        if known is None:
            assert self._languages is not None
            if len(self._others) >= _KEPT:
                self._others.clear()
            known = self._others[span] = self._languages.is_other(self._languages.evidence(self._part(span)))
        return known

    def _guess(self, span: tuple[int, int]) -> Language:
        known = self._guessed.get(span)
        if known is None:
            assert self._languages is not None
            known = self._guessed[span] = self._languages.guessed(self._languages.evidence(self._part(span)))
        return known

    def _part(self, span: tuple[int, int]) -> str:
        """A part of the text, as much of it as tells."""
        start, end = span
        return self.text[start : min(end, start + _TELLING)]


_KEPT = 1_000
"""Lines and paragraphs of which is kept what they are: a text is asked about from its beginning to its end."""

_CODE_SHARE = 0.3
"""Share of the lines of a text that look like code from which it is code."""

_AROUND = 2_000
"""Code points of a line, on either side of a place, that tell whether it is code there: a text of a megabyte may be one
line, and be asked about at each of its words."""

_TELLING = 20_000
"""Code points of a passage that are looked at: what comes behind them says no more, and costs time."""
