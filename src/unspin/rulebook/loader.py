"""Reading `rules/`: pairs from TSV, contextual rules from TOML, and the small tables beside them."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from unspin.english.inflection import Irregular, inflect
from unspin.errors import RuleError
from unspin.rulebook.families import SPINNERS, Calibration, Family, parse_family
from unspin.rulebook.folders import LEARNED, RESIDUE, TABLES, Choose, rule_files
from unspin.rulebook.papers import WEIGHTS
from unspin.rulebook.patterns import RulePattern
from unspin.rulebook.schema import PLACES, TIERS, Condition, Entry, Example, Rule
from unspin.rulebook.tables import rows

KINDS = ("verb", "noun", "adj")
_FORM_COUNT = {"verb": 4, "noun": 1, "adj": 2}


class Sources(NamedTuple):
    """Everything that the rule folders say, read but not yet compiled."""

    rules: list[Rule]
    keep: dict[str, str]
    trust: dict[str, float]
    irregular: dict[tuple[str, str], tuple[str, ...]]
    articles: dict[str, str]
    contractions: dict[str, tuple[str, ...]]
    numbers: dict[str, tuple[str, ...]]
    scholarly: dict[str, float]
    terms: set[str]
    families: dict[str, Family]
    evidence: dict[str, dict[str, float]]
    calibrations: dict[str, Calibration]
    channels: dict[str, dict[tuple[str, str], float]]
    term_weights: dict[str, float]


@lru_cache(maxsize=1 << 14)
def normalize(phrase: str) -> str:
    """A phrase as it is matched: lower case, straight apostrophes, single spaces.

    >>> normalize("In  accordance\\u00a0with")
    'in accordance with'
    """
    return normalized_text(phrase)


def normalized_text(text: str) -> str:
    """The same of a text, which is not kept: it may be long, and does not come again."""
    return " ".join(text.lower().replace("’", "'").split())


def slug(phrase: str) -> str:
    """The part of a rule id that names its phrase."""
    return re.sub(r"[^a-z0-9]+", "-", phrase.lower().replace("'", "")).strip("-")


def read(folders: Iterable[Path], choose: Choose = rule_files) -> Sources:
    """All rules and tables of `folders`.

    Args:
        folders: rule folders.
        choose: which of their files; all, unless told otherwise.

    Raises:
        RuleError: with file, line and remedy, for the first thing that cannot be read.
    """
    rules: list[Rule] = []
    sources = Sources(rules, {}, {}, {}, {}, {}, {}, {}, set(), {}, {}, {}, {}, {})
    for folder, path in choose(folders):
        text = _text(path)
        parts = path.relative_to(folder).parts
        pack = parts[0] if len(parts) > 1 else ""
        if pack == TABLES:
            _table(path, text, sources)
        elif pack == LEARNED:
            _learned(path, text, sources)
        elif not pack:
            _at_top(path, text, sources)
        elif path.name == "family.toml" and pack == SPINNERS:
            sources.families[parts[1]] = parse_family(parts[1], str(path), load_toml(path, text))
        else:
            group = parts[1] if pack == SPINNERS and len(parts) > 2 else ""
            name = id_prefix(folder, path)
            found: Iterable[Rule]
            if path.suffix == ".toml":
                found = _contextual(path, text, name, sources)
            else:
                found = _lines(path, text, name) if pack == RESIDUE else _pairs(path, text, name)
            rules += (rule._replace(group=group) for rule in found) if group else found
    _check_families(sources)
    for rule in rules:
        if rule.source not in sources.trust:
            raise RuleError(
                f"{rule.path}:{rule.line}: unknown source {rule.source!r}; add it to sources.toml or name one of "
                + ", ".join(sorted(sources.trust))
            )
    return sources


def id_prefix(folder: Path, path: Path) -> str:
    """What the ids of the rules of a file begin with: its pack, or its family, and its name; "" where it has none."""
    parts = path.relative_to(folder).parts
    if len(parts) < 2 or parts[0] in (TABLES, LEARNED) or path.name == "family.toml":
        return ""
    return f"{parts[1] if parts[0] == SPINNERS and len(parts) > 2 else parts[0]}/{path.stem}"


def _pairs(path: Path, text: str, name: str) -> Iterator[Rule]:
    for number, cells in rows(path, text):
        if len(cells) not in (4, 5):
            raise RuleError(
                f"{path}:{number}: {len(cells)} columns where 4 or 5 are needed; write spun, plain, tier, source and, "
                "where the document matters, a guard, with a tab between each"
            )
        spun, plain, tier, source = (cell.strip() for cell in cells[:4])
        when = parse_guard(f"{path}:{number}", cells[4]) if len(cells) > 4 else None
        kind, colon, rest = spun.partition(": ")
        if colon and kind in KINDS:
            spun = rest
        else:
            kind = ""
        choices = tuple(choice.strip() for choice in plain.split("|"))
        if not spun or not all(choices):
            raise RuleError(f"{path}:{number}: an empty phrase; write what is spun and what it stands for")
        _check_tier(path, number, tier)
        label = f"{kind}-{slug(spun)}" if kind else slug(spun)
        yield Rule(f"{name}:{label}", kind, (normalize(spun),), choices, tier, source, str(path), number, when)


def _lines(path: Path, text: str, name: str) -> Iterator[Rule]:
    """Lines that are left of a page: each with its place."""
    for number, cells in rows(path, text):
        if len(cells) != 4:
            raise RuleError(
                f"{path}:{number}: {len(cells)} columns where 4 are needed; write line, place, tier and source, with a "
                "tab between each"
            )
        line, place, tier, source = (cell.strip() for cell in cells)
        _check_tier(path, number, tier)
        _check_place(f"{path}:{number}", place)
        when = Condition(place=place)
        yield Rule(f"{name}:{slug(line)}", "", (normalize(line),), ("",), tier, source, str(path), number, when)


def _check_place(here: str, place: object) -> None:
    if place not in PLACES:
        raise RuleError(f"{here}: unknown place {place!r}; use one of {', '.join(PLACES)}")


_GUARD_HELP = 'write words or "phrases" joined by AND, with NOT before what must be absent, and OR in parentheses'
_GUARD_TOKEN = re.compile(r'\s*(?:(?P<sign>[()])|(?P<term>(?:"[^"]+"|[^\s"()~]+)(?:~\d+)?))')


def parse_guard(here: str, guard: str) -> Condition | None:
    """The condition that a guard states in the query syntax of the Problematic Paper Screener: words, perhaps with *
    behind their beginning, and "phrases", perhaps with ~N behind them; joined by AND, each perhaps with NOT before it,
    or by OR in parentheses.

    >>> parse_guard("file:1", '(cell OR cells) AND NOT "cell phone"')[10:12]
    (('cell | cells',), ('cell phone',))

    Raises:
        RuleError: naming `here`, the file and line.
    """
    found: tuple[list[str], list[str]] = ([], [])
    group: list[str] | None = None
    absent = False
    position = 0
    while position < len(guard.rstrip()):
        token = _GUARD_TOKEN.match(guard, position)
        if token is None or token["sign"] == (")" if group is None else "("):
            raise RuleError(f"{here}: cannot read the guard {guard!r} from {guard[position:]!r} on; {_GUARD_HELP}")
        position = token.end()
        if token["sign"] == "(":
            group = []
        elif token["sign"] == ")":
            found[absent].append(" | ".join(group or ()))
            group, absent = None, False
        elif token["term"] == "NOT":
            absent = True
        elif token["term"] not in ("AND", "OR"):
            term = normalize(token["term"].replace('"', ""))
            if group is not None:
                group.append(term)
            else:
                found[absent].append(term)
                absent = False
    if group is not None:
        raise RuleError(f"{here}: cannot read the guard {guard!r}: a parenthesis is not closed; {_GUARD_HELP}")
    return Condition(requires=tuple(found[False]), excludes=tuple(found[True])) if any(found) else None


def _check_tier(path: Path, line: int, tier: object) -> None:
    if tier not in TIERS:
        raise RuleError(f"{path}:{line}: unknown tier {tier!r}; use one of {', '.join(TIERS)}")


_DEEP_KEY = re.compile(r"""(?:\.\s*(?:\w+|"[^"\n]*"|'[^'\n]*')\s*){64}""")
"""A key of more parts than anything here needs: to read one takes the square of their number."""


def load_toml(path: Path, text: str) -> dict[str, Any]:
    """Parsed TOML.

    Raises:
        RuleError: with the file and the line of the mistake.
    """
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    deep = _DEEP_KEY.search(text)
    if deep:
        line = text.count("\n", 0, deep.start()) + 1
        raise RuleError(f"{path}:{line}: tables too deep inside each other; nothing here needs that")
    try:
        parsed: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"line (\d+)", str(error))
        line = int(where[1]) if where else text.count("\n") + 1
        raise RuleError(f"{path}:{line}: not valid TOML: {error}") from None
    except RecursionError:
        raise RuleError(f"{path}:1: lists or tables too deep inside each other; nothing here needs that") from None
    return parsed


def _trust(path: Path, text: str) -> dict[str, float]:
    """For each source, the probability that the spinner at work really makes a substitution that it reports."""
    trust = {}
    for key, value in load_toml(path, text).items():
        given = value.get("trust", 1.0) if isinstance(value, dict) else None
        if not isinstance(given, (int, float)) or not 0 < given <= 1:
            raise RuleError(f"{path}:1: source {key!r} needs a table with a trust above 0 and up to 1")
        trust[key] = float(given)
    return trust


_FIELDS = {
    "id",
    "kind",
    "pattern",
    "place",
    "part",
    "spun",
    "plain",
    "table",
    "tier",
    "source",
    "note",
    "when",
    "fixes",
    "keeps",
    "fails",
}


def _contextual(path: Path, text: str, name: str, sources: Sources) -> Iterator[Rule]:
    lines = [n for n, line in enumerate(text.splitlines(), 1) if line.strip() == "[[rule]]"]
    for number, given in zip(lines, load_toml(path, text).get("rule", []), strict=False):
        here = f"{path}:{number}"
        unknown = set(given) - _FIELDS
        if unknown:
            raise RuleError(
                f"{here}: unknown field {sorted(unknown)[0]!r}; the fields are {', '.join(sorted(_FIELDS))}"
            )
        missing = {"id", "tier", "source"} - set(given)
        if not given.keys() & {"table", "pattern"}:
            missing |= {"spun", "plain"} - set(given)
        if missing:
            raise RuleError(f"{here}: the field {sorted(missing)[0]!r} is missing")
        _check_tier(path, number, given["tier"])
        kind = given.get("kind", "")
        if kind and kind not in KINDS:
            raise RuleError(f"{here}: unknown kind {kind!r}; use one of {', '.join(KINDS)}")
        examples = tuple(
            Example(key, example["text"], example.get("gives", example["text"]), number)
            for key in ("fixes", "keeps", "fails")
            for example in given.get(key, ())
        )
        condition = _page_condition(here, given) if "pattern" in given else _condition(here, given.get("when", {}))
        for spun, plain in _sides(here, given, sources):
            yield Rule(
                f"{name}:{given['id']}",
                kind,
                spun,
                plain,
                given["tier"],
                given["source"],
                str(path),
                number,
                condition,
                examples,
                given.get("note", ""),
            )
            examples = ()  # one rule from a table stands for all


def _sides(here: str, given: Mapping[str, Any], sources: Sources) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The spun and the plain phrases of a contextual rule: as they are written, or for each row of a table."""
    if "pattern" in given:
        yield _strings(here, "pattern", given["pattern"]), ("",)
    elif "table" not in given:
        spun = tuple(normalize(phrase) for phrase in _strings(here, "spun", given["spun"]))
        yield spun, _strings(here, "plain", given["plain"])
    elif given["table"] == "numbers":
        for digits, spoken in sources.numbers.items():
            yield (" ".join(spoken),), (digits,)
    else:
        raise RuleError(f"{here}: unknown table {given['table']!r}; the only one is numbers")


def _strings(here: str, field: str, value: object) -> tuple[str, ...]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not values or not all(isinstance(v, str) and v for v in values):
        raise RuleError(f"{here}: {field!r} must be a text or a list of texts")
    return tuple(values)


def _condition(here: str, given: Mapping[str, Any]) -> Condition:
    unknown = set(given) - set(Condition._fields)
    if unknown:
        raise RuleError(
            f"{here}: unknown condition {sorted(unknown)[0]!r}; the conditions are {', '.join(Condition._fields)}"
        )
    values: dict[str, Any] = {}
    for key, value in given.items():
        if isinstance(Condition._field_defaults[key], tuple):
            values[key] = tuple(normalize(word) for word in _strings(here, key, value))
        elif key == "case" and value not in ("lower", "capital", "upper"):
            raise RuleError(f"{here}: unknown case {value!r}; use lower, capital or upper")
        elif key == "inside" and value != "sentence":
            raise RuleError(f"{here}: unknown value {value!r} for inside; the only one is sentence")
        else:
            values[key] = value
        if key.startswith("text_"):
            _ = RulePattern(value, here)
    return Condition(**values)


def _page_condition(here: str, given: Mapping[str, Any]) -> Condition:
    """Where on the page a pattern for lines applies."""
    place = given.get("place", "")
    _check_place(here, place)
    for pattern in _strings(here, "pattern", given["pattern"]):
        _ = RulePattern(pattern, here)
    return Condition(place=place, part=given.get("part") is True)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise RuleError(f"{path}:{line}: not UTF-8; save the file as UTF-8") from None


def _check_families(sources: Sources) -> None:
    groups = {rule.group for rule in sources.rules} | set(sources.families)
    for family in sources.families.values():
        for folder, _ in family.includes:
            if folder not in groups:
                raise RuleError(
                    f"{SPINNERS}/{family.name}/family.toml:1: includes {folder!r}, and there is no such folder in "
                    f"{SPINNERS}; those there are: {', '.join(sorted(groups - {''}))}"
                )


def _table(path: Path, text: str, sources: Sources) -> None:
    """One of the tables that rules need; the others are read by the mechanisms that need them (`tables`)."""
    if path.name == "inflections.tsv":
        for number, cells in rows(path, text):
            _need(path, number, cells, 2 + _FORM_COUNT.get(cells[0], 1))
            sources.irregular[cells[0], cells[1]] = tuple(cells[2:])
        return
    if path.name == "terms.tsv":
        for number, cells in rows(path, text):
            _need(path, number, cells, 1)
            sources.terms.add(cells[0])
        return
    stores: dict[str, Callable[[str, str], None]] = {
        "articles.tsv": lambda article, word: sources.articles.__setitem__(word, article),
        "contractions.tsv": lambda word, lm_form: sources.contractions.__setitem__(word, tuple(lm_form.split())),
        "scholarly.tsv": lambda weight, word: sources.scholarly.__setitem__(word, WEIGHTS[weight]),
        "numbers.tsv": lambda digits, lm_form: sources.numbers.__setitem__(digits, tuple(lm_form.split())),
    }
    if path.name in stores:
        _two_columns(path, text, stores[path.name])


def _learned(path: Path, text: str, sources: Sources) -> None:
    """What tools write: `learned/evidence/FAMILY.tsv`, `learned/channels/FAMILY.tsv`, `learned/calibrations.tsv`, and
    `learned/terms.tsv`.
    """
    if path.name == "calibrations.tsv":
        for number, cells in rows(path, text):
            _need(path, number, cells, 8)
            sources.calibrations[cells[0]] = Calibration(*map(float, cells[1:]))
    elif path.name == "terms.tsv":
        _two_columns(path, text, lambda name, weight: sources.term_weights.__setitem__(name, float(weight)))
    elif path.parent.name == "evidence":
        weights = sources.evidence.setdefault(path.stem, {})
        _two_columns(path, text, lambda phrase, weight: weights.__setitem__(phrase, float(weight)))
    elif path.parent.name == "channels":
        channel = sources.channels.setdefault(path.stem, {})
        for number, cells in rows(path, text):
            _need(path, number, cells, 3)
            channel[cells[0], cells[1]] = float(cells[2])


def _at_top(path: Path, text: str, sources: Sources) -> None:
    """A file at the top of a rule folder, told by its name."""
    if path.name == "sources.toml":
        sources.trust.update(_trust(path, text))
    elif path.name == "keep.tsv":
        _two_columns(path, text, lambda phrase, reason: sources.keep.__setitem__(normalize(phrase), reason))
    else:
        raise RuleError(
            f"{path}:1: not a file that unspin knows at the top of a rule folder; put rules into a pack such as mine/, "
            f"tables into {TABLES}/"
        )


def _two_columns(path: Path, text: str, store: Callable[[str, str], None]) -> None:
    for number, cells in rows(path, text):
        _need(path, number, cells, 2)
        try:
            store(*cells)
        except (ValueError, KeyError) as error:
            raise RuleError(f"{path}:{number}: {error}") from None


def _need(path: Path, line: int, cells: list[str], columns: int) -> None:
    if len(cells) != columns:
        raise RuleError(f"{path}:{line}: {len(cells)} columns where {columns} are needed, with a tab between each")


def expand(rule: Rule, irregular: Irregular) -> list[tuple[str, tuple[str, ...]]]:
    """What one rule stands for: each phrase, after inflection, with its plain alternatives in the same form."""
    out: dict[str, dict[str, None]] = {}
    for spun in rule.spun:
        if not rule.kind:
            out.setdefault(spun, {}).update(dict.fromkeys(rule.plain))
            continue
        forms = inflect(rule.kind, spun, irregular)
        targets = [inflect(rule.kind, plain, irregular) for plain in rule.plain]
        for i, form in enumerate(forms):
            wanted = dict.fromkeys(t[i] for t in targets if len(t) > i and t[i] != form)
            if wanted:
                out.setdefault(form, {}).update(wanted)
    return [(surface, tuple(plain)) for surface, plain in out.items()]


def entries(sources: Sources) -> list[Entry]:
    """Every (phrase, alternatives, rule) of all rules, inflections spelled out."""
    found = []
    for number, rule in enumerate(sources.rules):
        for surface, plain in expand(rule, sources.irregular):
            found.append(Entry(surface, plain, number))
    return found
