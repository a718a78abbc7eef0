"""Tools for those who keep the dictionary: list, show, lint and test its rules. Each yields lines to print."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from unspin.rulebook.derivation import derived
from unspin.rulebook.families import SPINNERS, TODO
from unspin.rulebook.folders import LEARNED, STAGE_PACKS, rule_files
from unspin.rulebook.loader import read
from unspin.rulebook.phrase import normalize
from unspin.rulebook.schema import Rule
from unspin.rulebook.sources import Sources, expand

_FIXES, _KEEPS = 2, 1


def _line(rule: Rule) -> str:
    kind = f"{rule.kind}: " if rule.kind else ""
    return f"{rule.id}\t{rule.tier}\t{kind}{' | '.join(rule.spun)}\t{' | '.join(rule.plain)}"


def listing(folders: Sequence[Path], prefix: str) -> Iterator[str]:
    """A line for each rule whose id begins with `prefix`: id, tier, spun, plain."""
    for rule in read(folders).rules:
        if rule.id.startswith(prefix):
            yield _line(rule)


def showing(folders: Sequence[Path], wanted: str) -> Iterator[str]:
    """What the rules with the id `wanted`, or for the phrase `wanted`, stand for, form by form."""
    sources = read(folders)
    phrase = normalize(wanted)
    for rule in sources.rules:
        forms = expand(rule, sources.irregular)
        if rule.id != wanted and phrase not in [surface for surface, _ in forms]:
            continue
        yield f"{rule.id}  ({rule.path}:{rule.line})"
        yield f"  tier {rule.tier}, source {rule.source} (trust {sources.trust[rule.source]:g})"
        if rule.note:
            yield f"  {rule.note}"
        if rule.when is not None:
            asked = {key: value for key, value in rule.when._asdict().items() if value}
            yield "  when " + "; ".join(
                f"{key} {', '.join(value) if isinstance(value, tuple) else value}" for key, value in asked.items()
            )
        for surface, plain in forms:
            kept = f"  (kept: {sources.keep[surface]})" if surface in sources.keep else ""
            yield f"    {surface} → {' | '.join(plain)}{kept}"


def linting(folders: Sequence[Path], fix: bool) -> Iterator[str]:
    """`path:line: what is wrong` for everything that the loader accepts and a curator should not.

    Args:
        folders: rule folders.
        fix: put the rows of the TSV files in order first.
    """
    for folder, path in rule_files(folders):
        by_hand = path.relative_to(folder).parts[0] != LEARNED  # what tools write is in the order of the tools
        if path.suffix == ".tsv" and path.parent not in folders and by_hand:
            yield from _order(path, fix)
    sources = read(folders)
    yield from _unwritten(sources, folders)
    yield from _repeated(sources.rules)
    yield from _contextual(sources.rules)
    for rule, _, wrong in conflicts(sources):
        yield f"{rule.path}:{rule.line}: {wrong}"
    for rule, others in derived(sources):
        places = ", ".join(f"{other.path}:{other.line}" for other in others)
        yield f"{rule.path}:{rule.line}: {rule.spun[0]!r} follows from {places}; move it with tools/derive.py"


def _unwritten(sources: Sources, folders: Sequence[Path]) -> Iterator[str]:
    """Families that nobody has described yet."""
    for family in sources.families.values():
        texts = {"title": [family.title], "about": [family.about], "writes": family.writes or [TODO]}
        gaps = [name for name, said in texts.items() if any(text.strip() in ("", TODO) for text in said)]
        paths = [folder / SPINNERS / family.name / "family.toml" for folder in folders]
        for path in (path for path in paths if gaps and path.exists()):
            yield f"{path}:1: {', '.join(gaps)} still to be written"


def row_order(row: str) -> tuple[str, str, str]:
    """What the rows of a rule file are sorted by: the phrase without its kind, the kind, the last column."""
    spun, _, rest = row.partition("\t")
    return (spun.rpartition(": ")[2], spun, rest.rpartition("\t")[2])


def _order(path: Path, fix: bool) -> Iterator[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    head = [line for line in lines if line.startswith("#")]
    rows = [line for line in lines if line.strip() and not line.startswith("#")]
    clean = sorted(("\t".join(cell.strip() for cell in row.split("\t")) for row in rows), key=row_order)
    if [*head, *clean] == lines:
        return
    if fix:
        path.write_text("\n".join([*head, *clean]) + "\n", encoding="utf-8")
        return
    number = next(
        (n for n, (is_, should) in enumerate(zip(lines, [*head, *clean], strict=False), 1) if is_ != should), len(lines)
    )
    yield f"{path}:{number}: not in order; run unspin rules lint --fix"


def _repeated(rules: Iterable[Rule]) -> Iterator[str]:
    pairs: dict[tuple[str, str, str, str, str], Rule] = {}
    for rule in rules:
        if rule.when is not None:
            continue
        for spun in rule.spun:
            for plain in rule.plain:
                if normalize(plain) == spun:
                    yield f"{rule.path}:{rule.line}: {spun!r} stands for itself; remove that alternative"
                family = "" if rule.tier == "certain" else rule.group  # rows of two families do not meet
                key = (_stage_pack(rule), family, rule.kind, spun, plain)
                first = pairs.setdefault(key, rule)
                if first is not rule or rule.plain.count(plain) > 1:
                    yield (
                        f"{rule.path}:{rule.line}: {spun!r} → {plain!r} is already at {first.path}:{first.line}; "
                        "keep one of them"
                    )


def _stage_pack(rule: Rule) -> str:
    """The pack of a stage of its own that a rule belongs to, or "": rules of several stages do not meet."""
    pack = rule.id.partition("/")[0]
    return pack if pack in STAGE_PACKS else ""


def _contextual(rules: Iterable[Rule]) -> Iterator[str]:
    seen: dict[str, Rule] = {}
    for rule in rules:
        if rule.when is None or rule.path.endswith(".tsv"):
            continue  # a row with a guard is no contextual rule
        first = seen.setdefault(rule.id, rule)
        if first is not rule and (first.path, first.line) == (rule.path, rule.line):
            continue  # another row of the same table
        if first is not rule:
            yield f"{rule.path}:{rule.line}: the id {rule.id} is already at {first.path}:{first.line}; choose another"
        kinds = [example.kind for example in rule.examples]
        if kinds.count("fixes") < _FIXES or kinds.count("keeps") < _KEEPS:
            yield (
                f"{rule.path}:{rule.line}: {rule.id} needs at least {_FIXES} examples of what it fixes and "
                f"{_KEEPS} of what it keeps"
            )


def conflicts(sources: Sources) -> Iterator[tuple[Rule, Rule, str]]:
    """What `certain` rules must not do: undo each other, leave work for a second run, touch what is to be kept.

    Yields:
        (the rule to blame, the other rule, what is wrong); for what is to be kept, the rule twice.
    """
    certain: dict[str, Rule] = {}
    outcome: list[tuple[str, str, Rule]] = []
    for rule in sources.rules:
        if rule.tier == "certain" and not rule.path.endswith(".toml") and not _stage_pack(rule):
            for surface, choices in expand(rule, sources.irregular):
                certain.setdefault(surface, rule)
                outcome += [(surface, normalize(choice), rule) for choice in choices]
    for surface, plain, rule in outcome:
        for phrase in _phrases(plain):
            other = certain.get(phrase)
            if other is not None:
                circle = any(s == phrase and p == surface for s, p, _ in outcome)
                wrong = "turns back into it: a cycle with" if circle else "is itself repaired by"
                yield rule, other, f"{surface!r} becomes {plain!r}, which {wrong} {other.path}:{other.line}"
    for phrase, reason in sources.keep.items():
        for part in _phrases(phrase):
            other = certain.get(part)
            if other is not None and part != phrase:
                yield other, other, f"changes {phrase!r}, which keep.tsv keeps ({reason})"


def _phrases(text: str) -> Iterator[str]:
    words = text.split(" ")
    for a in range(len(words)):
        for b in range(a + 1, len(words) + 1):
            yield " ".join(words[a:b])


def testing(folders: Sequence[Path], apply_rule: Callable[[str, str], str]) -> Iterator[str]:
    """`path:line: what went wrong` for every example that does not come out as it says.

    Args:
        folders: rule folders.
        apply_rule: (text, rule id) -> the text with that rule alone applied, where its condition holds.
    """
    for rule in read(folders).rules:
        for example in rule.examples:
            got = apply_rule(example.text, rule.id)
            right = got == example.gives
            if example.kind == "fails" and right:
                yield f"{rule.path}:{rule.line}: {rule.id}: a known failure works now; move {example.text!r} to fixes"
            elif example.kind != "fails" and not right:
                yield f"{rule.path}:{rule.line}: {rule.id}: {example.text!r} became {got!r}, not {example.gives!r}"
