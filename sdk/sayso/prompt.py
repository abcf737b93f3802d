"""A prompt that is kept in a file, with a version that changes whenever its content does."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from os import PathLike
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt: its name, its text, and the version that `Client.interaction(prompt=...)` sends along."""

    name: str
    text: str
    version: str

    @classmethod
    def from_file(cls, path: str | PathLike[str]) -> Prompt:
        """Read a prompt; its name is the file's, without the ending.

        The version is the beginning of the SHA-256 of the bytes, so it is the same on every machine that has the same
        file, and needs nobody to think of it.

        Raises:
            OSError: the file cannot be read.
            UnicodeDecodeError: it is not UTF-8.
        """
        file = Path(path)
        content = file.read_bytes()
        return cls(name=file.stem, text=content.decode(), version=hashlib.sha256(content).hexdigest()[:12])
