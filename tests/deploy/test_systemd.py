"""The systemd unit, read by systemd itself."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UNIT = ROOT / "deploy" / "systemd" / "sayso.service"


@pytest.fixture
def unit(require: Callable[[str, object, str], None], tmp_path: Path) -> Path:
    """A copy of the unit that starts a program which is there: systemd looks for it."""
    require("systemd-analyze", shutil.which("systemd-analyze"), "apt-get install systemd")
    copy = tmp_path / UNIT.name
    copy.write_text(re.sub(r"(?m)^ExecStart=\S+", f"ExecStart={sys.executable}", UNIT.read_text()))
    return copy


def analyze(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = ["systemd-analyze", *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)


def test_systemd_has_no_complaint_about_the_unit(unit: Path) -> None:
    verdict = analyze("verify", "--man=no", unit)
    # A misspelt line is only a warning to systemd, and exit code 0.
    assert (verdict.returncode, verdict.stderr) == (0, "")


def test_a_misspelt_line_in_the_unit_is_noticed(unit: Path) -> None:
    unit.write_text(unit.read_text().replace("\nUMask=", "\nUmask="))
    assert "Unknown key" in analyze("verify", "--man=no", unit).stderr


def test_the_unit_is_hardened_to_an_exposure_below_2_of_10(unit: Path) -> None:
    verdict = analyze("security", "--offline=true", "--threshold=20", unit)
    assert verdict.returncode == 0, verdict.stdout


def test_the_unit_starts_serve_as_a_user_without_rights() -> None:
    lines = UNIT.read_text().splitlines()
    assert "ExecStart=/opt/sayso/bin/sayso serve" in lines
    assert {"User=sayso", "NoNewPrivileges=yes", "CapabilityBoundingSet="} <= set(lines)
