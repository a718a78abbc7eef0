"""Rules that are entries of a TOML file: contextual ones, and patterns for lines of a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from unspin.errors import RuleError
from unspin.rulebook.parsing import load_toml
from unspin.rulebook.patterns import RulePattern
from unspin.rulebook.phrase import normalize
from unspin.rulebook.schema import KINDS, Condition, Example, Rule, check_place, check_tier

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


def contextual_rules(path: Path, text: str, name: str, numbers: Mapping[str, tuple[str, ...]]) -> Iterator[Rule]:
    """The rules of a file, each entry's line known by its `[[rule]]`.

    Args:
        path, text: the file.
        name: what the ids of its rules begin with.
        numbers: digits -> the number in words: a rule with `table = "numbers"` becomes one for each, and one with
            `table = "digits"` the other way round for each digit.

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
        if not given.keys() & {"table", "pattern"}:
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
        for spun, plain in _sides(here, given, numbers):
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


def _sides(
    here: str, given: Mapping[str, Any], numbers: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The spun and the plain phrases of a contextual rule: as they are written, or for each row of a table."""
    if "pattern" in given:
        yield _strings(here, "pattern", given["pattern"]), ("",)
    elif "table" not in given:
        spun = tuple(normalize(phrase) for phrase in _strings(here, "spun", given["spun"]))
        yield spun, _strings(here, "plain", given["plain"])
    elif given["table"] == "numbers":
        for digits, spoken in numbers.items():
            yield (" ".join(spoken),), (digits,)
    elif given["table"] == "digits":
        for digits, spoken in numbers.items():
            if len(digits) == 1:
                yield (digits,), (" ".join(spoken),)
    else:
        raise RuleError(f"{here}: unknown table {given['table']!r}; use one of numbers, digits")


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
