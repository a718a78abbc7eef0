"""The cache of compiled tables: nothing is read but what its owner wrote there, and it does not grow for ever."""

from __future__ import annotations

import os
import time
from array import array
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unspin.cache import Sections, cached, pack

DAY = 24 * 3600


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("UNSPIN_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def built(name: str, key: str) -> bytes:
    return cached(name, key, f"{name} {key}".encode)


def must_not_build() -> bytes:
    raise AssertionError("it is there")


def test_what_was_built_is_read_again(home: Path) -> None:
    assert built("a", "1") == cached("a", "1", must_not_build) == b"a 1"


@pytest.mark.parametrize("spoil", [lambda raw: b"", lambda raw: raw[:-1], lambda raw: raw[:-1] + b"x"])
def test_what_is_not_whole_is_built_again(home: Path, spoil: object) -> None:
    built("a", "1")
    (path,) = home.iterdir()
    path.write_bytes(spoil(path.read_bytes()))  # type: ignore[operator]
    assert built("a", "1") == cached("a", "1", must_not_build) == b"a 1"


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
def test_a_folder_that_others_can_write_to_is_neither_read_nor_written(home: Path) -> None:
    built("a", "1")
    (path,) = home.iterdir()
    home.chmod(0o777)
    before = path.read_bytes()
    assert cached("a", "1", lambda: b"anew") == b"anew"
    assert path.read_bytes() == before
    home.rename(home.with_name("elsewhere"))
    home.with_name("elsewhere").chmod(0o700)
    home.symlink_to(home.with_name("elsewhere"))
    assert cached("a", "1", lambda: b"anew") == b"anew"


def test_what_is_no_longer_used_goes_when_another_is_written(home: Path) -> None:
    keys = [str(n) for n in range(8)]
    for key in keys:
        built("a", key)
        built("a-b", key)
    files = {path: path.read_bytes() for path in home.iterdir()}
    unfinished = home / f"{next(path.name for path in files if b'a 0' in files[path])}abcdefgh"
    unfinished.write_bytes(b"half")
    for path in [*files, unfinished]:
        os.utime(path, (time.time() - 2 * DAY,) * 2)
    assert cached("a", "0", must_not_build) == b"a 0"  # and so it is in use
    built("a", "new")
    left = sorted(path.read_bytes()[16:] for path in home.iterdir())
    assert left[-8:] == sorted(f"a-b {key}".encode() for key in keys)  # another name
    assert {b"a 0", b"a new"} < set(left[:-8])
    assert len(left) == 8 + 4


COLUMNS = (
    st.builds(array, st.just("I"), st.lists(st.integers(0, 2**32 - 1)))
    | st.builds(array, st.just("h"), st.lists(st.integers(-(2**15), 2**15 - 1)))
    | st.builds(array, st.just("d"), st.lists(st.floats(allow_nan=False)))
)


@given(st.lists(COLUMNS | st.binary() | st.lists(st.text())), st.data())
def test_sections_are_read_as_they_were_packed(contents: list[object], data: st.DataObject) -> None:
    named = {f"section {number}": content for number, content in enumerate(contents)}
    sections = Sections(pack(named, deflate=data.draw(st.sets(st.sampled_from(sorted(named)))) if named else ()))
    assert list(sections) == list(named)
    for name, content in named.items():
        read = sections[name]
        assert (read.tolist() if isinstance(content, array) else read) == (
            content.tolist() if isinstance(content, array) else content
        )
