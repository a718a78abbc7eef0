"""The pages of WARC responses: extracted, repaired, written as conversion records, and restored to the byte."""

from __future__ import annotations

import gzip
import io
import json
import sys
from pathlib import Path

import pytest

from in_process import Run

pytest.importorskip("trafilatura")
warcio = pytest.importorskip("warcio")

from warcio.archiveiterator import ArchiveIterator  # noqa: E402
from warcio.statusandheaders import StatusAndHeaders  # noqa: E402
from warcio.warcwriter import WARCWriter  # noqa: E402


def page(number: int, sentence: str) -> bytes:
    """A page with what pages have around their text."""
    menu = "".join(f'<li><a href="/{n}">Section {n}</a></li>' for n in range(6))
    text = "".join(
        f"<p>{sentence} This is paragraph {n} of page {number}, and the clerk reads it out loud.</p>" for n in range(4)
    )
    return (
        f"<!doctype html><html lang=en><head><title>Page {number}</title><script>var palms = 1;</script></head>"
        f"<body><nav><ul>{menu}</ul></nav><article><h1>The news of day {number}</h1>{text}</article>"
        f"<footer>All rights reserved</footer></body></html>"
    ).encode()


def warc(pages: int, packed: bool = True) -> bytes:
    """Responses with pages, each as another server sends it; besides a request, a picture, and a page that is gone."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed)

    def write(kind: str, number: int, body: bytes, status: str = "200 OK", **headers: str) -> None:
        fields = [(name.replace("_", "-"), value) for name, value in headers.items()]
        http = StatusAndHeaders(status, fields, protocol="HTTP/1.1")
        where = f"https://site{number % 3}.example/{number}"
        writer.write_record(writer.create_warc_record(where, kind, payload=io.BytesIO(body), http_headers=http))

    for number in range(pages):
        body = page(number, "He shakes palms with the café owner." if number % 2 else "The café opens at nine.")
        if number % 4 == 0:
            write("response", number, body, Content_Type="text/html; charset=utf-8")
        elif number % 4 == 1:
            write("response", number, gzip.compress(body), Content_Type="text/html", Content_Encoding="gzip")
        elif number % 4 == 2:
            chunks = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
            write("response", number, chunks, Content_Type="text/html", Transfer_Encoding="chunked")
        else:
            latin = body.decode().encode("latin-1")
            write("response", number, latin, Content_Type="text/html; charset=iso-8859-1")
    write("response", 900, page(900, "He shakes palms."), "404 Not Found", Content_Type="text/html")
    write("response", 901, b"\x89PNG\r\n\x1a\n", Content_Type="image/png")
    return out.getvalue()


def records(data: bytes) -> list[tuple[str, str, bytes]]:
    """(type, address, content) of the records."""
    return [
        (record.rec_type, record.rec_headers.get_header("WARC-Target-URI"), record.content_stream().read())
        for record in ArchiveIterator(io.BytesIO(data), check_digests="raise")
    ]


@pytest.mark.parametrize("name", ["a.warc.gz", "a.warc"])
def test_a_hundred_pages_are_extracted_repaired_and_restored(run: Run, tmp_path: Path, name: str) -> None:
    source = tmp_path / name
    source.write_bytes(warc(100, name.endswith(".gz")))
    done = run("clean", "--html", source, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr.decode()
    made = records((tmp_path / "out" / name).read_bytes())
    assert [kind for kind, _, _ in made] == ["conversion"] * 100 + ["response"] * 2
    for number, (_, where, content) in enumerate(made[:100]):
        text = content.decode()
        assert where == f"https://site{number % 3}.example/{number}"
        assert ("He shakes hands with the café owner." in text) == bool(number % 2), text
        assert "palms" not in text
        assert "Section 3" not in text
        assert "paragraph 3 of page" in text
    back = run("undo", tmp_path / "out", "--out", tmp_path / "back")
    assert back.returncode == 0, back.stderr.decode()
    restored = (tmp_path / "back" / name).read_bytes()
    unpacked = gzip.decompress if name.endswith(".gz") else bytes
    assert unpacked(restored) == unpacked(source.read_bytes())


def test_what_is_made_again_is_what_the_run_made(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "a.warc"
    source.write_bytes(warc(4, packed=False))
    assert run("clean", "--html", source, "--out", tmp_path / "out").returncode == 0
    done = run("replay", "--html", source, "--changes", tmp_path / "out" / "changes", "--out", tmp_path / "again")
    assert done.returncode == 0, done.stderr.decode()
    assert (tmp_path / "again" / "a.warc").read_bytes() == (tmp_path / "out" / "a.warc").read_bytes()


def test_without_being_asked_pages_stay(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "a.warc"
    source.write_bytes(warc(4, packed=False))
    done = run("clean", source, "--out", tmp_path / "out")
    assert (tmp_path / "out" / "a.warc").read_bytes() == source.read_bytes()
    assert b"clean --html reads the pages of response records" in done.stderr


def test_a_conversion_names_the_response_that_it_is_of(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "a.warc"
    source.write_bytes(warc(1, packed=False))
    run("clean", "--html", source, "--out", tmp_path / "out")
    one = next(iter(ArchiveIterator(io.BytesIO(source.read_bytes())))).rec_headers
    other = next(iter(ArchiveIterator(io.BytesIO((tmp_path / "out" / "a.warc").read_bytes())))).rec_headers
    assert other.get_header("WARC-Refers-To") == one.get_header("WARC-Record-ID")
    assert other.get_header("WARC-Record-ID") != one.get_header("WARC-Record-ID")
    assert other.get_header("WARC-Date") == one.get_header("WARC-Date")
    stats = json.loads((tmp_path / "out" / "stats.json").read_text())
    assert stats["documents"] == 1


def test_without_the_packages_it_says_how_to_get_them(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    (tmp_path / "a.warc").write_bytes(warc(1, packed=False))
    done = run("clean", "--html", tmp_path / "a.warc", "--out", tmp_path / "out")
    assert (done.returncode, b"pip install 'unspin[html]'" in done.stderr) == (2, True)
    assert not (tmp_path / "out").exists()


def test_html_files_become_texts_and_come_back(run: Run, tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    (source / "deep").mkdir(parents=True)
    (source / "a.html").write_bytes(page(1, "He shakes palms with the café owner."))
    latin = page(2, "He shakes palms in the café.").decode().replace("<head>", '<head><meta charset="iso-8859-1">')
    (source / "deep" / "b.htm").write_bytes(latin.encode("latin-1"))
    (source / "c.html.gz").write_bytes(gzip.compress(page(3, "The café opens at nine.")))
    (source / "empty.html").write_text("<html><body></body></html>")
    (source / "plain.txt").write_text("He shakes palms.")
    left = run("clean", source, "--out", tmp_path / "left")
    assert b"unspin clean --html extracts the text of pages" in left.stderr
    assert not (tmp_path / "left" / "a.html.txt").exists()
    assert run("clean", source, "--html", "--out", out).returncode == 0
    made = {name: (out / name).read_bytes().decode() for name in ("a.html.txt", "deep/b.htm.txt", "empty.html.txt")}
    assert made["a.html.txt"].count("He shakes hands with the café owner.") == 4
    assert made["deep/b.htm.txt"].count("He shakes hands in the café.") == 4
    assert made["empty.html.txt"] == ""
    assert "Section 3" not in made["a.html.txt"]
    assert gzip.decompress((out / "c.html.txt.gz").read_bytes()).decode().count("opens at nine") == 4
    assert run("undo", out, "--out", tmp_path / "back").returncode == 0
    for path in (path for path in source.rglob("*") if path.is_file()):
        restored = (tmp_path / "back" / path.relative_to(source)).read_bytes()
        unpacked = gzip.decompress if path.suffix == ".gz" else bytes
        assert unpacked(restored) == unpacked(path.read_bytes())
    assert run("replay", source, "--html", "--changes", out / "changes", "--out", tmp_path / "again").returncode == 0
    for name, text in made.items():
        assert (tmp_path / "again" / name).read_bytes().decode() == text


def test_a_page_and_a_text_of_one_name_are_not_mixed_up(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.html").write_bytes(page(1, "He shakes palms."))
    (tmp_path / "in" / "a.html.txt").write_text("He shakes palms.")
    done = run("clean", tmp_path / "in", "--html", "--out", tmp_path / "out")
    assert (done.returncode, b"would both become a.html.txt" in done.stderr) == (2, True)
