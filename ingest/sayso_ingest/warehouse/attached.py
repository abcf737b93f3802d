"""What questions may join besides the published copy: the files that the operator listed in the setting `attach`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from sayso_ingest.errors import NotFound


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of DuckDB, whose tables are `name.table`, or files of Parquet or CSV, which are the table `name`."""

    name: str
    where: str

    @property
    def is_table(self) -> bool:
        """Whether it is one table, and not several with its name before theirs."""
        return self.where.endswith((".parquet", ".csv"))

    def is_named_in(self, sql: str) -> bool:
        """Whether a question may be about it: what is not named need not be there."""
        return re.search(rf"\b{self.name}\b", sql, re.IGNORECASE) is not None

    @property
    def is_there(self) -> bool:
        """Whether its file is there, of one that is a file."""
        return Path(self.where).is_file()

    def files(self) -> list[str]:
        """Return its files.

        Raises:
            NotFound: there is none.
        """
        where = Path(self.where).absolute()
        found = [where]
        if self.is_table:
            found = sorted(Path(where.anchor).glob(str(where.relative_to(where.anchor))))
        if not found or not found[0].is_file():
            raise NotFound(
                f"SAYSO_ATTACH says that {self.name} is {self.where}, and no such file is there. "
                "Put it there, or mend the setting."
            )
        return [str(file) for file in found]


def read_attached(text: str) -> list[Attached]:
    """Read the setting `attach`, whose form has been checked: NAME=FILE;NAME=FILE."""
    pairs = [part.strip().partition("=") for part in text.split(";") if part.strip()]
    return [Attached(name, where) for name, _, where in pairs]


def quoted(text: str | Path) -> str:
    """Return a text as SQL spells it."""
    return "'" + str(text).replace("'", "''") + "'"
