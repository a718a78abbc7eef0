"""Files as people have them: each kind of fault that was reported, by its right value."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import time
from pathlib import Path

import pytest

from in_process import Run

pytestmark = pytest.mark.slow


SPUN, PLAIN = "He shakes palms with his host.", "He shakes hands with his host."


def fixed(run: Run, file: Path, *options: object) -> bytes:
    done = run("fix", file, *options)
    assert done.returncode in (0, 1), done.stderr.decode()
    return file.read_bytes()


LINES = [json.dumps({"text": text, "url": f"https://a.example/{n}"}) for n, text in enumerate((SPUN, PLAIN, SPUN))]


@pytest.mark.parametrize(
    "name", ["a.json", "a.json.gz", "a.jl", "a.jsonlines", "a.ndjson", "a", "a.txt", "a.har", "part-0001"]
)
def test_json_lines_under_any_name_are_read_as_such(run: Run, tmp_path: Path, name: str) -> None:
    lines = LINES if not name.endswith("har") else LINES[:1]
    data = "".join(line + "\n" for line in lines).encode()
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    shown = run("check", "--format", "jsonl", tmp_path / name)
    assert [json.loads(line)["id"] for line in shown.stdout.splitlines()] == list(range(1, len(lines) + 1))
    assert run("clean", tmp_path / name, "--out", tmp_path / "out").returncode == 0
    made = (tmp_path / "out" / name).read_bytes()
    wanted = data.replace(b"shakes palms", b"shakes hands")
    assert (gzip.decompress(made) if name.endswith("gz") else made) == wanted


def test_a_long_first_record_is_no_hindrance(run: Run, tmp_path: Path) -> None:
    lines = [json.dumps({"text": "Plain words. " * 20_000}), json.dumps({"text": SPUN})]
    (tmp_path / "a.json").write_text("\n".join(lines))
    assert fixed(run, tmp_path / "a.json") == "\n".join(lines).replace(SPUN, PLAIN).encode()


OTHER_SYNTAX = {
    "a.py": 'text = "He shakes palms &amp; more"\n',
    "a.yaml": 'title: "He shakes palms &quot;now&quot;"\n',
    "a.toml": 'title = "He shakes palms &quot;now&quot;"\n',
    "a.json5": "{text: 'He shakes palms'}\n",
    "a.po": 'msgid "He shakes palms"\n',
    "a.sql": "INSERT INTO notes VALUES ('He shakes palms');\n",
    "a.bib": "@misc{a, title={He shakes palms}}\n",
    "a.rst": "He shakes palms\n===============\n",
    "a.adoc": "= He shakes palms\n",
    "a.org": "* He shakes palms\n",
    "a.tex": "\\section{He shakes palms}\n",
    "a.html": "<p>He shakes palms</p>\n",
    "a.svg": "<svg><text>He shakes palms</text></svg>\n",
    "poetry.lock": "# He shakes palms\n",
    "Makefile": "all: # He shakes palms\n",
    "page.txt": "<!DOCTYPE html>\n<html><body>He shakes palms</body></html>\n",
    "feed": "<?xml version='1.0'?><rss>He shakes palms</rss>\n",
    "script": "#!/bin/sh\necho He shakes palms\n",
    "table.txt": "id,lang,text\n1,en,He shakes palms.\n2,en,Fine.\n3,en,Fine.\n4,en,Fine.\n",
    "rows.text": "id\ttext\n1\tHe shakes palms.\n2\tFine.\n3\tFine.\n4\tFine.\n",
}


@pytest.mark.parametrize("name", OTHER_SYNTAX)
def test_what_an_edit_could_break_is_passed_over_with_a_line(run: Run, tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text(OTHER_SYNTAX[name])
    for command in (("check",), ("fix",), ("diff",)):
        done = run(*command, file)
        assert (done.returncode, done.stdout) == (0, b"")
        (line,) = (line for line in done.stderr.decode().splitlines() if "passed over" in line)
        assert f"{name}: passed over: " in line
    assert file.read_text() == OTHER_SYNTAX[name]
    filtered = run("fix", "-", "--stdin-filename", name, stdin=OTHER_SYNTAX[name].encode())
    assert (filtered.returncode, filtered.stdout) == (0, OTHER_SYNTAX[name].encode())


def test_one_line_says_how_many_files_were_passed_over(run: Run, tmp_path: Path) -> None:
    for name, text in OTHER_SYNTAX.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "b.py").write_text("pass\n")
    (tmp_path / "README").write_text(SPUN)
    (tmp_path / "app.log").write_text(SPUN)
    (tmp_path / "talk.en").write_text(SPUN)
    (tmp_path / "image.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    done = run("check", tmp_path)
    (line,) = (line for line in done.stderr.decode().splitlines() if "passed over" in line)
    assert f"{len(OTHER_SYNTAX) + 1} files passed over, whose syntax an edit could break: 2 " in line
    assert {text.split(":")[0].rpartition("/")[2] for text in done.stdout.decode().splitlines()} == {
        "README", "app.log", "talk.en"
    }  # fmt: skip
    cleaned = run("clean", tmp_path, "--out", tmp_path / "out")
    assert line in cleaned.stderr.decode()
    assert {path.name for path in (tmp_path / "out").iterdir() if path.is_file()} == {
        "README", "app.log", "talk.en", "stats.json", "samples.jsonl"
    }  # fmt: skip


MARKDOWN_KEPT = [
    "| a &#124; b | c |\n|---|---|\n| x &#124; y | z |\n",
    "&#42;not bold&#42; and a&#95;b&#95;c, 1&#46; not a list\n\n&gt; not a quote\n\n&#35; not a heading &amp;lt;\n",
    "Write `&lt;` or &lt;b&gt; and &#96;code&#96; and &lbrack;x&rbrack;.\n",
    "Let $\\text{counterfeit consciousness}$ and $\\vec{F⃗}$ be, and $$x\n= &gt;$$.\n",
    "---\ntitle: counterfeit consciousness &quot;x&quot;\n---\n\nText.\n",
]


@pytest.mark.parametrize("text", MARKDOWN_KEPT)
def test_what_means_something_in_markdown_stays(run: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    assert fixed(run, tmp_path / "a.md").decode() == text


def test_other_entities_in_markdown_go(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("A caf&eacute; for all.\n")
    assert fixed(run, tmp_path / "a.md").decode() == "A café for all.\n"


SLOW = {
    "template.md": "{{ x " * 12_000,
    "comment.md": "a <!-- " * 9_000,
    "element.md": "<code> " * 9_000,
    "ticks.md": "` ``" * 15_000,
    "dollars.md": "$a " * 20_000,
    "switch.txt": "\n" * 20_000 + "unspin: off\n",
    "switches.txt": "unspin: " * 8_000,
    "quotes.csv": "id,text\n1," + '"' + '""So,"" he said.\n' * 8_000 + '"\n',
    "open.csv": "id,text\n" + '1,"a\n' * 4_000,
    "cells.tsv": "id\ttext\n" + '1\t"a\n' * 4_000,
    "deep.jsonl": '{"text":' + "[" * 30_000 + "]" * 30_000 + "}\n",
    "garbage.warc": "WARC/1.0\r\nContent-Length: x\r\n\r\n" * 3_000,
}


@pytest.mark.parametrize("name", SLOW)
def test_every_format_is_linear(run: Run, tmp_path: Path, name: str) -> None:
    seconds = []
    for times in (1, 4):
        (tmp_path / name).write_text(SLOW[name] * times, newline="")
        begun = time.process_time()
        assert b"Traceback" not in run("check", tmp_path / name).stderr
        seconds.append(time.process_time() - begun)
    assert seconds[1] < max(3.0, 8 * seconds[0]), seconds


TABLES = {
    "sep line": ("a.csv", "sep=;\r\nid;text\r\n1;{}\r\n"),
    "comment above the header": ("a.csv", "# exported by me, 2020\n#\n\nid,text\n1,{}\n"),
    "a header that is a comment": ("a.csv", "#id,text\n1,{}\n"),
    "blanks before quotes": ("a.csv", 'id, text, n\n1, "{} Yes, sir.", 2\n'),
    "a delimiter within a name": ("a.csv", "text;a,b,c\n{};1\n"),
    "tabs without quoting": ("a.tsv", 'id\ttext\n1\tHe said "no" twice\n2\t"So {}\n3\t{}"\n'),
    "tabs with cells of several lines": ("a.tsv", 'id\ttext\n1\t"First line.\n{}"\n2\tplain\n'),
    "tabs under another ending": ("a.tab", "id\ttext\n1\t{}\n"),
    "a byte order mark": ("a.csv", "\ufeffid,text\r\n1,{}\r\n"),
    "blank lines": ("a.csv", "id,text\n\n1,{}\n\n"),
}


@pytest.mark.parametrize("what", TABLES)
def test_tables_as_others_write_them(run: Run, tmp_path: Path, what: str) -> None:
    name, text = TABLES[what]
    before, after = text.replace("{}", SPUN).encode(), text.replace("{}", PLAIN).encode()
    (tmp_path / name).write_bytes(before)
    assert fixed(run, tmp_path / name) == after
    (tmp_path / name).write_bytes(before)
    for options in ((), ("--annotate",)):
        out, back = tmp_path / f"out{len(options)}", tmp_path / f"back{len(options)}"
        done = run("clean", tmp_path / name, "--out", out, *options)
        assert done.returncode == 0, done.stderr
        assert run("undo", out, "--out", back).returncode == 0
        assert (back / name).read_bytes() == before


def test_an_entity_in_a_table_without_quoting_brings_no_quoting(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("id\ttext\n1\tHe said &quot;hi&quot; and left.\n2\t&quot;Hi&quot; he said.\n")
    # What would open a cell in quotes is not written.
    assert fixed(run, tmp_path / "a.tsv") == b'id\ttext\n1\tHe said "hi" and left.\n2\t&quot;Hi&quot; he said.\n'


def test_notes_stand_in_a_column_of_their_own(run: Run, tmp_path: Path) -> None:
    import csv

    rows = "".join(f'{n},"Line one of {n}.\nHe shakes palms, ""so"".",x\n' for n in range(30)) + "31,short\n32,a,b,c\n"
    (tmp_path / "a.csv").write_text("id,text,unspin\n" + rows)
    assert run("clean", tmp_path / "a.csv", "--out", tmp_path / "out", "--annotate").returncode == 0
    with (tmp_path / "out/a.csv").open(newline="") as file:
        found = list(csv.reader(file))
    assert found[0] == ["id", "text", "unspin", "unspin_2"]
    assert all(len(row) == 4 and row[2] == "x" and json.loads(row[3])["label"] for row in found[1:31])
    assert [row[1] for row in found[1:31]] == [f'Line one of {n}.\nHe shakes hands, "so".' for n in range(30)]
    notes = unpacked_rows(tmp_path / "out/.unspin/records")
    assert [row for row in notes if "original" in row] == [
        {"source": "a.csv", "at": len(b"id,text,unspin\n") + sum(map(len, rows.splitlines(keepends=True)[:60])),
         "size": 9, "made": notes[-1]["made"], "original": "31,short\n"}
    ]  # fmt: skip


def unpacked_rows(folder: Path) -> list[dict[str, object]]:
    return [
        json.loads(line)
        for path in sorted(folder.rglob("*.gz"))
        for line in gzip.decompress(path.read_bytes()).splitlines()
    ]


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("a.csv", "id,Text\n1,{}\n", "its fields are: id, Text"),
        ("a.csv", "id,story\n1,{}\n", "fields are: id, story; name one with --text-field"),
        ("a.jsonl", '{"id": 1, "story": "{}"}\n', "fields are: id, story; name one with --text-field"),
    ],
)
def test_where_no_field_holds_texts_the_fields_are_named(
    run: Run, tmp_path: Path, name: str, text: str, wanted: str
) -> None:
    (tmp_path / name).write_text(text.replace("{}", SPUN))
    for command in (("check",), ("clean", "--out", tmp_path / "out")):
        done = run(command[0], tmp_path / name, *command[1:])
        assert done.returncode == 0
        assert wanted.removeprefix("its ") in done.stderr.decode()


def test_lone_carriage_returns_are_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(f"id,text\r1,{SPUN}\r".encode())
    done = run("check", tmp_path / "a.csv")
    assert (done.returncode, b"a.csv:1: its line ends are lone carriage returns" in done.stderr) == (2, True)


@pytest.mark.parametrize("option", [("--text-field", "bodyy"), ("--text-field", "text,bodyy")])
def test_a_field_that_no_record_has_is_an_error(run: Run, tmp_path: Path, option: tuple[str, str]) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": 1, "text": PLAIN, "body": PLAIN}))
    for command in (("check",), ("fix",), ("clean", "--out", tmp_path / "out")):
        done = run(command[0], tmp_path / "a.jsonl", *command[1:], *option)
        assert (done.returncode, b"'bodyy'; did you mean 'body'?" in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize("option", [("--group-by", "nosuch"), ("--select", "bogus"), ("--ignore", "translatoin")])
def test_other_names_that_do_not_exist_are_errors(run: Run, tmp_path: Path, option: tuple[str, str]) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": 1, "text": PLAIN}))
    done = run("clean", tmp_path / "a.jsonl", "--out", tmp_path / "out", *option)
    assert (done.returncode, option[1].encode() in done.stderr) == (2, True), done.stderr


def test_a_language_may_be_declared(run: Run, tmp_path: Path) -> None:
    text = "The factory made 2.5 million cars, and 1,5 million bikes."
    (tmp_path / "a.jsonl").write_text(
        "".join(json.dumps({"text": text, "lang": lang}) + "\n" for lang in ("en", "de", None, "?"))
    )
    (tmp_path / "b.csv").write_text(f'text,lang\n"{text}",en\n"{text}",pt-BR\n')

    def edits(*options: str) -> int:
        shown = run("check", "--format", "jsonl", tmp_path / "a.jsonl", tmp_path / "b.csv", *options)
        return sum(len(json.loads(line)["edits"]) for line in shown.stdout.splitlines())

    assert edits() == edits("--language", "en") == 6
    assert edits("--language", "de") == 0
    assert edits("--language-field", "lang") == 4
    assert edits("--language-field", "lang", "--language", "de") == 2
    assert run("check", "--language", "12", tmp_path / "a.jsonl").returncode == 2


@pytest.mark.parametrize("command", [["check"], ["clean", "--out", "out"]])
def test_a_language_field_that_no_record_has_is_refused(run: Run, tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "A plain text.", "lang": null}\n')
    refused = run(*command, "a.jsonl", "--language-field", "lnag", cwd=tmp_path)
    assert refused.returncode == 2
    assert b"language-field: no record has the field 'lnag'; did you mean 'lang'?" in refused.stderr


def test_a_language_field_may_be_empty(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "A plain text.", "lang": null}\n')
    assert run("check", tmp_path / "a.jsonl", "--language-field", "lang").returncode == 0


def test_a_run_counts_the_languages_that_its_records_name(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        "".join(f'{{"text": "A text.", "lang": "{code}"}}\n' for code in ("en", "de", "en"))
    )
    run("clean", tmp_path / "a.jsonl", "--out", tmp_path / "out", "--language-field", "lang")
    assert json.loads((tmp_path / "out" / "stats.json").read_text())["languages"] == {"en": 2, "de": 1}


def warc(blocks: list[tuple[bytes, bytes]]) -> bytes:
    return b"".join(head + b"\r\n\r\n" + block + b"\r\n\r\n" for head, block in blocks)


def head(length: object, end: str = "\r\n", kind: str = "conversion") -> bytes:
    return end.join(["WARC/1.0", f"WARC-Type:  {kind}", "X-Folded: a", "\tb", f"Content-Length: {length}"]).encode()


def test_warc_as_others_write_it(run: Run, tmp_path: Path) -> None:
    good, other = SPUN.encode(), b"<html>He shakes palms</html>"
    pieces = [
        head(len(good)) + b"\r\n\r\n" + good + b"\r\n\r\n",
        b"garbage between records\r\n",
        head("abc") + b"\r\n\r\n" + good + b"\r\n\r\n",
        head(len(good), "\n") + b"\n\n" + good + b"\n\n\n\n",
        head(5) + b"\r\n\r\n" + good + b"\r\n\r\n",
        head(len(other), kind="response") + b"\r\n\r\n" + other + b"\r\n\r\n",
        head(len(good)) + b"\r\n\r\n" + good,
    ]
    (tmp_path / "a.warc").write_bytes(b"".join(pieces))
    done = run("clean", tmp_path / "a.warc", "--out", tmp_path / "out")
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    assert json.loads((tmp_path / "out/stats.json").read_text())["documents"] == 3
    repaired = [pieces[n].replace(b"palms", b"hands") for n in (0, 3)] + [
        pieces[5],
        pieces[6].replace(b"palms", b"hands"),
    ]
    assert (tmp_path / "out/a.warc").read_bytes() == b"".join(repaired)
    assert (tmp_path / "out/errors/a.warc.00000.bin").read_bytes() == pieces[1] + pieces[2] + pieces[4]
    assert run("undo", tmp_path / "out", "--out", tmp_path / "back").returncode == 0
    assert (tmp_path / "back/a.warc").read_bytes() == b"".join(pieces)
    shown = run("check", tmp_path / "a.warc")
    assert (shown.returncode, shown.stdout.count(b"shakes hands")) == (2, 3)


def test_a_warc_without_texts_says_what_it_has(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(head(1, kind="response") + b"\r\n\r\nx\r\n\r\n")
    done = run("check", tmp_path / "a.warc")
    assert (done.returncode, b"no conversion records" in done.stderr, b"response" in done.stderr) == (0, True, True)


def test_of_a_thousand_fields_some_are_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "counts.json").write_text(json.dumps({f"word{n}": n for n in range(1000)}), encoding="utf-8")
    done = run("check", tmp_path / "counts.json")
    assert b"the fields are: word0, word1" in done.stderr
    assert b"word11 and 988 more; name one with --text-field" in done.stderr


def parquet(path: Path, **columns: list[object]) -> None:
    pa = pytest.importorskip("pyarrow")
    pytest.importorskip("pyarrow.parquet").write_table(pa.table(columns), path)


def test_parquet_without_the_field_is_copied_and_said(run: Run, tmp_path: Path) -> None:
    parquet(tmp_path / "a.parquet", id=[1, 2], body=[SPUN, PLAIN])
    parquet(tmp_path / "b.parquet", id=[1], body2=["x"], story=[SPUN])
    done = run(
        "clean", tmp_path / "a.parquet", tmp_path / "b.parquet", "--out", tmp_path / "out", "--text-field", "body"
    )
    assert done.returncode == 0
    assert b"b.parquet: no record has a text in body; the fields are: id, body2, story" in done.stderr
    assert (tmp_path / "out/b.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()
    pq = pytest.importorskip("pyarrow.parquet")
    assert pq.read_table(tmp_path / "out/a.parquet").column("body").to_pylist() == [PLAIN, PLAIN]
    assert run("undo", tmp_path / "out", "--out", tmp_path / "back").returncode == 0
    for name in ("a.parquet", "b.parquet"):
        assert pq.read_table(tmp_path / "back" / name).equals(pq.read_table(tmp_path / name))


def test_a_column_of_the_users_is_never_overwritten(run: Run, tmp_path: Path) -> None:
    parquet(tmp_path / "a.parquet", text=[SPUN, PLAIN], unspin=["mine", "too"])
    done = run("clean", tmp_path / "a.parquet", "--out", tmp_path / "out", "--annotate")
    assert (done.returncode, b"has a column named unspin already; notes are in unspin_2" in done.stderr) == (0, True)
    pq = pytest.importorskip("pyarrow.parquet")
    made = pq.read_table(tmp_path / "out/a.parquet")
    assert made.column("unspin").to_pylist() == ["mine", "too"]
    assert made.column("unspin_2").to_pylist()[0]["edits"]["phrases"] == 1
    assert run("undo", tmp_path / "out", "--out", tmp_path / "back").returncode == 0
    assert pq.read_table(tmp_path / "back/a.parquet").equals(pq.read_table(tmp_path / "a.parquet"))


def test_check_and_fix_of_what_cannot_be_fixed_in_place(run: Run, tmp_path: Path) -> None:
    parquet(tmp_path / "a.parquet", text=[PLAIN, f"First.\n{SPUN}"])
    (tmp_path / "b.txt.gz").write_bytes(gzip.compress(SPUN.encode()))
    (tmp_path / "c.txt.gz").write_bytes(gzip.compress(PLAIN.encode()))
    shown = run("check", tmp_path).stdout.decode().splitlines()
    assert [line.replace(f"{tmp_path}/", "").partition(": shared")[0] for line in shown] == [
        "a.parquet:2:4",
        "b.txt.gz:1:4",
    ]
    assert shown[0].endswith(" [2: text]")
    patch = run("check", "--format", "diff", tmp_path / "a.parquet").stdout.decode()
    assert "a.parquet row 2 text\t\n" in patch
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    done = run("fix", tmp_path)
    assert done.returncode == 2
    assert done.stderr.count(b"not fixed in place; unspin clean writes a repaired copy") == 2
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_packed_file_without_edits_is_copied(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b'{"text": "Fine."}\n', compresslevel=1, mtime=7))
    assert run("clean", tmp_path / "a.jsonl.gz", "--out", tmp_path / "out").returncode == 0
    assert (tmp_path / "out/a.jsonl.gz").read_bytes() == (tmp_path / "a.jsonl.gz").read_bytes()
    assert run("undo", tmp_path / "out", "--out", tmp_path / "back").returncode == 0
    assert (tmp_path / "back/a.jsonl.gz").read_bytes() == (tmp_path / "a.jsonl.gz").read_bytes()


def test_urls_are_checked_too(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("fsspec")
    (tmp_path / "a.txt").write_text(SPUN)
    shown = run("check", f"file://{tmp_path}/a.txt")
    assert (shown.returncode, b"shakes hands" in shown.stdout) == (1, True)
    assert run("fix", f"file://{tmp_path}/a.txt").returncode == 2
    missing = run("check", "nosuch://a/b.txt")
    assert (missing.returncode, b"Traceback" in missing.stderr) == (2, False)


def test_a_long_text_is_read_in_stretches(run: Run, tmp_path: Path) -> None:
    paragraph = "The council meets on Monday.\n\n"
    text = (paragraph * 30_000 + SPUN + "\n\n") * 3 + "<!-- unspin: off -->\n" + (paragraph * 40_000 + SPUN) * 2
    (tmp_path / "a.txt").write_text(text)
    shown = run("check", tmp_path / "a.txt").stdout.decode().splitlines()
    assert [int(line.removeprefix(str(tmp_path)).split(":")[1]) for line in shown] == [
        60_001 + 60_002 * n for n in range(3)
    ]
    assert run("clean", tmp_path / "a.txt", "--out", tmp_path / "out").returncode == 0
    assert run("undo", tmp_path / "out", "--out", tmp_path / "back").returncode == 0
    assert (tmp_path / "back/a.txt").read_text() == text
    assert fixed(run, tmp_path / "a.txt").decode() == text.replace(SPUN, PLAIN, 3)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_a_file_of_a_hundred_megabytes_is_checked_in_little_memory(tmp_path: Path) -> None:
    import sys

    block = ("The council meets on Monday, and the minutes are read by the clerk. " * 14 + "\n\n").encode()
    with (tmp_path / "a.txt").open("wb") as file:
        for _ in range(25 if "UNSPIN_BIG" not in os.environ else 100):
            file.write(block * (1_000_000 // len(block)))
    program = (
        "import sys\nfrom unspin.__main__ import main\nsys.argv = ['unspin', 'check', sys.argv[1]]\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert end.code == 0\n"
        "print(next(line for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "a.txt")]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert int(shown.split()[1]) < 250 << 10  # kilobytes
