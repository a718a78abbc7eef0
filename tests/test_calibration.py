"""The benchmark of calibration, on a document of one sentence."""

from __future__ import annotations

from pathlib import Path

import calibration
import pytest


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
