"""The encoding stage: what ftfy repairs, as edits; good text left alone; files in other encodings."""

from __future__ import annotations

import json
import re
from itertools import product
from pathlib import Path

import ftfy
import pytest
from ftfy import bad_codecs
from ftfy.badness import BADNESS_RE, MOJIBAKE_CATEGORIES
from hypothesis import given, settings
from hypothesis import strategies as st

from in_process import Run
from unspin import Repairer, apply
from unspin.stages.encoding import prefilter as proof
from unspin.stages.encoding.harmless import MARKS

LINES = (Path(__file__).parent / "data" / "sentences.txt").read_text(encoding="utf-8").splitlines()
ENCODINGS = ["sloppy-windows-1252", "latin-1", "cp437", "macroman"]
CONFIG = ftfy.TextFixerConfig(
    uncurl_quotes=False, fix_latin_ligatures=False, fix_character_width=False, fix_line_breaks=False, explain=False
)
bad_codecs.ok()


@pytest.fixture(scope="module")
def encoding() -> Repairer:
    return Repairer(select=["encoding"])


def mangled(text: str, codec: str, times: int = 1) -> str:
    for _ in range(times):
        text = text.encode().decode(codec)
    return text


DAMAGED = list(dict.fromkeys(mangled(line, codec, n) for n in (1, 2) for codec in ENCODINGS for line in LINES))[:200]


def test_two_hundred_mangled_lines_come_out_as_ftfy_has_them(encoding: Repairer) -> None:
    assert len(DAMAGED) == 200
    for line in [*DAMAGED, "\n".join(DAMAGED)]:
        done = encoding.repair(line)
        assert done.text == ftfy.fix_text(line, CONFIG) == apply(line, done.edits)
        assert done.undo() == line
    assert sum(encoding.repair(line).text in LINES for line in DAMAGED) > 170


def test_edits_are_as_small_as_the_damage(encoding: Repairer) -> None:
    done = encoding.repair("Itâ€™s a cafÃ© in SÃ£o Paulo, &copy; Â© 2020\x07 e\u0301e")
    assert [(e.before, e.after, e.rule) for e in done.edits] == [
        ("â€™", "’", "encoding/mojibake"),
        ("Ã©", "é", "encoding/mojibake"),
        ("Ã£", "ã", "encoding/mojibake"),
        ("&copy;", "©", "encoding/entities"),
        ("Â©", "©", "encoding/mojibake"),
        ("\x07", "", "encoding/controls"),
        ("e\u0301", "é", "encoding/normalization"),
    ]
    assert [(e.before, e.after) for e in encoding.repair("dÃ©jÃ  vu").edits] == [("Ã©", "é"), ("Ã ", "à")]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("They don\x12t open \x13on Mondays\x14 \x17 or so.", "They don’t open “on Mondays” — or so."),
        ("They don\x19t open \x1con Mondays\x1d \x14 or so.", "They don’t open “on Mondays” — or so."),
        ("The keepers\x12 lamp wasn\x12t lit.", "The keepers’ lamp wasn’t lit."),
        ("The keepers\x12 lamp was not lit, co\x02operate.", "The keepers lamp was not lit, cooperate."),
        ("a list\x1dof words", "a list of words"),
    ],
)
def test_control_characters_that_were_quotation_marks_become_them(encoding: Repairer, text: str, right: str) -> None:
    assert encoding.repair(text).text == right


ALPHABET = st.sampled_from(
    "aZ5 .,'\"()\n-“”‘’–—…«»éàçñüßÉÀÇÑÂÃÄÅÐŒœ€£¥©®°±²½¿¡\xa0\xad¢µžšŸ™•†ĂăŁłŐőŢσωάГВСрвЂўєіѓђ╔│░√∂ﬁ日מع\ufffd"
)
MESSY = st.text(ALPHABET | st.sampled_from("\x00\x1b\x85\x9d\ud83d\ude00\ufeff\u200b&;<é\u0301"))


SIGNED_CAPITALS = re.compile("[A-ZÀ-Þ]+[À-Þ][®™”»’\"']|[A-ZÀ-Þ]{2,}[À-Þ][\xa1-\xbf›…–—]")
"""Words such as "MAÇÃ®", which ftfy reads as damaged."""


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.text(ALPHABET, max_size=14) | MESSY | st.text(max_size=20))
def test_no_line_that_ftfy_would_change_is_passed_over(encoding: Repairer, text: str) -> None:
    done = encoding.repair(text)
    plain = ftfy.fix_text(text, CONFIG._replace(normalization=None, unescape_html=False))
    is_exempt = text.startswith("\ufeff") or "Ã " in text or SIGNED_CAPITALS.search(text)
    if not done.edits and not is_exempt and "\ufffd" not in plain:
        assert plain == text
    assert apply(text, done.edits) == done.text


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(DAMAGED + LINES), max_size=4).map("\r\n".join), ALPHABET, ALPHABET)
def test_whole_texts_come_out_as_ftfy_has_them(encoding: Repairer, text: str, before: str, after: str) -> None:
    text = f"{before}{text}{after}"
    done = encoding.repair(text)
    if "Ã " not in text and not SIGNED_CAPITALS.search(text):
        assert done.text == ftfy.fix_text(text, CONFIG)


def test_the_proof_knows_every_character_of_ftfys_expression() -> None:
    known = {chr(c) for c in range(0x80, 0x110000) if re.match(f"[{''.join(MOJIBAKE_CATEGORIES.values())}]", chr(c))}
    assert len(known) > 400
    assert not [c for c in known | set(BADNESS_RE.pattern) if c > "\x7f" and not proof._KNOWN.match(c) and c > "\x9f"]
    beside = ["", *("".join(pair) for n in (1, 2) for pair in product(" aZ.5", repeat=n))]
    alone = {c for c in known if c > "\x9f" and any(BADNESS_RE.search(a + c + b) for a in beside for b in beside)}
    assert alone == proof._ALONE
    assert not any(BADNESS_RE.search("".join(marks)) for marks in product(" a5", MARKS, MARKS, " a5"))


def test_entities_that_are_kept_make_no_edits_beside_damage(encoding: Repairer) -> None:
    done = encoding.repair("cafÃ© <b>&amp;</b> &quot;x&quot;&nbsp;y")
    assert [(e.before, e.after) for e in done.edits] == [("Ã©", "é")]


@pytest.mark.parametrize("line", ['"“"', '"“«"“', "‘’'’", "it’s ‘’", "ＡＡAＡA"])
def test_each_mark_is_made_plain_where_it_stands(line: str) -> None:
    """None is taken for a plain one beside it, which would make edits that depend on each other."""
    done = Repairer(select=["encoding/quotes", "encoding/width"], extend=["encoding/quotes", "encoding/width"]).repair(
        line
    )
    assert done.text == line.translate(str.maketrans("“‘’Ａ", "\"''A"))
    assert all(len(edit.before) == len(edit.after) for edit in done.edits)


def test_long_lines_are_aligned_piece_by_piece(encoding: Repairer) -> None:
    line = " ".join(mangled(line, "sloppy-windows-1252") for line in LINES[:12]) * 40
    done = encoding.repair(line)
    assert len(line) > 30_000
    assert done.text == ftfy.fix_text(line, CONFIG)
    assert max(len(edit.before) for edit in done.edits) < 12


def test_a_long_line_all_of_it_damaged_takes_time_by_its_length(encoding: Repairer) -> None:
    line = mangled("Снег выпал ночью и дети рады ", "latin-1") * 3000
    done = encoding.repair(line)  # a second; it took minutes
    assert done.text == ftfy.fix_text(line, CONFIG)
    assert max(len(edit.before) for edit in done.edits) < 12


@pytest.mark.parametrize("cells", [20, 40, 400])
def test_what_repeats_itself_behind_a_change_stays_in_step(encoding: Repairer, cells: int) -> None:
    """A table on one line, where a cell looks like the next."""
    table = "[[x]] key% " * cells
    done = encoding.repair(f"Itâ€™s {table}, isnâ€™t it")
    assert done.text == f"It’s {table}, isn’t it"
    assert [edit.before for edit in done.edits] == ["â€™", "â€™"]
    assert encoding.repair(f"&amp;amp;amplt;]] {table}").edits == ()


def test_what_was_escaped_twice_is_one_change(encoding: Repairer) -> None:
    done = encoding.repair("It&amp;rsquo;s on Monday, that&amp;rsquo;s it, the clerk&amp;rsquo;s minutes.")
    assert [(edit.before, edit.after, edit.rule) for edit in done.edits] == [
        ("&amp;rsquo;", "’", "encoding/entities")
    ] * 3


@pytest.mark.parametrize("line", LINES)
def test_good_text_is_left_alone(encoding: Repairer, line: str) -> None:
    assert encoding.repair(f"{line}\n\t\x0c“{line}”\r\n").edits == ()


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffA file may begin with this mark.\r\n",
        "A decomposed e\u0301, an A\u030a: another normal form is no damage.",
        "The ﬁrst ﬂoor, ＦＵＬＬ width, “curly” ‘quotes’.",
        "<p>Salt &amp; pepper</p>",
        "Salt &amp; pepper\n<br>\n",
        "&lt;b&gt;bold&lt;/b&gt; &amp; more",
        "&amp;lt;b&amp;gt;bold&amp;lt;/b&amp;gt;",
        "&#60;b&#62; and &#x3C;i&#x3E;, which would become tags",
        "Write “&amp;” for an ampersand, and &lt; for a sign.",
        "R&D; AT&T; if (a && b) x &y; ?a=1&copy=2",
        "It seemed so clichÃ ©, torn apart by a blank.",
    ],
)
def test_what_is_no_damage_or_cannot_be_told_is_left_alone(encoding: Repairer, text: str) -> None:
    assert encoding.repair(text).edits == ()


def test_what_is_no_damage_is_changed_where_asked() -> None:
    def repaired(rule: str, text: str) -> tuple[str, set[str]]:
        done = Repairer(select=[rule], extend=[rule]).repair(text)
        return done.text, {edit.rule for edit in done.edits}

    assert repaired("encoding/quotes", "“It’s” ﬁne") == ('"It\'s" ﬁne', {"encoding/quotes"})
    assert repaired("encoding/quotes", "“It’s”\ncafe\u0301\n") == ('"It\'s"\ncafe\u0301\n', {"encoding/quotes"})
    assert repaired("encoding/ligatures", "“ﬁne ﬂoor”") == ("“fine floor”", {"encoding/ligatures"})
    assert repaired("encoding/width", "ＦＵＬＬ ﬁne") == ("FULL ﬁne", {"encoding/width"})
    assert repaired("encoding/normalization", "cafe\u0301 “") == ("café “", {"encoding/normalization"})
    with pytest.raises(ValueError, match="'encoding/mojibake' is not optional"):
        Repairer(extend=["encoding/mojibake"])


def test_it_runs_before_the_phrases(repairer: Repairer) -> None:
    done = repairer.repair("He shakesÂ\xa0palms.")
    assert done.text.replace("\xa0", " ") == "He shakes hands."


def test_files_in_another_encoding_are_named_and_converted_only_when_asked(run: Run, tmp_path: Path) -> None:
    text = "Der Bäcker öffnet früh, und die Übung fällt aus. Das Brot kühlt auf großen Blechen.\n" * 4
    file = tmp_path / "old.txt"
    file.write_bytes(text.encode("cp1252"))
    refused = run("fix", file)
    assert refused.returncode == 2
    assert b"old.txt:1: not UTF-8 (byte 0xe4 at offset 5); left untouched, it looks like " in refused.stderr
    assert file.read_bytes() == text.encode("cp1252")
    assert run("check", "--from-encoding", "cp1252", file).returncode == 0
    for name in ("no-such", "hex", "undefined", "ascii"):
        refused = run("fix", "--from-encoding", name, file)
        assert (refused.returncode, refused.stderr.count(b"\n")) == (2, 1)
    assert run("fix", "--diff", "--from-encoding", "cp1252", file).returncode == 1
    assert file.read_bytes() == text.encode("cp1252")
    assert run("fix", "--from-encoding", "cp1252", file).returncode == 1
    assert file.read_bytes() == text.encode()
    again = run("fix", "--from-encoding", "cp1252", "--ignore", "encoding", file)
    assert again.returncode == 2
    assert b"old.txt: UTF-8 already, not cp1252; left untouched, run without --from-encoding" in again.stderr
    assert file.read_bytes() == text.encode()
    wide = tmp_path / "wide.txt"
    wide.write_bytes("He shakes palms.\n".encode("utf-16"))
    refused = run("fix", wide)
    assert refused.returncode == 2
    assert b"it looks like utf_16" in refused.stderr
    assert run("fix", "--from-encoding", "utf-16", wide).returncode == 1
    assert wide.read_bytes() == b"He shakes hands.\n"
    assert run("fix", "--from-encoding", "utf-16", wide).returncode == 2
    assert wide.read_bytes() == b"He shakes hands.\n"
    records = tmp_path / "old.jsonl"
    records.write_bytes(b'{"text": "fine"}\n{"text": "caf\xe9"}\n')
    assert b"old.jsonl:2: not UTF-8" in run("check", records).stderr


def test_records_hold_their_own_damage(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"id": 1, "text": "cafÃ©"}\n{"id": 2, "text": "<b>&amp;</b>"}\n', encoding="utf-8")
    first, second = map(json.loads, run("check", "--format", "jsonl", file).stdout.splitlines())
    assert [(e["before"], e["after"], e["stage"]) for e in first["edits"]] == [("Ã©", "é", "encoding")]
    assert second["edits"] == []
