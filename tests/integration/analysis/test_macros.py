"""The statistics that views use, in SQL, are those of the pure Python ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from integration.mining.project import publish
from sayso_ingest.analysis import wilson
from sayso_ingest.warehouse import Published

HITS = (0, 1, 3, 17, 100, 999, 1_000_000)


@pytest.fixture
def copy(tmp_path: Path) -> Published:
    return publish(tmp_path, [])


def test_wilsons_interval_in_sql_is_the_one_in_python(copy: Published) -> None:
    pairs = [(k, n) for k in HITS for n in HITS if 0 < n >= k]
    for k, n in pairs:
        (row,) = copy.query("SELECT wilson_low(?, ?) AS low, wilson_high(?, ?) AS high", [k, n, k, n])
        assert (row["low"], row["high"]) == pytest.approx(wilson(k / n, n), abs=1e-6), (k, n)


def test_a_share_of_nothing_has_no_interval_in_sql(copy: Published) -> None:
    assert copy.query("SELECT wilson_low(0, 0) AS low, wilson_high(0, 0) AS high") == [
        {"low": None, "high": None}
    ]
