"""What a client can be told beside where to send: its options, their bounds, and how the environment says them."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from os import PathLike, fspath
from typing import Any, TypedDict

from sayso.errors import ConfigurationError
from sayso.hooks import BeforeSend, OnDrop, OnError, Redact
from sayso.kinds import IMPLICIT


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a client holds, how it batches, and how long it may hold up the end of a process."""

    events: int = 10_000
    bytes: int = 16 * 1024 * 1024
    """Of memory, about."""
    batch_events: int = 100
    batch_bytes: int = 512 * 1024
    linger: float = 1.0
    """Seconds that an event waits for company."""
    spool_bytes: int = 50_000_000
    """Of disk, for all clients that share a `spool_dir`."""
    exit_budget: float = 2.0
    """Seconds that a process which ends without `close()` waits for the events of all its clients."""

    def __post_init__(self) -> None:
        """Hold every field against its bounds.

        Raises:
            ConfigurationError: one of them is not a number, or out of its bounds.
        """
        for name, (unit, least, most) in BOUNDS.items():
            value = getattr(self, name)
            if not _within(value, int if unit != "seconds" else (int, float), least, most):
                upwards = "or more" if most == math.inf else f"to {most}"
                raise ConfigurationError(
                    f"Limits has {name}={value!r}. Give a number of {unit}, {least} {upwards}."
                )


BOUNDS: Mapping[str, tuple[str, float, float]] = {
    "events": ("events", 1, math.inf),
    "bytes": ("bytes", 1, math.inf),
    "batch_events": ("events", 1, 200),  # the collector takes no more at once
    "batch_bytes": ("bytes", 1, 4_000_000),  # as above
    "linger": ("seconds", 0, 3600),
    "spool_bytes": ("bytes", 0, math.inf),
    "exit_budget": ("seconds", 0, 3600),
}
"""Name of a limit -> what it counts, the least and the most that it may be. Only seconds may be broken."""


def _within(value: Any, kind: Any, least: float, most: float) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool) and least <= value <= most


class Options(TypedDict, total=False):
    """Keyword arguments of `Client` that have to do with what it sends, and how."""

    limits: Limits | None
    spool_dir: str | PathLike[str] | None
    redact: Redact | None
    before_send: BeforeSend | None
    on_error: OnError | None
    on_drop: OnDrop | None
    sample: Mapping[str, float] | None
    text: bool
    sync: bool


def _string(value: Any) -> bool:
    return isinstance(value, str)


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _transport(value: Any) -> bool:
    if isinstance(value, type):  # it has the methods, too, but nobody has made an object of it
        return False
    return all(callable(getattr(value, name, None)) for name in ("send", "close"))


def _folder(value: Any) -> bool:
    path = fspath(value) if isinstance(value, (str, PathLike)) else None
    return isinstance(path, str) and path != "" and "\0" not in path


def _or_none(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or fits(value)


_YES_OR_NO = "True or False: a text such as 'no' counts as True in Python"

ARGUMENTS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "url": (_or_none(_string), "a text, like https://feedback.example.org or http://localhost:8710"),
    "key": (_or_none(_string), "a text, made with: sayso keys create --kind sk"),
    "transport": (_or_none(_transport), "an object with the methods send and close"),
    "enabled": (_flag, _YES_OR_NO),
    "now": (callable, "a function that returns a datetime in UTC"),
    "new_id": (_or_none(callable), "a function: datetime -> id"),
    "limits": (_or_none(lambda value: isinstance(value, Limits)), "sayso.Limits(...)"),
    "spool_dir": (_or_none(_folder), "the path of a folder; an empty text is none"),
    "redact": (_or_none(callable), "a function: (field, text) -> text"),
    "before_send": (_or_none(callable), "a function: event -> event or None"),
    "on_error": (_or_none(callable), "a function of (reason, event_id, message)"),
    "on_drop": (_or_none(callable), "a function of (reason, count)"),
    "sample": (_or_none(lambda value: isinstance(value, Mapping)), "rates by kind, as {'exposure': 0.1}"),
    "text": (_flag, _YES_OR_NO),
    "sync": (_flag, _YES_OR_NO),
}
"""Argument of `Client` -> whether a value can be one, and what to give.

None is a URL and a key where neither is needed; where they are, the HTTP transport looks at them closely.
"""


def check(arguments: Mapping[str, Any]) -> None:
    """Hold arguments of `Client` against the table.

    Raises:
        ConfigurationError: one of them cannot be what it should be.
    """
    for name, value in arguments.items():
        fits, instead = ARGUMENTS[name]
        if not fits(value):
            # Its type and not itself: who mixes arguments up may have put the key there.
            raise ConfigurationError(
                f"Client was given {name} of type {type(value).__name__}. Give {instead}."
            )


def _text(_name: str, said: str) -> str:
    return said


def _limits(name: str, said: str) -> Limits:
    try:
        return Limits(exit_budget=float(said))
    except (ValueError, ConfigurationError) as error:
        most = BOUNDS["exit_budget"][2]
        raise ConfigurationError(f"{name} is {said!r}. Say seconds, such as 2; {most} at most.") from error


def _yes(name: str, said: str) -> bool:
    word = said.strip().lower()
    if word in ("", "1", "true", "yes", "on"):
        return True
    if word in ("0", "false", "no", "off"):
        return False
    raise ConfigurationError(f"{name} is {said!r}. Say 1 or 0.")


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of the environment that `Client.from_env` reads."""

    name: str
    option: str
    """The argument of `Client` that it says."""
    read: Callable[[str, str], Any]
    """(name, text) -> the value of the argument."""
    help: str
    needed: bool = False


VARIABLES = (
    Variable("SAYSO_ENABLED", "enabled", _yes, "0 disables the client, and then nothing else has to be set"),
    Variable("SAYSO_URL", "url", _text, "the collector's address", needed=True),
    Variable("SAYSO_KEY", "key", _text, "a key made with `sayso keys create --kind sk`", needed=True),
    Variable("SAYSO_SPOOL_DIR", "spool_dir", _text, "`spool_dir`"),
    Variable(
        "SAYSO_EXIT_BUDGET", "limits", _limits, "seconds that the end of the process may wait for events: 2"
    ),
)


def from_environment() -> dict[str, Any]:
    """Return what the environment says, by the names of arguments of `Client`.

    Raises:
        ConfigurationError: what is needed is missing, or something cannot be what it should be.
    """
    said: dict[str, Any] = {}
    for variable in VARIABLES:
        if text := os.environ.get(variable.name):
            said[variable.option] = variable.read(variable.name, text)
            if said.get("enabled") is False:
                return said  # whatever the others say
    missing = [each for each in VARIABLES if each.needed and each.option not in said]
    if missing:
        what = "; ".join(f"{each.name} is {each.help}" for each in missing)
        raise ConfigurationError(f"{' and '.join(each.name for each in missing)} not set. {what}.")
    return said


def sample_rates(sample: Mapping[str, float] | None) -> Mapping[str, float]:
    """Check which kinds are sampled, and how.

    Raises:
        ConfigurationError: a kind may not be sampled, or a rate is none.
    """
    for kind, rate in (sample or {}).items():
        if kind not in IMPLICIT:
            raise ConfigurationError(
                f"sample names {kind!r}. Only what nobody says may be sampled: {', '.join(sorted(IMPLICIT))}."
            )
        if isinstance(rate, bool) or not isinstance(rate, (int, float)) or not 0 < rate <= 1:
            raise ConfigurationError(
                f"sample has the rate {rate!r} for {kind}. Give a number above 0 and up to 1."
            )
    return dict(sample or {})
