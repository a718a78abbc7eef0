"""What families of spinners do inside compounds, words and numbers, and where they leave them alone."""

from __future__ import annotations

import pytest

from corpora import SPUN as CORRIDOR
from unspin import Repairer

TWICE = (
    "A whole lot of human beings purchase a second hand bicycle via way of means of searching withinside the nearby "
    "commercials. It is now no longer tough to discover one in an effort to final for plenty years, and the fee is "
    "regularly very low. Make certain to check the brakes earlier than you buy, due to the fact new ones may be pricey."
)
"""Written as the dictionary that was run twice writes."""

HOUSEHOLD = (
    "On the off chance that you purchase a recycled bike, set aside the opportunity to check the brakes. A great many "
    "people overlook this, in light of the fact that the paint looks decent. Keeping in mind the end goal to spare "
    "cash, request that the merchant bring down the cost, and sit tight for a superior offer."
)
"""Written as the earlier years of SpinBot write."""


def restored(repairer: Repairer, passage: str, sentence: str) -> str:
    """What becomes of a sentence behind a passage that shows the spinner."""
    repair = repairer.repair(f"{passage} | {sentence}")
    assert repair.verdict.label == "spun"
    return repair.text.rpartition(" | ")[2]


@pytest.mark.parametrize(
    ("passage", "sentence", "gives"),
    [
        (TWICE, "They built a consumer-pleasant page.", "They built a user-friendly page."),
        (TWICE, "It is fee-powerful.", "It is cost-effective."),
        (HOUSEHOLD, "The lamp is on the south-confronting wall.", "The lamp is on the south-facing wall."),
    ],
)
def test_the_parts_of_a_compound_are_restored_and_its_hyphens_kept(
    repairer: Repairer, passage: str, sentence: str, gives: str
) -> None:
    assert restored(repairer, passage, sentence) == gives


@pytest.mark.parametrize(
    ("passage", "sentence"),
    [
        (TWICE, "We had end-to-end tests, long-term plans and a one-time visit."),
        (HOUSEHOLD, "We had end-to-end tests, long-term plans and a one-time visit."),
        (HOUSEHOLD, "This is the state-of-the-art-of-our-time."),
        (CORRIDOR, "The lamp hangs between two-palms and the sea-officers."),
    ],
)
def test_set_compounds_and_those_of_other_families_stay(repairer: Repairer, passage: str, sentence: str) -> None:
    assert restored(repairer, passage, sentence) == sentence


def test_numbers_are_written_as_they_were_before_they_were_exchanged(repairer: Repairer) -> None:
    sentence = "The ride lasted four.5 hours on 3 days, and it cost fifty% of the cash."
    assert "4.5 hours on three days, and it cost 50% of" in restored(repairer, TWICE, sentence)


def test_a_digit_of_a_greater_number_is_no_number(repairer: Repairer) -> None:
    sentence = "The harbour adopted greater than 5,000 women and men over 9 years."
    assert "more than 5,000 men and women over" in restored(repairer, CORRIDOR, sentence)


@pytest.mark.parametrize(
    ("sentence", "gives"),
    [
        ("See www.wthree.org or ask ann.bzero@example.org.", "See www.w3.org or ask ann.b0@example.org."),
        ("It prices $25okay, or $100Okay.", "It prices $25k, or $100K."),
        ("The threerd of June is the fifty threerd day.", "The 3rd of June is the 53rd day."),
        ("The 7four7 is a CSthree of the Gfour.", "The 747 is a CS3 of the G4."),
    ],
)
def test_digits_and_letters_spelled_out_inside_tokens_are_read_back(
    repairer: Repairer, sentence: str, gives: str
) -> None:
    assert restored(repairer, CORRIDOR, sentence) == gives


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("spinners/inside-codes", f"{CORRIDOR} | See www.wthree.org."),
        ("spinners/inner-capitals", f"{TWICE} | It is in notes.Txt now."),
        ("translation/clause", "The old bridge was closed on Monday. which crosses the river."),
        ("translation/order", "The judge was named to the Court Supreme on Monday."),
    ],
)
def test_a_mechanism_is_ignored_by_the_rule_that_its_edits_name(repairer: Repairer, rule: str, text: str) -> None:
    assert rule in {edit.rule for edit in repairer.repair(text).edits}
    assert rule not in {edit.rule for edit in Repairer(ignore=[rule]).repair(text).edits}


@pytest.mark.parametrize(
    "sentence",
    [
        "Mail to info@threeoaks.org or foreverfour@example.org.",
        "The nineteenth weight of Kinzeroth and Eightmore.",
        "The seventyfour are in ONEZERO.",
        "The OnePlus9 is lost, and KTwo is a drug.",
    ],
)
def test_names_and_words_that_hold_a_number_stay(repairer: Repairer, sentence: str) -> None:
    assert restored(repairer, CORRIDOR, sentence) == sentence


def test_a_number_is_judged_by_how_it_is_said_where_the_model_knows_no_digits(repairer: Repairer) -> None:
    assert restored(repairer, CORRIDOR, "Over a hundred and fifty of them left.") == "Over 150 of them left."


@pytest.mark.parametrize(
    ("sentence", "gives"),
    [
        ("My mobileular is not there.", "My cellular is not there."),
        ("They live in a not unusualwealth now.", "They live in a commonwealth now."),
        ("Bring tools, e.G. a pump, by 9 a.M. today.", "Bring tools, e.g. a pump, by 9 a.m. today."),
        ("It is in notes.Txt and bikes.Csv now.", "It is in notes.txt and bikes.csv now."),
    ],
)
def test_words_and_tokens_spoiled_from_within_are_read_back(repairer: Repairer, sentence: str, gives: str) -> None:
    assert restored(repairer, TWICE, sentence) == gives


@pytest.mark.parametrize(
    "sentence",
    [
        "An unspecific crewmate remapped it.",
        "We got to the end.The rest is on Node.Js, e.g. A and B.",
    ],
)
def test_rare_words_and_other_capitals_stay(repairer: Repairer, sentence: str) -> None:
    assert restored(repairer, TWICE, sentence) == sentence


def test_spoiled_tokens_speak_for_their_spinner(repairer: Repairer) -> None:
    plain = "Bring the tools, e.g. a pump, by 9 a.m. today. It is in notes.txt. The mobile is an own one."
    spoiled = "Bring the tools, e.G. a pump, by 9 a.M. today. It is in notes.Txt. The mobileular is an own one."
    scores = [repairer.repair(f"{TWICE[:150]} {tail}").verdict.score for tail in (plain, spoiled)]
    assert scores[0] < scores[1]


def test_a_honest_text_with_capitals_behind_stops_is_clean(repairer: Repairer) -> None:
    repair = repairer.repair("Bring the tools, e.G. a pump, by 9 a.M. today. It is in notes.Txt and in bikes.Csv. " * 3)
    assert (repair.verdict.label, repair.edits) == ("clean", ())


@pytest.mark.parametrize(
    ("sentence", "gives"),
    [
        ("We sell tools, for example, pumps.", "We sell tools, such as pumps."),
        ("We sell tools (for example, pumps).", "We sell tools (such as pumps)."),
        ("In any case, it is old.", "However, it is old."),
        ("For example, the saddle is gone.", "For example, the saddle is gone."),
    ],
)
def test_a_comma_that_came_with_an_idiom_goes_with_it(repairer: Repairer, sentence: str, gives: str) -> None:
    assert restored(repairer, HOUSEHOLD, sentence) == gives
