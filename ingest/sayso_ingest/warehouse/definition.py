"""SQL that describes itself: statements with a name, views with a question and a sentence for every column."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources.abc import Traversable

_STATEMENT = re.compile(r"^-- name: (\w+)$", re.MULTILINE)
_HEADER = re.compile(r"^-- (name|about|first): (.+)$")
_COLUMN = re.compile(r"^--   (\w+): (.+)$")


@dataclass(frozen=True, slots=True)
class Definition:
    """A view: its name, what it answers, what its columns mean, and its SELECT."""

    name: str
    about: str
    columns: dict[str, str]
    select: str
    first: str | None = None
    """The table macro that answers with as many of the first rows as it is told, where that is quicker."""

    @classmethod
    def parse(cls, text: str) -> Definition:
        """Read a view's file: a header of comments, then one SELECT.

        Raises:
            ValueError: the header lacks its name, what it is about, or its columns.
        """
        header: dict[str, str] = {}
        columns: dict[str, str] = {}
        body = []
        for line in text.splitlines():
            if match := _HEADER.match(line):
                header[match[1]] = match[2]
            elif match := _COLUMN.match(line):
                columns[match[1]] = match[2]
            elif line != "-- columns:":
                body.append(line)
        if not columns or not {"name", "about"} <= header.keys():
            raise ValueError(
                f"A view's header has `name`, `about` and `columns`; this one starts with {text[:80]!r}."
            )
        return cls(header["name"], header["about"], columns, "\n".join(body).strip(), header.get("first"))

    def statements(self, *, columns: bool = True) -> list[str]:
        """The statements that make the view and describe it and, unless a lake takes no such words, its columns."""
        described = self.columns.items() if columns else ()
        return [
            f"CREATE OR REPLACE VIEW {self.name} AS\n{self.select}",
            f"COMMENT ON VIEW {self.name} IS {_quoted(self.about)}",
            *(f'COMMENT ON COLUMN {self.name}."{c}" IS {_quoted(text)}' for c, text in described),
        ]


def read_definitions(folder: Traversable) -> list[Definition]:
    """Read every view in a folder, in the order of their file names."""
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    return [Definition.parse(f.read_text(encoding="utf-8")) for f in files]


def read_statements(file: Traversable) -> dict[str, str]:
    """Read a file of named statements."""
    pieces = _STATEMENT.split(file.read_text(encoding="utf-8"))
    return {
        name: body.strip().removesuffix(";") for name, body in zip(pieces[1::2], pieces[2::2], strict=True)
    }


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
