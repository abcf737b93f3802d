"""What `make test-kafka` and `make test-lake` say where what they need is missing, and can't be installed by them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from deploy.files import ROOT

PLAIN = ("sh", "basename", "cat", "date", "dirname", "grep", "id", "ls", "mkdir", "tail", "uname")
HIDDEN = ("/usr/lib/postgresql", "/usr/local/go")
"""Where set-up looks past PATH."""
NEEDED = {
    "test-kafka": ("java", ("default-jdk-headless", "maven")),
    "test-lake": ("postgresql go", ("postgresql", "golang-go")),
}


@pytest.fixture(autouse=True)
def as_root(require: Callable[[str, object, str], None]) -> None:
    """Folders are hidden by mounting something over them."""
    require("unshare, as root", os.geteuid() == 0 and shutil.which("unshare"), "apt-get install util-linux")


def run(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command where there are a few plain programs and no other."""
    programs = folder / "bin"
    programs.mkdir(exist_ok=True)
    for name in PLAIN:
        found = shutil.which(name)
        assert found, name
        (programs / name).symlink_to(found)
    hide = "".join(f"[ ! -d {place} ] || mount -t tmpfs tmpfs {place}; " for place in HIDDEN)
    apart = ["unshare", "--mount", "sh", "-c", f'{hide}PATH={programs}; exec "$@"', "sh", *words]
    told = {"HOME": str(folder), "PATH": os.environ["PATH"], **more}
    return subprocess.run(apart, check=False, capture_output=True, text=True, cwd=ROOT, timeout=60, env=told)


@pytest.mark.parametrize("target", NEEDED)
@pytest.mark.parametrize("in_ci", [True, False])
def test_what_is_missing_is_named_with_its_packages_and_ends_the_run_in_ci(
    target: str, in_ci: bool, tmp_path: Path
) -> None:
    missing, packages = NEEDED[target]
    named = missing.replace("java", "java Maven")
    outcome = run(tmp_path, ".ci/need", *missing.split(), CI="true" if in_ci else "")
    assert outcome.stderr.startswith(
        f"Missing: {named}. Install it as this system does it; Debian calls the packages: "
    )
    assert set(packages) <= set(outcome.stderr.split())
    assert "sudo" not in outcome.stderr
    assert (outcome.returncode, "Going on without" in outcome.stderr) == ((1, False) if in_ci else (0, True))


def test_where_java_is_there_and_maven_is_not_maven_is_what_is_missing(tmp_path: Path) -> None:
    """Root is not told to use sudo, where apt-get is there and could not do it."""
    (tmp_path / "bin").mkdir()
    for name in ("java", "apt-get"):
        (tmp_path / "bin" / name).write_text(f"#!/bin/sh\n[ {name} = java ]\n")
        (tmp_path / "bin" / name).chmod(0o755)
    outcome = run(tmp_path, ".ci/need", "java")
    assert "Missing: Maven. Install with: apt-get update && apt-get install -y" in outcome.stderr


@pytest.mark.parametrize("target", NEEDED)
def test_a_target_sees_to_what_it_needs_first_and_goes_no_further_where_that_fails(target: str) -> None:
    lines = (ROOT / "Makefile").read_text().partition(f"\n{target}:")[2].partition("\n\n")[0].splitlines()
    missing, _ = NEEDED[target]
    assert [line.strip() for line in lines[1:3]] == ["@.ci/setup dev", f"@.ci/need {missing}"]
    assert "pytest" in lines[-1].lower()
