"""Files on disk: which are found, how they are opened, how they are written."""

from __future__ import annotations

import gzip
import io
import os
import sys
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from in_process import Run
from unspin import zstd
from unspin.corpus.storage import compression
from unspin.corpus.storage.compression import GZIP, ZSTD, packing_of, unpacked
from unspin.corpus.storage.encodings import advice
from unspin.corpus.storage.files import digest, replace, replacing
from unspin.corpus.storage.folders import LocalFolder
from unspin.corpus.storage.opening import open_file
from unspin.corpus.storage.walk import Excluded, origins, walk
from unspin.errors import FileError


def tree(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("He shakes palms.\n")
    return folder


def found(*places: Path, **options: object) -> list[str]:
    excluded = Excluded(**options) if options else Excluded()  # type: ignore[arg-type]
    return [origin.name for origin, _ in walk(map(str, places), excluded)]


def test_a_walk_obeys_gitignore_files_and_passes_over_what_is_hidden(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt", "b/c.txt", "b/no.txt", "b/yes.log", ".hidden/d.txt", ".e.txt", "skip/f.txt", "z.txt")
    (tmp_path / ".gitignore").write_text("skip/\n*.log\n/z.txt\n")
    (tmp_path / "b/.gitignore").write_text("no.txt\n!yes.log\n")
    assert found(tmp_path) == ["a.txt", "b/c.txt", "b/yes.log"]


def test_a_folder_that_is_named_is_walked_even_where_git_ignores_it(tmp_path: Path) -> None:
    tree(tmp_path, "data/a.txt", "data/b.tmp")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("data/\n*.tmp\n")
    assert found(tmp_path) == []
    assert found(tmp_path / "data") == ["a.txt", "b.tmp"]
    (tmp_path / ".gitignore").write_text("*.tmp\n")
    assert found(tmp_path / "data") == ["a.txt"]


def test_gitignore_files_do_not_count_where_that_is_set(tmp_path: Path, run: Run) -> None:
    tree(tmp_path, "a.txt", "data/b.txt", ".hidden/c.txt")
    (tmp_path / ".gitignore").write_text("data/\n")
    (tmp_path / "data/.gitignore").write_text("/b.txt\n")
    assert found(tmp_path, gitignore=False) == ["a.txt", "data/b.txt"]
    for option, names in (("--gitignore", [b"a.txt"]), ("--no-gitignore", [b"a.txt", b"data/b.txt"])):
        lines = run("check", option, ".", cwd=tmp_path).stdout.splitlines()
        assert [line.partition(b":")[0] for line in lines] == names
    (tmp_path / "unspin.toml").write_text("gitignore = false\n")
    assert len(run("check", ".", cwd=tmp_path).stdout.splitlines()) == 2


def test_a_link_is_followed_where_it_leads_out_of_what_is_walked(tmp_path: Path) -> None:
    tree(tmp_path, "in/a.txt", "in/b/c.txt", "out/d.txt", "out/e/f.txt")
    (tmp_path / "in/to-file").symlink_to(tmp_path / "in/a.txt")
    (tmp_path / "in/to-folder").symlink_to(tmp_path / "in/b")
    (tmp_path / "in/up").symlink_to(tmp_path)
    (tmp_path / "in/broken").symlink_to(tmp_path / "nowhere")
    (tmp_path / "in/outside").symlink_to(tmp_path / "out")
    (tmp_path / "in/outside-again").symlink_to(tmp_path / "out/e")
    (tmp_path / "out/loop").symlink_to(tmp_path / "out")
    assert found(tmp_path / "in") == ["a.txt", "b/c.txt", "outside/d.txt", "outside/e/f.txt"]
    assert found(tmp_path / "in/to-file") == ["to-file"]


def test_what_is_excluded_is_passed_over_unless_it_is_named(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt", "raw/b.txt", "raw/c/d.txt")
    assert found(tmp_path, patterns=["raw/"], root=tmp_path) == ["a.txt"]
    assert found(tmp_path / "raw/b.txt", patterns=["raw/"], root=tmp_path) == ["b.txt"]
    assert found(tmp_path / "raw/b.txt", patterns=["raw/"], root=tmp_path, named_too=True) == []
    assert found(tmp_path, folder=str(tmp_path / "raw")) == ["a.txt"]


def test_globs_and_names_for_an_output_folder(tmp_path: Path) -> None:
    tree(tmp_path, "x/a.txt", "y/a.txt", "y/b.txt", "y/b[1].txt")
    assert [origin.name for origin, _ in origins([f"{tmp_path}/*/a.txt"])] == ["x/a.txt", "y/a.txt"]
    assert [origin.name for origin, _ in origins([f"{tmp_path}/y/b[1].txt"])] == ["b[1].txt"]
    with pytest.raises(FileError, match=r"would both become a\.txt"):
        origins([str(tmp_path / "x"), str(tmp_path / "y")])


def test_what_is_no_file_is_refused(run: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    for place in (tmp_path / "pipe.txt", "/dev/zero", "/dev/null", "/proc/self/environ", "/proc/kmsg"):
        with pytest.raises(FileError, match="a pipe or a device, not a file; name - to read standard input"):
            list(walk([str(place)]))
        done = run("clean", place, "--out", tmp_path / "out")
        assert (done.returncode, b"a pipe or a device" in done.stderr) == (2, True)
    assert found(tmp_path) == []
    assert not (tmp_path / "out").exists()


def test_names_that_are_not_utf8(run: Run, tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path / "in")
    os.mkdir(folder)
    for name in (b"bad\xff.txt", b"a.txt"):
        with open(folder + b"/" + name, "w") as file:
            file.write("He shakes palms.\n")
    for output in ("text", "diff", "json", "jsonl", "sarif", "github"):
        done = run("check", "--format", output, tmp_path / "in")
        assert (done.returncode, b"Traceback" in done.stderr) == (1, False)
    assert run("clean", tmp_path / "in", "--out", tmp_path / "out").returncode == 0
    assert sorted(os.listdir(os.fsencode(tmp_path / "out"))) == [
        b".unspin", b"a.txt", b"bad\xff.txt", b"changes", b"samples.jsonl", b"stats.json"
    ]  # fmt: skip
    assert run("undo", tmp_path / "out", "--out", tmp_path / "back").returncode == 0
    assert sorted(os.listdir(os.fsencode(tmp_path / "back"))) == [b"a.txt", b"bad\xff.txt"]
    assert run("fix", tmp_path / "in").returncode == 1
    assert run("check", tmp_path / "in").returncode == 0


PACKED = {"gz": gzip.compress, "zst": zstd.compress}


@pytest.mark.parametrize("kind", PACKED)
def test_content_tells_how_a_file_is_packed(tmp_path: Path, kind: str) -> None:
    for name, data in (("a.jsonl", PACKED[kind](b"{}\n")), (f"b.jsonl.{kind}", b"{}\n")):
        (tmp_path / name).write_bytes(data)
        with open_file(str(tmp_path / name)) as file:
            assert (file.stream.read(), file.damage) == (b"{}\n", "")


@given(st.lists(st.binary(max_size=40), max_size=4), st.integers(0, 60), st.sampled_from(["gz", "zst"]))
def test_what_breaks_off_is_read_as_far_as_it_goes(members: list[bytes], cut: int, kind: str) -> None:
    whole = b"".join(map(PACKED[kind], members))
    packing = GZIP if kind == "gz" else ZSTD
    for data, ended in ((whole, True), (whole[: max(0, len(whole) - cut)], cut == 0)):
        stream, unpacking = unpacked(io.BytesIO(data), packing)
        read = stream.read()
        assert b"".join(members).startswith(read)
        assert not (ended and (read != b"".join(members) or unpacking.damage))


def test_a_bomb_is_not_unpacked_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "_FREE", 1 << 20)
    for name, data in (("a.gz", gzip.compress(bytes(64 << 20))), ("a.zst", zstd.compress(bytes(64 << 20)))):
        packing = packing_of(data[:4])
        assert packing is not None
        stream, unpacking = unpacked(io.BytesIO(data), packing)
        size = 0
        while piece := stream.read(1 << 20):
            size += len(piece)
        assert size < 40 << 20, name
        assert "unpacks to more than 500 times its size" in unpacking.damage


def test_no_more_than_a_piece_is_unpacked_at_once() -> None:
    class Watched(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size or -1, 1 << 15))

    raw = compression.Unpacked(Watched(gzip.compress(bytes(8 << 20))), GZIP)
    buffer = bytearray(16 << 20)
    assert raw.readinto(buffer) <= 1 << 20


def test_a_gzip_stream_is_unpacked_as_by_zlib() -> None:
    data = b"".join(zlib.crc32(str(n).encode()).to_bytes(4, "big") for n in range(200_000))
    stream, unpacking = unpacked(io.BytesIO(gzip.compress(data)), GZIP)
    assert (stream.read(), unpacking.damage) == (data, "")


ADVICE = {
    "English in cp1252": ("The jalapeño and the crème brûlée were good.".encode("cp1252"), "perhaps cp1252:"),
    "German in cp1252": (("Die Größe der Straße ist schön für alle. " * 9).encode("cp1252"), "it looks like cp1252:"),
    "Polish in cp1250": (
        ("Komisja spotka się w poniedziałek i zdecyduje, co należy zrobić później. " * 9).encode("cp1250"),
        "looks like cp1250:",
    ),
    "Russian in cp1251": (("Комитет собирается в понедельник вечером. " * 4).encode("cp1251"), "looks like cp1251:"),
    "UTF-8 cut off": ("Près de la forêt, l'été est déjà passé".encode() + b"\xc3", "breaks off in the middle of a"),
    "UTF-8 but for a byte": ("Près de la forêt\net là-bas: ".encode() + b"\xff" + "été".encode(), "bad byte at 2:12:"),
    "two bad bytes": (("été " * 20).encode() + b"\xff" + ("été " * 9).encode() + b"\xfe.", "at 1:81 and 1 more:"),
    "UTF-16": ("He said “yes”.".encode("utf-16"), "utf_16"),
}


@pytest.mark.parametrize("what", ADVICE)
def test_advice_about_encodings(what: str) -> None:
    data, wanted = ADVICE[what]
    assert wanted in advice(data)


@pytest.mark.parametrize(
    ("what", "wanted"),
    [
        ("English in cp1252", "perhaps cp1252:"),
        ("German in cp1252", "perhaps cp1252:"),
        ("Russian in cp1251", "convert it to UTF-8 with --from-encoding"),
        ("UTF-8 but for a byte", "bad byte at 2:12:"),
    ],
)
def test_advice_without_the_extra_for_encodings(what: str, wanted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "charset_normalizer", None)
    assert wanted in advice(ADVICE[what][0])


def test_clean_reads_other_encodings_and_undo_writes_them(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    text = "He shakes palms at the café.\r\n"
    (tmp_path / "in/a.txt").write_bytes(text.encode("cp1252"))
    (tmp_path / "in/b.csv.gz").write_bytes(gzip.compress(f"id;text\r\n1;{text}".encode("cp1252")))
    wrong = run("clean", tmp_path / "in", "--out", tmp_path / "wrong")
    assert (wrong.returncode, b"not UTF-8" in wrong.stderr) == (2, True)
    done = run("clean", tmp_path / "in", "--out", tmp_path / "out", "--from-encoding", "cp1252")
    assert (done.returncode, (tmp_path / "out/a.txt").read_bytes().decode()) == (0, text.replace("palms", "hands"))
    assert (
        gzip.decompress((tmp_path / "out/b.csv.gz").read_bytes())
        .decode()
        .endswith("1;He shakes hands at the café.\r\n")
    )
    assert run("undo", tmp_path / "out", "--out", tmp_path / "back").returncode == 0
    assert (tmp_path / "back/a.txt").read_bytes() == text.encode("cp1252")
    twice = run("clean", tmp_path / "out/a.txt", "--out", tmp_path / "again", "--from-encoding", "cp1252")
    assert (twice.returncode, b"UTF-8 already, not cp1252" in twice.stderr) == (2, True)


def test_a_file_and_its_folder_are_synced_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    fsync, rename = os.fsync, os.replace

    def watched(handle: int) -> None:
        calls.append("folder" if os.path.isdir(f"/proc/self/fd/{handle}") else "file")
        fsync(handle)

    monkeypatch.setattr(os, "fsync", watched)
    monkeypatch.setattr(os, "replace", lambda a, b: (calls.append("rename"), rename(a, b)))
    with LocalFolder(str(tmp_path / "out")).writing("a/b.txt") as file:
        file.write(b"x")
    assert calls == [*["folder"] * 4, "file", "rename", "folder"]  # first the four new folders: out, what is in it, a


def test_all_that_a_mark_speaks_of_lasts_before_it_says_done(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("He shakes palms.\n")
    renamed: list[tuple[str, Path]] = []
    lasting: set[str] = set()
    known: list[tuple[str, set[str]]] = []
    fsync, rename = os.fsync, os.replace

    def synced(handle: int) -> None:
        fsync(handle)
        place = Path(os.readlink(f"/proc/self/fd/{handle}"))
        lasting.update(name for name, folder in renamed if folder == place)

    def renaming(a: str, b: Path) -> None:
        known.append((b.name, set(lasting)))
        rename(a, b)
        renamed.append((b.name, b.parent.resolve()))

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", renaming)
    assert run("clean", tmp_path / "a.txt", "--out", tmp_path / "out").returncode == 0
    before = dict(known)["texts.00000.done"]
    assert {"a.txt", "texts.00000.jsonl.gz", "run.json"} <= before


def test_what_fails_leaves_the_old_content_and_nothing_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")

    def fail() -> None:
        with replacing(target) as out:
            out.write(b"new")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert (target.read_text(), os.listdir(tmp_path)) == ("old", ["a.txt"])


def test_what_a_killed_writer_left_goes_with_the_next(tmp_path: Path) -> None:
    import fcntl

    target = tmp_path / "a.txt"
    target.write_text("old")
    with replacing(target) as out:
        out.write(b"half")
        (left,) = (name for name in os.listdir(tmp_path) if name != "a.txt")
        with pytest.raises(OSError, match="another process is writing it"), replacing(target):
            raise AssertionError("two at once")
    (tmp_path / left).write_text("half")
    with (tmp_path / left).open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(OSError, match="another process is writing it"), replacing(target):
            raise AssertionError("two at once")
    (tmp_path / "victim").write_text("mine")
    for leave in (
        lambda: (tmp_path / left).write_text("more"),
        lambda: (tmp_path / left).symlink_to(tmp_path / "victim"),
    ):
        (tmp_path / left).unlink(missing_ok=True)
        leave()
        with replacing(target) as out:
            out.write(b"new")
        assert (target.read_text(), sorted(os.listdir(tmp_path))) == ("new", ["a.txt", "victim"])
    assert (tmp_path / "victim").read_text() == "mine"


def test_read_only_files_and_hard_links_are_left_with_a_word(run: Run, tmp_path: Path) -> None:
    for name in ("kept.txt", "linked.txt"):
        (tmp_path / name).write_text("He shakes palms.\n")
    (tmp_path / "kept.txt").chmod(0o444)
    os.link(tmp_path / "linked.txt", tmp_path / "other.dat")
    for name, wanted in (("kept.txt", b"read-only"), ("linked.txt", b"has another name (hard links)")):
        done = run("fix", tmp_path / name)
        assert (done.returncode, wanted in done.stderr) == (2, True), done.stderr
        assert (tmp_path / name).read_text() == "He shakes palms.\n"
    (tmp_path / "kept.txt").chmod(0o644)
    (tmp_path / "kept.txt").write_text("Fine.\n")
    (tmp_path / "kept.txt").chmod(0o444)
    assert run("fix", tmp_path / "kept.txt").returncode == 0  # there is nothing to write


def test_a_file_that_changed_meanwhile_is_left_untouched(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("one")
    before = digest(file)
    file.write_text("two")
    with pytest.raises(FileError, match="changed while it was being repaired"):
        replace(file, io.BytesIO(b"three"), before)
    assert file.read_text() == "two"


@pytest.mark.parametrize("changed", [(), (0,), (2,), (1, 3)])
def test_a_packed_file_is_packed_anew_only_where_something_changed(
    tmp_path: Path, run: Run, changed: tuple[int, ...]
) -> None:
    texts = ["He shakes palms." if number in changed else "He shakes hands." for number in range(4)]
    lines = "".join(f'{{"text": "{text}"}}\n' for text in texts).encode()
    packed = gzip.compress(lines, compresslevel=1, mtime=7)
    (tmp_path / "a.jsonl.gz").write_bytes(packed)
    assert run("clean", tmp_path / "a.jsonl.gz", "--out", tmp_path / "out", "--workers", "1").returncode == 0
    made = (tmp_path / "out/a.jsonl.gz").read_bytes()
    assert gzip.decompress(made) == lines.replace(b"palms", b"hands")
    assert (made == packed) is not bool(changed)
