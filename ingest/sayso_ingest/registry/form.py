"""How the entries of a registry stand in its file, and how they are changed there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from sayso_ingest.errors import SaysoError
from sayso_ingest.private_file import locked, replace

Entry = TypeVar("Entry")


@dataclass(frozen=True)
class Form(Generic[Entry]):
    """The form of a registry's file: a JSON object with its version, and a list of entries under its name."""

    name: str
    version: int
    id_of: Callable[[Entry], str]
    encode: Callable[[Entry], dict[str, Any]]
    decode: Callable[[dict[str, Any]], Entry]
    advice: str
    """What makes an entry, for whoever lost the file."""

    def read(self, path: Path) -> dict[str, Entry]:
        """Read every entry by its id, in the order in which they were made.

        Raises:
            SaysoError: the file cannot be read, or is not of this form.
        """
        try:
            held = json.loads(path.read_text("utf-8"))
            if held["version"] != self.version:
                raise SaysoError(
                    f"{path} has version {held['version']}, this sayso reads version {self.version}. Upgrade it."
                )
            return {self.id_of(entry): entry for entry in map(self.decode, held[self.name])}
        except OSError as error:
            raise SaysoError(
                f"{path} cannot be read ({error.strerror}). Check who owns it and its mode."
            ) from error
        except (ValueError, RecursionError) as error:
            raise SaysoError(f"{path} is damaged: {error}. Restore it from a backup.") from error
        except (KeyError, TypeError, AttributeError) as error:
            raise SaysoError(
                f"{path} is not a file of {self.name}: what has to be there is missing or of another kind. "
                "Restore it from a backup."
            ) from error

    @contextmanager
    def changing(self, path: Path) -> Iterator[dict[str, Entry]]:
        """Hand out the entries of a file, or of none yet, to be changed; what became of them is written durably.

        Raises:
            SaysoError: as `read`, or the file cannot be changed. It is as it was.
        """
        with locked(path):
            before = self.read(path) if path.exists() else {}
            entries = dict(before)
            yield entries
            if entries != before:
                encoded = [self.encode(entry) for entry in entries.values()]
                replace(path, json.dumps({"version": self.version, self.name: encoded}, indent=2))
