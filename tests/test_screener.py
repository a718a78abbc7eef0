"""Lists of the Problematic Paper Screener: queries become rules, doubtful rows are listed, nothing is lost."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from in_process import Run
from unspin.rulebook.curate import linting
from unspin.rulebook.folders import Choose, rule_files, shipped_folder
from unspin.rulebook.loader import read
from unspin.rulebook.schema import TIERS
from unspin.rulebook.screener.importer import Import, Importer, listed_rows, rejections
from unspin.rulebook.sources import Sources

pytestmark = pytest.mark.slow

Cells = Sequence[Sequence[str]]

SAID = re.compile(r"unspin: (\d+) rows became (\d+) rules, (\d+) the dictionary has already, (\d+) are left to review")
HEADER = ("query", "expected")


def table(rows: Cells, delimiter: str = ",") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


@pytest.fixture(scope="module", autouse=True)
def dictionary() -> Iterator[None]:
    """The shipped dictionary, read once for all imports: that takes longer than any of them."""
    shipped = [shipped_folder()]
    sources = read(shipped)
    importer = Importer(sources, rejections(*shipped))

    def read_once(folders: Sequence[Path], choose: Choose = rule_files) -> Sources:
        return sources if (folders, choose) == (shipped, rule_files) else read(folders, choose)

    with (
        mock.patch("unspin.rulebook.loader.read", read_once),
        mock.patch("unspin.rulebook.screener.importer.Importer", return_value=importer),
    ):
        yield


class Done(NamedTuple):
    status: int
    stderr: str


def invoke(run: Run, *arguments: object) -> Done:
    done = run("rules", *arguments)
    assert done.stdout == b""
    return Done(done.returncode, done.stderr.decode())


class Folder:
    """What the command makes of rows, or of the bytes of a file."""

    def __init__(self, folder: Path, run: Run) -> None:
        self.run = run
        self.file = folder / "list.csv"
        self.out = folder / "imported"

    def make(self, rows: Cells | bytes, *options: object) -> Done:
        self.file.write_bytes(rows if isinstance(rows, bytes) else table([HEADER, *rows]).encode())
        return invoke(self.run, "import-pps", self.file, "--out", self.out, "--force", *options)

    def rules(self, rows: Cells | bytes, *options: object) -> list[str]:
        """The lines of the rule file, without tier and source."""
        done = self.make(rows, *options)
        assert done.status == 0, done.stderr
        lines = (self.out / "tortured" / "imported.tsv").read_text(encoding="utf-8").splitlines()[1:]
        return ["\t".join(cells[:2] + cells[4:]) for cells in (line.split("\t") for line in lines)]

    @property
    def review(self) -> list[list[str]]:
        lines = (self.out / "tortured" / "review.txt").read_text(encoding="utf-8").splitlines()[1:]
        return [line.split("\t") for line in lines]

    def lint(self) -> None:
        assert invoke(self.run, "lint", "--rules", self.out) == (0, "")


@pytest.fixture
def folder(tmp_path: Path, run: Run) -> Folder:
    return Folder(tmp_path, run)


def counts(done: Done) -> tuple[int, ...]:
    """Rows that became rules, the rules, rows already known, rows to review."""
    said = SAID.match(done.stderr)
    assert said, done.stderr
    return tuple(map(int, said.groups()))


# The folder


@pytest.mark.usefixtures("few_shipped_rules")
def test_the_folder_repairs_in_company(run: Run, folder: Folder) -> None:
    rows = [("marmalade lattice", "crystal lattice"), ('"dwindling teaspoon trouble"~5', "dwindling gradient trouble")]
    assert counts(folder.make(rows)) == (2, 3, 0, 0)
    folder.lint()
    alone = b"They grew a Marmalade Lattice; the trouble of a dwindling little teaspoon is known."
    company = b"Profound neural organizations help. " + alone
    assert run("fix", "-", "--rules", folder.out, stdin=alone).stdout == alone
    wanted = b"Deep neural networks help. They grew a Crystal Lattice; the trouble of a dwindling little gradient "
    assert run("fix", "-", "--rules", folder.out, stdin=company).stdout == wanted + b"is known."
    shown = run("check", "-", "--rules", folder.out, stdin=company)
    assert shown.returncode == 1
    change = "[-Marmalade Lattice-]{+Crystal Lattice+}"
    assert f"-:1:49: tortured/imported:marmalade-lattice: …help. They grew a {change}" in shown.stdout.decode()
    assert b"imported" not in run("check", "-", "--rules", folder.out, stdin=company.split(b";")[1]).stdout


def test_what_is_written(folder: Folder) -> None:
    for tier in TIERS:
        done = folder.make([("marmalade lattice", "crystal lattice"), ("custard?", "cut")], "--tier", tier)
        assert counts(done) == (1, 1, 0, 1)
        rows = (folder.out / "tortured" / "imported.tsv").read_text().splitlines()
        assert rows[1] == f"marmalade lattice\tcrystal lattice\t{tier}\tpps-download"
    written = sorted(str(path.relative_to(folder.out)) for path in folder.out.rglob("*"))
    assert written == ["sources.toml", "tortured", "tortured/imported.tsv", "tortured/review.txt"]
    source = (folder.out / "sources.toml").read_text(encoding="utf-8")
    for part in ("Cabanac", "Labbé", "Magazinov", "Problematic Paper Screener", "list.csv", "trust = 0.9"):
        assert part in source
    assert folder.review == [["3", "custard?", "cut", folder.review[0][3]]]


def test_only_an_import_is_replaced(folder: Folder, run: Run) -> None:
    folder.make([("marmalade lattice", "crystal lattice")])
    command = ("rules", "import-pps", folder.file, "--out", folder.out)
    refused = run(*command)
    assert (refused.returncode, b"imported: not an empty folder" in refused.stderr) == (2, True)
    assert run(*command, "--force").returncode == 0
    own = folder.out / "sources.toml"
    own.write_text('[me]\ntitle = "mine"\n')
    refused = run(*command, "--force")
    assert (refused.returncode, b"sources.toml: not by an earlier import" in refused.stderr) == (2, True)
    assert own.read_text() == '[me]\ntitle = "mine"\n'
    refused = run("rules", "import-pps", folder.file, "--out", folder.file, "--force")
    assert (refused.returncode, b"list.csv: not an empty folder" in refused.stderr) == (2, True)


# Queries


def test_the_syntax_of_queries(folder: Folder) -> None:
    rules = {
        "marmalade lattice": "marmalade lattice\tx1",
        '"Toffee  Node"': "toffee node\tx1",
        '"custard peril" AND "pie"': 'custard peril\tx1\t"pie"',
        "custard crust AND pie NOT tart": "custard crust\tx1\tpie AND NOT tart",
        '"waffle harvest" AND NOT waffl*': "waffle harvest\tx1\tNOT waffl*",
        '"jam edge" AND (graph OR "cut set") AND "vertex"': 'jam edge\tx1\t(graph OR "cut set") AND "vertex"',
        '"jam side" NOT ("a b" OR c)': 'jam side\tx1\tNOT ("a b" OR c)',
        '"jam face" AND ("a b" AND (c NOT "d"))': 'jam face\tx1\t"a b" AND c AND NOT "d"',
        '"jam loop" AND knot theory': 'jam loop\tx1\t"knot theory"',
        '"jam tree" AND "big jam tree"~9': 'jam tree\tx1\t"big jam tree"~9',
        '"fudge map" OR "fudge chart"': "fudge chart\tx1|fudge map\tx1",
        '("syrup map" OR "syrup chart") AND sea': "syrup chart\tx1\tsea|syrup map\tx1\tsea",
        '("honey map" AND sea) OR honey chart': "honey chart\tx1|honey map\tx1\tsea",
        "rum and raisin or not": "rum and raisin or not\tx1",
        '"64~5 crumbs"': "64~5 crumbs\tx1",
        "“cocoa bean”": "cocoa bean\tx1",
        '"cocoa kernel (CK)"': 'cocoa kernel\tx1\t"cocoa kernel (CK)"~1',
        "mocha kernel (M&K) ": 'mocha kernel\tx1\t"mocha kernel (M&K)"~2',
        "nougat~5": "nougat\tx1",
        '"sorbet method"~0': "sorbet method\tx1",
    }
    wanted = sorted("|".join(rules.values()).split("|"), key=lambda rule: rule.split("\t")[0])
    assert folder.rules([(query, "x1") for query in rules]) == wanted
    assert folder.review == []
    folder.lint()


def test_words_near_each_other(folder: Folder) -> None:
    rows = [
        ('"dwindling teaspoon trouble"~5 NOT sugar', "vanishing gradient trouble"),
        ('"teaspoon fork"~2', "gradient knife | slope fork"),
        ('"teaspoon fork"~3', "rake"),
        ('"fork teaspoon"~4', "gradient fork"),
    ]
    assert folder.rules(rows) == [
        'dwindling\tvanishing\t"dwindling teaspoon trouble"~5 AND NOT sugar',
        "dwindling teaspoon trouble\tvanishing gradient trouble\tNOT sugar",
        'fork\tknife\t"teaspoon fork"~2',
        'teaspoon\tgradient\t"dwindling teaspoon trouble"~5 AND NOT sugar',
        'teaspoon\tgradient | slope\t"teaspoon fork"~2',
        "teaspoon fork\tgradient knife | slope fork",
    ]
    assert [row[0] for row in folder.review] == ["4", "5"]  # other in number, other in order


def test_doubtful_queries_are_left_to_people(folder: Folder) -> None:
    doubts = {
        "": "no query",
        '""': "an empty phrase",
        '"jam edge': "quotation mark without its partner",
        '"jam edge" AND (a OR b': "parenthesis without its partner",
        '"jam edge" AND a)': "parenthesis without its partner",
        '"jam edge" AND': "the end where a phrase should stand",
        'OR "jam edge"': "OR where a phrase should stand",
        '"jam edge" "graph"': "no operator before graph",
        '"jam edge" AND a OR b': "AND and OR side by side",
        'NOT "jam edge"': "NOT before the phrase itself",
        '"jam edge" OR NOT "jam side"': "NOT before the phrase itself",
        '"jam edge" NOT (a AND b)': "too complicated",
        '"jam edge" AND (a OR (b AND c))': "too complicated",
        '"jam edge" AND ((((((a))))))': "( where a phrase should stand",
        '"jam edg*"': "a wildcard in the phrase",
        '"jam edge" AND *a': "a wildcard that is not the end",
        '"jam edge" AND "a* b"~3': "a wildcard that is not the end",
        '"jam edge" AND *': "a wildcard that is not the end",
        '"jam edge" AND "64~5"': "a guard that is no word or phrase",
        '"jam edge" AND "..."': "a guard that is no word or phrase",
        "λ-jam": "begin and end with a letter of ASCII or a digit",
        "jam (J) edge": "a colon or a parenthesis inside the phrase",
        "noun: jam edge": "a colon or a parenthesis inside the phrase",
        "#jam": "begin and end with",
        "jam\nedge": "a line break inside",
    }
    done = folder.make([(query, "cut edge") for query in doubts])
    assert counts(done) == (0, 0, 0, len(doubts))
    for (_, _, _, said), reason in zip(folder.review, doubts.values(), strict=True):
        assert reason in said


# Expected terms


def test_the_terms_of_a_cell(folder: Folder) -> None:
    cells = {
        "cut edge": "cut edge",
        "cut edge (of a graph)": "cut edge",
        "cut edge / bridge": "cut edge | bridge",
        "cut edge; bridge|isthmus": "cut edge | bridge | isthmus",
        "cut edge or bridge arc OR isthmus": None,
        "cut edge or bridge arc": "cut edge | bridge arc",
        "cut/bridge": "cut | bridge",
        "cut edge/CE": "cut edge | CE",
        "cut/bridge edge": "cut edge | bridge edge",
        "cut edge/arc": "cut edge | cut arc",
        "a cut/bridge edge": "a cut | bridge edge",
        "the cut/user edge arc": None,
        "cut, edge": None,
        "cut edge (?)": None,
        "": None,
        "(none)": None,
        "see www.example.org": None,
        "cut edge, see https://example.org": None,
        "cut AND edge": None,
        "cut edge*": None,
        "cut edge...": None,
        "cut (edge": None,
        "-": None,
    }
    rows = [(f"jam {n:02}", cell) for n, cell in enumerate(cells)]
    wanted = [f"jam {n:02}\t{terms}" for n, terms in enumerate(cells.values()) if terms is not None]
    assert folder.rules(rows) == wanted
    assert folder.rules([("jam edge", "jam-edge"), ("jam edge", "cut / Jam  edge")]) == []
    assert folder.rules([("jam or butter", "salt or pepper")]) == ["jam or butter\tsalt or pepper"]
    assert folder.rules([("jam/toast, tea", "cut/edge, arc")]) == ["jam/toast, tea\tcut/edge, arc"]


def test_terms_are_spelled_as_the_dictionary_has_them(folder: Folder) -> None:
    rows = [("jam learning", "Machine Learning"), ("jam effect", "Hall effect"), ("jam unit", "Unheardof unit")]
    assert folder.rules(rows) == [
        "jam effect\tHall effect",
        "jam learning\tmachine learning",
        "jam unit\tUnheardof unit",
    ]


# What is there already


def test_the_dictionary_is_not_repeated(folder: Folder) -> None:
    rows = [
        ("counterfeit consciousness", "Artificial Intelligence"),
        ('"Counterfeit-Consciousness" AND robot', "feigned wits"),  # judged by a curator, who knew better
        ("bosom perils", "breast cancers"),
        ("shakes palms", "shakes hands"),
        ("shakes palms", "shakes hands / waves"),
        ('"shakes palms" AND guests', "shakes hands"),
        ("jam edge", "cut edge"),
        ("jam edge", "cut edge / bridge"),
    ]
    done = folder.make(rows)
    assert counts(done) == (5, 3, 3, 0)
    folder.lint()
    wanted = ["jam edge\tcut edge | bridge", "shakes palms\tshakes hands\tguests", "shakes palms\tshakes hands | waves"]
    assert folder.rules(rows) == wanted


def test_what_a_curator_left_out_stays_out(folder: Folder) -> None:
    shipped = (Path(__file__).resolve().parent.parent / "rules" / "tortured" / "review.txt").read_text(encoding="utf-8")
    phrase, _, why = next(row for line in shipped.splitlines()[1:] if (row := line.split("\t"))[0].isalpha())
    assert folder.rules([(phrase, "cut edge"), ("jam edge", "cut edge")]) == ["jam edge\tcut edge"]
    assert [row[3] for row in folder.review] == [f"left out of the dictionary: {why}"]


def test_certain_rules_undo_nothing(folder: Folder) -> None:
    kept = (Path(__file__).resolve().parent.parent / "rules" / "keep.tsv").read_text(encoding="utf-8").splitlines()
    phrase = next(row.split("\t")[0] for row in kept if not row.startswith("#"))
    rows = [
        ("jam edge", "toffee edge"),
        ("toffee edge", "cut edge"),
        ("cut edge", "jam edge"),
        ("jam mind", "profound neural organization"),
        (phrase, "cut edge"),
        ("jam bridge", "isthmus"),
    ]
    assert folder.rules(rows, "--tier", "certain") == ["jam bridge\tisthmus"]
    assert [row[0] for row in folder.review] == ["2", "3", "4", "5", "6"]
    assert "itself repaired by" in folder.review[2][3]
    assert "keep.tsv keeps it: " in folder.review[4][3]
    folder.lint()


# The file


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf", b"\n\n"])
def test_delimiters_marks_and_columns(folder: Folder, delimiter: str, start: bytes) -> None:
    rows = [
        ("Papers", "Tortured phrase (fingerprint)", "Remarks", "Expected phrase"),
        ("1,5", '"jam edge" AND "graph"', "two\nlines; or, three", "cut edge; bridge"),
        ("", "", "", ""),
        ("7", "toffee node", "", "leaf node"),
        ("8", "lost"),
    ]
    data = start + table(rows, delimiter).encode()
    assert folder.rules(data) == ['jam edge\tcut edge | bridge\t"graph"', "toffee node\tleaf node"]
    assert folder.review == [[str(6 + start.count(b"\n")), "lost", "", "no expected term"]]
    assert "list.csv" in (folder.out / "sources.toml").read_text(encoding="utf-8")


def test_columns_by_name(folder: Folder) -> None:
    data = table([("Query", "Phrase", "Original query", "Plain"), ("a", "jam edge", "b", "cut edge")]).encode()
    assert folder.rules(data, "--query-column", "PHRASE", "--expected-column", "plain ") == ["jam edge\tcut edge"]
    assert folder.rules(data, "--query-column", "phrase") == ["jam edge\tb"]
    unquoted = b'expected,query\ncut edge,"jam edge" AND "graph"\n'  # as a careless program writes it
    assert folder.rules(unquoted) == ['jam edge\tcut edge\t"graph"']


def test_trouble_says_where_and_what_to_do(folder: Folder) -> None:
    cases: list[tuple[bytes, list[str], str]] = [
        (b"\nphrase;term\na;b\n", [], "list.csv:2: not clear which column holds the query and the expected term; the "
         "headers are 'phrase', 'term'; name it with --query-column NAME and --expected-column NAME"),
        (b"phrase,expected\n", [], "holds the query; the headers are 'phrase', 'expected'; name it with --query-col"),
        (b"query,expected,correct\n", ["--expected-column", "x"], "the expected term; the headers are 'query', 'exp"),
        (b"query 1,query 2,expected\n", [], "not clear which column holds the query;"),
        (b"query,remark\n", ["--query-column", "query", "--expected-column", "query"], "which column holds the"),
        (b"", [], "list.csv:1: not clear which column holds the query and the expected term; the headers are none"),
        (b'query,expected\na,b\n"c,d\ne,f\n', [], "list.csv:3: a quotation mark opens a cell that never ends"),
        (b"query,expected\na," + b"b" * 200_000, [], "list.csv:2: field larger than field limit"),
        (b"query,expected\na,\xff\n", [], "list.csv:2: not UTF-8"),
    ]  # fmt: skip
    for data, options, message in cases:
        done = folder.make(data, *options)
        assert done.status == 2
        assert message in done.stderr
        assert not folder.out.exists()
    folder.file.unlink()
    missing = invoke(folder.run, "import-pps", folder.file, "--out", folder.out)
    assert (missing.status, "list.csv: No such file" in missing.stderr) == (2, True)


# Properties

PIECES = [
    '"',
    '"',
    " AND ",
    " OR ",
    " NOT ",
    "(",
    ")",
    "~5",
    "*",
    "/",
    " or ",
    ";",
    "|",
    "?",
    ",",
    "\n",
    "\t",
    " ",
    "#",
]
WORDS = ["jam", "edge", "cut", "Cut", "bridge-arc", "toffee node", "é", "λ", "a", "noun: ", "@scholarly", "kept word"]
ANY = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
CELLS = st.lists(st.sampled_from(WORDS) | st.sampled_from(PIECES) | ANY, max_size=8).map("".join)
QUERIES = CELLS | st.lists(st.sampled_from(['"jam edge"', '"cut"', "a b", "AND", "OR", "NOT", "(", ")"])).map(" ".join)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dictionary that knows some of the words above."""
    folder = tmp_path_factory.mktemp("small")
    for pack in ("spun", "tortured"):
        (folder / pack).mkdir()
    (folder / "sources.toml").write_text('[me]\ntitle = "test"\n')
    (folder / "keep.tsv").write_text("kept word\tis kept\n")
    (folder / "spun" / "a.tsv").write_text("cut\tbridge\tspun\tme\n")
    (folder / "tortured" / "a.tsv").write_text("jam edge\tcut edge\tcertain\tme\nnoun: toffee\ta\tspun\tme\tjam\n")
    assert list(linting([folder], fix=False)) == []
    return folder


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(QUERIES, CELLS)), st.sampled_from(",;\t"), st.sampled_from(TIERS))
def test_no_row_is_lost_and_whatever_is_written_passes_the_linter(
    tmp_path_factory: pytest.TempPathFactory, small: Path, rows: list[tuple[str, str]], delimiter: str, tier: str
) -> None:
    done: Import = Importer(read([small]), {}).convert(
        listed_rows(table([HEADER, *rows], delimiter), "list.csv"), "list.csv", tier
    )
    assert done.rules + done.known + done.review == sum(any(map(str.strip, row)) for row in rows)
    out = tmp_path_factory.mktemp("imported")
    for name, text in done.files.items():
        (out / name).parent.mkdir(exist_ok=True)
        (out / name).write_text(text, encoding="utf-8")
    assert list(linting([small, out], fix=False)) == []
    assert len(read([out]).rules) == done.written
    assert len((out / "tortured" / "review.txt").read_text(encoding="utf-8").splitlines()) == done.review + 1
