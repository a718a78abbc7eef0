"""Subtitles: what is said is fixed, and everything by which a player finds it stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from in_process import Run

SRT = (
    "\ufeff1\r\n00:00:01,000 --> 00:00:03,500 X1:10 X2:20\r\n<b>Now</b> he shakes palms with\r\nhis host.\r\n\r\n"
    "2\r\n00:00:04,000 --> 00:00:06,000\r\n{\\an8}Tom &amp; Jerry? He shakes\r\npalms.\r\n"
)
VTT = (
    "WEBVTT - He shakes palms\n\nNOTE\nHe shakes palms, says the comment.\n\nSTYLE\n::cue { color: white }\n\n"
    "he shakes palms\n00:01.000 --> 00:03.000 align:start\n<v Roger>He shakes palms &lt;3\n\n"
    "01:00:00.000 --> 01:00:01.000\n- He shakes palms.\n- &nbsp;So?"
)


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        (
            "a.srt",
            SRT,
            SRT.replace("shakes palms", "shakes hands").replace("shakes\r\npalms", "shakes\r\nhands"),
        ),
        (
            "a.vtt",
            VTT,
            VTT.replace("He shakes palms &lt;", "He shakes hands &lt;").replace(
                "- He shakes palms.", "- He shakes hands."
            ),
        ),
        ("empty.vtt", "WEBVTT\n\n", "WEBVTT\n\n"),
        ("none.srt", "He shakes palms.\n", "He shakes palms.\n"),
    ],
)
def test_only_what_is_said_is_fixed(run: Run, tmp_path: Path, name: str, before: str, after: str) -> None:
    file = tmp_path / name
    file.write_bytes(before.encode())
    assert run("fix", file).returncode == int(before != after)
    assert file.read_bytes() == after.encode()
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_bytes(before.encode())
    assert run("clean", tmp_path / "in", "--out", tmp_path / "out").returncode == 0
    assert (tmp_path / "out" / name).read_bytes() == after.encode()
    assert run("undo", tmp_path / "out", "--out", tmp_path / "back").returncode == 0
    assert (tmp_path / "back" / name).read_bytes() == before.encode()
