"""The command line as a person uses it: `sayso ...` in a process of its own."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

from sayso_ingest.errors import SaysoError

PROJECT = "default"


class CommandLine:
    """Runs commands on one data folder, on the project that is theirs unless somebody names another."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def spell(self, *words: str) -> str:
        """Write a command as it would be typed."""
        return " ".join(_quoted(word) for word in ("sayso", *self._with_data(words)))

    def show(self, *words: str, into: Path | None = None, ends_with: int = 0) -> None:
        """Run a command; what it prints goes where this process prints, or into a file.

        Raises:
            SaysoError: it ended with another exit code than it was meant to.
        """
        if into is None:
            self._run(words, ends_with=ends_with)
            return
        with into.open("wb") as file:
            self._run(words, stdout=file, ends_with=ends_with)

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

    def _with_data(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """Name the folder at the end, but before a long text."""
        data = ("--data", str(self._data))
        return (*words[:-1], *data, words[-1]) if "\n" in words[-1] else (*words, *data)

    def _run(
        self,
        words: tuple[str, ...],
        *,
        stdout: int | IO[bytes] | None = None,
        stderr: int | None = None,
        ends_with: int = 0,
    ) -> str:
        sys.stdout.flush()
        done = subprocess.run(
            # Named here, so that no setting of the environment leads to another project.
            [sys.executable, "-P", "-m", "sayso_ingest", *self._with_data(words), "--project", PROJECT],
            stdout=stdout,
            stderr=stderr,
            text=True,
            check=False,
        )
        if done.returncode != ends_with:
            raise SaysoError(
                f"`{self.spell(*words)}` failed with code {done.returncode}. {done.stderr or ''}".strip()
            )
        return done.stdout or ""


def _quoted(word: str) -> str:
    """Quote for a shell; SQL, which has single quotes, in double ones."""
    return f'"{word}"' if "\n" in word and not set(word) & set('"$`\\!') else shlex.quote(word)
