"""Which rejects a command is about: what is no time is said, whatever it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from sayso_ingest.cli import run


@pytest.mark.parametrize(
    "time", ["yesterday", "", "2026-13-45", "d", "99999999999d", "\u00b2h", "0001-01-01T00:00:00+23:00"]
)
def test_what_is_no_time_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], time: str
) -> None:
    assert run(["rejects", "list", "--since", time, "--data", str(tmp_path)]) == 2
    assert "is no time. Write 90m, 2h, 7d" in " ".join(capsys.readouterr().err.split())
