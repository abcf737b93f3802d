"""One row of the table: declared by `setting` or `secret`, read by `Setting`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sayso_ingest import parsers
from sayso_ingest.errors import SettingError

PREFIX = "SAYSO_"


def secret(help: str) -> Any:
    """Declare a row whose value no message and no representation shows; it is empty unless set."""
    return field(
        default="", repr=False, metadata={"help": help, "parse": parsers.secret, "allowed": "any text"}
    )


def setting(default: Any, help: str, parse: Callable[[str], Any], allowed: str) -> Any:
    """Declare a row of the table; `parse` raises ValueError for what is not `allowed`."""
    return field(default=default, metadata={"help": help, "parse": parse, "allowed": allowed})


@dataclass(frozen=True)
class Setting:
    """One row of the table."""

    name: str
    default: object
    help: str
    allowed: str
    _parse: Callable[[str], Any]

    @property
    def env(self) -> str:
        """The name of its environment variable."""
        return PREFIX + self.name.upper()

    @property
    def option(self) -> str:
        """The name of its command line option."""
        return "--" + self.name.replace("_", "-")

    def parse(self, text: str, *, source: str) -> Any:
        """Turn text into a value.

        Raises:
            SettingError: the text is not allowed; the message names `source`, the text and what is allowed.
        """
        try:
            return self._parse(text)
        except ValueError:
            raise SettingError(
                f"{source} is {parsers.without_secrets(text)!r}. Allowed: {self.allowed}."
            ) from None
