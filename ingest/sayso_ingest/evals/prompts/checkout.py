"""A repository as a whole: which files are in it, and every text that a file has, or had on any branch.

A version is the beginning of the SHA-256 of the file's bytes (sayso.Prompt.from_file), so a version that production
names is found by its content, whoever committed it and wherever.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Final

from sayso import Prompt

from sayso_ingest import git
from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.evals.prompts.history import prompt_of, texts_of


class Checkout:
    """A repository and what is checked out of it. It is only read."""

    def __init__(self, folder: Path) -> None:
        """Find the repository that a folder lies in.

        Raises:
            NotFound: there is no git, or no such folder.
            UsageError: the folder is in no repository, or git refuses it.
        """
        if not git.is_installed():
            raise NotFound("git is not installed, or not on the PATH. Install it.")
        if not folder.is_dir():
            raise NotFound(f"There is no folder {folder}. Name a clone of the repository with the prompts.")
        known = git.run(folder, "rev-parse", "--git-dir")
        if known.returncode:
            raise UsageError(
                f"{folder} cannot be used as a git repository ({git.complaint(known)}). Name a folder of a clone, or "
                "make one of it: git init"
            )
        shown = git.run(folder, "rev-parse", "--show-toplevel")
        self.top: Final = None if shown.returncode else Path(shown.stdout.decode().rstrip("\n"))
        """The top of the work tree; None of a bare repository, which has but its history."""
        self._folder: Final = self.top or folder

    def paths(self) -> list[str]:
        """Every file from the top, committed or new, but those that git is told to ignore."""
        if self.top is None:
            listed = git.run(self._folder, "ls-tree", "-r", "-z", "--name-only", "--full-tree", "HEAD")
        else:
            listed = git.run(self._folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
        names = listed.stdout.decode("utf-8", "replace").split("\0") if not listed.returncode else []
        return sorted({name for name in names if name})

    def now(self, path: str) -> Prompt | None:
        """The prompt as the file is now, committed or not; None where there is none, or it is no text."""
        if self.top is None:
            return None
        try:
            return Prompt.from_file(self.top / path)
        except (OSError, UnicodeDecodeError):
            return None

    def as_of(self, ref: str, path: str) -> Prompt | None:
        """The prompt as a commit, branch or tag has it; None where that has no such file, or it is no text."""
        known = git.run(
            self._folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}"
        )
        found = [] if known.returncode else self._read([known.stdout.decode().strip()], path)
        return found[0] if found else None

    def versions(self, path: str) -> list[Prompt]:
        """Every text that a commit of any branch gave to the file, the newest first, each once.

        `commit` is the newest that wrote this text. Versions of which git holds no text are left out.
        """
        wrote = git.run(self._folder, "log", "--all", "--full-history", "--format=%H", "--", path)
        found: dict[str, Prompt] = {}
        for prompt in self._read(wrote.stdout.decode().split(), path):
            found.setdefault(prompt.version, prompt)
        return list(found.values())

    def _read(self, commits: list[str], path: str) -> list[Prompt]:
        """The file in each of these commits that has it, as text."""
        if "\n" in path or not commits:
            return []
        texts = texts_of(self._folder, [f"{commit}:{path}" for commit in commits], only_text=True)
        name = PurePosixPath(path).stem
        return [
            prompt_of(name, commit, path, text)
            for commit, text in zip(commits, texts, strict=True)
            if text is not None
        ]
