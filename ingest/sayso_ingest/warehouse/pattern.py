"""Regular expressions that come from anywhere: as RE2 reads them, which DuckDB has.

RE2 takes time in proportion to the text whatever the pattern says, for it never goes back; what it would need for that
(`\\1`, `(?=...)`) it does not know (Cox 2010, "Regular expression matching in the wild"). A limit of time on a matcher
that goes back would do as well, but for this: the same text would match or not by how busy the machine is.
"""

from __future__ import annotations

from typing import Final

from sayso_ingest.errors import UsageError
from sayso_ingest.warehouse.connect import ONE_THREAD, DriverError, in_memory

LONGEST = 1_000_000
"""Characters of a text that are looked at."""


class Patterns:
    """Looks for patterns in texts; several threads may."""

    def __init__(self) -> None:
        self._connection: Final = in_memory()
        self._connection.execute(ONE_THREAD)

    def finds(self, pattern: str, text: str) -> bool:
        """Whether it is somewhere in a text.

        Raises:
            UsageError: it is no pattern, or too large a one.
        """
        asked = [_spelt(text[:LONGEST]), _spelt(pattern)]
        with self._connection.cursor() as cursor:
            try:
                row = cursor.execute("SELECT regexp_matches(?, ?)", asked).fetchone()
            except DriverError as error:
                said = str(error).removeprefix("Invalid Input Error: ")
                raise UsageError(
                    f"{pattern[:200]!r} is no regular expression of RE2 ({said[:200]}). It has no look-around and no "
                    "references back; see https://github.com/google/re2/wiki/Syntax"
                ) from error
        return bool(row and row[0])


def _spelt(text: str) -> str:
    """Half of a surrogate pair is no text."""
    return text.encode("utf-8", "replace").decode()
