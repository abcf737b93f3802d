"""What a user installs: the built wheel, alone in a fresh environment, with the sources out of reach."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator, Mapping
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ("LICENSE", "README.md", "pyproject.toml", "sdk", "ingest", "widgets/dist")
NOT_SOURCES = shutil.ignore_patterns("__pycache__", "*.egg-info")


def clean_environment(**more: str) -> Mapping[str, str]:
    """The environment for a program that can import only what its own environment holds."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")} | more


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run such a program to its end."""
    return subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=cwd, env=clean_environment(), timeout=120
    )


def build(folder: Path) -> Path:
    """The wheel, built without the network from a copy: a build leaves things beside its sources."""
    for source in SOURCES:
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, folder / source, ignore=NOT_SOURCES)
        else:
            shutil.copy(ROOT / source, folder / source)
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation")
    built = run(*pip, "--wheel-dir", folder / "built", folder, cwd=folder)
    assert built.returncode == 0, built.stderr
    (found,) = (folder / "built").glob("sayso-*.whl")
    return found


def needed(name: str, extras: frozenset[str], seen: set[str]) -> Iterator[Distribution]:
    """The packages that one brings with these extras, found among those installed here."""
    for text in distribution(name).requires or ():
        requirement = Requirement(text)
        marker = requirement.marker
        wanted = marker is None or any(marker.evaluate({"extra": extra}) for extra in extras or {""})
        key = canonicalize_name(requirement.name)
        if wanted and key not in seen:
            seen.add(key)
            yield distribution(key)
            yield from needed(key, frozenset(requirement.extras), seen)


def install(wheel: Path, folder: Path, *, extras: frozenset[str]) -> Path:
    """Make an environment with the wheel and links to what `pip install sayso[extras]` would fetch; its programs."""
    venv.create(folder, with_pip=False, symlinks=True)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    for package in needed("sayso", extras, {"sayso"}):
        for top in {file.parts[0] for file in package.files or ()} - {"..", "__pycache__"}:
            if not (packages / top).exists():
                (packages / top).symlink_to(str(package.locate_file(top)))
    python = folder / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index")
    installed = run(*pip, wheel, cwd=folder)
    assert installed.returncode == 0, installed.stderr
    return folder / "bin"
