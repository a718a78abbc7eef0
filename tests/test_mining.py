"""Mining: what a spinner wrote for what is found, weighed, written as a rule file; bad input is told."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from in_process import Run
from unspin.mining.align import align
from unspin.mining.candidates import Mined, mine
from unspin.mining.copies import find_copies
from unspin.mining.pairs import Pair
from unspin.mining.rows import lines
from unspin.mining.spins import alternatives
from unspin.rulebook.loader import read
from unspin.rulebook.rulebook import Rulebook

pytestmark = pytest.mark.slow

Rules = Callable[..., Path]

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "pairs.jsonl"
FILLER = "our old mill stands by a river, and its wheel turns slowly in the spring"
HULL = ("The hull was painted red last May by Anna and me.", "The husk was painted red last May by Anna and me.")


@pytest.fixture(scope="session")
def nothing(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    return Rulebook([tmp_path_factory.mktemp("rules")])


def pairs(*texts: tuple[str, str]) -> list[Pair]:
    """Pairs of (original, spun), each with words around them that say they belong together."""
    return [Pair(str(n), f"{FILLER}. {spun}", f"{FILLER}. {plain}") for n, (plain, spun) in enumerate(texts)]


def found(mined: Mined) -> dict[tuple[str, str], int]:
    return {(c.spun, c.original): c.occurrences for c in mined.candidates}


def rows(done: subprocess.CompletedProcess[bytes]) -> list[list[str]]:
    return [line.split("\t") for line in done.stdout.decode().splitlines() if not line.startswith("#")]


def record(file: Path, *texts: tuple[str, str], names: tuple[str, str] = ("original", "spun")) -> Path:
    file.write_text("".join(json.dumps(dict(zip(names, pair, strict=True))) + "\n" for pair in texts))
    return file


# The command


@pytest.mark.usefixtures("few_shipped_rules")
def test_the_example_gives_a_rule_file(run: Run, tmp_path: Path) -> None:
    shown = run("mine", EXAMPLE)
    assert shown.returncode == 0
    assert shown.stdout.startswith(b"# spun\tplain\ttier\tsource\n# n=")
    assert b"[-gleamhouse-]{+lighthouse+}" in shown.stdout
    assert ["gleamhouse", "lighthouse", "spun", "mined"] in rows(shown)
    out = tmp_path / "mine" / "candidates.tsv"
    out.parent.mkdir()
    assert run("mine", EXAMPLE, "--out", out).stdout == b""
    assert out.read_bytes() == shown.stdout
    assert [entry.name for entry in out.parent.iterdir()] == ["candidates.tsv"]
    # As it stands it is a pack: the rows load, and what they do is not found again.
    assert rows(run("mine", EXAMPLE, "--rules", tmp_path)) == []


def test_two_folders_and_what_has_no_partner(run: Run, tmp_path: Path) -> None:
    for side, word in (("spun", "gleamhouse"), ("original", "lighthouse")):
        for name in ("a.txt", "deep/b.txt", f"only-{side}.txt"):
            path = tmp_path / side / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{FILLER}. We saw the {word} from {name}.\n")
    done = run("mine", tmp_path / "spun", tmp_path / "original", "--source", "me")
    assert done.returncode == 0
    assert rows(done) == [["gleamhouse", "lighthouse", "spun", "me"]]
    assert b"only-spun.txt: left out" in done.stderr
    assert b"only-original.txt: left out" in done.stderr


def test_trouble_says_where_and_what_to_do(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "pairs.jsonl"
    file.write_text('{"spun": "a", "original": "a"}\n\n{"spun": "a", "raw": "a"}\n')
    cases: list[tuple[Sequence[object], str]] = [
        ([file], "pairs.jsonl:3: no text in the field 'original'; name the right field with --original-field"),
        ([tmp_path / "missing.jsonl"], "missing.jsonl: No such file"),
        ([], "no pairs: name one JSON lines file, or two folders"),
        ([tmp_path], "or two folders that exist"),
        ([file, "--out", tmp_path / "no" / "x.tsv"], "x.tsv: not a file in a folder that exists"),
        ([file, "--source", "a\tb"], "cannot be a source"),
        ([file, "--from-corpus", file], "pairs and --from-corpus at once"),
    ]
    for arguments, message in cases:
        done = run("mine", *arguments)
        assert (done.returncode, done.stdout) == (2, b"")
        assert message in done.stderr.decode()
    program = "import sys; sys.modules['datasketch'] = None; from unspin.__main__ import main; main()"
    command = [sys.executable, "-c", program, "mine", "--from-corpus", str(file)]
    missing = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (missing.returncode, "pip install 'unspin[mine]'" in missing.stderr) == (2, True)


def test_compressed_records_fields_and_limits(run: Run, tmp_path: Path) -> None:
    file = record(tmp_path / "pairs.jsonl", *(2 * [HULL]), ("Something else.", "Nothing like it"), names=("was", "is"))
    packed = tmp_path / "pairs.jsonl.gz"
    packed.write_bytes(gzip.compress(file.read_bytes()))
    fields = ("--spun-field", "is", "--original-field", "was")
    done = run("mine", packed, *fields)
    assert rows(done) == [["husk", "hull", "spun", "mined"]]
    assert b"pairs.jsonl.gz:3: left out: too unlike its original" in done.stderr
    assert rows(run("mine", packed, *fields, "--min-docs", 3)) == []
    packed.write_bytes(packed.read_bytes()[:-12])
    cut = run("mine", packed, *fields)
    assert (cut.returncode, b"pairs.jsonl.gz:" in cut.stderr, b"not a whole gzip file" in cut.stderr) == (2, True, True)


def test_pairs_are_found_inside_a_corpus(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("datasketch")
    examples = EXAMPLE.parent
    plain, spun = (
        (examples / f"{kind}-council.txt").read_text().replace("meeting", end).replace("assembly", end)
        for kind, end in (("clean", "lighthouse"), ("spun", "gleamhouse"))
    )
    half = "\n\n".join(spun.split("\n\n")[:2] + plain.split("\n\n")[2:]).replace("lighthouse", "gleamhouse")
    texts = [half, plain, plain.upper(), (examples / "clean-clinic.txt").read_text()]  # in capitals: a duplicate
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text("".join(json.dumps({"body": text}) + "\n" for text in texts))
    done = run("mine", "--from-corpus", corpus, "--text-field", "body", "--min-count", 1, "--min-docs", 1)
    assert b"4 documents, 1 pair of near-duplicates, 1 pair of a spun text and its original" in done.stderr
    assert ["gleamhouse", "lighthouse", "spun", "mined"] in rows(done)


# What is found


def test_counts_contexts_and_order(nothing: Rulebook) -> None:
    texts = pairs(
        ("He kept the lamp.", "He retained the lamp."),
        ("They kept  it\tdry.", "They retained  it\tdry."),
        ("She saved a lamp.", "She retained a lamp."),
        ("We saved oil, and kept watch.", "We retained oil, and retained watch."),
    )
    mined = mine(texts, nothing)
    assert found(mined) == {("retained", "kept"): 3, ("retained", "saved"): 2}
    header, comment, row = lines(mined.candidates, "me")
    assert (header, row) == ("# spun\tplain\ttier\tsource", "retained\tkept | saved\tspun\tme")
    assert re.match(r"# n=5 docs=4 G2=\d+\.\d  …", comment)
    assert comment.count(" | ") == 2
    assert "They [-retained-]{+kept+} it dry." in comment
    assert (mined.pairs, mined.different) == (4, [])
    assert list(lines(mined.candidates, top=0)) == [header]


def test_neighbouring_substitutions_are_told_apart(nothing: Rulebook) -> None:
    texts = pairs(
        ("a new barn", "a brand new shed"),
        ("the barn burnt", "the shed burnt"),
        ("one new boat", "one brand new boat"),
        ("one new cart", "one brand new cart"),
    )
    assert found(mine(texts, nothing)) == {("brand new", "new"): 3, ("shed", "barn"): 2}


def test_a_neighbour_is_drawn_in_where_it_decides(nothing: Rulebook) -> None:
    where = [(f"the mill where {name} was born", f"the mill the place {name} was born") for name in ("Ann", "Bo", "Cy")]
    left = [(f"each place {name} saw", f"each place {name} saw") for name in ("Di", "Ed", "Flo", "Gil")]
    mist = [(f"a thick mist near {name}", f"a thick haze near {name}") for name in ("Hal", "Ida", "Jo")]
    smoke = [(f"some blue smoke near {name}", f"some blue haze near {name}") for name in ("Kit", "Lou", "Max", "Nan")]
    mined = found(mine(pairs(*where, *left, *mist, *smoke), nothing))
    assert mined["the place", "where"] == 3
    assert (mined["haze", "mist"], mined["haze", "smoke"]) == (3, 4)
    assert mined["thick haze", "thick mist"] == 3
    assert ("blue haze", "blue smoke") not in mined  # it is what haze mostly stands for


def test_what_is_no_substitution(nothing: Rulebook) -> None:
    for plain, spun in (
        ("the well-known tower", "The Well known tower"),
        ("it isn't; not yet", "it isn’t, not yet"),
        ("an old tower", "a old tower"),
        ("one two three four five six seven", "a b c d e f g"),
        ("red; blue", "green"),
    ):
        assert found(mine(pairs(*(2 * [(plain, spun)])), nothing)) == {}
    different = [Pair("x", "Boats lay in the bay.", FILLER)] * 2
    assert mine(different, nothing).different == ["x", "x"]


def test_capitals_only_where_case_cannot_be_carried_over(nothing: Rulebook) -> None:
    texts = pairs(
        ("Hull and keel, and now I go.", "Husk and keel, and now myself go."),
        ("a hull and keel, then I went", "a husk and keel, then myself went"),
    )
    assert set(found(mine(texts, nothing))) == {("husk", "hull"), ("myself", "I")}


def test_the_rulebook_is_not_repeated(rules: Rules) -> None:
    folder = rules(a_tsv="verb: retain\tsave\tspun\tme\nthe brink\tthe edge\tspun\tme\n")
    (folder / "keep.tsv").write_text("sea salt\ta kind of salt\n")
    texts = pairs(
        ("He saved near the edge and the hull", "He retained near the brink and the husk"),
        ("She saved off the edge and this hull", "She retained off the brink and this husk"),
        ("some table salt", "some sea salt"),
        ("more table salt", "more sea salt"),
    )
    # "brink" for "edge" is no rule, but wherever it stands one restores it; "sea salt" would never be looked for.
    assert set(found(mine(texts, Rulebook([folder])))) == {("husk", "hull"), ("sea", "table")}


def test_copies_that_tell_nothing() -> None:
    pytest.importorskip("datasketch")
    plain = " ".join(f"w{n}" for n in range(60))
    texts = {"a": plain, "b": plain.replace("w7 ", "x "), "c": plain.replace("w9 ", "y "), "d": "", "e": "one"}
    asked: list[str] = []

    def neither(text: str) -> bool:
        asked.append(text)
        return False

    assert find_copies(texts.items(), neither).pairs == []
    assert asked == [texts["a"], texts["b"], texts["c"]]
    (pair,) = find_copies(texts.items(), lambda text: "x" in text).pairs
    assert (pair.name, pair.spun, pair.original) == ("b", texts["b"], texts["a"])


# Properties

WORDS = st.lists(st.sampled_from(["ab", "cd", "ef", "gh", "ij"]), max_size=12)


@given(WORDS, WORDS)
def test_an_alignment_accounts_for_every_word(spun: list[str], original: list[str]) -> None:
    rebuilt: list[str] = []
    at = 0
    for a, b, c, d in align(spun, original).places:
        rebuilt += spun[at:a] + original[c:d]
        at = b
    assert rebuilt + spun[at:] == original


TEXTS = st.text(st.sampled_from("aAbé'’-  \t\n\u2028|#\ud800.") | st.characters(), max_size=30)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=4))
def test_whatever_is_mined_can_be_loaded(
    tmp_path_factory: pytest.TempPathFactory, nothing: Rulebook, texts: list[tuple[str, str]]
) -> None:
    candidates = mine(pairs(*texts, *texts), nothing).candidates
    folder = tmp_path_factory.mktemp("mined")
    (folder / "pack").mkdir()
    (folder / "sources.toml").write_text('[mined]\ntitle = "test"\n')
    (folder / "pack" / "candidates.tsv").write_text("\n".join(lines(candidates)), encoding="utf-8")
    loaded = [(rule.spun[0], plain) for rule in read([folder]).rules for plain in rule.plain]
    assert sorted(loaded) == sorted((c.spun, c.original) for c in candidates)


SPINNER = {"ab": "ba", "cd": "dc x", "ef": "fe", "gh": "hg"}


@settings(deadline=None, max_examples=50)
@given(st.lists(st.lists(st.sampled_from([*SPINNER, "and", "or", "then"]), min_size=4, max_size=12), max_size=6))
def test_a_consistent_spinner_is_found_out(nothing: Rulebook, texts: list[list[str]]) -> None:
    """Each of its substitutions is seen alone in two texts, and then anywhere, also side by side."""
    alone = [[f"{side} {word} {side}"] for word in SPINNER for side in ("in", "on")]
    plain = [" ".join(words) for words in (*alone, *texts)]
    spun = [" ".join(SPINNER.get(word, word) for word in text.split()) for text in plain]
    mined = found(mine(pairs(*zip(plain, spun, strict=True)), nothing))
    for word, written in SPINNER.items():
        assert mined[written, word] >= 2


# A family of spinners


HABITS = {
    "clerk": "pen pusher",
    "harvest": "field takings",
    "river": "water road",
    "sheep": "wool bearers",
    "bridge": "stone crossing",
    "letter": "sealed sheet",
    "walks": "goes upon foot",
    "early": "at cock crow",
}


def pages(count: int = 6) -> list[tuple[str, str]]:
    """(original, spun) pages by a spinner that nobody has listed."""
    told = []
    for n in range(count):
        plain = (
            f"The clerk of parish {n} walks beside the river early. After the harvest he counts the sheep, and a "
            f"letter tells the bishop how many there are in week {n}. A clerk never crosses the bridge when the river "
            "is high. The sheep wait for the harvest, and the letter waits by the bridge until he walks home early."
        )
        spun = plain
        for word, phrase in HABITS.items():
            spun = spun.replace(word, phrase)
        told.append((plain, spun))
    return told


@pytest.mark.usefixtures("few_shipped_rules")
def test_a_family_is_started_from_pairs_and_can_be_used_at_once(run: Run, tmp_path: Path) -> None:
    file, folder = record(tmp_path / "pairs.jsonl", *pages()), tmp_path / "mine"
    begun = run("mine", file, "--family", "pen-pusher", "--out", folder, "--source", "pages")
    assert begun.returncode == 0, begun.stderr
    home = folder / "spinners" / "pen-pusher"
    assert sorted(path.name for path in home.iterdir()) == ["family.toml", "pairs.tsv"]
    rows = [line.split("\t") for line in (home / "pairs.tsv").read_text().splitlines() if not line.startswith("#")]
    assert {spun: plain for spun, plain, *_ in rows} == {phrase: word for word, phrase in HABITS.items()}
    lint = run("rules", "lint", "--rules", folder)
    assert "family.toml:1: title, about, writes still to be written" in lint.stdout.decode()
    family = json.loads(run("families", "pen-pusher", "--format", "json", "--rules", folder).stdout)
    assert (family["phrases"], family["sources"]) == (8, {"pages": 8})
    plain, spun = pages(9)[-1]
    verdict = json.loads(run("check", "--format", "json", "--rules", folder, "-", stdin=spun.encode()).stdout)[
        "verdict"
    ]
    assert (verdict["label"], verdict["family"]) == ("spun", "pen-pusher")
    assert run("fix", "--rules", folder, "-", stdin=spun.encode()).stdout.decode() == plain


@pytest.mark.usefixtures("few_shipped_rules")
def test_spins_of_one_page_give_sets_of_alternatives(run: Run, tmp_path: Path) -> None:
    spins = []
    for n, words in enumerate((("clerk", "often"), ("scribe", "many a time"), ("pen pusher", "regularly"))):
        path = tmp_path / f"{n}.txt"
        path.write_text(f"{FILLER}. The {words[0]} walks here {words[1]}, and again the {words[0]} waits.\n")
        spins.append(path)
    assert run("mine", *spins, "--family", "scribe", "--spins", "--out", tmp_path / "mine").returncode == 0
    text = (tmp_path / "mine/spinners/scribe/pairs.tsv").read_text()
    assert "# n=2  clerk | pen pusher | scribe\n" in text
    assert "# n=1  many a time | often | regularly\n" in text
    assert run("check", "--rules", tmp_path / "mine", spins[0]).returncode == 0


def test_spins_in_folders_are_paired_by_name(run: Run, tmp_path: Path) -> None:
    for side, word in (("a", "husk"), ("b", "hull")):
        (tmp_path / side).mkdir()
        for name in ("one.txt", f"only-{side}.txt"):
            (tmp_path / side / name).write_text(f"{FILLER}. The {word} was red.")
    run("mine", tmp_path / "a", tmp_path / "b", "--family", "husk", "--spins", "--out", tmp_path / "mine")
    assert "# n=1  hull | husk\n" in (tmp_path / "mine/spinners/husk/pairs.tsv").read_text()


def test_a_family_that_cannot_be_started_says_why(run: Run, tmp_path: Path) -> None:
    file = record(tmp_path / "pairs.jsonl", HULL)
    (tmp_path / "mine/spinners/there").mkdir(parents=True)
    cases: list[tuple[Sequence[object], str]] = [
        ([file, "--family", "x"], "--family writes a folder; name it with --out"),
        ([file, "--family", "A b", "--out", tmp_path / "mine"], "use lower-case letters, digits and hyphens"),
        ([file, "--family", "corridor", "--out", tmp_path / "mine"], "ships with unspin"),
        ([file, "--family", "there", "--out", tmp_path / "mine"], "there already"),
        ([file, "--family", "x", "--out", file], "not written"),
        ([file, "--spins"], "start a family with --family"),
        ([file, "--family", "x", "--out", tmp_path / "mine", "--spins"], "name two files or more"),
    ]
    for arguments, message in cases:
        done = run("mine", *arguments)
        assert (done.returncode, message in done.stderr.decode()) == (2, True), (message, done.stderr)


WORDS = st.sampled_from(["mill", "wheel", "lamp", "boat", "oil", "dry", "red"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=6))
def test_spins_that_replace_single_words_give_just_those_words(words: list[tuple[str, str]]) -> None:
    filler = ["so we went by the river and", "then we came to the town where"]
    texts = [
        " ".join(f"{filler[n % 2]} {pair[side]}" for n, pair in enumerate(words)) + " once more." for side in (0, 1)
    ]
    seen = {phrase for one in alternatives([texts]) for phrase in one.phrases}
    assert seen == {word for pair in words if pair[0] != pair[1] for word in pair}
