"""The calibration of confidence: measured on a document of one sentence, fitted to edits made up."""

from __future__ import annotations

from pathlib import Path

import calibration
import fit_certainty
import pytest

from unspin.evaluation.calibration import Judged, binned, error
from unspin.spun.outcomes import Certainty


def test_calibration_counts_the_right_edits_at_each_confidence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gold = tmp_path / "one.gold.txt"
    gold.write_text("He {shakes palms=>shakes hands} with his host.\n", encoding="utf-8")
    plot, table = tmp_path / "plot.png", tmp_path / "table.md"
    calibration.main([f"corridor={gold}", "--out", str(table), "--plot", str(plot)])
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.read_text().splitlines()]
    assert rows[2][0] == "corridor"
    assert rows[2][2] == "1"  # one edit
    assert float(rows[2][4]) == 1.0  # and it is right
    assert capsys.readouterr().out == table.read_text()
    assert plot.stat().st_size > 0


def test_the_function_is_found_again_by_which_edits_were_calibrated() -> None:
    """Of the edits at each posterior, as many are right as a function says."""
    function = Certainty(factor=0.8, doubt=0.4, ceiling=0.95)
    posteriors = [0.05, 0.2, 0.4, 0.6, 0.8, 0.9, 0.97, 0.99, 0.999]
    edits = [Judged(p, number < 1000 * function.of(p)) for p in posteriors for number in range(1000)]
    fitted = fit_certainty.fit([edits], Certainty(1.0, 0.0, 0.99))
    assert fitted == pytest.approx(function, abs=0.03)
    assert error(binned(list(fit_certainty.calibrated([edits], fitted)))) < 0.01
    assert error(binned(edits)) > 0.05


def test_the_table_has_each_family_as_it_is_and_as_it_would_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(8):
        gold = tmp_path / f"{number}.gold.txt"
        gold.write_text("He {shakes palms=>shakes hands} with his host.\n", encoding="utf-8")
    fit_certainty.main([f"corridor={tmp_path}"])
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in capsys.readouterr().out.splitlines()[2:]]
    assert [row[:2] for row in rows] == [["corridor", "now"], ["corridor", "fitted"]]
    assert float(rows[1][5]) == 1.0  # every edit is right, so no ceiling is in their way
