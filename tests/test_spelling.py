"""The spelling stage: clear misspellings corrected, everything else left alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from in_process import Run
from unspin import Repairer

DATA = Path(__file__).parent / "data"
RIGHT = (DATA / "right-spelling.txt").read_text(encoding="utf-8").splitlines()
WORDS = ["recieve", "seperate", "the", "of", "Alot", "xqzt", "teh", "’", ".", "“", "”", "\n", "é", "İ"]
MARK = re.compile(r"\{([^{}=]*)=>([^{}]*)\}")


@pytest.fixture(scope="module")
def spelling() -> Repairer:
    return Repairer(select=["spelling"])


def test_one_misspelled_word_among_known_ones_is_corrected_beside_a_paragraph_in_dialect(spelling: Repairer) -> None:
    dialect = next(line for line in RIGHT if line.startswith("Aloo gobi"))
    wrong = "He had no alterntive but to sell the farm."
    done = spelling.repair(f"{dialect}\n\n{wrong}\n\n{dialect}")
    assert [(edit.before, edit.after) for edit in done.edits] == [("alterntive", "alternative")]


@pytest.mark.parametrize("name", ["misspelled.txt", "misspelled-held-out.txt"])
def test_common_misspellings_in_their_sentences(spelling: Repairer, name: str) -> None:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    corrected = made = 0
    for line in lines:
        mark = MARK.search(line)
        assert mark is not None
        done = spelling.repair(MARK.sub(r"\1", line))
        made += len(done.edits)
        corrected += done.text in {MARK.sub(choice, line) for choice in mark[2].split("|")}
    assert len(lines) > 190
    assert corrected / len(lines) >= 0.85
    assert corrected / made >= 0.97


def test_rarer_misspellings_are_left_rather_than_guessed(spelling: Repairer) -> None:
    lines = (DATA / "misspelled-hard.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        mark = MARK.search(line)
        assert mark is not None
        written = MARK.sub(r"\1", line)
        right = {MARK.sub(choice, line) for choice in mark[2].split("|")}
        assert spelling.repair(written).text in {written, *right}


@pytest.mark.parametrize("line", RIGHT)
def test_what_is_right_is_left_alone(spelling: Repairer, line: str) -> None:
    assert spelling.repair(line).edits == ()


def test_what_is_right_is_left_alone_in_one_document(spelling: Repairer) -> None:
    assert spelling.repair("\n".join(RIGHT)).edits == ()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("He left with out a word, infront of the house.", "He left without a word, in front of the house."),
        ("Recieve it with care.", "Receive it with care."),
        ("RECIEVE, Recieve Inc. and a Recieve button", None),
        ("There are alot of them.", "There are a lot of them."),
        ("The sollicitation was sollicitation enough.", None),
        ("Alot of them wrote in febuary and in Febuary.", "A lot of them wrote in February and in February."),
        ("Litle is known. Mr. Litle is known.", None),
        ("Seige began. The Seige ended, and a seige followed.", "Seige began. The Seige ended, and a siege followed."),
        ("“We recieve it,” she said—definately so.", "“We receive it,” she said—definitely so."),
        ("well-recieve, recieve's, recieve/send, recieve_all", None),
    ],
)
def test_words_and_what_is_around_them(spelling: Repairer, text: str, wanted: str | None) -> None:
    assert spelling.repair(text).text == (text if wanted is None else wanted)


def test_what_is_not_clear_is_only_told(spelling: Repairer) -> None:
    done = spelling.repair("We had a good harvist in the valley.")
    assert done.edits == ()
    assert [(s.before, s.after, s.rule) for s in done.suggestions] == [("harvist", "harvest", "spelling/context")]


def test_a_sentence_is_judged_by_its_own_language(spelling: Repairer) -> None:
    text = "Le maire est responsable de la ville, dont il parle.\n\nThe mayor was responsable for the town."
    assert spelling.repair(text).text == text.replace("was responsable", "was responsible")


def test_own_words_are_right(tmp_path: Path) -> None:
    text = "The recieve of the tomorow."
    assert Repairer(select=["spelling"]).repair(text).edits != ()
    (tmp_path / "tables").mkdir()
    (tmp_path / "sources.toml").write_text('[me]\ntitle = "me"\n')
    (tmp_path / "tables" / "right-words.tsv").write_text("word\trecieve\nword\ttomorow\n")
    assert Repairer(select=["spelling"], rules=[tmp_path]).repair(text).edits == ()


def test_it_runs_only_where_asked_for(run: Run) -> None:
    text = b"We did not recieve your letter.\n"
    assert run("fix", "-", stdin=text).stdout == text
    assert run("fix", "--spelling", "-", stdin=text).stdout == b"We did not receive your letter.\n"


def test_the_list_is_shown_like_any_rule(run: Run) -> None:
    shown = run("rules", "show", "recieve").stdout.decode()
    assert "spelling/corrections:recieve" in shown
    assert "recieve → receive" in shown


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(WORDS)).map(" ".join))
def test_any_text_is_borne(spelling: Repairer, text: str) -> None:
    done = spelling.repair(text)
    assert done.undo() == text
