"""Weighing every rule: what it does to clean text, what to spun text whose source is known, and what that advises.

`Audit` is fed texts one by one and keeps only counts; `lines` is the table. A rule is one line of the table, by its
id; rows of a file that share their phrase share their id, and are counted as one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from unspin.edits import Edit
from unspin.english.surface import fit
from unspin.evaluation.gold import Gold, Outcome, Place
from unspin.repairer import Repairer
from unspin.rulebook.loader import read
from unspin.rulebook.phrase import normalize
from unspin.rulebook.scanner import Hit
from unspin.rulebook.sources import entries

CLEAN_HITS = 1
"""Hits in clean text from which a `certain` or `suggest` rule is one for `spun`: those tiers promise that no careful
writer ever writes the phrase, so one counterexample is enough."""

COMMON = 3
"""Right edits from which a `spun` rule may be one for `certain`: fewer may be one document's accident."""

MISSED = 10.0
"""Hits that clean text would have at the rate of the spun text, for its having none to mean anything: of something
that common, none at all is then no accident (e**-10)."""

SURE_PRECISION = 0.9
"""Precision from which a `spun` rule may be one for `certain`, where no evidence around it holds it back."""

POOR_PRECISION = 0.5
"""Precision below which a rule harms more than it mends: each edit is likelier wrong than right."""

JUDGED = 5
"""Edits judged by gold from which a poor precision is believed: two wrong ones happen to any rule."""

MOST_LINES = 6_000
"""Lines that a person may still review; of a longer table the rules with one hit and no advice are left out."""

RIVALS = 3
"""Rules named that hold the same phrase; of more, only how many."""

TO_SPUN, TO_CERTAIN, TO_SUGGEST = "spun", "certain?", "suggest or drop"
"""The advice: the tier that would be better. That for `certain` is a question, to be put to more clean text."""

NEVER, HITS, EDITS = "never", "hits", "edits"

COLUMNS = (
    "rule",
    "tier",
    "fires",
    "clean_hits",
    "clean_per_million",
    "clean_edits",
    "spun_hits",
    "spun_per_million",
    "spun_unchanged",
    "spun_edits",
    "right",
    "wrong",
    "precision",
    "wanted",
    "came_right",
    "recall",
    "rivals",
    "loses_to",
    "losses",
    "advice",
)


@dataclass
class Side:
    """Counts of all clean, or of all spun text."""

    documents: int = 0
    judged: int = 0
    """Documents with gold."""
    words: int = 0

    def count(self, text: str) -> None:
        """Count one more text."""
        self.documents += 1
        self.words += len(text.split())

    def per_million(self, count: int) -> str:
        """A count as a rate per million words."""
        return _ratio(1_000_000 * count, self.words, 1)


@dataclass
class Tally:
    """Counts of one rule, of one file of rules, or of all.

    Attributes:
        clean_hits, spun_hits: places where a phrase of the rule stands as a candidate.
        unchanged: those in spun text whose words the spinner had left alone.
        clean_edits, spun_edits: edits that the rule made.
        right, wrong: those of its edits that restored the source, and the others, where there is gold.
        touched: those that fell on a place of gold at all.
        wanted: places of gold that the rule has the answer for.
        came_right: those of them that were restored, by whichever rule.
        losses: other rule -> places wanted that its edit took, and got wrong.
    """

    clean_hits: int = 0
    clean_edits: int = 0
    spun_hits: int = 0
    unchanged: int = 0
    spun_edits: int = 0
    right: int = 0
    wrong: int = 0
    touched: int = 0
    wanted: int = 0
    came_right: int = 0
    losses: Counter[str] = field(default_factory=Counter)

    @property
    def hits(self) -> int:
        """Hits in all text."""
        return self.clean_hits + self.spun_hits

    @property
    def fires(self) -> str:
        """Whether the rule does anything: `NEVER`, `HITS` or `EDITS`."""
        return EDITS if self.clean_edits + self.spun_edits else HITS if self.hits else NEVER

    @property
    def counted(self) -> bool:
        """Whether anything was counted: a rule may be wanted in vain, where its condition or a phrase to be kept
        stands in its way."""
        return self.fires != NEVER or self.wanted > 0

    def quality(self) -> str:
        """Edits in clean text; recall, precision and touched in spun text, with what they are of."""
        made = self.right + self.wrong
        return (
            f"{self.clean_edits} edits in clean text; "
            f"recall {_ratio(self.came_right, self.wanted)} ({self.came_right}/{self.wanted}), "
            f"precision {_ratio(self.right, made)} ({self.right}/{made}), touched {_ratio(self.touched, made)}"
        )


class Audit:
    """Counts what every rule of a repairer does.

    Args:
        repairer: whose rules, at whose confidence.

    Raises:
        RuleError: a rule file cannot be used.
    """

    def __init__(self, repairer: Repairer) -> None:
        self.repairer = repairer
        book = repairer.rulebook
        sources = read(book.folders, book.choose)
        self.rows = len(sources.rules)
        self.tiers = {rule.id: rule.tier for rule in sources.rules}
        self.tallies: defaultdict[str, Tally] = defaultdict(Tally)
        self.files: defaultdict[str, Tally] = defaultdict(Tally)
        self.whole = Tally()
        self.clean_side, self.spun_side = Side(), Side()
        self._held: defaultdict[str, dict[str, set[str]]] = defaultdict(dict)  # phrase -> rule -> alternatives
        free: defaultdict[tuple[str, str], dict[str, list[str]]] = defaultdict(dict)  # the same of those without "when"
        bound: dict[tuple[str, int], dict[str, list[str]]] = {}
        for phrase, plain, number in entries(sources):
            rule = sources.rules[number]
            self._held[phrase].setdefault(rule.id, set()).update(map(normalize, plain))
            if rule.when is None:
                free[phrase, rule.tier].setdefault(rule.id, []).extend(plain)
            else:
                bound[phrase, number] = {rule.id: list(plain)}
        # Which rules stand behind each phrase of the book: more than its choices name, as a choice that two rules
        # share is credited to one of them.
        self._behind: list[dict[str, list[str]]] = []
        for number, (phrase, tier, choices) in enumerate(
            zip(book.phrases, book.tiers, book.choices.values(), strict=True)
        ):
            if number in book.conditions:
                self._behind.append(bound[phrase, choices[0].rule])
            else:
                known = {choice.plain for choice in choices}
                behind = free[phrase, tier].items()
                self._behind.append({rule: plain for rule, plain in behind if not known.isdisjoint(plain)})
        self._short = {rule for phrase, rules in self._held.items() if " " not in phrase for rule in rules}

    def clean(self, text: str) -> None:
        """Count one text as written by people."""
        self.clean_side.count(text)
        for rule in self._rules(self.repairer.candidates(text)):
            self.tallies[rule].clean_hits += 1
        for edit in self.repairer.repair(text).edits:
            for tally in self._tallies(edit.rule):
                tally.clean_edits += 1

    def spun(self, text: str, places: Sequence[Place] | None) -> None:
        """Count one text as spun.

        Args:
            text: the text.
            places: where a spinner changed it, sorted and apart; None where that is not known.
        """
        self.spun_side.count(text)
        hits, edits = self.repairer.candidates(text), self.repairer.repair(text).edits
        for rule in self._rules(hits):
            self.tallies[rule].spun_hits += 1
        for edit in edits:
            for tally in self._tallies(edit.rule):
                tally.spun_edits += 1
        if places is None:
            return
        self.spun_side.judged += 1
        gold = Gold(text, places)
        for rule in self._rules(hit for hit in hits if not gold.under(*hit[1:])):
            self.tallies[rule].unchanged += 1
        outcome = gold.compare(edits)
        for number, edit in enumerate(edits):
            for tally in self._tallies(edit.rule):
                tally.right += number in outcome.restored
                tally.wrong += number not in outcome.restored
                tally.touched += number in outcome.touched
        self._count_wanted(gold, self._wanted(gold, hits), outcome, edits)

    def _tallies(self, rule: str) -> tuple[Tally, Tally, Tally]:
        return self.tallies[rule], self.files[_file(rule)], self.whole

    def _rules(self, hits: Iterable[Hit]) -> Iterator[str]:
        """The rule of each place, once a place."""
        for rule, *_ in {(rule, start, end) for number, start, end in hits for rule in self._behind[number]}:
            yield rule

    def _wanted(self, gold: Gold, hits: Iterable[Hit]) -> dict[str, set[int]]:
        """Rule -> the places of gold that it has the answer for: in these very words, even where its condition is
        not met; or in more or fewer words, where its edit alone would bring them right."""
        wanted: defaultdict[str, set[int]] = defaultdict(set)
        for number, place in enumerate(gold.places):
            answers = {normalize(right) for right in place.right}
            for rule, known in self._held.get(normalize(gold.text[place.start : place.end]), {}).items():
                if not answers.isdisjoint(known):
                    wanted[rule].add(number)
        articles = self.repairer.rulebook.articles
        for phrase, start, end in hits:
            if gold.under(start, end):
                for rule, plain in self._behind[phrase].items():
                    for choice in plain:
                        wanted[rule].update(gold.restored_by(*fit(gold.text, start, end, choice, articles)))
        required = {number for number, place in enumerate(gold.places) if not place.optional}
        return {rule: numbers & required for rule, numbers in wanted.items()}

    def _count_wanted(self, gold: Gold, wanted: dict[str, set[int]], outcome: Outcome, edits: Sequence[Edit]) -> None:
        of_files: defaultdict[str, set[int]] = defaultdict(set)
        of_all = {number for number, place in enumerate(gold.places) if not place.optional}
        takers: defaultdict[int, set[str]] = defaultdict(set)
        for edit in edits:
            for number in gold.under(edit.start, edit.end):
                takers[number].add(edit.rule)
        for rule, numbers in wanted.items():
            of_files[_file(rule)] |= numbers
            self.tallies[rule].losses.update(
                other for number in numbers - outcome.right for other in takers[number] if other != rule
            )
        asked = [(self.tallies[rule], numbers) for rule, numbers in wanted.items()]
        asked += [(self.files[name], numbers) for name, numbers in of_files.items()]
        for tally, numbers in (*asked, (self.whole, of_all)):
            tally.wanted += len(numbers)
            tally.came_right += len(numbers & outcome.right)

    def advice(self, rule: str) -> str:
        """The tier that would be better for a rule; "" where nothing speaks against its own."""
        tally = self.tallies[rule]
        if self.tiers[rule] != "spun":
            return TO_SPUN if tally.clean_hits >= CLEAN_HITS else ""
        made = tally.right + tally.wrong
        if made >= JUDGED and tally.right < POOR_PRECISION * made:
            return TO_SUGGEST
        if (
            tally.right >= COMMON
            and tally.right >= SURE_PRECISION * made
            and not tally.clean_hits
            and not tally.unchanged
            and tally.spun_hits * self.clean_side.words >= MISSED * self.spun_side.words
            and rule not in self._short
        ):
            return TO_CERTAIN
        return ""

    def lines(self) -> Iterator[str]:
        """The table: a summary in lines that begin with "#", the names of the columns, a line a rule."""
        advice = {rule: self.advice(rule) for rule in self.tiers}
        counted = [rule for rule in sorted(self.tiers) if self.tallies[rule].counted or advice[rule]]
        listed = counted
        if len(counted) > MOST_LINES:
            listed = [rule for rule in counted if self.tallies[rule].hits != 1 or advice[rule]]
        yield from self._summary(Counter(advice.values()))
        left_out = len(counted) - len(listed)
        yield f"# listed: {len(listed)} rules" + (f"; left out: {left_out} with one hit, no advice" if left_out else "")
        yield "\t".join(COLUMNS)
        rivals = self._rivals()
        for rule in listed:
            yield "\t".join(map(str, self._cells(rule, rivals[rule], advice[rule])))

    def _summary(self, advised: Counter[str]) -> Iterator[str]:
        clean, spun = self.clean_side, self.spun_side
        fires = Counter(self.tallies[rule].fires for rule in self.tiers)
        yield "# What each rule does; written by unspin rules audit"
        yield f"# clean text: {clean.words} words, {clean.documents} documents; " + (
            f"{_ratio(100_000 * self.whole.clean_edits, clean.words, 2)} edits per 100,000 words"
        )
        yield f"# spun text: {spun.words} words, {spun.documents} documents, {spun.judged} of them with gold"
        yield f"# rules: {len(self.tiers)} in {self.rows} rows; {fires[NEVER]} never fire, {fires[HITS]} only hit"
        yield "# advice: " + ", ".join(f"{advised[to]} to {to}" for to in (TO_SPUN, TO_CERTAIN, TO_SUGGEST))
        yield f"# all: {self.whole.quality()}"
        for name, tally in sorted(self.files.items()):
            yield f"# {name}: {tally.quality()}"

    def _rivals(self) -> defaultdict[str, set[str]]:
        """Rule -> the other rules that hold one of its phrases for something else."""
        rivals: defaultdict[str, set[str]] = defaultdict(set)
        for rules in self._held.values():
            for rule, plain in rules.items():
                rivals[rule].update(other for other, its in rules.items() if its != plain)
        return rivals

    def _cells(self, rule: str, rivals: Iterable[str], advice: str) -> Iterator[object]:
        tally, clean, spun = self.tallies[rule], self.clean_side, self.spun_side
        yield from (rule, self.tiers[rule], tally.fires)
        yield from (tally.clean_hits, clean.per_million(tally.clean_hits), tally.clean_edits)
        yield from (tally.spun_hits, spun.per_million(tally.spun_hits), tally.unchanged, tally.spun_edits)
        yield from (tally.right, tally.wrong, _ratio(tally.right, tally.right + tally.wrong))
        yield from (tally.wanted, tally.came_right, _ratio(tally.came_right, tally.wanted))
        named = sorted(rivals)
        yield " ".join(named[:RIVALS] + ([f"+{len(named) - RIVALS}"] if len(named) > RIVALS else []))
        yield from min(tally.losses.items(), key=lambda loss: (-loss[1], loss[0]), default=("", 0))
        yield advice


def _file(rule: str) -> str:
    return rule.partition(":")[0]


def _ratio(part: float, whole: float, digits: int = 3) -> str:
    """A quotient with a fixed number of digits; "-" of nothing."""
    return f"{part / whole:.{digits}f}" if whole else "-"
