"""A git repository gets a branch, while what is checked out in it, and what is not committed, stays as it is.

git itself does all of it, told what to do by one stream (`git fast-import`): it needs no work tree and no index, so a
bare repository will do, and hooks for commits made by hand are not run.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from sayso_ingest import git
from sayso_ingest.errors import NotFound, SaysoError, UsageError

NOBODY = "sayso <sayso@localhost>"
"""Who commits where git knows of no name: a timer's user has none."""


@dataclass(frozen=True, slots=True)
class Repository:
    """The repository that a folder lies in; `prefix` is the folder's place in its tree: '' or 'product/evals/'."""

    folder: Path
    prefix: str

    @classmethod
    def at(cls, folder: Path) -> Self:
        """The repository of this folder.

        Raises:
            NotFound: there is no git, or no such folder.
            UsageError: the folder is in no repository, or git refuses it.
        """
        if not git.is_installed():
            raise NotFound("git is not installed, or not on the PATH. Install it, or leave out --schedule.")
        if not folder.is_dir():
            raise NotFound(
                f"There is no folder {folder}. Clone the repository that is to hold the eval sets there."
            )
        found = cls(folder, "")._run("rev-parse", "--show-prefix")
        if found.returncode:
            raise UsageError(
                f"{folder} cannot be used as a git repository ({git.complaint(found)}). Name a folder of a clone with "
                "--out, or make one of it: git init"
            )
        return cls(folder, found.stdout.decode().rstrip("\n"))

    def read(self, branch: str, path: str) -> bytes | None:
        """A file, by its place below the folder, as a branch has it; None if there is no such one."""
        shown = self._run("cat-file", "blob", f"refs/heads/{branch}:{self.prefix}{path}")
        return None if shown.returncode else shown.stdout

    def has_branch(self, branch: str) -> bool:
        """Whether there is a branch of this name."""
        return self._commit_of(f"refs/heads/{branch}") is not None

    def add_branch(self, branch: str, files: Mapping[str, bytes], *, message: str, now: datetime) -> None:
        """Make a branch of one commit that adds these files, each by its place below the folder.

        It begins at the remote's main branch as last fetched, else at what is checked out, so that it asks for
        nothing but these files to be taken.

        Raises:
            SaysoError: git refuses it; nothing is changed then.
        """
        base = self._commit_of("refs/remotes/origin/HEAD") or self._commit_of("HEAD")
        lines = [
            f"commit refs/heads/{branch}".encode(),
            f"committer {self._who()} {int(now.timestamp())} +0000".encode(),
            _data(message.encode()),
            *([f"from {base}".encode()] if base else []),
        ]
        for path, data in files.items():
            lines += [f"M 100644 inline {_quoted(self.prefix + path)}".encode(), _data(data)]
        done = self._run("fast-import", "--quiet", "--done", told=b"\n".join([*lines, b"done", b""]))
        if done.returncode:
            raise SaysoError(
                f"git could not make the branch {branch} in {self.folder} ({git.complaint(done)}). Nothing was changed "
                "there; the candidates wait, and the next run tries again."
            )

    def _who(self) -> str:
        """Who commits, as git knows them: a name and an address."""
        known = self._run("var", "GIT_COMMITTER_IDENT")
        # What follows the address is the time, which is an argument here.
        return NOBODY if known.returncode else known.stdout.decode().rpartition(">")[0] + ">"

    def _commit_of(self, name: str) -> str | None:
        found = self._run("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        return None if found.returncode else found.stdout.decode().strip()

    def _run(self, *words: str, told: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        return git.run(self.folder, *words, told=told)


def _data(data: bytes) -> bytes:
    return b"data %d\n%s" % (len(data), data)


def _quoted(path: str) -> str:
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
