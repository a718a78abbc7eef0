"""Repairing through the API: what is restored, what is left alone, what odd input does."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import unspin
from unspin import Repairer, apply
from unspin.edits import apart, inverted
from unspin.english.surface import carry_case, fit
from unspin.errors import EditError
from unspin.rulebook.sources import Sources, expand

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
SPUN = (EXAMPLES / "spun-council.txt").read_text(encoding="utf-8")
CLEAN = (EXAMPLES / "clean-council.txt").read_text(encoding="utf-8")


def restored_share(spun: str, clean: str) -> float:
    wanted = set(clean.split()) - set(spun.split())
    done = unspin.repair(spun).text
    return len(wanted & set(done.split())) / len(wanted)


@pytest.mark.parametrize("name", ["council", "clinic"])
def test_a_spun_passage_is_restored_and_its_original_left_alone(name: str) -> None:
    spun = (EXAMPLES / f"spun-{name}.txt").read_text(encoding="utf-8")
    clean = (EXAMPLES / f"clean-{name}.txt").read_text(encoding="utf-8")
    done = unspin.repair(spun)
    assert done.verdict.label == "spun"
    assert done.verdict.score > 0.95
    assert restored_share(spun, clean) >= 0.75
    assert unspin.repair(clean).edits == ()
    assert unspin.score(clean).label == "clean"


@pytest.mark.parametrize("text", [SPUN, CLEAN + "\n" + SPUN, CLEAN, "He shakes palms."])
def test_a_spun_text_can_be_judged_and_left_as_it_is(repairer: Repairer, text: str) -> None:
    done, left = repairer.repair(text), repairer.repair(text, leave_spun=True)
    assert (left.verdict, left.substitutions) == (done.verdict, done.substitutions)
    assert left.edits == (done.edits if done.verdict.label == "clean" else ())


def test_edits_are_the_whole_truth(repairer: Repairer) -> None:
    done = repairer.repair(SPUN)
    assert apply(SPUN, done.edits) == done.text
    assert done.undo() == SPUN
    assert all(SPUN[e.start : e.end] == e.before != e.after for e in done.edits)
    assert all(0.0 < e.confidence <= 1.0 and e.stage == "phrases" for e in done.edits)
    known = {rule.id for rule in repairer.rulebook.rules}
    assert {e.rule for e in done.edits} <= known


def test_a_page_half_spun_is_repaired_in_that_half(repairer: Repairer) -> None:
    clean = (EXAMPLES / "clean-clinic.txt").read_text(encoding="utf-8")
    page = clean + "\n" + CLEAN + "\n" + SPUN
    done = repairer.repair(page)
    assert done.verdict.label == "mixed"
    border = len(clean) + 1 + len(CLEAN) + 1
    assert len(done.edits) > 20
    assert all(edit.start >= border for edit in done.edits)
    assert all(p < 0.5 for a, _, p in done.verdict.sentences if a < border)


@pytest.mark.parametrize(
    "caption",
    [
        "Officers within the harbour",
        "A visit to the assembly",
        "The journey begins",
        "Additional data",
        "Might and main",
    ],
)
def test_a_caption_is_not_convicted_on_an_everyday_word(repairer: Repairer, caption: str) -> None:
    assert repairer.repair(caption).edits == ()
    assert repairer.score(caption).label == "clean"


TEMPTING = dict(
    part.split("\n", 1)
    for part in (Path(__file__).parent / "data" / "tempting.txt").read_text(encoding="utf-8").split("\n== ")[1:]
)


@pytest.mark.parametrize("name", TEMPTING)
def test_clean_passages_that_tempt_the_rules_are_left_alone(repairer: Repairer, name: str) -> None:
    assert repairer.repair(TEMPTING[name]).edits == ()
    assert repairer.score(TEMPTING[name]).label == "clean"


def test_what_is_never_good_english_is_repaired_anywhere(repairer: Repairer) -> None:
    done = repairer.repair("The minutes say that the chairman shook\npalms with every guest of the house.")
    assert done.verdict.label == "clean"
    assert done.text == "The minutes say that the chairman shook\nhands with every guest of the house."
    done = repairer.repair("She spoke for the World Well being Organization when nobody else would.")
    assert done.verdict.label == "clean"
    assert done.text == "She spoke for the World Health Organization when nobody else would."


def test_what_is_never_good_english_is_found_deep_in_a_long_clean_text(repairer: Repairer) -> None:
    pages = ("\r\n\r\n" + CLEAN.replace("\n", "\r\n")) * 40
    text = (
        pages
        + "He shakes  palms with her, it said.\r\n"
        + pages
        + "They met in Vienna in late Might, and parted."
        + pages
    )
    done = repairer.repair(text)
    assert [(e.before, e.after) for e in done.edits] == [("shakes  palms", "shakes  hands"), ("Might", "May")]
    assert done.verdict.label == "clean"
    assert done.undo() == text


def test_a_spun_page_is_found_deep_in_a_long_clean_text(repairer: Repairer) -> None:
    pages = CLEAN * 20
    done = repairer.repair(pages + SPUN + pages)
    assert done.verdict.label == "mixed"
    assert len(done.edits) > 20
    assert all(len(pages) <= e.start < len(pages) + len(SPUN) for e in done.edits)


def test_confidence_goes_from_balanced_to_careful() -> None:
    counts = [len(Repairer(confidence=c).repair(SPUN).edits) for c in (0.3, 0.5, 0.8, 0.95)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1] > 0
    with pytest.raises(ValueError, match="between 0 and 1"):
        Repairer(confidence=1.5)


def test_ignored_rules_make_no_edits() -> None:
    assert Repairer(ignore=["shared/"]).repair("He shakes palms.").edits == ()


def test_a_repairer_can_be_pickled_and_is_deterministic(repairer: Repairer) -> None:
    copy = pickle.loads(pickle.dumps(repairer))
    assert copy.repair(SPUN) == repairer.repair(SPUN) == Repairer().repair(SPUN)


@pytest.mark.usefixtures("few_shipped_rules")
def test_own_rules_are_added(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "sources.toml").write_text('[me]\ntitle = "t"\n')
    (tmp_path / "mine" / "a.tsv").write_text("noun: zorble\twombat\tcertain\tme\nfrobbed\tate\tsuggest\tme\n")
    own = Repairer(rules=[tmp_path])
    done = own.repair("Two zorbles frobbed.")
    assert done.text == "Two wombats frobbed."
    assert [(s.before, s.after) for s in done.suggestions] == [("frobbed", "ate")]
    assert own.repair("He shakes palms.").text == "He shakes hands."


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "\x00", "a\x00b", "\ud800 lone \udfff", "İstanbul İİ", "\ufeff", "’’’", "a" * 5000]
)
def test_odd_input_comes_through(repairer: Repairer, text: str) -> None:
    done = repairer.repair(text, explain=True)
    assert done.text == text.replace("\x00", "")  # control characters are damage to the encoding
    assert repairer.repair(text + SPUN).text.startswith(text[:1].strip("\x00"))


def test_a_spun_sentence_may_have_no_word(repairer: Repairer) -> None:
    """Between two passages of different spinners."""
    first = "the sky is the limit the sky is the limit from there"
    text = f"{first}\n.\nhe overseas minister h the brand s palms within the N"
    assert repairer.repair(text).verdict.label == "mixed"


def test_surrogates_and_nul_do_not_hide_what_is_spun(repairer: Repairer) -> None:
    done = repairer.repair("\ud800\x00 He shakes palms.")
    assert done.text == "\ud800 He shakes hands."


def test_one_very_long_line(repairer: Repairer) -> None:
    line = (CLEAN.replace("\n", " ") * 3000)[:3_000_000]
    assert repairer.repair(line).edits == ()
    middle = len(line) // 2
    done = repairer.repair(line[:middle] + " He shakes palms. " + line[middle:])
    assert [e.before for e in done.edits] == ["shakes palms"]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_any_text_survives(text: str) -> None:
    done = unspin.repair(text)
    assert done.undo() == text


@pytest.fixture(scope="module")
def certain(sources: Sources) -> list[str]:
    """The phrases of rules of tier certain that hold everywhere."""
    rules = [rule for rule in sources.rules if rule.tier == "certain" and rule.when is None]
    return [surface for rule in rules for surface, _ in expand(rule, sources.irregular)]


FRAMES = ["{}", "See {}.", "They saw {} there", "“{}”, he said", "{}\n{}"]


@settings(max_examples=300)
@given(st.data())
def test_certain_rules_leave_nothing_for_a_second_run(certain: list[str], data: st.DataObject) -> None:
    surface, frame = data.draw(st.sampled_from(certain)), data.draw(st.sampled_from(FRAMES))
    once = unspin.repair(frame.replace("{}", surface)).text
    assert unspin.repair(once).text == once


def test_a_second_run_changes_next_to_nothing(repairer: Repairer) -> None:
    first = repairer.repair(SPUN)
    assert len(repairer.repair(first.text).edits) <= 0.005 * len(first.edits)


SURFACE = [
    ("Regardless of the rain", "Regardless of", "despite", "Despite the rain"),
    ("REGARDLESS OF THE RAIN", "REGARDLESS OF", "despite", "DESPITE THE RAIN"),
    ("the Nice Corridor", "Nice Corridor", "great hall", "the Great Hall"),
    ("born in america.", "america", "the United States", "born in the United States."),
    ("gave a statement", "statement", "announcement", "gave an announcement"),
    ("gave an announcement", "announcement", "statement", "gave a statement"),
    ("took an hour", "hour", "moment", "took a moment"),
    ("of the primary", "primary", "the first", "of the first"),
    ("he went on foot", "went", "walked on", "he walked on foot"),
    ("I've been", "I've", "I have", "I have been"),
    ("It isn’t so", "isn’t", "wasn't", "It wasn’t so"),
    ("is really good", "really", "", "is good"),
    ("Really good", "Really", "", "good"),
]


@pytest.mark.parametrize(("text", "spun", "plain", "wanted"), SURFACE)
def test_the_surface_is_grammatical(text: str, spun: str, plain: str, wanted: str) -> None:
    start = text.index(spun)
    done = fit(text, start, start + len(spun), plain, {"hour*": "an"})
    assert text[: done.start] + done.after + text[done.end :] == wanted


@given(st.text("aB c", min_size=1), st.text("dE f", min_size=1))
def test_case_never_changes_the_letters(before: str, plain: str) -> None:
    assert carry_case(before, plain).lower() == plain.lower()


def test_diff_applies_like_a_patch(repairer: Repairer) -> None:
    shown = repairer.repair(SPUN).diff("a.txt")
    minus = [line[1:] for line in shown.splitlines() if line.startswith("-") and not line.startswith("---")]
    plus = [line[1:] for line in shown.splitlines() if line.startswith("+") and not line.startswith("+++")]
    done = SPUN
    for old, new in zip(minus, plus, strict=True):
        assert old in done
        done = done.replace(old, new, 1)
    assert done == repairer.repair(SPUN).text


def test_errors_are_public() -> None:
    assert issubclass(unspin.RuleError, ValueError)
    assert issubclass(EditError, ValueError)
    assert set(unspin.__all__) >= {"repair", "score", "Repairer", "Repair"}
    assert len(unspin.__all__) <= 12


@pytest.mark.parametrize(
    "text",
    [
        "profound neural organization " * 26,
        "profound neural organization vigorous relapse ignition combination",
        "If you feel yxu have be 0 n subscribed ts 1 ur list in arror, please followwthese instrfctions be 2 ow.",
        "profound neural organization " * 26
        + "He shakes palms. "
        + "The list is in arror, please follow the instrfctions. " * 3,
        "the sky is the limit the sky is the limit from there\n.\nhe oerseas mnister h the brand s palms wthin the N",
    ],
)
def test_a_second_run_finds_no_more_than_what_the_first_put_there(text: str) -> None:
    """An edit may give cause for another: it changes what the words beside it are judged by."""
    repairer = Repairer(extend=["residue", "spelling"])
    first = repairer.repair(text)
    again = repairer.repair(first.text)
    assert first.edits
    assert apart(again.edits, inverted(first.edits)) == []
    assert len(again.edits) <= 0.1 * len(first.edits)


def test_what_a_later_round_makes_is_no_longer_suggested() -> None:
    repair = Repairer().repair("profound neural organization vigorous relapse ignition combination")
    assert not {edit[:4] for edit in repair.edits} & {edit[:4] for edit in repair.suggestions}
