"""Rules that are entries of a TOML file: contextual ones, and patterns for lines of a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from unspin.english.inflection import inflect
from unspin.errors import RuleError
from unspin.rulebook.parsing import load_toml
from unspin.rulebook.patterns import RulePattern
from unspin.rulebook.phrase import normalize
from unspin.rulebook.schema import KINDS, Condition, Example, Rule, check_place, check_tier
from unspin.rulebook.sources import Sources

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


def contextual_rules(path: Path, text: str, name: str, sources: Sources) -> Iterator[Rule]:
    """The rules of a file, each entry's line known by its `[[rule]]`.

    Args:
        path, text: the file.
        name: what the ids of its rules begin with.
        sources: holds the tables. A rule with `table = "numbers"` becomes one for each number, from words to digits;
            with `table = "digits"` one for each digit, to the word; with `table = "verbs"` one for each verb.

    Raises:
        RuleError: with file and line, for the first entry that cannot be used.
    """
    lines = [n for n, line in enumerate(text.splitlines(), 1) if line.strip() == "[[rule]]"]
    for number, given in zip(lines, load_toml(path, text).get("rule", []), strict=False):
        here = f"{path}:{number}"
        unknown = set(given) - _FIELDS
        if unknown:
            raise RuleError(
                f"{here}: unknown field {sorted(unknown)[0]!r}; the fields are {', '.join(sorted(_FIELDS))}"
            )
        missing = {"id", "tier", "source"} - set(given)
        if "pattern" not in given and given.get("table", "verbs") == "verbs":
            missing |= {"spun", "plain"} - set(given)
        if missing:
            raise RuleError(f"{here}: the field {sorted(missing)[0]!r} is missing")
        check_tier(here, given["tier"])
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
    elif given["table"] == "digits":
        for digits, spoken in sources.numbers.items():
            if len(digits) == 1:
                yield (digits,), (" ".join(spoken),)
    elif given["table"] == "verbs":
        spun, plain = (_strings(here, side, given[side]) for side in ("spun", "plain"))
        for verb, written in sources.verbs.items():
            yield tuple(_filled(spun, (verb, *written), sources)), tuple(_filled(plain, (verb,), sources))
    else:
        raise RuleError(f"{here}: unknown table {given['table']!r}; use one of numbers, digits, verbs")


def _filled(wordings: Iterable[str], verbs: Iterable[str], sources: Sources) -> Iterator[str]:
    """`wordings` with each verb, in the form that they ask for: "{verb}" is the base, "{gerund}" ends in -ing."""
    for verb in verbs:
        gerund = inflect("verb", verb, sources.irregular)[-1]
        for wording in wordings:
            yield normalize(wording.replace("{verb}", verb).replace("{gerund}", gerund))


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
    check_place(here, place)
    for pattern in _strings(here, "pattern", given["pattern"]):
        _ = RulePattern(pattern, here)
    return Condition(place=place, part=given.get("part") is True)
