"""Every setting of the pipeline: one table, read once, handed on as a frozen value.

The command line's options, the environment's names and the manual's list are made from the fields below.
Nothing else reads the environment.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from sayso_ingest import parsers
from sayso_ingest.errors import SettingError
from sayso_ingest.places import project_folder

PREFIX = "SAYSO_"
SDK_VARIABLES = frozenset({"SAYSO_URL", "SAYSO_KEY"})
"""Variables of the SDK, which may stand in the same environment."""

PROJECT_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
"""What can name a project, and so its folder."""

LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "::1")
"""The names by which a machine calls itself."""

LOG_ADDRESSES = (
    "sqlite (files in the project's folder), kafka://HOST:PORT[,HOST:PORT]/PREFIX "
    "(one topic a project, PREFIX.PROJECT)"
)
LOG_LEVELS = ("debug", "info", "warning", "error")


def _secret(help: str) -> Any:
    """Declare a row whose value no message and no representation shows; it is empty unless set."""
    return field(
        default="", repr=False, metadata={"help": help, "parse": parsers.secret, "allowed": "any text"}
    )


def _setting(default: Any, help: str, parse: Callable[[str], Any], allowed: str) -> Any:
    """Declare a row of the table; `parse` raises ValueError for what is not `allowed`."""
    return field(default=default, metadata={"help": help, "parse": parse, "allowed": allowed})


@dataclass(frozen=True)
class Settings:
    """The settings of one process."""

    data: Path = _setting(  # noqa: RUF009 - returns a dataclass field
        Path("sayso-data"),
        "Folder that holds the keys and every project.",
        parsers.path,
        "the path of a folder",
    )
    project: str = _setting(
        "default",
        "Project to work on; each has a folder of its own.",
        parsers.matching(PROJECT_NAME),
        "up to 63 of a-z, 0-9, - and _, the first a letter or a digit",
    )
    host: str = _setting(
        "0.0.0.0",  # noqa: S104 - browsers and back ends elsewhere send to it; it is write-only
        "Address that the collector listens on.",
        parsers.matching(parsers.HOST),
        "an IP address or a host name",
    )
    port: int = _setting(
        8710,
        "Port that the collector listens on; 0 takes a free one.",
        parsers.number(int, 0, 65535),
        "0 to 65535",
    )
    console_host: str = _setting(
        "127.0.0.1",
        "Address that the console listens on.",
        parsers.matching(parsers.HOST),
        "an IP address or a host name",
    )
    console_port: int = _setting(
        8711,
        "Port that the console listens on; 0 takes a free one.",
        parsers.number(int, 0, 65535),
        "0 to 65535",
    )
    console_open: str = _setting(
        "auto",
        "Whether the console needs no sign-in on a loopback address: auto (as long as there are no users), always, "
        "never. On another address it always needs one.",
        parsers.one_of(("auto", "always", "never")),
        "auto, always, never",
    )
    console_names: str = _setting(
        "",
        "Host names by which browsers reach the console, beside this machine's own, separated by commas.",
        parsers.list_of(parsers.host_name),
        "host names without ports, separated by commas",
    )
    console_user_header: str = _setting(
        "",
        "Header in which a trusted proxy before the console says who signed in there; none, where it is empty.",
        parsers.matching(parsers.HEADER),
        "letters and digits alone, as in Remoteuser; a name with a hyphen has a twin with an underscore, which "
        "a proxy may let through",
    )
    console_proxy: str = _setting(
        "",
        "Addresses and networks from which that proxy connects, separated by commas; from elsewhere the header is "
        "never believed.",
        parsers.list_of(parsers.network),
        "IP addresses and networks, such as 127.0.0.1,10.0.0.0/8",
    )
    console_labels: str = _setting(
        "good=1,bad=0,unclear",
        "Labels for annotators in the console, up to nine, each alone or with a score from 0 (bad) to 1 (good).",
        parsers.matching(parsers.LABELS),
        "1 to 9 labels separated by commas, as in good=1,bad=0,unclear",
    )
    console_rubric: str = _setting(
        "",
        "Name of the rubric that the labels belong to; what was labelled by another one is asked about again.",
        parsers.matching(parsers.RUBRIC),
        "up to 100 characters",
    )
    workers: int = _setting(2, "Processes of the collector.", parsers.number(int, 1, 64), "1 to 64")
    threads: int = _setting(
        32,
        "Requests that one process of the collector works on at a time; a slow client holds one.",
        parsers.number(int, 1, 512),
        "1 to 512",
    )
    key_rate: float = _setting(
        100.0,
        "Events a second that each process of the collector takes from one pk_ key on average.",
        parsers.number(float, 0.01, 1_000_000.0),
        "0.01 to 1000000",
    )
    key_burst: int = _setting(
        1000,
        "Events that it takes at once from one pk_ key that has been quiet.",
        parsers.number(int, 1, 100_000_000),
        "1 to 100000000",
    )
    who_rate: float = _setting(
        5.0,
        "Events a second that it takes on average from one actor, else browser, else session, with a pk_ key.",
        parsers.number(float, 0.01, 1_000_000.0),
        "0.01 to 1000000",
    )
    who_burst: int = _setting(
        300,
        "Events that it takes at once from one of those who has been quiet: a long page that is scrolled through.",
        parsers.number(int, 1, 100_000_000),
        "1 to 100000000",
    )
    log: str = _setting(
        "sqlite",
        "The event log: sqlite (files in the project's folder) or kafka://HOST:PORT[,HOST:PORT]/PREFIX.",
        parsers.matching(parsers.LOG),
        LOG_ADDRESSES,
    )
    log_keep: float = _setting(
        0.0,
        "Seconds that a file of the sqlite log stays after it has landed; 0 removes it at once.",
        parsers.number(float, 0.0, 31_536_000.0),
        "0 to 31536000 (a year)",
    )
    publish_interval: float = _setting(
        1.0,
        "Seconds between two published copies of the warehouse, when something changed; more where a copy costs much.",
        parsers.number(float, 0.0, 86400.0),
        "0 to 86400",
    )
    attach: str = _setting(
        "",
        "Files that SQL may join with feedback, NAME=FILE separated by ;: of DuckDB, whose tables are then NAME.TABLE, "
        "or Parquet or CSV (* stands for several), which is the table NAME.",
        parsers.attach,
        "NAME=FILE;NAME=FILE, each name once and none of warehouse, evals, main, memory, system and temp; a file "
        "ends in .duckdb, .db, .parquet or .csv",
    )
    embedder: str = _setting(
        "auto",
        "What turns questions into vectors for mining: hash, svd (fitted on the traffic), static, minilm, "
        "openai:URL#MODEL (an endpoint that has URL/embeddings), column:TABLE.COLUMN (your own, by target, of a table "
        "in SAYSO_ATTACH); auto takes svd where there is traffic enough, else hash.",
        parsers.matching(parsers.EMBEDDER),
        parsers.EMBEDDERS,
    )
    embedder_key: str = _secret(
        "Key of the endpoint of an embedder openai:URL#MODEL, where it needs one.",
    )
    model: str = _setting(
        "",
        "The model that grades and writes test cases, openai:URL#MODEL: an endpoint that has URL/chat/completions.",
        parsers.matching(parsers.MODEL_OR_NONE),
        "openai:URL#MODEL, as in openai:http://localhost:11434/v1#llama3.1",
    )
    model_key: str = _secret("Key of that endpoint, where it needs one.")
    second_model: str = _setting(
        "",
        "Another model, which grades the same things so that both can be compared.",
        parsers.matching(parsers.MODEL_OR_NONE),
        "openai:URL#MODEL, as in openai:https://api.openai.com/v1#gpt-4.1-mini",
    )
    second_model_key: str = _secret("Key of the second model's endpoint, where it needs one.")
    log_level: str = _setting(
        "info",
        "How much is said on standard error; debug adds tracebacks.",
        parsers.one_of(LOG_LEVELS),
        ", ".join(LOG_LEVELS),
    )

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
            text = environ.get(row.env)
            if text:
                values[row.name] = row.parse(text, source=row.env)
        for name, value in overrides.items():
            if name not in rows:
                raise SettingError(f"There is no setting {name!r}. The settings are: {', '.join(rows)}.")
            if value is not None:
                values[name] = rows[name].parse(str(value), source=rows[name].option)
        settings = cls(**values)
        _check_header(settings)
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


def table() -> Iterator[Setting]:
    """Yield every setting in the order of the manual."""
    for row in fields(Settings):
        meta = row.metadata
        yield Setting(row.name, row.default, meta["help"], meta["allowed"], meta["parse"])


def from_environment(name: str) -> str | None:
    """Look up a secret that a file leaves to the environment, such as the address of a webhook in alerts.toml."""
    return os.environ.get(name)


def unknown_variables(environ: Mapping[str, str] | None = None) -> dict[str, str | None]:
    """Name the SAYSO_ variables that are no settings, each with the setting it looks like, if it does."""
    known = {row.env.removeprefix(PREFIX): row.env for row in table()}
    found = [name for name in (os.environ if environ is None else environ) if name.startswith(PREFIX)]
    strange = sorted(set(found) - set(known.values()) - SDK_VARIABLES)
    return {name: _looks_like(name.removeprefix(PREFIX), known) for name in strange}


def _looks_like(word: str, known: Mapping[str, str]) -> str | None:
    return next((known[near] for near in difflib.get_close_matches(word, known, n=1)), None)
