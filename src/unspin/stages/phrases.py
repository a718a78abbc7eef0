"""Synonym-spun phrases put back: scan, weigh the evidence, solve the lattice, choose the edits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from unspin.edits import Edit
from unspin.rulebook.rulebook import KEEP, Rulebook
from unspin.rulebook.scanner import Hit, Matches, Scanner, hits
from unspin.spun.channel import SURE
from unspin.spun.evidence import Verdict, alarm, glance, judge, logistic

if TYPE_CHECKING:
    from unspin.spun.channel import Channel
    from unspin.spun.lattice import Graph, Habits, Lattice, Reading, Solution, Span, Spinner
    from unspin.spun.text import Word

STAGE = "phrases"

_DENSE_FROM = 4_000_000
"""Code points scanned from which on the faster, slower-built automaton pays."""

_CERTAIN = 200.0
"""How much likelier a `certain` phrase is in spun than in clean text, on top of what the language model thinks."""

_IN_CONTEXT = 100.0
"""The same for a phrase whose contextual rule found its condition met."""

_SAMPLE = 48

_STANDING = 0.1
"""Known originals left standing, for each stretch of candidates, from which the spinner may be a varying one."""

_USAGE_FULL = 0.35
"""Share of guessed originals replaced from which the guesses are trusted in full: what a real spun article shows.
Spinners with a smaller dictionary than ours seem to replace a tenth, all of it by mistake."""

_USAGE_PRIOR, _USAGE_COUNT = 0.25, 10
GUESSED = 0.15

_HABIT = 3.0
"""Occurrences that the rulebook's word on a substitution is worth, against those of the document."""

_FEW = 0.3
_OFTEN = 1.2
_USUAL = 0.6
"""A habit closer to what was expected than this factor is not worth solving a stretch again."""

_LOUDEST = 12
_SENTENCE_SPUN = 0.5

# A phrase that touches one of these is part of a longer word, an address or a code.
_GLUE_BEFORE = frozenset("-'’_/\\@#&$%+=*^~")
_GLUE_AFTER = frozenset("-'_/\\@&%+=*^~")


class Alternative(NamedTuple):
    """One reading that was weighed: what the phrase may stand for, its probability, the rule behind it."""

    after: str
    probability: float
    rule: str


class Finding(NamedTuple):
    """What the stage has to say about a text.

    Attributes:
        edits: proposed edits, sorted, not overlapping.
        suggestions: edits of tier `suggest`, not to be applied unasked.
        verdict: whether the text is spun, and where.
        alternatives: (start, end) of a phrase -> all readings weighed, likeliest first.
    """

    edits: list[Edit]
    suggestions: list[Edit]
    verdict: Verdict
    alternatives: dict[tuple[int, int], list[Alternative]]


class _Stretch(NamedTuple):
    """Words that are solved together: `size` words from `first` on, and all their readings."""

    first: int
    size: int
    graph: Graph


class Phrases:
    """The stage, reusable for any number of texts.

    Args:
        rulebook: the compiled rules.
        confidence: posterior from which an edit is made; .5 is balanced, .8 careful.
    """

    def __init__(self, rulebook: Rulebook, confidence: float) -> None:
        self.rulebook = rulebook
        self.confidence = confidence
        self._scanner: Scanner | None = None
        self._scanned = 0

    def search(self, text: str) -> Matches:
        """All phrases of the rulebook in `text`; what a clean document costs."""
        if self._scanner is None or self._scanned <= _DENSE_FROM < self._scanned + len(text):
            self._scanner = self.rulebook.scanner(dense=self._scanned + len(text) > _DENSE_FROM)
        self._scanned += len(text)
        return self._scanner.search(text)

    def __call__(self, text: str, closely: bool = False) -> Finding:
        """Verdict and edits.

        Args:
            text: the text.
            closely: judge every sentence even where a glance clears the text.
        """
        matches = self.search(text)
        doubt = glance(matches.found, self.rulebook.evidence) - alarm(len(text))
        anywhere = self.rulebook.anywhere
        if not closely and doubt < 0:
            verdict = Verdict("clean", 0.1 * logistic(doubt))
            if anywhere.isdisjoint([found[0] for found in matches.found]):
                return Finding([], [], verdict, {})
            tiers = self.rulebook.tiers
            found = [hit for hit in hits(text, matches) if hit[0] in anywhere or tiers[hit[0]] == KEEP]
            return _Reading(self, text, found).anywhere(verdict)
        return _Reading(self, text, hits(text, matches), closely).judged()

    def by_rule(self, text: str, rule: str) -> list[Edit]:
        """Edits of one rule alone, wherever its condition holds, without asking whether the text is spun."""
        book = self.rulebook
        wanted = {n for n, choices in enumerate(book.choices) if any(book.rules[c.rule].id == rule for c in choices)}
        reading = _Reading(self, text, [hit for hit in hits(text, self.search(text)) if hit[0] in wanted])
        return sorted(reading._solve(reading.spans, {}, threshold=0.0))

    @cached_property
    def channel(self) -> Channel:
        from unspin.spun.channel import Channel

        book = self.rulebook
        choices = []
        for number, alternatives in enumerate(book.choices):
            boost = _CERTAIN if book.tiers[number] != "spun" else _IN_CONTEXT if number in book.conditions else 1.0
            choices.append(([(choice.plain, choice.trust) for choice in alternatives], boost))
        return Channel(choices, book.contractions, book.numbers)

    @cached_property
    def lattice(self) -> Lattice:
        from unspin.spun.language import load_language_model
        from unspin.spun.lattice import Lattice

        return Lattice(self.channel, load_language_model())


class _Reading:
    """One text under examination."""

    def __init__(self, stage: Phrases, text: str, hits: Sequence[Hit], closely: bool = False) -> None:
        from unspin.spun.text import sentences, words

        self.stage = stage
        self.text = text
        self.words: list[Word] = words(text)
        self.sentences = sentences(text)
        self.hits = hits
        self.closely = closely
        self.parted = self._parted()
        self.sentence_of = self._sentences_of_words()
        self.spans = self._spans(hits)

    def judged(self) -> Finding:
        """The text judged sentence by sentence, then repaired in the spun ones."""
        tiers = self.stage.rulebook.tiers
        stretches = list(self._stretches([s for s in self.spans if tiers[s[2]] != "suggest"]))
        outside = self._outside(stretches)
        spinner = self._spinner(stretches, outside)
        solutions = self._settle(stretches, spinner)
        evidence = [0.0] * len(self.sentences)
        sizes = [0] * len(self.sentences)
        for sentence in self.sentence_of:
            sizes[sentence] += 1
        for word, trust in outside:
            evidence[self.sentence_of[word]] += spinner.left_standing(trust)
        seen: dict[int, int] = {}
        for stretch, solution in zip(stretches, solutions, strict=True):
            evidence[self.sentence_of[stretch.first]] += min(solution.evidence, self._weight(solution, seen))
        verdict = judge(self.sentences, sizes, evidence)
        verdict = verdict._replace(phrases=self._loudest())
        if verdict.label == "clean":
            return self.anywhere(verdict)
        spun = [p >= _SENTENCE_SPUN for _, _, p in verdict.sentences]
        edits: list[Edit] = []
        alternatives: dict[tuple[int, int], list[Alternative]] = {}
        for stretch, solution in zip(stretches, solutions, strict=True):
            if spun[self.sentence_of[stretch.first]]:
                edits += self._choose(stretch, solution.posteriors, alternatives)
        elsewhere = [s for s in self.spans if tiers[s[2]] == "certain" and not spun[self.sentence_of[s[0]]]]
        edits += self._solve(elsewhere, alternatives)
        edits.sort()
        return Finding(_disjoint(edits), self._suggestions(edits, alternatives), verdict, alternatives)

    def _weight(self, solution: Solution, seen: dict[int, int]) -> float:
        """What the phrases of a stretch may say at most, by their weights: the language model knows words in
        pairs, and takes many an idiom ("men and women") for a rare thing. A phrase that a document repeats is
        a habit of its author's as likely as a spinner's: each repetition says less.
        """
        weights = self.stage.rulebook.evidence
        total = 0.0
        for phrase, mass in _masses(solution).items():
            seen[phrase] = seen.get(phrase, 0) + 1
            total += mass * max(0.0, weights[phrase]) / seen[phrase]
        return total

    def _outside(self, stretches: Sequence[_Stretch]) -> list[tuple[int, float]]:
        """(word, trust) for every single-word original that stands outside the stretches."""
        replaced = self.stage.channel.replaced
        found = []
        position = 0
        for first, end in [(s.first, s.first + s.size) for s in stretches] + [(len(self.words), 0)]:
            for i in range(position, first):
                trust = replaced.get(self.words[i].lower)
                if trust:
                    found.append((i, trust))
            position = end
        return found

    def _spinner(self, stretches: Sequence[_Stretch], outside: Sequence[tuple[int, float]]) -> Spinner:
        """The kind of spinner at work: fixed or varying by the likelihood of a sample; how much of what was only
        guessed it knows, by how often it seems to have used it where it could."""
        from unspin.spun.lattice import FIXED, VARYING

        lattice = self.stage.lattice
        step = max(1, len(stretches) // _SAMPLE)
        sample = stretches[::step]

        def likelihood(spinner: Spinner) -> float:
            standing = sum(spinner.left_standing(trust) for _, trust in outside)
            return sum(lattice.solve(stretch.graph, spinner).evidence for stretch in sample) + standing / step

        standing = sum(trust >= SURE for _, trust in outside)
        spinner = max((FIXED, VARYING), key=likelihood) if standing > _STANDING * len(stretches) else FIXED
        used, kept = self._usage(stretches, spinner)
        kept += sum(GUESSED <= trust < SURE for _, trust in outside)
        share = (used + _USAGE_PRIOR * _USAGE_COUNT) / (used + kept + _USAGE_COUNT)
        return spinner._replace(guessed=max(0.02, min(1.0, (share / _USAGE_FULL) ** 2)))

    def anywhere(self, verdict: Verdict) -> Finding:
        """A text that is not spun: only what is never good English is repaired."""
        tiers = self.stage.rulebook.tiers
        alternatives: dict[tuple[int, int], list[Alternative]] = {}
        edits = self._solve([s for s in self.spans if tiers[s[2]] == "certain"], alternatives)
        edits.sort()
        return Finding(_disjoint(edits), self._suggestions(edits, alternatives), verdict, alternatives)

    def _sentences_of_words(self) -> list[int]:
        of = []
        number, last = 0, len(self.sentences) - 1
        for word in self.words:
            while number < last and word.start >= self.sentences[number][1]:
                number += 1
            of.append(number)
        return of

    def _spans(self, hits: Sequence[Hit]) -> list[Span]:
        """The hits that may be candidates, in words: whole words, not glued to others, of a case that fits."""
        starts = {word.start: i for i, word in enumerate(self.words)}
        ends = {word.end: i + 1 for i, word in enumerate(self.words)}
        for i, word in enumerate(self.words):
            if word.lower.endswith("'s") and self.text[word.end - 2] == "’":
                ends[word.end - 2] = i + 1  # the noun of a possessive; a spinner takes the curly one for a boundary
        text, phrases, conditions = self.text, self.stage.rulebook.phrases, self.stage.rulebook.conditions
        rules, choices, tiers = self.stage.rulebook.rules, self.stage.rulebook.choices, self.stage.rulebook.tiers
        spans: list[Span] = []
        kept: list[tuple[int, int]] = []
        for phrase, a, b in hits:
            first, last = starts.get(a), ends.get(b)
            if first is None or last is None:
                continue
            if tiers[phrase] == KEEP:
                kept.append((first, last))
                continue
            if (a and text[a - 1] in _GLUE_BEFORE) or (b < len(text) and self._glued_behind(b)):
                continue
            raw = text[a:b]
            if raw != phrases[phrase] and not self._fits(raw, phrases[phrase], first):
                continue
            condition = conditions.get(phrase)
            if condition is not None:
                from unspin.rulebook.conditions import holds

                place = rules[choices[phrase][0].rule].place
                if not holds(condition, text, a, b, self.sentences[self.sentence_of[first]], place):
                    continue
            spans.append((first, last, phrase))
        if kept:
            spans = [s for s in spans if not any(a <= s[0] and s[1] <= b for a, b in kept)]
        spans.sort()
        return spans

    def _glued_behind(self, b: int) -> bool:
        text = self.text
        if text[b] == "’":
            return not (text[b + 1 : b + 2] in ("s", "S") and not text[b + 2 : b + 3].isalnum())
        if text[b] in _GLUE_AFTER:
            return True
        return text[b] in ".:" and text[b + 1 : b + 2].isalnum()

    def _fits(self, raw: str, phrase: str, first: int) -> bool:
        """Whether a phrase that is not written exactly as the rule has it is one that a spinner may have written."""
        from unspin.rulebook.loader import normalize

        if normalize(raw) != phrase:
            return False
        if raw.isupper() and sum(map(str.isalpha, raw)) > 1:
            a, b = self.sentences[self.sentence_of[first]]
            return self.text[a:b].isupper()  # a line in capitals may be spun, a word in capitals is a name or a code
        return all(
            w.islower() or (w[:1].isupper() and not any(c.isupper() for c in w[1:2]))
            for w in raw.split()
            if w.isalpha()
        )

    def _stretches(self, spans: Sequence[Span]) -> Iterator[_Stretch]:
        i = 0
        while i < len(spans):
            first, end, _ = spans[i]
            j = i + 1
            while j < len(spans) and (spans[j][0] < end or (spans[j][0] == end and not self.parted[end])):
                end = max(end, spans[j][1])
                j += 1
            yield self._stretch(first, end, spans[i:j])
            i = j

    def _stretch(self, first: int, end: int, spans: Sequence[Span]) -> _Stretch:
        words = self.words
        before: list[str] = []
        at = first
        while at > 0 and len(before) < 3 and not self.parted[at]:
            at -= 1
            before.insert(0, words[at].lower)
        behind = end + 1 if not self.parted[end] else end
        lattice = self.stage.lattice
        graph = lattice.graph(
            lattice.start(before),
            [word.lower for word in words[first:behind]],
            [(a - first, b - first, phrase) for a, b, phrase in spans],
        )
        return _Stretch(first, behind - first, graph)

    def _parted(self) -> list[bool]:
        """For each word, and for the end, whether the language model starts afresh there."""
        from unspin.spun.text import breaks

        text = self.text
        parted = []
        end = -1
        for word in self.words:
            gap = text[end : word.start] if end >= 0 else "\n"
            parted.append(gap != " " and breaks(gap))
            end = word.end
        parted.append(True)
        return parted

    def _settle(self, stretches: Sequence[_Stretch], spinner: Spinner) -> list[Solution]:
        """The stretches solved twice: the second time with what the others show of the spinner's habits.

        A substitution made elsewhere in the document is likelier here; an original left standing elsewhere was
        not replaced here. A stretch is never evidence for itself.
        """
        lattice, channel = self.stage.lattice, self.stage.channel
        first = [lattice.solve(stretch.graph, spinner) for stretch in stretches]
        made: dict[tuple[int, int], float] = {}
        replaced: dict[str, float] = {}
        changed = [0.0] * len(self.words)
        for stretch, solution in zip(stretches, first, strict=True):
            for (a, b, phrase, number), posterior in solution.posteriors.items():
                made[phrase, number] = made.get((phrase, number), 0.0) + posterior
                spoken = channel.arcs[phrase][number].spoken
                replaced[spoken] = replaced.get(spoken, 0.0) + posterior
                for i in range(stretch.first + a, stretch.first + b):
                    changed[i] += posterior
        standing: dict[str, float] = {}
        for word, share in zip(self.words, changed, strict=True):
            if word.lower in channel.replaced:
                standing[word.lower] = standing.get(word.lower, 0.0) + max(0.0, 1.0 - share)
        # Only originals that the document holds more than once tell of a habit.
        often = {o for o, mass in replaced.items() if mass + standing.get(o, 0.0) > _OFTEN}
        settled = []
        for stretch, solution in zip(stretches, first, strict=True):
            if any(channel.arcs[phrase][number].spoken in often for _, _, phrase, number in solution.posteriors):
                habits = self._habits(solution, spinner, made, replaced, standing)
                settled.append(lattice.solve(stretch.graph, spinner, habits) if habits else solution)
            else:
                settled.append(solution)
        return settled

    def _habits(
        self,
        solution: Solution,
        spinner: Spinner,
        made: dict[tuple[int, int], float],
        replaced: dict[str, float],
        standing: dict[str, float],
    ) -> Habits:
        """What the other stretches say about the substitutions of one."""
        channel = self.stage.channel
        own: dict[tuple[int, int], float] = {}
        own_replaced: dict[str, float] = {}
        for (_, _, phrase, number), posterior in solution.posteriors.items():
            own[phrase, number] = own.get((phrase, number), 0.0) + posterior
            spoken = channel.arcs[phrase][number].spoken
            own_replaced[spoken] = own_replaced.get(spoken, 0.0) + posterior
        habits: Habits = {}
        for (phrase, number), mine in own.items():
            arc = channel.arcs[phrase][number]
            others = replaced[arc.spoken] - own_replaced[arc.spoken] + standing.get(arc.spoken, 0.0)
            if others < _FEW:
                continue
            prior = min(1.0, arc.weight if arc.sure else arc.weight * spinner.guessed)
            share = (made[phrase, number] - mine + _HABIT * prior) / (others + _HABIT)
            if not _USUAL < share / prior < 1 / _USUAL:
                habits[phrase, number] = share / prior
        return habits

    def _usage(self, stretches: Sequence[_Stretch], spinner: Spinner) -> tuple[float, float]:
        """Expected number of guessed originals that the stretches show replaced, and left standing."""
        replaced, choices = self.stage.channel.replaced, self.stage.rulebook.choices
        used = kept = 0.0
        for stretch in stretches:
            changed = [0.0] * stretch.size
            for (a, b, phrase, number), posterior in self.stage.lattice.solve(
                stretch.graph, spinner
            ).posteriors.items():
                if GUESSED <= choices[phrase][number].trust < SURE:
                    used += posterior
                for i in range(a, b):
                    changed[i] += posterior
            for i, word in enumerate(self.words[stretch.first : stretch.first + stretch.size]):
                if GUESSED <= replaced.get(word.lower, 0.0) < SURE:
                    kept += 1.0 - changed[i]
        return used, kept

    def _choose(
        self,
        stretch: _Stretch,
        posteriors: dict[Reading, float],
        alternatives: dict[tuple[int, int], list[Alternative]],
        threshold: float | None = None,
    ) -> list[Edit]:
        """The non-overlapping edits with the greatest sum of (posterior - threshold)."""
        book = self.stage.rulebook
        if threshold is None:
            threshold = self.stage.confidence
        best: list[tuple[float, tuple[Reading, float] | None]] = [(0.0, None)]
        ending: dict[int, list[tuple[Reading, float]]] = {}
        for at, posterior in posteriors.items():
            if posterior >= threshold:
                ending.setdefault(at[1], []).append((at, posterior))
        for position in range(1, stretch.size + 1):
            value, chosen = best[-1][0], None
            for at, posterior in ending.get(position, ()):
                gain = best[at[0]][0] + posterior - threshold
                if gain > value:
                    value, chosen = gain, (at, posterior)
            best.append((value, chosen))
        edits: list[Edit] = []
        position = stretch.size
        while position > 0:
            picked = best[position][1]
            if picked is None:
                position -= 1
                continue
            (a, b, phrase, number), posterior = picked
            edit = self._edit(stretch.first + a, stretch.first + b, phrase, number, posterior)
            if edit is not None:
                edits.append(edit)
            position = a
        for (a, b, phrase, number), posterior in posteriors.items() if self.closely else ():
            if posterior > 0.01:
                choice = book.choices[phrase][number]
                place = (self.words[stretch.first + a].start, self.words[stretch.first + b - 1].end)
                alternatives.setdefault(place, []).append(
                    Alternative(choice.plain, posterior, book.rules[choice.rule].id)
                )
        return edits

    def _edit(self, first: int, last: int, phrase: int, number: int, posterior: float) -> Edit | None:
        from unspin.spun.surface import fit

        book = self.stage.rulebook
        choice = book.choices[phrase][number]
        start, end = self.words[first].start, self.words[last - 1].end
        if self.words[last - 1].lower.endswith("'s") and not book.phrases[phrase].endswith("'s"):
            end -= 2  # the noun of a possessive
        done = fit(self.text, start, end, choice.plain, book.articles)
        before = self.text[done.start : done.end]
        if before == done.after:
            return None
        return Edit(
            done.start, done.end, before, done.after, STAGE, book.rules[choice.rule].id, round(min(posterior, 1.0), 4)
        )

    def _solve(
        self,
        spans: Sequence[Span],
        alternatives: dict[tuple[int, int], list[Alternative]],
        threshold: float | None = None,
    ) -> list[Edit]:
        """Edits for candidates that need no evidence around them."""
        from unspin.spun.lattice import FIXED

        edits: list[Edit] = []
        for stretch in self._stretches(spans):
            solution = self.stage.lattice.solve(stretch.graph, FIXED)
            edits += self._choose(stretch, solution.posteriors, alternatives, threshold)
        return edits

    def _suggestions(self, edits: Sequence[Edit], alternatives: dict[tuple[int, int], list[Alternative]]) -> list[Edit]:
        tiers = self.stage.rulebook.tiers
        found = self._solve([s for s in self.spans if tiers[s[2]] == "suggest"], alternatives)
        return [s for s in sorted(found) if not any(e.start < s.end and s.start < e.end for e in edits)]

    def _loudest(self) -> tuple[tuple[str, float], ...]:
        book = self.stage.rulebook
        weights: dict[str, float] = {}
        for phrase, _, _ in self.hits:
            if book.evidence[phrase] > 0:
                name = book.phrases[phrase]
                weights[name] = weights.get(name, 0.0) + book.evidence[phrase]
        loudest = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:_LOUDEST]
        return tuple((phrase, round(weight, 2)) for phrase, weight in loudest)


def _masses(solution: Solution) -> dict[int, float]:
    """Phrase -> probability that it was written by the spinner, summed over where it stands in the stretch."""
    masses: dict[int, float] = {}
    for (_, _, phrase, _), posterior in solution.posteriors.items():
        masses[phrase] = masses.get(phrase, 0.0) + posterior
    return masses


def _disjoint(edits: Sequence[Edit]) -> list[Edit]:
    """`edits` without those that overlap an earlier one: an article drawn into an edit may touch its neighbour."""
    kept: list[Edit] = []
    for edit in edits:
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
        elif edit.confidence > kept[-1].confidence:
            kept[-1] = edit
    return kept
