"""Rule files: what they may say, what is refused and how, what a row stands for."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from derive import move
from hypothesis import given, settings
from hypothesis import strategies as st

from in_process import Run
from unspin import Repairer, RuleError
from unspin.english.inflection import inflect
from unspin.rulebook import packs
from unspin.rulebook.rulebook import Rulebook
from unspin.rulebook.scanner import Scanner, Search, fold
from unspin.rulebook.sources import Sources, entries

LOUD = Rulebook().scanner(screened=True), Rulebook().lookup(screened=True)
PIECES = [
    "he",
    "shakes",
    "palms",
    "in",
    "the",
    "with",
    "out",
    "—",
    "’",
    "\n",
    "\n\n",
    "é,",
    ".",
    "counterfeit",
    "consciousness",
]

Rules = Callable[..., Path]


@pytest.mark.parametrize(
    ("kind", "word", "forms"),
    [
        ("verb", "state", ["state", "states", "stated", "stated", "stating"]),
        ("verb", "say", ["say", "says", "said", "said", "saying"]),
        ("verb", "stop", ["stop", "stops", "stopped", "stopped", "stopping"]),
        ("verb", "carry", ["carry", "carries", "carried", "carried", "carrying"]),
        ("verb", "get pleasure from", ["get", "gets", "got", "got", "getting"]),
        ("noun", "officer", ["officer", "officers"]),
        ("noun", "coronary heart", ["coronary heart", "coronary hearts"]),
        ("noun", "city", ["city", "cities"]),
        ("noun", "child", ["child", "children"]),
        ("adj", "big", ["big", "bigger", "biggest"]),
        ("adj", "happy", ["happy", "happier", "happiest"]),
        ("adj", "important", ["important", "more important", "most important"]),
    ],
)
def test_inflection(sources: Sources, kind: str, word: str, forms: list[str]) -> None:
    found = inflect(kind, word, sources.irregular)
    if " from" in word:
        found = tuple(form.split()[0] for form in found)
    assert list(found) == forms


@pytest.mark.usefixtures("few_shipped_rules")
def test_one_row_stands_for_a_family(rules: Rules, run: Run) -> None:
    folder = rules(words_tsv="noun: zorble\twombat\tspun\tme\nverb: frizz off\tleave\tspun\tme\n")
    shown = run("rules", "show", "zorbles", "--rules", folder).stdout.decode()
    assert "zorbles → wombats" in shown
    assert "zorble → wombat\n" in shown
    assert "mine/words:noun-zorble" in shown
    assert "frizzed off → left" in run("rules", "show", "mine/words:verb-frizz-off", "--rules", folder).stdout.decode()


BAD = [
    ("a_tsv", "one\ttwo spun\tme\n", r"a\.tsv:1: 3 columns where 4 or 5 are needed"),
    ("a_tsv", "# note\n\none\ttwo\tspun\tme\nx\ty\tsure\tme\n", r"a\.tsv:4: unknown tier 'sure'; use one of certain"),
    ("a_tsv", "one\ttwo\tspun\tnobody\n", r"a\.tsv:1: unknown source 'nobody'; add it to sources\.toml"),
    ("a_tsv", "one\t \tspun\tme\n", r"a\.tsv:1: an empty phrase"),
    ("a_toml", "[[rule]\n", r"a\.toml:1: not valid TOML"),
    (
        "a_toml",
        '[[rule]]\nid = "x"\nspun = ["a"]\ntier = "spun"\nsource = "me"\n',
        r"a\.toml:1: the field 'plain' is missing",
    ),
    (
        "a_toml",
        '[[rule]]\nid = "x"\ntable = "verbs"\nspun = ["a"]\ntier = "spun"\nsource = "me"\n',
        r"a\.toml:1: the field 'plain' is missing",
    ),
    (
        "a_toml",
        '[[rule]]\nid = "x"\nspun = ["a"]\nplain = ["b"]\ntier = "spun"\nsource = "me"\n'
        'when = { text_after = "(unclosed" }\n',
        r"a\.toml:1: bad regular expression '\(unclosed'",
    ),
    (
        "a_toml",
        '[[rule]]\nid = "x"\nspun = ["a"]\nplain = ["b"]\ntier = "spun"\nsource = "me"\nwhen = { nearby = ["q"] }\n',
        r"a\.toml:1: unknown condition 'nearby'; the conditions are before",
    ),
]


@pytest.mark.parametrize(("name", "text", "message"), BAD)
@pytest.mark.usefixtures("few_shipped_rules")
def test_a_bad_rule_file_is_named_with_its_line(rules: Rules, name: str, text: str, message: str) -> None:
    folder = rules(**{name: text})
    with pytest.raises(RuleError, match=message):
        Repairer(rules=[folder]).repair("anything")


@pytest.mark.usefixtures("few_shipped_rules")
def test_the_command_reports_a_bad_rule_file_and_exits_with_2(rules: Rules, run: Run) -> None:
    done = run("check", "--rules", rules(a_tsv="one\ttwo\n"), "-", stdin=b"text")
    assert done.returncode == 2
    assert b"a.tsv:1: 2 columns where 4 or 5 are needed" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.usefixtures("few_shipped_rules")
def test_a_rule_file_that_is_not_utf8_is_named(rules: Rules) -> None:
    folder = rules()
    (folder / "mine" / "b.tsv").write_bytes(b"one\ttwo\tspun\tme\ncaf\xe9\tx\tspun\tme\n")
    with pytest.raises(RuleError, match=r"b\.tsv:2: not UTF-8"):
        Repairer(rules=[folder]).repair("anything")


@pytest.mark.usefixtures("few_shipped_rules")
def test_a_catastrophic_pattern_is_named_and_left_out(rules: Rules, run: Run) -> None:
    folder = rules(
        slow_toml='[[rule]]\nid = "slow"\nspun = ["zorble"]\nplain = ["wombat"]\ntier = "certain"\nsource = "me"\n'
        "when = { text_after = '(\\s*(a|a)+)+!' }\n"
    )
    done = run("check", "--rules", folder, "-", stdin=b"zorble " + b"a" * 60 + b"?", timeout=60)
    assert done.returncode == 0
    assert b"slow.toml:1: a pattern of this rule takes more than" in done.stderr


LINT = [
    ("b\tx\tspun\tme\na\ty\tspun\tme\n", "a.tsv:1: not in order"),
    ("a\tx\tspun\tme\nnoun: a\ty\tspun\tme\nnoun: a\ty\tcertain\tme\n", "'a' → 'y' is already at"),
    ("a\tA\tspun\tme\n", "'a' stands for itself"),
    ("ape\tbat\tcertain\tme\nbat\tape\tcertain\tme\n", "a cycle with"),
    ("ape\tbig bat\tcertain\tme\nbat\tcow\tcertain\tme\n", "is itself repaired by"),
]


@pytest.mark.parametrize(("text", "message"), LINT)
@pytest.mark.usefixtures("few_shipped_rules")
def test_lint_finds(rules: Rules, run: Run, text: str, message: str) -> None:
    done = run("rules", "lint", "--rules", rules(a_tsv=text))
    assert message in done.stdout.decode()
    assert done.returncode == 1


SOURCED = '[hunch]\ntitle = "a"\ntrust = 0.06\n[seen]\ntitle = "b"\n'
FAMILY = """\
title = "zorb"
about = "A family of this test."
kind = "fixed"
writes = ["zorble"]
"""
HUNCHES = """\
a drim zorble\ta big wombat\tspun\thunch
drim\tbig\tspun\tseen
fine zorble\tgood wombat\tspun\thunch
the zorble\tthe wombat\tspun\tseen
this zorble\tthis wombat | this koala\tspun\thunch
your zorble\tyour wombat\tspun\thunch
noun: zorble\twombat\tspun\thunch
zorbles\twombats\tspun\thunch
"""


@pytest.mark.usefixtures("few_shipped_rules")
def test_a_hunch_that_follows_from_other_rows_and_was_never_counted_is_named_and_moved(
    tmp_path: Path, run: Run
) -> None:
    folder = tmp_path / "rules"
    for name, text in {
        "sources.toml": SOURCED,
        "spinners/zorb/family.toml": FAMILY,
        "spinners/zorb/a.tsv": HUNCHES,
        "learned/channels/zorb.tsv": "your zorble\tyour wombat\t2\n",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    lines = run("rules", "lint", "--rules", folder).stdout.decode().splitlines()
    rows = folder / "spinners" / "zorb" / "a.tsv"
    assert lines == [
        f"{rows}:1: 'a drim zorble' follows from {rows}:2, {rows}:7; move it with tools/derive.py",
        f"{rows}:8: 'zorbles' follows from {rows}:7; move it with tools/derive.py",
    ]
    (folder / "sources.toml").write_text(SOURCED + '[derived]\ntitle = "c"\ntrust = 0.06\n')
    assert move(folder) == {"zorb": 2}
    assert run("rules", "lint", "--rules", folder).stdout == b""
    moved = (folder / "learned" / "collocations" / "zorb.tsv").read_text().splitlines()[1:]
    assert moved == ["a drim zorble\ta big wombat\tspun\tderived", "zorbles\twombats\tspun\tderived"]
    assert run("rules", "show", "a drim zorble", "--rules", folder).stdout.startswith(
        b"zorb/collocations:a-drim-zorble "
    )


@pytest.mark.usefixtures("few_shipped_rules")
def test_lint_puts_files_in_order(rules: Rules, run: Run) -> None:
    folder = rules(a_tsv="# head\nb\tx\tspun\tme\nnoun: a\ty \tspun\tme\n")
    assert run("rules", "lint", "--fix", "--rules", folder).returncode == 0
    assert (folder / "mine" / "a.tsv").read_text() == "# head\nnoun: a\ty\tspun\tme\nb\tx\tspun\tme\n"


@pytest.mark.usefixtures("few_shipped_rules")
def test_examples_are_tests(rules: Rules, run: Run) -> None:
    rule = (
        '[[rule]]\nid = "z"\nspun = ["zorble"]\nplain = ["wombat"]\ntier = "certain"\nsource = "me"\n'
        'fixes = [{ text = "A zorble ran.", gives = "A wombat ran." }, { text = "Zorble!", gives = "Wombat!" }]\n'
        'keeps = [{ text = "A zorble sat." }]\n'
    )
    folder = rules(a_toml=rule)
    done = run("rules", "test", "--rules", folder)
    assert done.returncode == 1
    assert "a.toml:1: mine/a:z: 'A zorble sat.' became 'A wombat sat.', not 'A zorble sat.'" in done.stdout.decode()
    folder = rules(a_toml=rule + 'when = { not_after = ["sat"] }\n')
    assert run("rules", "test", "--rules", folder).stdout == b""


@pytest.mark.usefixtures("few_shipped_rules")
def test_one_rule_stands_for_each_verb_of_the_table_in_the_form_it_asks_for(rules: Rules, run: Run) -> None:
    folder = rules(
        a_toml='[[rule]]\nid = "z"\ntable = "verbs"\nspun = ["zorble with {gerund}"]\nplain = ["help {verb}"]\n'
        'kind = "verb"\ntier = "certain"\nsource = "me"\n'
        'fixes = [{ text = "It zorbles with hunting down mice.", gives = "It helps catch mice." },\n'
        '    { text = "She zorbled with catching mice.", gives = "She helped catch mice." }]\n'
        'keeps = [{ text = "It zorbles with hunting." }]\n'
    )
    (folder / "tables").mkdir()
    (folder / "tables" / "verbs.tsv").write_text("catch\thunt down\n")
    assert run("rules", "test", "--rules", folder).stdout == b""


@pytest.mark.usefixtures("few_shipped_rules")
def test_a_contextual_rule_needs_examples(rules: Rules, run: Run) -> None:
    folder = rules(a_toml='[[rule]]\nid = "z"\nspun = ["a"]\nplain = ["b"]\ntier = "spun"\nsource = "me"\n')
    assert "needs at least 2 examples" in run("rules", "lint", "--rules", folder).stdout.decode()


@pytest.mark.slow
def test_shipped_rules_and_families_are_in_order_described_and_do_as_their_examples_say(run: Run) -> None:
    assert run("rules", "lint").stdout == b""
    assert run("rules", "test").stdout == b""


def test_the_dictionary_is_large(sources: Sources) -> None:
    spun = {entry.surface for entry in entries(sources) if sources.rules[entry.rule].group == "corridor"}
    assert len(spun) >= 8_000
    assert sum(" " in surface for surface in spun) >= 1_500


@pytest.mark.usefixtures("few_shipped_rules")
def test_keep_phrases_are_never_rules(rules: Rules) -> None:
    folder = rules(a_tsv="zorble\twombat\tcertain\tme\n")
    (folder / "keep.tsv").write_text("zorble\ta real animal in this test\n")
    assert Repairer(rules=[folder]).repair("A zorble ran.").edits == ()


PHRASES = ["in the", "the", "e-mail", "i've", "café", "new york"]


@settings(max_examples=300)
@given(
    st.lists(
        st.sampled_from(
            [*PHRASES, "In", "THE", "theory", "é", "’", "“", "\n", "\r\n", " ", "  ", "-", ".", "İ", "\u00a0"]
        )
    )
)
def test_a_hit_is_the_phrase_at_word_boundaries(parts: list[str]) -> None:
    text = "".join(parts)
    for number, start, end in Scanner(b"\n".join(map(fold, PHRASES))).scan(text):
        assert fold(text[start:end]) == fold(PHRASES[number])
        assert not text[start - 1 : start].isalnum()
        assert not text[end : end + 1].isalnum()


@pytest.mark.parametrize("gap", [" ", "  ", "\n", "\r\n", "\u00a0", " \n ", "\t"])
def test_a_phrase_matches_across_any_blank_but_not_across_a_blank_line(gap: str) -> None:
    scanner = Scanner(fold("new york"))
    assert scanner.scan(f"“New{gap}York”") == [(0, 1, 8 + len(gap))]
    assert scanner.scan("New\n\nYork") == []
    assert scanner.scan("New, York") == []


def test_equal_files_give_equal_digests_and_a_change_another(rules: Rules) -> None:
    folder = rules(a_tsv="a\tb\tspun\tme\n")
    digest = Rulebook([folder]).digest
    assert Rulebook([folder]).digest == digest
    (folder / "mine" / "a.tsv").write_text("a\tc\tspun\tme\n")
    assert Rulebook([folder]).digest != digest


def test_a_file_that_was_settled_is_known_by_its_times_and_one_of_the_same_size_that_replaces_it_is_not(
    rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packs, "time", lambda: time.time() + 60)
    folder = rules(a_tsv="a\tb\tspun\tme\n")
    path = folder / "mine" / "a.tsv"
    digest = packs.digest_of([(folder, path)])
    monkeypatch.setattr(packs, "_digest", lambda files, key: "read anew")
    assert packs.digest_of([(folder, path)]) == digest
    path.write_text("a\tc\tspun\tme\n")
    assert packs.digest_of([(folder, path)]) == "read anew"


def test_phrases_are_found_alike_before_and_after_the_automaton_is_built() -> None:
    book = Rulebook()
    search = Search(book.lookup, book.scanner)
    text = "He shakes palms with the counterfeit consciousness of his host. " * 100
    found = [search.scan(text) for _ in range(4)]
    assert found[0]
    assert found[1:] == found[:1] * 3


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(PIECES)).map(" ".join))
def test_a_lookup_answers_as_the_automaton_does(text: str) -> None:
    automaton, lookup = LOUD
    assert lookup.search(text).found == automaton.search(text).found
