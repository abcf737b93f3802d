"""Make the warehouses of earlier versions anew, each with the code of its time: `make.py [COMMIT]`.

Of each migration the last commit before the next one is taken out of git, and lands the history of `history.json` with
its own lander: some of it folded and published, some only landed, some rejected. A file stays as it is once it is here;
one is added when a migration is (its first commit is enough: run this before the next migration).
"""

from __future__ import annotations

import io
import lzma
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[3]
MIGRATIONS = "ingest/sayso_ingest/warehouse/migrations"


def git(*words: str) -> bytes:
    """Ask git about this repository."""
    return subprocess.run(["git", *words], check=True, capture_output=True, cwd=ROOT).stdout


def commits() -> dict[str, str]:
    """For each migration the last commit that had it and not the next one; of some made together, the last one.

    Not of one that has another name by now.
    """
    found: dict[str, str] = {}
    for commit in git("rev-list", "--reverse", "--first-parent", "HEAD").decode().split():
        listed = git("ls-tree", "--name-only", commit, f"{MIGRATIONS}/").decode().split()
        if listed:
            found[Path(max(listed)).stem] = commit
    return {name: commit for name, commit in found.items() if (ROOT / MIGRATIONS / f"{name}.sql").exists()}


def make(commit: str) -> bytes:
    """Land the history with the code of a commit; return the live file."""
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(git("archive", commit, "ingest"))) as code:
            code.extractall(folder, filter="data")
        command = [sys.executable, str(HERE / "land.py"), str(HERE / "history.json"), folder]
        environment = os.environ | {"PYTHONPATH": str(Path(folder) / "ingest")}
        subprocess.run(command, check=True, env=environment)
        return (Path(folder) / "live" / "warehouse.duckdb").read_bytes()


if __name__ == "__main__":
    for version, commit in commits().items():
        place = HERE / f"{version}.duckdb.xz"
        if not place.exists():
            place.write_bytes(lzma.compress(make(commit), preset=9))
            print(f"{place.name}: {commit[:7]}, {place.stat().st_size:,} bytes")
