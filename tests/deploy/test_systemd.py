"""The systemd units, read by systemd itself."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "deploy" / "systemd"
CONSOLE = "sayso-console.service"
ROOMS = ("sayso-collect.service", "sayso-land.service", CONSOLE)
SERVICES = ("sayso.service", "sayso-alerts@.service", "sayso-mine@.service", "sayso-backup.service", *ROOMS)
TIMER = "sayso-alerts@.timer"
TIMERS = (TIMER, "sayso-mine@.timer", "sayso-backup.timer")
PROJECT = "help-desk"


def of_project(name: str) -> str:
    """The unit as it is started: of a template, that of one project."""
    return name.replace("@.", f"@{PROJECT}.")


@pytest.fixture
def units(require: Callable[[str, object, str], None], tmp_path: Path) -> Path:
    """A folder with copies of the units that start a program which is there: systemd looks for it."""
    require("systemd-analyze", shutil.which("systemd-analyze"), "apt-get install systemd")
    for name in (*SERVICES, *TIMERS):
        text = (FOLDER / name).read_text()
        (tmp_path / of_project(name)).write_text(
            re.sub(r"(?m)^ExecStart=\S+", f"ExecStart={sys.executable}", text)
        )
    return tmp_path


def analyze(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = ["systemd-analyze", *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)


def lines(name: str) -> list[str]:
    return (FOLDER / name).read_text().splitlines()


@pytest.mark.parametrize("name", [*SERVICES, *TIMERS])
def test_systemd_has_no_complaint_about_a_unit(units: Path, name: str) -> None:
    verdict = analyze("verify", "--man=no", units / of_project(name))
    # A misspelt line is only a warning to systemd, and exit code 0.
    assert (verdict.returncode, verdict.stderr) == (0, "")


@pytest.mark.parametrize(
    ("name", "line", "misspelt"),
    [(SERVICES[0], "\nUMask=", "\nUmask="), (TIMER, "\nOnCalendar=", "\nOnCalender=")],
)
def test_a_misspelt_line_in_a_unit_is_noticed(units: Path, name: str, line: str, misspelt: str) -> None:
    unit = units / of_project(name)
    unit.write_text(unit.read_text().replace(line, misspelt))
    assert "Unknown key" in analyze("verify", "--man=no", unit).stderr


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_hardened_to_an_exposure_below_2_of_10(units: Path, name: str) -> None:
    verdict = analyze("security", "--offline=true", "--threshold=20", units / of_project(name))
    assert verdict.returncode == 0, verdict.stdout


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_runs_as_a_user_without_rights(name: str) -> None:
    assert {"User=sayso", "NoNewPrivileges=yes", "CapabilityBoundingSet="} <= set(lines(name))


def hardened(name: str) -> set[str]:
    """What a unit takes away."""
    section = (FOLDER / name).read_text().partition("\n# Hardening")[2].partition("[Install]")[0]
    return set(section.splitlines()[1:]) - {""}


@pytest.mark.parametrize("name", SERVICES[1:])
def test_what_is_taken_away_from_the_service_is_taken_away_from_every_other_too(name: str) -> None:
    one, other = (hardened(unit) for unit in (SERVICES[0], name))
    assert other - one == (set() if name == CONSOLE else {"MemoryDenyWriteExecute=yes"})
    assert one - other == set()


def test_the_units_start_what_the_manual_says() -> None:
    started = [line for name in SERVICES for line in lines(name) if line.startswith("ExecStart=")]
    assert started == [
        "ExecStart=/opt/sayso/bin/sayso serve",
        "ExecStart=/opt/sayso/bin/sayso alerts send --project %i",
        "ExecStart=/opt/sayso/bin/sayso mine --project %i --set ${MINE_SET} --schedule --out ${MINE_TREE}",
        "ExecStart=/bin/sh -euc 'exec /opt/sayso/bin/sayso backup --to \"/var/backups/sayso/$$(date +%%F-%%H%%M%%S)\"'",
        "ExecStart=/opt/sayso/bin/sayso collect",
        "ExecStart=/opt/sayso/bin/sayso land --standby",
        "ExecStart=/opt/sayso/bin/sayso console",
    ]


def test_the_timer_runs_every_quarter_of_an_hour(units: Path) -> None:
    (when,) = [line.removeprefix("OnCalendar=") for line in lines(TIMER) if line.startswith("OnCalendar=")]
    told = analyze("calendar", "--iterations=3", "--base-time=2026-03-01 12:01", when).stdout
    assert re.findall(r"12:(\d\d):00", told.partition("Next elapse")[2]) == ["15", "30", "45"]
