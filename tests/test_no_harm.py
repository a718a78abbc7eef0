"""What is not spun English comes out as it went in: other languages, notation, code, honest phrases, discussions."""

from __future__ import annotations

import sys
import unicodedata
from pathlib import Path

import pytest

from unspin import Repairer
from unspin.passages import Language, Passages

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

DATA = Path(__file__).parent / "data"


def lines(name: str) -> list[str]:
    text = (DATA / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


UNTOUCHED: dict[str, list[str]] = tomllib.loads((DATA / "untouched.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in UNTOUCHED.items() for text in texts])
def test_what_is_no_spun_english_stays(repairer: Repairer, kind: str, text: str) -> None:
    done = repairer.repair(text)
    assert [(edit.before, edit.after) for edit in done.edits] == [], kind
    assert done.verdict.label == "clean"


@pytest.mark.parametrize("text", UNTOUCHED["other alphabets and marks"])
def test_marks_stay_however_they_are_composed(repairer: Repairer, text: str) -> None:
    for form in ("NFC", "NFD"):
        assert repairer.repair(unicodedata.normalize(form, text)).edits == ()


def test_honest_sentences_are_left_alone(repairer: Repairer) -> None:
    sentences = lines("honest.txt")
    assert len(sentences) >= 300
    edited = {sentence: done for sentence in sentences if (done := repairer.repair(sentence).edits)}
    assert edited == {}


def test_honest_sentences_are_left_alone_deep_in_a_clean_text(repairer: Repairer) -> None:
    page = "The council meets on Monday, and the minutes are read by the clerk before anything else is done.\n\n" * 20
    edited = [s for s in lines("honest.txt")[::10] if repairer.repair(page + s + "\n\n" + page).edits]
    assert edited == []


def test_mangled_terms_are_put_back_in_their_papers(repairer: Repairer) -> None:
    pairs = [line.split("\t") for line in lines("mangled.txt")]
    assert len(pairs) >= 100
    left = {mangled: done for mangled, right in pairs if (done := repairer.repair(mangled).text) != right}
    assert left == {}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("He shakes palms with his host.", "He shakes hands with his host."),
        (
            "They met in the Nice Corridor of the Individuals in the capital.",
            "They met in the Great Hall of the People in the capital.",
        ),
        (
            "In this paper, counterfeit consciousness is used to classify the samples.",
            "In this paper, artificial intelligence is used to classify the samples.",
        ),
        ("first line\x0bsecond line", "first line second line"),
        ("Node: Top\x7f894\nNode: Introduction\x7f1225", "Node: Top 894\nNode: Introduction 1225"),
        ("He met her at the door.\x1eThen he left.", "He met her at the door. Then he left."),
        ("A profound neural\r\norganization is here.", "A deep neural\r\nnetwork is here."),
        ("He shakes\npalms\nwith his host.", "He shakes\nhands\nwith his host."),
        ("He wrote a̶ b̶a̶d̶ i̶d̶e̶a̶ down.", "He wrote a bad idea down."),
        ("Ḩ̶̛̞e̷̢̛͓l̸̨̛̺l̴̢̛̰o̵̧̮̕ my friend, come in.", "Hello my friend, come in."),
        ("The сomрany is рaying its staff.", "The company is paying its staff."),
        ("VocÃª e NÃ³s fomos ao cafÃ©.", "Você e Nós fomos ao café."),
        ("Salt &amp; pepper &mdash; and more.", "Salt & pepper — and more."),
        ("“HÂ” and It’s a cafÃ© and CAFÃ‰", "“HÂ” and It’s a café and CAFÉ"),
    ],
)
def test_what_is_damaged_is_repaired(repairer: Repairer, text: str, wanted: str) -> None:
    assert repairer.repair(text).text == wanted


def test_phrases_that_are_discussed_are_suggested(repairer: Repairer) -> None:
    done = repairer.repair("Papers containing profound neural organization have been retracted.")
    assert [(s.before, s.after) for s in done.suggestions] == [("profound neural organization", "deep neural network")]


PASSAGES = {
    "The committee meets on Monday, and they will decide what to do.": Language.ENGLISH,
    "Las Vegas was no longer a small pioneer settlement.": Language.ENGLISH,
    "El comité se reúne el lunes, y decidirá lo que hay que hacer.": Language.OTHER,
    "Der Ausschuss tagt am Montag und wird darüber entscheiden.": Language.OTHER,
    "Комитет собирается в понедельник.": Language.OTHER,
    "Quarterly figures": Language.ENGLISH,
    "Ombolo ndatuva kehe omuntu okatopolwa nomumwe opo iya.": Language.OTHER,
}


@pytest.mark.parametrize(("text", "language"), PASSAGES.items())
def test_languages_of_passages(repairer: Repairer, text: str, language: Language) -> None:
    passages = Passages(text, repairer.languages)
    assert passages.language(0, len(text)) is language


def test_each_passage_has_its_own_language(repairer: Repairer) -> None:
    english, german = PASSAGES.keys() - {""}, "Der Ausschuss tagt am Montag und wird darüber entscheiden."
    first = next(text for text in english if text.startswith("The committee"))
    text = f"{first}\n\n{german}\n\n{first}"
    passages = Passages(text, repairer.languages)
    assert passages.english(4, 10)
    assert passages.foreign(len(first) + 5, len(first) + 9)
    assert passages.english(len(text) - 10, len(text) - 5)


def test_a_declared_language_holds() -> None:
    text = "The factory made 2.5 million cars, and 1,5 million bikes."
    assert Repairer().repair(text).text == text.replace("1,5", "1.5")
    assert Repairer(language="de").repair(text).edits == ()
    assert Repairer().repair(text, language="fr-CA").edits == ()
    assert Repairer(language="de").repair(text, language="en").text == text.replace("1,5", "1.5")


def test_names_that_do_not_exist_are_refused() -> None:
    for option in ("select", "ignore"):
        with pytest.raises(ValueError, match="did you mean 'translation'"):
            Repairer(**{option: ["translatoin"]})
        with pytest.raises(TypeError, match="takes a list of names"):
            Repairer(**{option: "translation"})
    with pytest.raises(ValueError, match="did you mean"):
        Repairer(extend=["spellling"])
    with pytest.raises(TypeError, match="a text to repair is a str, not bytes"):
        Repairer().repair(b"He shakes palms.")  # type: ignore[arg-type]
