"""The obfuscation stage: what hides text is undone, and what other scripts use in earnest is left alone."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unspin import Repairer
from unspin.rulebook.folders import shipped_folder
from unspin.rulebook.tables import table

DATA = Path(__file__).parent / "data"
PASSAGES = (DATA / "passages.txt").read_text(encoding="utf-8").splitlines()
SCRIPTS = (DATA / "scripts.txt").read_text(encoding="utf-8").splitlines()

LOOKALIKES = dict(zip("aceopxyisjhdABCEHIKMOPSTXJ", "асеорхуіѕјһԁАВСЕНІКМОРЅТХЈ", strict=True))
MORE = LOOKALIKES | dict(zip("lqwgNYZ", "ӏԛԝԍΝҮΖ", strict=True))
OTHERS = dict(zip("onuhgSADEJPTW", "օոսհցՏᎪᎠᎬᎫᏢᎢᎳ", strict=True))
STYLED = {chr(97 + n): chr(0x1D41A + n) for n in range(26)} | {chr(65 + n): chr(0xFF21 + n) for n in range(26)}
GREEK = dict(zip("ovABEHIKMNOPTXYZ", "ονΑΒΕΗΙΚΜΝΟΡΤΧΥΖ", strict=True))
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"


@pytest.fixture(scope="module")
def obfuscation() -> Repairer:
    return Repairer(select=["obfuscation"])


def swapped(letters: dict[str, str], share: float) -> Callable[[str, random.Random], str]:
    return lambda text, dice: "".join(letters[c] if c in letters and dice.random() < share else c for c in text)


def strewn(characters: str, share: float, inside: bool = False) -> Callable[[str, random.Random], str]:
    def strew(text: str, dice: random.Random) -> str:
        out = []
        for here, following in zip(text, [*text[1:], ""], strict=True):
            wanted = dice.random() < share and (not inside or (here.isalpha() and following.isalpha()))
            out.append(here + dice.choice(characters) if wanted else here)
        return "".join(out)

    return strew


def both(*obfuscators: Callable[[str, random.Random], str]) -> Callable[[str, random.Random], str]:
    def apply(text: str, dice: random.Random) -> str:
        for obfuscate in obfuscators:
            text = obfuscate(text, dice)
        return text

    return apply


OBFUSCATORS = [
    swapped(LOOKALIKES, 0.1),
    swapped(LOOKALIKES, 0.4),
    swapped(LOOKALIKES, 1.0),
    swapped(LOOKALIKES | GREEK, 0.3),
    swapped(MORE, 0.5),
    swapped(OTHERS, 0.7),
    swapped(STYLED, 0.3),
    swapped({"a": "ɑ", "g": "ɡ"}, 0.5),
    strewn(INVISIBLE, 0.1),
    strewn(INVISIBLE, 0.6),
    strewn("\u00ad", 0.3),
    strewn("\u200e\u202a\u202c\u2066\u2069", 0.1),
    both(swapped(LOOKALIKES, 0.3), strewn(INVISIBLE, 0.2)),
    both(strewn("\u0336", 1.0, inside=True), strewn("\u200b", 0.1)),
]


@pytest.mark.parametrize("number", range(len(OBFUSCATORS)))
def test_a_hundred_passages_are_undone(obfuscation: Repairer, number: int) -> None:
    for seed, passage in enumerate(PASSAGES):
        hidden = OBFUSCATORS[number](passage, random.Random(seed))
        assert hidden != passage
        done = obfuscation.repair(hidden)
        assert done.text == passage
        assert done.undo() == hidden


@pytest.mark.parametrize("line", SCRIPTS)
def test_what_is_meant_is_left_alone(obfuscation: Repairer, line: str) -> None:
    assert obfuscation.repair(line).edits == ()


def test_what_is_meant_is_left_alone_in_one_document(obfuscation: Repairer) -> None:
    assert obfuscation.repair("\n".join([*SCRIPTS, *PASSAGES])).edits == ()


def test_disguised_words_are_told_from_quoted_ones(obfuscation: Repairer) -> None:
    done = obfuscation.repair("Сheap сredit fоr everyоne.\nThe Russian word море means sea, and сахар is sugar.")
    assert done.text == "Cheap credit for everyone.\nThe Russian word море means sea, and сахар is sugar."


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Get f r e e  m o n e y today", "Get free money today"),
        ("buy c h e a p pills", "buy cheap pills"),
        ("C H A P T E R one", "CHAPTER one"),
        ("J R R Tolkien, A B C D, a e i o u and x y z w", None),
        ("Strum C A G E and then D E A D", None),
        ("the vector x y z t is given", None),
        ("H̶e̶l̶l̶o̶ there", "Hello there"),
        ("Z̸̡̢͖a̷̛̺ḷ̴͝g̵o̶ comes", "Zalgo comes"),
        ("Use {start|stop|restart} with the command", None),
        ("Options: --color={always|never} and --sort={name|size}", None),
        ("The set {x | x > 0} and {{cite web|title=A}} and \\frac{a|b}{c|d}", None),
        ("The best %keyword% in town. [spin]Good[/spin] news.", "The best in town. Good news."),
        ("100%off %APPDATA% %20name%20 [sic] [1] [citation needed] {name} #1 #tag", None),
    ],
)
def test_letters_and_templates(obfuscation: Repairer, text: str, wanted: str | None) -> None:
    assert obfuscation.repair(text).text == (text if wanted is None else wanted)


@pytest.mark.parametrize(
    "text",
    [
        "{Hello|Hi|Hey} {world|planet}, {this is|it is} a {good|fine} day.",
        "We saw a {very |}old {house|{large|great} barn} in the {village|hamlet}.",
    ],
)
def test_no_spintax_is_left(obfuscation: Repairer, text: str) -> None:
    done = obfuscation.repair(text).text
    assert set("{|}").isdisjoint(done)
    assert "  " not in done


def test_spintax_is_chosen_by_what_stands_around(obfuscation: Repairer) -> None:
    done = obfuscation.repair("He {went|gone} home in the {morning|mourning} of the {first|initial} day.")
    assert done.text == "He went home in the morning of the first day."
    assert [edit.rule for edit in done.edits] == ["obfuscation/spintax"] * 3


def test_what_is_missing_is_only_told(obfuscation: Repairer) -> None:
    done = obfuscation.repair("The finest plumber in [city] is here, says [your name].")
    assert done.edits == ()
    assert [(s.before, s.rule) for s in done.suggestions] == [
        ("[city] ", "obfuscation/placeholders"),
        (" [your name]", "obfuscation/placeholders"),
    ]


def test_a_few_soft_hyphens_are_typography(obfuscation: Repairer) -> None:
    text = " ".join(PASSAGES).replace("volunteers", "volun\u00adteers")
    assert obfuscation.repair(text).edits == ()
    assert obfuscation.repair("vol\u00adun\u00adteers").text == "volunteers"


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(PASSAGES), st.sampled_from(range(len(OBFUSCATORS))), st.integers(0, 10**6))
def test_a_second_run_finds_nothing(passage: str, number: int, seed: int) -> None:
    repairer = Repairer(select=["obfuscation"])
    done = repairer.repair(OBFUSCATORS[number](passage, random.Random(seed)))
    assert repairer.repair(done.text).edits == ()


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_borne(text: str) -> None:
    done = Repairer(select=["obfuscation"]).repair(text)
    assert done.undo() == text


def test_phrases_are_seen_through_a_disguise(repairer: Repairer) -> None:
    assert repairer.repair("He sh\u200bakes раlms.").text == "He shakes hands."


def test_the_table_of_letters_is_sound() -> None:
    letters = table([shipped_folder()], "homoglyphs.tsv", 3)
    assert len(letters) > 100
    for letter, (latin, likeness) in letters.items():
        assert len(letter) == 1
        assert not letter.isascii()
        assert all(len(choice) == 1 for choice in latin.split(" | "))
        assert likeness in ("same", "near")
