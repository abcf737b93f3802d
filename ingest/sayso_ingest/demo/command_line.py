"""The command line as a person uses it: `sayso ...` in a process of its own."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

from sayso_ingest.errors import SaysoError


class CommandLine:
    """Runs commands on one data folder."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def spell(self, *words: str) -> str:
        """Write a command as it would be typed."""
        return shlex.join(["sayso", *words, "--data", str(self._data)])

    def show(self, *words: str) -> None:
        """Run a command; what it prints goes where this process prints.

        Raises:
            SaysoError: it failed.
        """
        self._run(words, stdout=None)

    def rows(self, *words: str) -> list[dict[str, Any]]:
        """Run a command and return the rows it prints as JSON.

        Raises:
            SaysoError: it failed.
        """
        rows: list[dict[str, Any]] = json.loads(
            self._run((*words, "--format", "json"), stdout=subprocess.PIPE)
        )
        return rows

    def line(self, *words: str) -> str:
        """Run a command and return the one line it prints, and nothing of what it says beside.

        Raises:
            SaysoError: it failed.
        """
        return self._run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE).strip()

    def _run(self, words: tuple[str, ...], *, stdout: int | None, stderr: int | None = None) -> str:
        sys.stdout.flush()
        done = subprocess.run(
            [sys.executable, "-P", "-m", "sayso_ingest", *words, "--data", str(self._data)],
            stdout=stdout,
            stderr=stderr,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SaysoError(
                f"`{self.spell(*words)}` failed with code {done.returncode}."
                + (f"\n{done.stderr}" if done.stderr else "")
            )
        return done.stdout or ""
