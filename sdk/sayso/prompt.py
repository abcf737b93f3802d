"""A prompt that is kept in a file, with a version that changes whenever its content does."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from sayso.git import place_of
from sayso.plain import JSON


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt: its name, its text, its version, and where the text stands in git, if it does."""

    name: str
    text: str
    version: str
    commit: str | None = None
    """The commit that wrote the file as it is in HEAD."""
    dirty: bool | None = None
    """Whether the text is another than the one in HEAD."""
    path: str | None = None
    """The file's path from the top of its repository: `git show COMMIT:PATH` prints a text that is not dirty."""

    @classmethod
    def from_file(cls, path: str | PathLike[str]) -> Prompt:
        """Read a prompt; its name is the file's, without the ending.

        The version is the beginning of the SHA-256 of the bytes, so it is the same on every machine that has the same
        file, and needs nobody to think of it. Outside a git repository, or without git, commit, dirty and path are
        None; a file that was never committed is dirty and has no commit.

        Raises:
            OSError: the file cannot be read.
            UnicodeDecodeError: it is not UTF-8.
        """
        file = Path(path)
        content = file.read_bytes()
        place = place_of(file)
        return cls(
            name=file.stem,
            text=content.decode(),
            version=hashlib.sha256(content).hexdigest()[:12],
            commit=place.commit,
            dirty=place.dirty,
            path=place.path,
        )

    def named(self) -> dict[str, JSON]:
        """Return what `Client.interaction(prompt=...)` sends: everything that is known but the text."""
        known = {
            "name": self.name,
            "version": self.version,
            "commit": self.commit,
            "dirty": self.dirty,
            "path": self.path,
        }
        return {name: value for name, value in known.items() if value is not None}
