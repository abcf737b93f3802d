"""The files of eval sets: names, lines and times, and writing so that nobody sees a file that is half there."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sayso_ingest.durable import full_disk, sync
from sayso_ingest.errors import SaysoError, UsageError
from sayso_ingest.event import JSON

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def is_name(name: str) -> bool:
    """Whether an eval set can be called so."""
    return _NAME.fullmatch(name) is not None


def checked_name(name: str) -> str:
    """The name of an eval set, if it can be the name of a folder.

    Raises:
        UsageError: it cannot.
    """
    if not is_name(name):
        raise UsageError(
            f"{name!r} cannot be the name of an eval set. Use up to 64 letters, digits, '.', '_' and '-', "
            "a letter or digit first."
        )
    return name


def encode_lines(rows: Iterable[JSON]) -> bytes:
    """JSON Lines, with the keys in order: the same values are the same bytes; half of a surrogate pair is escaped."""
    texts = (json.dumps(row, ensure_ascii=False, sort_keys=True, allow_nan=False) for row in rows)
    return b"".join(text.encode("utf-8", "backslashreplace") + b"\n" for text in texts)


def decode_lines(data: bytes, *, source: Path) -> list[dict[str, JSON]]:
    """Read JSON Lines back.

    Raises:
        SaysoError: a line is not a JSON object; says which.
    """
    rows: list[dict[str, JSON]] = []
    # Not splitlines(): a text may hold other line ends than the line feed.
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line.strip():
            try:
                row = json.loads(line)
            except ValueError as error:
                raise SaysoError(
                    f"Line {number} of {source} is not JSON ({error}). Restore the file."
                ) from error
            if not isinstance(row, dict):
                raise SaysoError(f"Line {number} of {source} is not a JSON object. Restore the file.")
            rows.append(row)
    return rows


def stamp(moment: datetime | None) -> str:
    """A moment, or now, as it stands in a file: UTC, to the second."""
    return (moment or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


@contextmanager
def reachable(path: Path, *, doing: str) -> Iterator[None]:
    """Turn what the system refuses about a file or folder into an error that names it and says what to do."""
    try:
        yield
    except OSError as error:
        why, then = (
            error.strerror or error,
            "Check that the folder exists and belongs to you, or choose another one.",
        )
        if full_disk(error):
            why, then = "the disk is full", "Make room, and run the same command again."
        raise SaysoError(f"{error.filename or path} cannot be {doing}: {why}. {then}") from error


def write_durably(path: Path, data: bytes) -> None:
    """Write a new file and have it on disk."""
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def replace_durably(path: Path, data: bytes) -> None:
    """Write a file, whether it is there or not: a reader, or a crash, sees the old or the new one, whole.

    Raises:
        SaysoError: it cannot be written there.
    """
    draft = path.with_suffix(".draft")
    with reachable(path, doing="written"):
        draft.unlink(missing_ok=True)
        write_durably(draft, data)
        draft.replace(path)
        sync(path.parent)
