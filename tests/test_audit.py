"""The audit: what it counts for each rule, what it advises, what it refuses."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from in_process import Run
from unspin.edits import Edit
from unspin.errors import FileError
from unspin.evaluation.gold import Gold, Marked, Place, marked, parse

Rules = Callable[..., Path]

PAIRS = """\
blarf nib	city council	spun	me
drimble	short	spun	me
drimble vosk	long story	spun	me
flonk mard	good morning	spun	me
gorp	meeting	spun	me
quilliform zax	never mind	spun	me
snurgle frump	yearly report	certain	me
verb: tweel	walk	certain	me
"""
OTHER = "gorp\tluncheon\tspun\tme\n"
CONTEXT = """\
[[rule]]
id = "pring"
spun = ["pring"]
plain = ["refrain"]
tier = "spun"
source = "me"
fixes = [
    { text = "He will pring from it.", gives = "He will refrain from it." },
    { text = "They pring from it.", gives = "They refrain from it." },
]
keeps = [{ text = "A pring rang." }]
when = { after = ["from"] }
"""
MARKED = """\
The {blarf nib=>city council} met, and the {snurgle frump=>yearly report} was read to the {blarf nib=>city council}.
Then the {blarf nib=>city council} went home. We {tweeled=>walked} there, and the {blarf nib=>city council} did.
The {drimble=>short} vosk stood by the {?blarf nib=>city council|the council}.
They will {pring=>refrain} with the {flonk mard=>good morning}.
"""
GORPS = "The gorp of the {blarf nib=>city council} was held by the {snurgle frump=>yearly report}.\n" * 5
CLEAN = "The committee met on Monday and read the minutes of the last session.\n" * 400


@pytest.fixture
def texts(tmp_path: Path, rules: Rules) -> list[object]:
    """A rule folder and texts; returns the arguments that name them."""
    folder = rules(words_tsv=PAIRS, other_tsv=OTHER, context_toml=CONTEXT)
    (folder / "keep.tsv").write_text("the flonk mard\ta title in this test\n")
    clean, spun = tmp_path / "clean", tmp_path / "spun"
    (clean / "more").mkdir(parents=True)
    spun.mkdir()
    (clean / "a.txt").write_text(CLEAN)
    with gzip.open(clean / "more" / "b.jsonl.gz", "wt") as out:
        out.write(json.dumps({"text": "The snurgle frump of last year; a snurgle frump. The flonk mard."}) + "\n\n")
        out.write(json.dumps({"text": "He will pring with it and drimble."}) + "\n")
    (spun / "a.gold.txt").write_text(MARKED)
    text, places = parse(GORPS, "")
    assert places is not None
    edits = [{"start": p.start, "end": p.end, "spun": text[p.start : p.end], "original": p.right[0]} for p in places]
    (spun / "b.jsonl").write_text(json.dumps({"id": 1, "text": text, "edits": edits}) + "\n")
    (spun / "c.txt").write_text("The drimble vosk of the blarf nib.")
    return ["--clean", clean / "a.txt", "--clean", clean / "more", "--spun", spun, "--rules", folder]


def table(output: bytes) -> tuple[list[str], dict[str, dict[str, str]]]:
    """The comment lines of a table, and its rows by rule."""
    lines = output.decode().splitlines()
    head = [line for line in lines if line.startswith("#")]
    rows = {row["rule"]: row for row in csv.DictReader(lines[len(head) :], delimiter="\t")}
    assert list(rows) == sorted(rows)
    return head, rows


@pytest.mark.usefixtures("few_shipped_rules")
def test_each_rule_is_counted_and_advised(run: Run, texts: list[object], tmp_path: Path) -> None:
    done = run("rules", "audit", *texts, "--out", tmp_path / "table.tsv")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    head, rows = table((tmp_path / "table.tsv").read_bytes())
    assert "# clean text: 5219 words, 3 documents; 38.32 edits per 100,000 words" in head
    assert "# spun text: 110 words, 3 documents, 2 of them with gold" in head
    assert "# advice: 1 to spun, 1 to certain?, 1 to suggest or drop" in head
    (whole,) = (line for line in head if line.startswith("# all: "))
    assert whole.startswith("# all: 2 edits in clean text; recall 0.842 (16/19), ")  # of 20 places one is optional
    made = [sum(int(row[column]) for row in rows.values()) for column in ("right", "wrong")]
    assert f"({made[0]}/{sum(made)}), touched" in whole
    assert "# mine/words: 2 edits in clean text; recall 0.889 (16/18), precision 0.739 (17/23), touched 0.783" in head

    def of(rule: str, *columns: str) -> list[str]:
        return [rows[f"mine/{rule}"][column] for column in columns]

    # A phrase of tier certain that people write; the rate is 2 in 5219 words.
    found = of("words:snurgle-frump", "tier", "fires", "clean_hits", "clean_per_million", "clean_edits", "advice")
    assert found == ["certain", "edits", "2", "383.2", "2", "spun"]
    # One that is always right, and never in clean text though common here: one of its eleven hits is without gold.
    found = of("words:blarf-nib", "clean_hits", "spun_hits", "spun_unchanged", "right", "wrong", "precision", "advice")
    assert found == ["0", "11", "0", "10", "0", "1.000", "certain?"]
    # Always wrong; another rule holds the phrase for something else.
    found = of("words:gorp", "spun_hits", "spun_unchanged", "right", "wrong", "precision", "rivals", "advice")
    assert found == ["5", "5", "0", "5", "0.000", "mine/other:gorp", "suggest or drop"]
    assert of("other:gorp", "fires", "spun_hits", "rivals") == ["hits", "5", "mine/words:gorp"]
    # Gold wants the shorter phrase, the longer takes the place.
    found = of("words:drimble", "wanted", "came_right", "recall", "loses_to", "losses")
    assert found == ["1", "0", "0.000", "mine/words:drimble-vosk", "1"]
    # Inflected forms count for their row.
    assert of("words:verb-tweel", "spun_edits", "right", "wanted", "came_right") == ["1", "1", "1", "1"]
    # Wanted, but its condition is not met, or the phrase is to be kept.
    for rule in ("context:pring", "words:flonk-mard"):
        found = of(rule, "fires", "clean_hits", "spun_hits", "wanted", "recall", "precision")
        assert found == ["never", "0", "0", "1", "0.000", "-"]
    assert "mine/words:quilliform-zax" not in rows
    # From wherever it is made, the table is the same.
    here = [arg.relative_to(tmp_path) if isinstance(arg, Path) else arg for arg in texts[:-1]]
    again = run("rules", "audit", *here, texts[-1], cwd=tmp_path).stdout
    assert again == (tmp_path / "table.tsv").read_bytes()
    assert str(tmp_path).encode() not in again


@pytest.mark.usefixtures("few_shipped_rules")
def test_trouble_is_named_and_exits_with_2(run: Run, tmp_path: Path) -> None:
    bad, clean = tmp_path / "bad.jsonl", tmp_path / "clean.txt"
    clean.write_text("Fine.")
    bad.write_text('{"text": "fine", "edits": []}\n{"text": "shakes palms", "edits": [{"start": 6}]}\n')
    done = run("rules", "audit", "--clean", clean, "--spun", bad)
    assert (done.returncode, b"Traceback" in done.stderr) == (2, False)
    assert b"bad.jsonl:2: edits must be a list of objects with start, end and original" in done.stderr
    assert run("rules", "audit").returncode == 2
    done = run("rules", "audit", "--clean", clean, "--out", tmp_path / "no" / "table.tsv")
    assert (done.returncode, b"no: no such folder; make it first" in done.stderr) == (2, True)


@pytest.mark.usefixtures("few_shipped_rules")
def test_shipped_rules_are_counted_too(run: Run, small_dictionary: Path, tmp_path: Path) -> None:
    lines = (small_dictionary / "spinners" / "corridor" / "health.tsv").read_text(encoding="utf-8").splitlines()
    phrase = next(line.split("\t")[0] for line in lines if line[0] != "#" and ": " not in line)
    (tmp_path / "clean.txt").write_text(f"He saw the {phrase} there.\n")
    _, rows = table(run("rules", "audit", "--clean", tmp_path / "clean.txt").stdout)
    assert [row["clean_hits"] for rule, row in rows.items() if rule.startswith("corridor/health:")] == ["1"]


TROUBLE = [
    ("a.jsonl", b"{}\n", r"a\.jsonl:1: a record without text; name the field"),
    ("a.jsonl", b'{"text": "a"}\n{"te', r"a\.jsonl:2: not a JSON record"),
    (
        "a.jsonl",
        b'{"text": "shakes palms", "edits": [{"start": 6, "end": 11, "spun": "palms", "original": "hands"}]}',
        r"a\.jsonl:1: the edit at 6 to 11 is of 'palms', but there stands ' palm'; count offsets in code points",
    ),
    (
        "a.jsonl",
        b'{"text": "palm", "edits": [{"start": 0, "end": 4, "original": ""}, {"start": 3, "end": 4, "original": ""}]}',
        r"a\.jsonl:1: the edits at 0 and 3 overlap; make them one",
    ),
    ("a.jsonl.gz", b"no gzip", r"a\.jsonl\.gz:1: not a JSON record"),
    ("a.jsonl.gz", gzip.compress(mtime=0, data=b'{"text": "a"}' * 9)[:-9], r"a\.jsonl\.gz: not a whole gzip file"),
    ("a.gold.txt", b"One.\n\nHe {shakes palms=>shakes hands.", r"a\.gold\.txt:3: '\{shakes palms=>' is no whole mark"),
    ("a.txt", b"caf\xe9", r"a\.txt:1: not UTF-8"),
]


@pytest.mark.parametrize(("name", "data", "message"), TROUBLE)
def test_gold_that_cannot_be_used_is_named_with_its_line(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(FileError, match=message):
        list(marked([tmp_path / name]))


def test_marks() -> None:
    text, places = parse("{=>The }Xi {Chinese =>}{battle=>conflict|fight} {?almost=>nearly} {a} => b.", "x")
    assert text == "Xi Chinese battle almost {a} => b."
    assert places == (
        Place(0, 0, ("The ",)),
        Place(3, 11, ("",)),
        Place(11, 17, ("conflict", "fight")),
        Place(18, 24, ("nearly",), optional=True),
    )


def test_gold_in_both_ways_of_writing_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.gold.txt").write_text("He shakes {palms=>hands}.")
    record = {"text": "He shakes palms.", "edits": [{"start": 10, "end": 15, "original": "hands"}]}
    with gzip.open(tmp_path / "b.jsonl.gz", "wt") as out:
        out.write(json.dumps(record))
    (tmp_path / "c.txt").write_text("He shakes palms.")
    found = list(marked([tmp_path]))
    assert found == [found[0], found[0], Marked("He shakes palms.", None)]


COMPARED = [
    ("He shakes {palms=>hands}.", [(3, 15, "shakes hands")], {0}, {0}, {0}),  # cut otherwise
    ("He shakes {palms=>hands}.", [(10, 15, "HANDS")], {0}, {0}, {0}),
    ("He shakes {palms=>hands}.", [(10, 15, "trees")], set(), set(), {0}),
    ("He shakes {palms=>hands}.", [(0, 2, "She")], set(), set(), set()),
    ("He shakes {palms=>hands}.", [], set(), set(), set()),
    ("A {battle=>conflict|fight} {?almost=>nearly}.", [(2, 8, "fight")], {0}, {0}, {0}),
    ("A {battle=>fight}-{palms=>hand}.", [(2, 8, "fight"), (9, 14, "tree")], {0}, {0}, {0, 1}),  # one word, one right
    ("In {=>the }house", [(3, 3, "the ")], {0}, {0}, {0}),
    ("In {=>the }house", [(3, 8, "the house")], {0}, {0}, {0}),
    ("The {Chinese =>}President", [(4, 12, "")], {0}, {0}, {0}),
]


@pytest.mark.parametrize(("source", "made", "right", "restored", "touched"), COMPARED)
def test_edits_are_compared_with_gold(
    source: str, made: list[tuple[int, int, str]], right: set[int], restored: set[int], touched: set[int]
) -> None:
    text, places = parse(source, "x")
    assert places is not None
    edits = [Edit(a, b, text[a:b], after, "phrases", "r", 1.0) for a, b, after in made]
    outcome = Gold(text, places).compare(edits)
    assert (outcome.restored, outcome.touched) == (restored, touched)
    assert {i for i in outcome.right if not places[i].optional} == right
