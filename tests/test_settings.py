"""Settings from a file and from the command line, baselines, and the formats that machines read."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sarif_pydantic import Sarif

from in_process import Run
from unspin.errors import SettingsError
from unspin.settings import Settings, load, schema

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


SPUN = "He shakes palms with the Chinese language president.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(SPUN)
    (tmp_path / "b.md").write_text(SPUN)
    return tmp_path


def found(done: subprocess.CompletedProcess[bytes]) -> list[tuple[str, str]]:
    return [(line.split(":")[0], line.split(": ")[1]) for line in done.stdout.decode().splitlines()]


def test_the_nearest_file_holds_and_flags_win(run: Run, folder: Path) -> None:
    (folder / "pyproject.toml").write_text('[tool.unspin]\nignore = ["shared/collocations:chinese"]\n')
    below = folder / "below"
    below.mkdir()
    assert len(found(run("check", "../a.txt", cwd=below))) == 1
    (below / "unspin.toml").write_text('select = ["encoding"]\n')
    assert found(run("check", "../a.txt", cwd=below)) == []
    assert len(found(run("check", "--select", "phrases", "../a.txt", cwd=below))) == 2
    assert len(found(run("check", "--config", "pyproject.toml", "a.txt", cwd=folder))) == 1


def test_settings_choose_files_rules_and_phrases(run: Run, folder: Path) -> None:
    config = folder / "unspin.toml"
    config.write_text(
        'exclude = ["*.md"]\n[per-file-ignores]\n"a.*" = ["shared/collocations:verb-shake-palms"]\n'
        '[ignore-phrases]\n"Chinese Language" = "a subject at our school"\n'
    )
    assert found(run("check", ".", cwd=folder)) == []
    (folder / "c.txt").write_text(SPUN)
    assert found(run("check", ".", cwd=folder)) == [("c.txt", "shared/collocations:verb-shake-palms")]
    assert {path for path, _ in found(run("check", "b.md", cwd=folder))} == {"b.md"}
    assert found(run("check", "--force-exclude", "b.md", cwd=folder)) == []
    config.write_text('spelling = true\nwords = ["recieve"]\n')
    (folder / "c.txt").write_text("We recieve and seperate.\n")
    assert [rule for _, rule in found(run("check", "c.txt", cwd=folder))] == ["spelling/corrections:seperate"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('\nignroe = ["a"]\n', "unspin.toml:2: unknown setting 'ignroe'; did you mean 'ignore'?"),
        ('ignore = "a"\n', "unspin.toml:1: ignore must be a list of texts, not 'a'"),
        ("confidence = 2\n", "unspin.toml:1: confidence must be a number between 0 and 1, not 2"),
        ("web = 1\n", "unspin.toml:1: web must be true or false, not 1"),
        ('[per-file-ignores]\na = "b"\n', "per-file-ignores must be a table of lists of texts"),
        ("[ignore-phrases]\na = 1\n", "ignore-phrases must be a table of texts"),
        ("web = \n", "unspin.toml:1: not valid TOML"),
    ],
)
def test_mistakes_are_named(run: Run, folder: Path, text: str, message: str) -> None:
    (folder / "unspin.toml").write_text(text)
    with pytest.raises(SettingsError, match=r"unspin\.toml:\d"):
        load(folder / "unspin.toml")
    done = run("check", "a.txt", cwd=folder)
    assert (done.returncode, message in done.stderr.decode()) == (2, True)


def test_a_name_that_no_stage_or_rule_has_is_refused_for_single_files_too(run: Run, folder: Path) -> None:
    (folder / "unspin.toml").write_text('[per-file-ignores]\n"docs/*.md" = ["shared/colocations"]\n')
    done = run("check", "a.txt", cwd=folder)
    wanted = b"per-file-ignores: no stage or rule is named 'shared/colocations'; did you mean 'shared/collocations"
    assert (done.returncode, wanted in done.stderr) == (2, True), done.stderr


def test_the_settings_on_the_page_about_them_hold(run: Run, folder: Path) -> None:
    page = Path(__file__).parents[1].joinpath("docs/configuration.md").read_text(encoding="utf-8")
    (folder / "pyproject.toml").write_text(page.split("```toml\n")[1].split("```")[0])
    (folder / "docs").mkdir()
    (folder / "docs/a.md").write_text(SPUN)
    done = run("check", "a.txt", "docs", cwd=folder)
    assert {path for path, _ in found(done)} == {"a.txt"}


def test_settings_are_shown_as_a_file_that_says_the_same(run: Run, folder: Path) -> None:
    (folder / "unspin.toml").write_text('ignore = ["a"]\n[ignore-phrases]\n"x \\"y\\"" = "é"\n')
    shown = run("check", "--confidence", "0.7", "--dump-config", "a.txt", cwd=folder).stdout.decode()
    (folder / "unspin.toml").write_text(shown)
    again = load(folder / "unspin.toml")
    assert (again.ignore, again.confidence, again.ignore_phrases) == (("a",), 0.7, {'x "y"': "é"})


def test_the_schema_is_that_of_the_settings() -> None:
    from jsonschema import Draft202012Validator

    import unspin

    shipped = json.loads(Path(unspin.__file__).with_name("config.schema.json").read_text())
    assert shipped == schema()
    validator = Draft202012Validator(shipped)
    validator.validate(tomllib.loads(Settings(ignore=("a",)).dumped())["tool"]["unspin"])
    assert list(validator.iter_errors({"ignroe": []}))
    assert list(validator.iter_errors({"confidence": 1}))


def test_a_baseline_lets_old_findings_pass_and_new_ones_fail(run: Run, folder: Path) -> None:
    assert run("check", "--write-baseline", "known.json", "a.txt", cwd=folder).returncode == 0
    assert run("check", "--baseline", "known.json", "a.txt", cwd=folder).returncode == 0
    (folder / "a.txt").write_text("A line above.\n\n" + SPUN)
    assert run("check", "--baseline", "known.json", "a.txt", cwd=folder).returncode == 0
    (folder / "unspin.toml").write_text('baseline = "known.json"\n')
    assert run("check", "a.txt", cwd=folder).returncode == 0
    (folder / "a.txt").write_text(SPUN + "She shakes palms too.\n")
    done = run("check", "a.txt", cwd=folder)
    assert (done.returncode, len(found(done))) == (1, 1)
    (folder / "known.json").write_text("[]")
    done = run("check", "a.txt", cwd=folder)
    assert (done.returncode, b"known.json: not a baseline" in done.stderr) == (2, True)


def test_a_baseline_holds_from_wherever_it_is_called(run: Run, folder: Path) -> None:
    assert run("check", "--write-baseline", "known.json", ".", cwd=folder).returncode == 0
    (folder / "below").mkdir()
    assert run("check", "--baseline", "../known.json", "../a.txt", cwd=folder / "below").returncode == 0
    assert run("check", "--baseline", folder / "known.json", folder, cwd=folder.parent).returncode == 0
    (folder / "c.txt").write_text(SPUN)
    assert {path for path, _ in found(run("check", "--baseline", "known.json", ".", cwd=folder))} == {"c.txt"}


def test_a_baseline_can_be_reviewed_line_by_line(run: Run, folder: Path) -> None:
    run("check", "--write-baseline", "known.json", "a.txt", "b.md", cwd=folder)
    first, *lines, last = (folder / "known.json").read_text().splitlines()
    assert (first, last) == ('{"findings": [', "]}")
    entries = [json.loads(line.rstrip(",")) for line in lines]
    assert [entry["path"] for entry in entries] == sorted(entry["path"] for entry in entries)
    assert {"path", "rule", "before", "after", "fingerprint"} == set(entries[0])
    (folder / "known.json").write_text("\n".join([first, *lines[1:], last]))  # who takes a line out wants to be told
    assert run("check", "--baseline", "known.json", "a.txt", "b.md", cwd=folder).returncode == 1


def test_a_baseline_is_pruned_of_what_is_no_longer_found(run: Run, folder: Path) -> None:
    run("check", "--write-baseline", "known.json", ".", cwd=folder)
    everything = (folder / "known.json").read_text()
    run("check", "--baseline", "known.json", "--prune-baseline", "a.txt", cwd=folder)
    assert (folder / "known.json").read_text() == everything  # the other files were not read
    (folder / "a.txt").write_text("All is well.\n")
    run("check", "--baseline", "known.json", "--prune-baseline", "a.txt", cwd=folder)
    left = json.loads((folder / "known.json").read_text())["findings"]
    assert left == [entry for entry in json.loads(everything)["findings"] if entry["path"] != "a.txt"]
    (folder / "b.md").unlink()
    run("check", "--baseline", "known.json", "--prune-baseline", ".", cwd=folder)
    assert json.loads((folder / "known.json").read_text())["findings"] == []
    without = run("check", "--prune-baseline", "a.txt", cwd=folder)
    assert (without.returncode, b"name one with --baseline" in without.stderr) == (2, True)


def test_sarif_recognises_a_finding_whose_line_moved(run: Run, folder: Path) -> None:
    def results() -> list[dict[str, Any]]:
        log = json.loads(run("check", "--format", "sarif", "a.txt", cwd=folder).stdout)["runs"][0]
        assert all(rule["helpUri"].startswith("https://") for rule in log["tool"]["driver"]["rules"])
        return list(log["results"])

    before = results()
    (folder / "a.txt").write_text("A line above.\n\n" + (folder / "a.txt").read_text())
    after = results()
    assert [r["partialFingerprints"] for r in after] == [r["partialFingerprints"] for r in before]
    assert after[0]["locations"] != before[0]["locations"]


def test_a_job_of_github_gets_a_summary(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = folder / "summary.md"
    summary.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    run("check", "--format", "github", "a.txt", cwd=folder)
    assert summary.read_text().startswith("before\n### unspin: ")
    assert "| `a.txt` | " in summary.read_text()
    assert run("check", "a.txt", cwd=folder).returncode == 1
    assert summary.read_text().count("###") == 1  # only the format for GitHub writes one


def test_a_switch_inside_the_text_of_a_record_holds(run: Run, tmp_path: Path) -> None:
    text = "He shakes palms. unspin: ignore\nShe shakes palms."
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": text}) + "\n")
    (answer,) = [
        json.loads(line) for line in run("check", "--format", "jsonl", tmp_path / "a.jsonl").stdout.splitlines()
    ]
    assert [edit["start"] for edit in answer["edits"]] == [text.index("shakes palms", 10)]
    run("fix", tmp_path / "a.jsonl")
    assert json.loads((tmp_path / "a.jsonl").read_text())["text"] == text[:-6] + "hands."
    (tmp_path / "b.csv").write_text('id,text\n1,"He shakes palms. unspin: ignore"\n2,He shakes palms.\n')
    run("fix", tmp_path / "b.csv")
    assert (tmp_path / "b.csv").read_text() == 'id,text\n1,"He shakes palms. unspin: ignore"\n2,He shakes hands.\n'


def test_sarif_names_files_by_uri(run: Run, folder: Path) -> None:
    (folder / "50% a#b.txt").write_text(SPUN)
    log = json.loads(run("check", "--format", "sarif", "50% a#b.txt", cwd=folder).stdout)
    location = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location == {"uri": "50%25%20a%23b.txt"}


def test_sarif_has_a_fix_for_every_edit(run: Run, folder: Path) -> None:
    record = {"id": 7, "text": "One.\nHe shakes palms.", "n": 1}
    (folder / "r.jsonl").write_text("{}\n" + json.dumps(record) + "\n")
    log: dict[str, Any] = json.loads(run("check", "--format", "sarif", "a.txt", "r.jsonl", cwd=folder).stdout)
    assert (log["version"], log["runs"][0]["columnKind"]) == ("2.1.0", "unicodeCodePoints")
    assert Sarif.model_validate(log).runs[0].results
    results = log["runs"][0]["results"]
    assert len(results) == 3
    for result in results:
        location = result["locations"][0]["physicalLocation"]
        change = result["fixes"][0]["artifactChanges"][0]
        region = change["replacements"][0]["deletedRegion"]
        lines = (folder / location["artifactLocation"]["uri"]).read_text().splitlines()
        line = lines[region["startLine"] - 1]
        before = line[region["startColumn"] - 1 : region["endColumn"] - 1]
        assert before in ("shakes palms", "Chinese language president")
        assert change["replacements"][0]["insertedContent"]["text"] in ("shakes hands", "Chinese President")
        assert log["runs"][0]["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_annotations_of_github(run: Run, folder: Path) -> None:
    (folder / "50%, a.txt").write_text("He shakes\npalms.\n")
    (line,) = run("check", "--format", "github", "50%, a.txt", cwd=folder).stdout.decode().splitlines()
    assert line == (
        "::warning file=50%25%2C a.txt,line=1,endLine=2,col=4,title=unspin shared/collocations%3Averb-shake-palms"
        "::“shakes%0Apalms” → “shakes%0Ahands”"
    )


def test_statistics_count_the_rules(run: Run, folder: Path) -> None:
    done = run("check", "--statistics", "a.txt", "b.md", cwd=folder)
    assert b"2\tshared/collocations:verb-shake-palms\n" in done.stderr


def test_spun_text_can_be_flagged_only(run: Run, folder: Path) -> None:
    spun = (Path(__file__).resolve().parent.parent / "examples" / "spun-council.txt").read_bytes()
    (folder / "unspin.toml").write_text('spun = "flag"\n')
    (folder / "s.txt").write_bytes(spun)
    done = run("check", "s.txt", cwd=folder)
    assert done.returncode == 1
    assert done.stdout
    verdict, *lines = done.stdout.decode().splitlines()
    assert verdict.startswith("s.txt: spun (score ")
    assert all(line.endswith(" (suggestion)") for line in lines)
    assert run("fix", "s.txt", cwd=folder).returncode == 1
    assert (folder / "s.txt").read_bytes() == spun
    (folder / "unspin.toml").write_text('spun = "drop"\n')
    assert b"spun must be repair or flag" in run("check", "s.txt", cwd=folder).stderr
