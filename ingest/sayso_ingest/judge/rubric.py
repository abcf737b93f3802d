"""What a judge grades by: a Markdown file that says what is good, and the labels there are."""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.labels import Label, read_labels

LABELS = "good=1,bad=0,unclear"
LONGEST_NAME = 80
LARGEST = 100_000
"""Bytes of a rubric: it goes to the model with each question."""
_FRONT = re.compile(r"\A\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_OPENED = re.compile(r"\A\+\+\+[ \t]*(?:\n|\Z)")


@dataclass(frozen=True, slots=True)
class Rubric:
    """A rubric; its `id` has a hash of the whole text, so that a changed rubric is another one."""

    id: str
    text: str
    labels: tuple[Label, ...]

    @classmethod
    def read(cls, path: Path) -> Rubric:
        """Read the file.

        Raises:
            NotFound: it is not there, or cannot be read.
            UsageError: it is too long or no text, what stands between its `+++` lines is no TOML, or names something
                that a rubric has not.
        """
        try:
            with path.open("rb") as file:
                found = file.read(LARGEST + 1)
        except OSError as error:
            raise NotFound(
                f"{path} cannot be read as a rubric ({error.strerror}). Name a file that says what is good in Markdown."
            ) from error
        if len(found) > LARGEST:
            raise UsageError(
                f"{path} has more than {LARGEST:,} bytes, and goes to the model with each question. Shorten it."
            )
        try:
            whole = found.decode()
        except UnicodeDecodeError as error:
            raise UsageError(
                f"{path} is no text in UTF-8 ({error.reason}). Save it as such, in Markdown."
            ) from error
        return cls.parse(whole, name=path.stem, source=str(path))

    @classmethod
    def parse(cls, whole: str, *, name: str, source: str = "The rubric") -> Rubric:
        """Take a rubric from the text of its file; `name` is what it is called unless it says so.

        Raises:
            UsageError: as for `read`.
        """
        whole = whole.removeprefix("\ufeff").replace("\r\n", "\n")  # as editors on Windows write it
        front = _FRONT.match(whole)
        if front is None and _OPENED.match(whole):
            raise UsageError(f"{source} begins with a line +++, and no such line ends what it sets. Add it.")
        head = _head(front[1], source) if front else {}
        text = (whole[front.end() :] if front else whole).strip()
        if not text:
            raise UsageError(f"{source} says nothing of what is good. Write that in Markdown.")
        name = head.get("name", name).strip()
        if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
            raise UsageError(f"{source} has the name {name!r}. Allowed: 1 to {LONGEST_NAME} characters.")
        labels = read_labels(head.get("labels", LABELS), f"`labels` in {source}")
        return cls(f"{name}@{hashlib.sha256(whole.encode()).hexdigest()[:8]}", text, labels)


def _head(text: str, source: str) -> dict[str, str]:
    try:
        head = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"Between its +++ lines {source} has no TOML: {error}.") from error
    strange = [
        name for name, value in head.items() if name not in ("name", "labels") or not isinstance(value, str)
    ]
    if strange:
        raise UsageError(f"{source} sets {strange[0]!r}. A rubric sets `name` and `labels`, each a text.")
    return head
