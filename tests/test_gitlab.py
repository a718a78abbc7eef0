"""The code quality report of GitLab."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from in_process import Run


@pytest.fixture(autouse=True)
def at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI_PROJECT_DIR", raising=False)


def report(run: Run, *paths: str, cwd: Path) -> list[dict[str, object]]:
    done = run("check", "--format", "gitlab", *paths, cwd=cwd)
    assert done.returncode == 1
    findings: list[dict[str, object]] = json.loads(done.stdout)
    return findings


def test_a_finding_has_the_fields_that_gitlab_asks_for(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("One.\nHe shakes\npalms.\n")
    (finding,) = report(run, "a.txt", cwd=tmp_path)
    fingerprint = finding.pop("fingerprint")
    assert isinstance(fingerprint, str)
    assert fingerprint
    assert finding == {
        "description": "“shakes\npalms” → “shakes\nhands”",
        "check_name": "shared/collocations:verb-shake-palms",
        "severity": "minor",
        "location": {"path": "a.txt", "lines": {"begin": 2, "end": 3}},
    }


def test_a_finding_is_recognised_when_its_line_has_moved(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("He shakes palms.\n")
    before = report(run, "a.txt", cwd=tmp_path)
    (tmp_path / "a.txt").write_text("A line above.\nHe shakes palms.\n")
    after = report(run, "a.txt", cwd=tmp_path)
    assert [finding["fingerprint"] for finding in after] == [finding["fingerprint"] for finding in before]
    assert after[0]["location"] != before[0]["location"]


def test_findings_that_look_alike_have_fingerprints_of_their_own(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("He shakes palms.\n" * 3)
    fingerprints = [finding["fingerprint"] for finding in report(run, "a.txt", cwd=tmp_path)]
    assert len(set(fingerprints)) == 3


def test_files_are_named_from_the_root_of_the_project(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.txt").write_text("He shakes palms.\n")
    monkeypatch.setenv("CI_PROJECT_DIR", str(tmp_path))
    (finding,) = report(run, "a.txt", cwd=tmp_path / "data")
    assert finding["location"] == {"path": "data/a.txt", "lines": {"begin": 1, "end": 1}}


def test_nothing_found_is_an_empty_list(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("He nods.\n")
    assert json.loads(run("check", "--format", "gitlab", "a.txt", cwd=tmp_path).stdout) == []
