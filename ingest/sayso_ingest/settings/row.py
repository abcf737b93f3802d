"""One row of the table: declared by `setting` or `secret`, read by `Setting`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sayso_ingest import parsers
from sayso_ingest.errors import SettingError
from sayso_ingest.settings.secret import FILE, read_secret

PREFIX = "SAYSO_"
ANY_TEXT = "any text; or, instead of it, the path of a file that holds it and nothing else"


def secret(help: str) -> Any:
    """Declare a row whose value no message and no representation shows; it is empty unless set."""
    about = {"help": help, "parse": parsers.secret, "allowed": ANY_TEXT, "secret": True}
    return field(default="", repr=False, metadata=about)


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
    secret: bool
    _parse: Callable[[str], Any]

    @property
    def env(self) -> str:
        """The name of its environment variable."""
        return PREFIX + self.name.upper()

    @property
    def variables(self) -> tuple[str, ...]:
        """That variable, and of a secret the one that names its file."""
        return (self.env, self.env + FILE) if self.secret else (self.env,)

    @property
    def option(self) -> str:
        """The name of its command line option."""
        return "--" + self.name.replace("_", "-")

    def told(self, environ: Mapping[str, str]) -> str | None:
        """What the environment says of it.

        Raises:
            SettingError: it is a secret, and cannot be read from where it is.
        """
        return read_secret(self.env, environ) if self.secret else environ.get(self.env)

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
