"""The bench's line about lakes runs, and says what it needs."""

from __future__ import annotations

from pathlib import Path

import pytest
from lakes import Servers
from sayso_ingest.errors import SaysoError

from bench.lines import lake as line
from bench.load import lake
from bench.run import Run


@pytest.mark.lake
def test_a_quick_run_measures_the_lake_beside_the_file(lake_servers: Servers, tmp_path: Path) -> None:
    figures = list(lake.measure(Run(tmp_path, quick=True), lake_servers))
    measured = [figure.what.split()[0] for figure in figures]
    expected = "landing landing landing publishing publishing upkeep opening the the bytes"
    assert measured == expected.split()
    assert all(figure.value > 0 for figure in figures)
    assert [figure.what for figure in figures if not figure.beside] == [figures[5].what]


def test_without_a_lake_the_line_says_where_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "PYTHON", tmp_path / "none")
    with pytest.raises(SaysoError, match="make test-lake"):
        next(line.measure(Run(tmp_path)))
