"""Files of records and Markdown: only texts are mended, and every other byte stays."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from in_process import Run
from unspin import Repairer, apply
from unspin.corpus.document import Source, source_edits
from unspin.corpus.formats.format import ReadOptions
from unspin.corpus.formats.json_lines import JsonLines
from unspin.corpus.formats.registry import FormatSpec, open_format, recognise

MANY = int(os.environ.get("UNSPIN_EXAMPLES", "150"))
"""Random documents of each format; the bar of 5,000 was run with UNSPIN_EXAMPLES=5000."""

SPUN, PLAIN = "shakes palms", "shakes hands"


REPAIRER = Repairer()


def mended(text: str, name: str, fields: tuple[str, ...] = ()) -> str:
    """A file fixed source by source, as `fix` does it."""
    out = []
    spec = recognise(name, text.encode)
    assert isinstance(spec, FormatSpec)
    for source in open_format(spec, name, ReadOptions(fields)).sources(io.BytesIO(text.encode())):
        assert isinstance(source, Source), source
        repairs = [(d, REPAIRER.repair(d.text).without(d.kept).edits) for d in source.documents]
        out.append(apply(source.text, source_edits(repairs)))
    return "".join(out)


def repaired(value: object) -> object:
    """A value of a field with texts: texts are repaired, those of lists too."""
    if isinstance(value, list):
        return [repaired(item) for item in value]
    return REPAIRER.repair(value).text if isinstance(value, str) else value


SIGNS = 'ab é’"\\/\n\t,;|😀\u2019\x7f`<>[](){}:*_-#'


def texts(signs: str) -> st.SearchStrategy[str]:
    """Texts with odd signs around what is repaired."""
    nasty = st.text(st.sampled_from(signs), max_size=12)
    return st.tuples(nasty, st.sampled_from(["", SPUN, f"He {SPUN}."]), nasty).map(" ".join)


TEXTS = texts(SIGNS + "\ud83d")
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["text", "id", "a", 'q"']), inner),
    max_leaves=6,
)
RECORDS = st.dictionaries(st.sampled_from(["id", "text", "title", "note", 'odd "key"']), VALUES, max_size=5)


@settings(max_examples=MANY, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(RECORDS, max_size=3), st.booleans(), st.sampled_from([(", ", ": "), (",", ":"), (" , ", " : ")]))
def test_json_lines_keep_all_but_their_texts(
    records: list[dict[str, object]], escaped: bool, separators: tuple[str, str]
) -> None:
    def dumped(value: object) -> str:  # half a surrogate pair can only be written as an escape
        text = json.dumps(value, ensure_ascii=escaped, separators=separators)
        return text.replace("\ud83d", "\\ud83d")

    lines = list(map(dumped, records))
    text = "\r\n".join(lines)
    done = mended(text, "a.jsonl").split("\r\n")
    assert len(done) == len(lines) or not lines
    for record, before, after in zip(records, lines, done, strict=False):
        expected = {name: repaired(value) if name in ("text", "title") else value for name, value in record.items()}
        fields = [name for name in ("text", "title") if isinstance(record.get(name), str)]
        assert json.loads(after) == json.loads(json.dumps(expected))
        for name in fields:  # what is not the field is the same to the byte
            was, now = (dumped(r[name]) for r in (record, expected))
            if before.count(was) == 1:
                before = before.replace(was, now)  # noqa: PLW2901
            else:
                break
        else:
            if not any(isinstance(record.get(name), list) for name in ("text", "title")):
                assert after == before


@settings(max_examples=MANY, deadline=None)
@given(
    st.lists(st.lists(texts(SIGNS), min_size=3, max_size=3), max_size=4),
    st.sampled_from(",;\t|"),
    st.sampled_from([0, 1]),
)
def test_csv_keeps_dialect_and_every_other_cell(rows: list[list[str]], delimiter: str, quoting: int) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator="\r\n")
    writer.writerow(["id", "text", "other"])
    writer.writerows([[cell.replace("\r", "") for cell in row] for row in rows])
    text = out.getvalue()
    name = "a.tsv" if delimiter == "\t" else "a.csv"
    after = list(csv.reader(io.StringIO(mended(text, name), newline=""), delimiter=delimiter))
    for was, now in zip(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), after, strict=True):
        if was and was[0] != "id":
            assert now == [was[0], REPAIRER.repair(was[1]).text if was[1] else "", was[2]]
    if SPUN not in text:
        assert mended(text, name) == text or "\x7f" in text or "`" in text


RAW = st.lists(
    st.sampled_from(
        [*"a é😀/|'", "\\/", '\\"', "\\\\", "\\n", "\\t", "\\u2019", "\\u00E9", "\\ud83d\\ude00", "\\ud83d"]
    ),
    max_size=8,
).map("".join)
"""Insides of strings as JSON writes them."""

OTHER = st.sampled_from(
    ["1.50e1", "-0", " null", "[ ]", '{"text":"He shakes palms."}', '"He shakes palms."', '"\\u0041"', "[1 ,2]"]
)


@settings(max_examples=MANY, deadline=None)
@given(
    RAW,
    RAW,
    st.booleans(),
    st.lists(OTHER, max_size=3),
    st.lists(OTHER, max_size=3),
    st.sampled_from(["", "\n", "\r\n"]),
)
def test_json_outside_a_text_is_the_same_to_the_byte(
    left: str, right: str, spun: bool, above: list[str], below: list[str], end: str
) -> None:
    raw = f"{left} He {SPUN if spun else PLAIN}. {right}"
    head = "{ " + "".join(f'"n{i}" :{value} , ' for i, value in enumerate(above)) + '"text":\t"'
    tail = '"' + "".join(f',"n{i}": {value}' for i, value in enumerate(below)) + " }" + end
    done = mended(head + raw + tail, "a.jsonl")
    assert done.startswith(head)
    assert done.endswith(tail)
    inside = done[len(head) : len(done) - len(tail)]
    repair = REPAIRER.repair(json.loads(f'"{raw}"'))
    assert json.loads(f'"{inside}"') == repair.text
    if [edit.before for edit in repair.edits] == [SPUN] * spun:
        assert inside == raw.replace(SPUN, PLAIN)


LETTERS = st.text(st.sampled_from("ab é’😀-_."), max_size=6)
CELLS = st.tuples(LETTERS, st.sampled_from(["", SPUN, f"He {SPUN}."]), LETTERS).map(" ".join)


@settings(max_examples=MANY, deadline=None)
@given(
    st.lists(
        st.tuples(CELLS, CELLS, CELLS, st.booleans(), st.booleans(), st.sampled_from(["", '"', ",", "\n"])), max_size=4
    ),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_csv_outside_a_text_is_the_same_to_the_byte(
    rows: list[tuple[str, str, str, bool, bool, str]], delimiter: str, end: str, last: bool
) -> None:
    def written(cell: str, quoted: bool) -> str:
        return '"' + cell.replace('"', '""') + '"' if quoted else cell

    before = after = "\ufeffid" + delimiter + "text" + delimiter + '"other"'
    for one, two, three, quoted, others, odd in rows:
        text = two + odd if quoted else two
        head = end + written(one, others) + delimiter
        tail = delimiter + written(three, not others)
        before += head + written(text, quoted) + tail
        after += head + written(REPAIRER.repair(text).text, quoted) + tail
    assert mended(before + end * last, "a.tsv" if delimiter == "\t" else "a.csv") == after + end * last


PROSE = [
    f"He {SPUN}.",
    f"# He {SPUN}",
    f"*He* {SPUN}.",
    f"> He {SPUN}.",
    f"[He {SPUN}](a.md)",
    f"| a | He {SPUN} |",
    "A.",
]
KEPT = [
    f"`{SPUN}`",
    f"```\n{SPUN}\n```",
    f"~~~\n{SPUN}\n\n```\n{SPUN}\n~~~",
    f"> ```\n> {SPUN}\n> ```",
    f">     {SPUN}",
    f"    {SPUN}\n\n\t{SPUN}",
    f"# A heading\n    {SPUN}",
    f"[a link](http://a.b/{SPUN.replace(' ', '-')} '{SPUN}')",
    f"[a link](<{SPUN}> (he {SPUN}))",
    f"<b title='{SPUN}'>",
    f'<img\n  alt="a > {SPUN}"\n>',
    f"<pre>\n{SPUN}\n\n{SPUN}\n</pre>",
    f"<SCRIPT>\nvar a = '{SPUN}';\n</script>",
    f"A <code>{SPUN}</code>.",
    f"<!-- {SPUN}\n\n{SPUN} -->",
    f"[ref]: http://a.b '{SPUN}'",
    f"A [{SPUN}], a [Shakes\nPalms][].\n\n[{SPUN}]: http://a.b",
    f"A [[{SPUN}]].",
    f"<!-- unspin: off -->\n{SPUN}\n<!-- unspin: on -->",
    f"{SPUN} <!-- unspin: ignore -->",
]


@settings(max_examples=MANY, deadline=None)
@given(st.lists(st.sampled_from(PROSE + KEPT), max_size=6), st.sampled_from(["\n", "\r\n"]))
def test_markdown_keeps_all_that_is_no_prose(parts: list[str], end: str) -> None:
    text = "\n\n".join(parts).replace("\n", end)
    wanted = [part if part in KEPT else part.replace(SPUN, PLAIN) for part in parts]
    assert mended(text, "a.md") == "\n\n".join(wanted).replace("\n", end)


def test_front_matter_and_code_are_left_alone() -> None:
    text = (
        f"---\ntitle: {SPUN}\n---\n\nHe {SPUN}, see `{SPUN}` and [{SPUN}](x).\n\n~~~python\n{SPUN}\n~~~\n\n"
        f"1. He {SPUN}.\n\n       {SPUN}\n"
    )
    done = mended(text, "page.md")
    assert done.startswith(
        f"---\ntitle: {SPUN}\n---\n\nHe {PLAIN}, see `{SPUN}` and [{PLAIN}](x).\n\n~~~python\n{SPUN}\n"
    )
    assert f"1. He {PLAIN}." in done


def test_escapes_stay_escapes(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    line = '{"n":1.50e1, "text" : "caf\\u00e9 \\/ \\ud83d\\ude00 He shakes palms \\u2019s\\n" ,"z":[ ]}'
    file.write_text(line + "\n{}\n\n" + line.replace("\\u00e9", "é"), encoding="utf-8")
    assert run("fix", file).returncode == 1
    assert file.read_text(encoding="utf-8") == (
        (line + "\n{}\n\n" + line.replace("\\u00e9", "é")).replace("shakes palms", "shakes hands")
    )


def test_fields_are_named_or_guessed(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    records = [{"id": 7, "note": {"deep": [f"He {SPUN}.", 1]}, "text": f"She {SPUN}.", "other": SPUN}]
    file.write_text(json.dumps(records, indent=2))
    assert run("fix", "--text-field", "note.deep", file).returncode == 1
    once = json.loads(file.read_text())
    assert once[0]["note"]["deep"] == [f"He {PLAIN}.", 1]
    assert once[0]["text"] == f"She {SPUN}."
    shown = run("check", file).stdout.decode()
    change = "She [-shakes palms-]{+shakes hands+}."
    assert shown == f"{file}:10:18: shared/collocations:verb-shake-palms: {change} [7: text]\n"
    assert run("fix", file).returncode == 1
    assert json.loads(file.read_text())[0]["other"] == SPUN


@pytest.mark.usefixtures("few_shipped_rules")
def test_a_cell_that_needs_quotes_gets_them(run: Run, tmp_path: Path, rules: Callable[..., Path]) -> None:
    folder = rules(a_tsv="frobbed\tate, drank\tcertain\tme\n")
    file = tmp_path / "a.csv"
    file.write_bytes(b'id;text\n1,5;He frobbed.\n2;"He frobbed ""it""."\n')
    assert run("fix", "--rules", folder, file).returncode == 1
    assert file.read_bytes() == b'id;text\n1,5;He ate, drank.\n2;"He ate, drank ""it""."\n'
    file.write_bytes(b"id,text\n1,He frobbed.\n")
    run("fix", "--rules", folder, file)
    assert file.read_bytes() == b'id,text\n1,"He ate, drank."\n'


def test_a_cell_whose_columns_are_in_doubt_is_left_alone(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    doubtful = b'id,note,text\n1, "Hi, he shakes palms", He shakes palms.\n'
    file.write_bytes(doubtful + b"2,fine,He shakes palms.,\n")  # an empty cell too many shifts nothing
    assert run("fix", file).returncode == 1
    assert file.read_bytes() == doubtful + b"2,fine,He shakes hands.,\n"


def test_a_quotation_mark_that_comes_to_head_a_cell_is_quoted(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text('id,text\n1,\u200b"Hello" and he shakes palms.\n', encoding="utf-8")
    assert run("fix", "--select", "phrases,obfuscation", file).returncode == 1
    (_, row) = csv.reader(io.StringIO(file.read_text(encoding="utf-8")))
    assert row[1].lstrip("\u200b") == '"Hello" and he shakes hands.'


def test_quotation_marks_are_letters_where_tsv_has_no_quoting(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.tsv"
    file.write_bytes(b'id\ttext\n1\t"So" he shakes palms.\n2\t"So ""too"" he shakes palms."\n')
    assert run("fix", file).returncode == 1
    assert file.read_bytes() == b'id\ttext\n1\t"So" he shakes hands.\n2\t"So ""too"" he shakes hands."\n'


def test_a_field_named_twice_is_repaired_once(run: Run, tmp_path: Path) -> None:
    for name, content in (("a.jsonl", '{"text": "He shakes palms."}'), ("a.csv", "id,text\n1,He shakes palms.")):
        file = tmp_path / name
        file.write_text(content)
        assert run("fix", "--text-field", "text,text", file).returncode == 1
        assert file.read_text() == content.replace(SPUN, PLAIN)


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("frobbed it\\u2019s caf\\u00E9\\/bar", "ate it\\u2019s caf\\u00E9\\/bar"),  # what an edit leaves at its ends
        ("\\u2014 zorbed", "\\u2014 ate\\u2019"),  # what it adds where the text is written in escapes
        ("— zorbed", "— ate’"),
    ],
)
@pytest.mark.parametrize("other", ["é", "e"])
@pytest.mark.usefixtures("few_shipped_rules")
def test_escapes_within_an_edit_stay(rules: Callable[..., Path], raw: str, wanted: str, other: str) -> None:
    folder = rules(a_tsv="frobbed it’s café/bar\tate it’s café/bar\tcertain\tme\nzorbed\tate’\tcertain\tme\n")
    repairer = Repairer(rules=[folder])
    line = f'{{"other": "{other}", "text": "They {raw} it."}}'
    (source,) = JsonLines("a.jsonl", ReadOptions()).sources(io.BytesIO(line.encode()))
    assert isinstance(source, Source)
    (document,) = source.documents
    edits = source_edits([(document, repairer.repair(document.text).edits)])
    assert apply(line, edits) == line.replace(raw, wanted)


@pytest.mark.parametrize(
    ("name", "content", "wanted"),
    [
        ("a.json", b'{"text": "He shakes palms."', b"a.json:1: not a JSON record"),
        ("a.jsonl", b'{"text": "fine"}\n{"text": \n', b"a.jsonl:2: not a JSON record"),
        ("a.jsonl", b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", b"a.jsonl:1: lists or objects too deep"),
        ("a.csv", b'text,b\n"He shakes palms.,1\n', b"a.csv:2: a quotation mark opens"),
    ],
)
def test_broken_files_are_named_and_left_untouched(
    run: Run, tmp_path: Path, name: str, content: bytes, wanted: bytes
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    done = run("fix", file)
    assert (done.returncode, wanted in done.stderr) == (2, True)
    assert file.read_bytes() == content


def test_links_out_of_the_tree_are_not_followed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "inside").mkdir()
    target = tmp_path / "outside" / "a.txt"
    target.write_text(f"He {SPUN}.")
    (tmp_path / "inside" / "b.txt").symlink_to(target)
    done = run("fix", "b.txt", cwd=tmp_path / "inside")
    assert (done.returncode, b"outside this folder" in done.stderr) == (2, True)
    assert target.read_text() == f"He {SPUN}."
    assert run("fix", "inside/b.txt", cwd=tmp_path).returncode == 1


def test_the_name_of_standard_input_tells_its_format(run: Run) -> None:
    line = json.dumps({"text": f"He {SPUN}.", "b": SPUN}).encode()
    assert run("fix", "-", "--stdin-filename", "x/a.jsonl", stdin=line).stdout == line.replace(b"palms", b"hands", 1)
    assert b"x/a.jsonl:1:" in run("check", "-", "--stdin-filename", "x/a.jsonl", stdin=line).stdout


def test_a_patch_of_records_is_one(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    lines = [json.dumps({"id": n, "text": f"He {SPUN if n in (3, 20) else PLAIN}."}) for n in range(25)]
    file.write_text("\n".join(lines) + "\n")
    shown = run("fix", "--diff", "a.jsonl", cwd=tmp_path)
    assert shown.returncode == 1
    assert shown.stdout == run("check", "--format", "diff", "a.jsonl", cwd=tmp_path).stdout
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    subprocess.run(["git", "apply", "-p0"], cwd=tmp_path, check=True, input=shown.stdout)
    assert run("check", file).returncode == 0
