"""Families: the spinners that are known, each a folder of data below `rules/spinners/`.

A folder with a `family.toml` is a family; one without is a table that families include. What no person writes,
whichever spinner wrote it, stands in `spinners/shared/`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from unspin.errors import RuleError

SPINNERS = "spinners"
"""The pack of families."""

SHARED = "shared"
"""The folder of that pack whose rows belong to all families."""

TODO = "todo"
"""What stands in a new `family.toml` where a person has to write; the linter names it."""

KINDS = ("fixed", "varying")
"""`fixed`: the same phrase for the same original throughout a document. `varying`: drawn anew at each place."""

COMPOUNDS, WORDS, STOPS, CODES = "compounds", "words", "stops", "codes"
"""What a family may reach inside of: compounds, of which it replaces the parts and keeps the hyphens ("fee-powerful");
longer words ("webweb page" for "website"); tokens with full stops, behind which it puts capitals ("e.G."); codes, in
which it spells out digits and letters ("wthree.org", "$25okay")."""

INSIDE = (COMPOUNDS, WORDS, STOPS, CODES)


class Family(NamedTuple):
    """One family of spinners, as its `family.toml` describes it.

    Attributes:
        name: of its folder.
        title: what it is called.
        writes: a few of its wordings, for people.
        about: how it works: what it never touches, how it spoils grammar; for people.
        kind: one of `KINDS`.
        includes: other folders of `spinners/` whose rows it uses -> factor on the trust in them, above 0 and up to 1.
        restores: what a user may expect: "well", most of the source is had back word for word; "partly", the spun
            places are found, and some two in three edits or more are right; "verdict", nothing but the verdict.
        inside: what it replaces parts of, beside whole words: some of `INSIDE`.
    """

    name: str
    title: str
    writes: tuple[str, ...]
    about: str
    kind: str = "fixed"
    includes: tuple[tuple[str, float], ...] = ()
    restores: str = "well"
    inside: tuple[str, ...] = ()


class Calibration(NamedTuple):
    """How the evidence for a family is read.

    A phrase tells by being there, and by how badly it fits where it stands. Honest text may be full of the words that
    a family writes, but there they fit: what a lattice finds for them is about their weight, and a good deal more
    where a spinner put them.

    Attributes:
        per_word: evidence per word that honest text full of a family's words may reach, in nats; taken off each
            sentence.
        temper: factor on the rest: evidence of neighbouring words is not independent, and their sum says too much.
        presence: factor on what phrases say by being there.
        left: factor on what originals say that were left as they are.
        fit: multiple of its weight from which the evidence of a segment's lattice speaks for a spinner, and below
            which it speaks against one; 0 where only presence counts.
        margin: nats that the screen takes off the weight of each phrase: honest text is full of what tells a little.
        certainty: factor on the log odds of each change: a lattice is too sure, as its words are not independent.
        doubt: log odds taken off the posterior of each change, so that of edits at confidence p about p are right: the
            dictionary of a family that was read off pages of one kind promises too much on others.
        rarer: log odds taken off besides where changes are rarer than one word in five: a spinner that changes little
            is more often suspected in the wrong place.
        ceiling: what the posterior of the surest change is: some of what seems beyond doubt is wrong all the same, as
            where the source used the word itself.
        whole: evidence of a whole text, in nats, from which it is spun even where no part of it convinces, as with a
            spinner that changes little everywhere; 0 where that is not asked.
        topic: factor on what the topic of a text says, where the whole is judged: how much better than the phrases as
            they stand their likely readings fit it.
        alarm: share of the screen's threshold from which the family is suspected: some leave more to be seen than
            others, and honest text writes less like some.
        spread: multiple of the screen's threshold that all different phrases of a text must come to for it to be asked
            about as a whole: the phrases of honest text that raise an alarm are few.
        density: what they must come to besides for each thousand code points, in nats: in honest text they grow with
            its length, which the threshold hardly does.
    """

    per_word: float = 0.03
    temper: float = 0.7
    presence: float = 1.0
    left: float = 1.0
    fit: float = 0.0
    margin: float = 0.0
    certainty: float = 1.0
    doubt: float = 0.0
    rarer: float = 0.0
    ceiling: float = 1.0
    whole: float = 0.0
    topic: float = 0.0
    alarm: float = 1.0
    spread: float = 0.0
    density: float = 0.0


def parse_family(name: str, here: str, given: Mapping[str, Any]) -> Family:
    """The family that a `family.toml` describes.

    Args:
        name: of its folder.
        here: the file, for messages.
        given: the parsed file.

    Raises:
        RuleError: a field is missing, unknown, or says what cannot be.
    """
    unknown = set(given) - set(Family._fields) | ({"name"} & set(given))
    missing = {"title", "writes", "about"} - set(given)
    if unknown or missing:
        what = f"unknown field {min(unknown)!r}" if unknown else f"the field {min(missing)!r} is missing"
        known = ", ".join(field for field in Family._fields if field != "name")
        raise RuleError(f"{here}:1: {what}; the fields are {known}")
    includes = given.get("includes", {})
    if not isinstance(includes, dict) or not all(
        isinstance(factor, (int, float)) and 0 < factor <= 1 for factor in includes.values()
    ):
        raise RuleError(f"{here}:1: includes must be a table of folders, each with a factor above 0 and up to 1")
    family = Family(
        name,
        str(given["title"]),
        _texts(here, "writes", given["writes"]),
        str(given["about"]),
        given.get("kind", "fixed"),
        tuple((folder, float(factor)) for folder, factor in includes.items()),
        given.get("restores", "well"),
        _texts(here, "inside", given.get("inside", [])),
    )
    for field, value, known_values in (
        ("kind", (family.kind,), KINDS),
        ("restores", (family.restores,), ("well", "partly", "verdict")),
        ("inside", family.inside, INSIDE),
    ):
        for one in value:
            if one not in known_values:
                raise RuleError(f"{here}:1: {field}: unknown value {one!r}; use one of {', '.join(known_values)}")
    return family


def _texts(here: str, field: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise RuleError(f"{here}:1: {field} must be a list of texts")
    return tuple(value)
