"""All rows in one table, read once, handed on as a frozen value. Nothing else reads the environment."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from sayso_ingest.errors import SettingError
from sayso_ingest.places import project_folder
from sayso_ingest.settings.collector import CollectorRows
from sayso_ingest.settings.console import ConsoleRows
from sayso_ingest.settings.lake import LakeRows
from sayso_ingest.settings.log import LogRows
from sayso_ingest.settings.models import ModelRows
from sayso_ingest.settings.output import OutputRows
from sayso_ingest.settings.place import PlaceRows
from sayso_ingest.settings.row import PREFIX, Setting
from sayso_ingest.settings.secret import read_secret, secret_file
from sayso_ingest.settings.warehouse import WarehouseRows
from sayso_ingest.settings.watching import WatchingRows

SDK_VARIABLES = frozenset({"SAYSO_URL", "SAYSO_KEY"})
"""Variables of the SDK, which may stand in the same environment."""


# A dataclass has the fields of its last base first: the manual's order is that of this list, read from its end.
@dataclass(frozen=True)
class Settings(
    OutputRows,
    WatchingRows,
    ModelRows,
    ConsoleRows,
    WarehouseRows,
    LakeRows,
    LogRows,
    CollectorRows,
    PlaceRows,
):
    """The settings of one process."""

    @classmethod
    def load(cls, *, environ: Mapping[str, str] | None = None, **overrides: object) -> Settings:
        """Merge what was given over the environment over the defaults; None means not given.

        Raises:
            SettingError: a value is not allowed, or does not fit another one, or there is no such setting.
        """
        environ = os.environ if environ is None else environ
        rows = {row.name: row for row in table()}
        values: dict[str, Any] = {}
        for row in rows.values():
            if text := row.told(environ):
                values[row.name] = row.parse(text, source=row.env)
        for name, value in overrides.items():
            if name not in rows:
                raise SettingError(f"There is no setting {name!r}. The settings are: {', '.join(rows)}.")
            if value is not None:
                values[name] = rows[name].parse(str(value), source=rows[name].option)
        settings = cls(**values)
        _check_header(settings)
        _check_lake(settings)
        return settings

    def options(self, *names: str) -> list[str]:
        """Spell the named settings as command line options, for a child process."""
        rows = {row.name: row for row in table()}
        return [word for name in names for word in (rows[name].option, str(getattr(self, name)))]

    @property
    def project_folder(self) -> Path:
        """The folder of the project."""
        return project_folder(self.data, self.project)


def _check_header(settings: Settings) -> None:
    """Refuse a header of the console's users that somebody else than a proxy could send, or do without.

    Raises:
        SettingError: the settings of the console do not fit each other.
    """
    header = settings.console_user_header
    if header and not settings.console_proxy.strip(", "):
        raise SettingError(
            f"SAYSO_CONSOLE_USER_HEADER is {header!r}, and no proxy may send it. Name the address that the proxy "
            "connects from with SAYSO_CONSOLE_PROXY; from elsewhere anybody could claim any name."
        )
    if header and settings.console_open == "always":
        raise SettingError(
            f"SAYSO_CONSOLE_OPEN is 'always', and SAYSO_CONSOLE_USER_HEADER is {header!r}: whoever comes without that "
            "header could change everything. Take one of the two away."
        )


def _check_lake(settings: Settings) -> None:
    """Refuse a lake of which half is told.

    Raises:
        SettingError: the settings of the lake do not fit each other.
    """
    if settings.warehouse == "duckdb":
        return
    if not settings.lake_data:
        raise SettingError(
            f"SAYSO_WAREHOUSE is {settings.warehouse!r}, and nothing says where its files are. "
            "Name that with SAYSO_LAKE_DATA, as in s3://BUCKET/PREFIX."
        )
    if bool(settings.lake_key_id) != bool(settings.lake_secret):
        raise SettingError(
            "Of SAYSO_LAKE_KEY_ID and SAYSO_LAKE_SECRET one is set. They belong together: set both, or neither for a "
            "path on this machine."
        )
    if settings.lake_data.startswith("s3:") and not settings.lake_key_id:
        raise SettingError(
            f"SAYSO_LAKE_DATA is {settings.lake_data!r}, and no key opens it. Set SAYSO_LAKE_KEY_ID and "
            "SAYSO_LAKE_SECRET."
        )


def table() -> Iterator[Setting]:
    """Yield every setting in the order of the manual."""
    for row in fields(Settings):
        meta = row.metadata
        secret = meta.get("secret", False)
        yield Setting(row.name, row.default, meta["help"], meta["allowed"], secret, meta["parse"])


def from_environment(name: str) -> str | None:
    """Look up a secret that a file leaves to the environment, such as the address of a webhook in alerts.toml.

    Raises:
        SettingError: it cannot be read from where it is.
    """
    return read_secret(name, os.environ)


def secrets_set(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """Name the secrets that are set, each with where it comes from."""
    environ = os.environ if environ is None else environ
    files = {row.env: secret_file(row.env, environ) for row in table() if row.secret}
    return {env: str(file or "the environment") for env, file in files.items() if file or environ.get(env)}


def unknown_variables(environ: Mapping[str, str] | None = None) -> dict[str, str | None]:
    """Name the SAYSO_ variables that are no settings, each with the setting it looks like, if it does."""
    known = {name.removeprefix(PREFIX): name for row in table() for name in row.variables}
    found = [name for name in (os.environ if environ is None else environ) if name.startswith(PREFIX)]
    strange = sorted(set(found) - set(known.values()) - SDK_VARIABLES)
    return {name: _looks_like(name.removeprefix(PREFIX), known) for name in strange}


def _looks_like(word: str, known: Mapping[str, str]) -> str | None:
    return next((known[near] for near in difflib.get_close_matches(word, known, n=1)), None)
