"""What is not spun English comes out as it went in: other languages, notation, code, honest phrases, discussions."""

from __future__ import annotations

from pathlib import Path

import pytest

from unspin import Repairer
from unspin.passages import Language, Passages

DATA = Path(__file__).parent / "data"


def lines(name: str) -> list[str]:
    text = (DATA / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


UNTOUCHED = {
    "decimal commas of other languages": [
        "Prisen var 1,5 million kroner, og der kom 12,4 km ny cykelsti.",
        "La ligne est longue de 12,4 km et a coûté 1,2 million d'euros par station.",
        "Der Weg ist 12,5 km lang, und die Stadt hat dafür 1,5 million Euro ausgegeben.",
        "Il ponte è lungo 3,5 km e costa 2,1 million euro secondo la regione.",
        "Het pad is 3,5 km lang en kostte 1,2 million euro, zegt de gemeente.",
        "O caminho tem 3,5 km e custou 1,2 million euros, segundo a câmara.",
        "El camino mide 3,5 km y costó 1,2 million euros, según el ayuntamiento.",
        "Droga ma 3,5 km i kosztowała 1,2 million euro, jak podaje gmina.",
    ],
    "decimal commas of English": [
        "The school in Durban was rebuilt for R1,5 million last year.",
        "Bidders may inspect lots 3,4 million times if they like.",
        "Turn off at grid references 1,5 km apart.",
        "10:00:01,234 WARN retry after 1,5 s of silence\n10:00:03,734 INFO there are 3,2 million rows left to read",
        "The house cost him 1,5 million and the land another 2,3 million.",
    ],
    "names, quotes and dates of other languages": [
        "Le traité de l'Union European n'est pas ce que vous pensez, et il est long.",
        "Il a dit “ salut “. Puis il est parti avec les autres dans la rue.",
        "Die Sitzung war am 18. June 2023 und wurde von allen gelobt.",
    ],
    "other alphabets and marks": [
        "Тăваш чĕлхи, Çĕр, пĕр, кÿршĕ",
        "Tο βιβλίο μου. Α Άρθεις, oι φίλοι.",
        "Goͤthe ſchrieb uͤber die Koͤnige fuͤr das Volk.",
        "[ˈɲ̟ɛ̃́ːd̪̊] [t͡s̺ʼɜ̃ː] and the labial-velar k͡p̚",
        "Drive R̅E̅S̅E̅T̅ low, then C̅S̅ and W̅R̅ high. A̅B̅ is NAND; I̅V̅ = 4000.",
        "Newton's law: F⃗ = m a⃗, where v⃗ is the velocity; the segment A̅B̅ has length 5.",
        "u la̱ mako' yo̱ jusó i le' le no̱no', ne iso̱ tös ta mojoo̱",
        "orílẹ̀-èdè àgbáyé tún ti tẹnu mọ́ ìpinnu tí wọ́n ti ṣe",
    ],
    "capitals before a sign": ["MAÇÃ® e ROMÃ™ são marcas.", "«MAÇû e “IRMÔ", "A MANHÔ de hoje"],
    "entries of manuals": [
        "The option names the file. It is unbound by default. delete-line\n\nErases the line. It is unbound by "
        "default. yank-line\n\nPuts it back in the same order. undo\n\nTakes that back.",
        "It takes prompt, the words to show. The prompt is shown first, and the prompt is kept. It asks the question. "
        "prompt should end in a blank.",
        "The old position is kept as the mark. character-search (C-x)\n\nA character is read and looked for.",
    ],
    "mojibake that is discussed": [
        "Sequences such as Ã© or â€™ mean that UTF-8 was read as Latin-1.",
        "If you see Ã¼ in the export, the encoding was guessed wrongly.",
        "Search for 'Ã¤' to see which rows were saved twice.",
        "Why does my page show â€™ where an apostrophe belongs?",
        "Put ü in the place of Ã¼ all over the dump.",
    ],
    "alternatives that are not spintax": [
        "Usage: myapp {start|stop} {web|db}",
        "Syntax: copy {source|file} {target|dest}",
        "GET /api/{users|groups}/{id|name} is open to all.",
        "Please circle {Yes|No} and {Mr|Mrs|Ms} below.",
        "He {go|goes|went} to school and she {walk|walks} home.",
        "Ask whether {he|she} came with {his|her} coat.",
    ],
    "placeholders in code": [
        'msg = "%keyword% {hello|hi}";\nprint(msg);\n',
        "$(this).find('[spin]').text('%keyword%');",
        "Replace %keyword% with your own term.",
    ],
    "entities that are meant": [
        "The HTML entity &nbsp; is a non-breaking space, &copy; the copyright sign.",
        'x = "Tom &amp; &quot;Jerry&quot;"',
        "Escape the ampersand as &amp; and the quote as &quot; there.",
        "The code &#8217; makes the apostrophe curly.",
    ],
    "cells of a table": ["name\tshakes\tpalms", "A\tcounterfeit\tconsciousness", "x\tprofound neural\torganization\ty"],
    "mangled terms side by side with the right ones": [
        "profound learning\tdeep learning\ncounterfeit consciousness\tartificial intelligence\n"
        "bosom peril\tbreast cancer\nirregular timberland\trandom forest\n",
        "| mangled | meant |\n|---|---|\n| bosom peril | breast cancer |\n| profound neural organization | deep neural "
        "network |\n| convolutional brain organization | convolutional neural network |\n",
        "profound neural organization -> deep neural network",
    ],
    "mangled terms in quotation marks": [
        "He wrote „profound neural organization“ again.",
        "He wrote «profound neural organization» again.",
        "He wrote »profound neural organization« again.",
        "He wrote ‘profound neural organization’ again.",
        'He wrote "profound neural organization" again.',
        "He wrote <em>profound neural organization</em> again.",
        "He wrote <q>profound neural organization</q> again.",
        "He wrote *profound neural organization* again.",
        "He wrote ‚profound neural organization‘ again.",
        "He wrote 「profound neural organization」 again.",
        "He wrote \\emph{profound neural organization} again.",
        "Let $\\text{profound neural organization}$ be x.",
    ],
    "mangled terms that are discussed": [
        "Papers containing profound neural organization and bosom peril have been retracted.",
        "Tortured synonyms (profound neural organization) betray a paraphraser.",
        "A. Author: On profound neural organization for all. doi:10.1000/182",
        "Nonsense such as profound neural organization betrays the mill.",
        "They collect phrases like profound neural organization.",
    ],
    "names of methods": [
        "We present Deep Studying, a benchmark. Deep Studying beats deep learning in accuracy on every dataset.",
    ],
    "palms that are trees": [
        "The wind shakes palms along the beach. A storm shakes palms and pines.",
        "A gale shook palms on the island all night.",
        "He shakes palms to bring the dates down.",
    ],
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in UNTOUCHED.items() for text in texts])
def test_what_is_no_spun_english_stays(repairer: Repairer, kind: str, text: str) -> None:
    done = repairer.repair(text)
    assert [(edit.before, edit.after) for edit in done.edits] == [], kind
    assert done.verdict.label == "clean"


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
        ("He met her at the door.\x1eThen he left.", "He met her at the door. Then he left."),
        ("A profound neural\r\norganization is here.", "A deep neural\r\nnetwork is here."),
        ("He shakes\npalms\nwith his host.", "He shakes\nhands\nwith his host."),
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
