"""Every error that the pipeline raises on purpose.

SaysoError
├── UsageError            what was asked for does not fit: exit code 2
│   └── SettingError      a setting has a value that it cannot have
├── MissingExtra          a package of an optional extra is not installed
├── NotFound              a project, view, eval set or file that was named is not there
├── LogError              the event log
│   ├── LogUnavailable    it cannot be written or read now; trying again may help
│   ├── LogGap            a stored position does not fit the log; never skipped silently
│   └── LogDamaged        a file of the log is not as its writer left it
├── WarehouseError        the warehouse
│   ├── WarehouseLocked   another process holds the live file
│   │   └── AnotherLander another lander has written since this one did
│   ├── MissingExtension  DuckDB lacks what a lake needs
│   ├── WarehouseNewer    a newer version wrote it
│   ├── WarehouseAway     a server of the lake does not answer, or lets nobody in; trying again may help
│   ├── ErasedIsBack      it holds what was erased: an older state was put back
│   ├── QueryError        SQL that does not run, or that would write
│   └── UnstorableBatch   a batch holds a row that cannot be stored; the lander finds it
├── ModelError            the endpoint of a model
│   ├── ModelUnavailable  it does not answer now; trying again may help
│   └── ModelRefused      it says no, or what it answers is no answer
├── Busy                  as much is being done at once as may be; trying again helps
├── NotSent               what was said in the console could not be handed to a collector
└── ServiceFailed         a child of `sayso serve` did not become healthy
"""

from __future__ import annotations

from collections.abc import Sequence


class SaysoError(Exception):
    """An error with a message for people: what happened, to what, and what to do next."""


class UsageError(SaysoError):
    """What was asked for does not fit."""


class SettingError(UsageError):
    """A setting has a value that it cannot have."""


class MissingExtra(SaysoError):
    """A package of an optional extra is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(
            f"{package} is not installed. Install it with: pip install 'sayso[{extra}]' (in a clone of the repository: "
            f"pip install '.[{extra}]')"
        )


class NotFound(SaysoError):
    """Something that was named is not there."""


class LogError(SaysoError):
    """The event log failed."""


class LogUnavailable(LogError):
    """The event log cannot be written or read now; trying again may help."""


class LogGap(LogError):
    """A stored position does not fit the log."""


class LogDamaged(LogError):
    """A file of the event log is not as its writer left it."""


class WarehouseError(SaysoError):
    """The warehouse failed."""


class WarehouseLocked(WarehouseError):
    """Another process holds the live file."""


class AnotherLander(WarehouseLocked):
    """Another lander has written to the warehouse since this one did."""


class MissingExtension(WarehouseError):
    """DuckDB lacks what a lake needs."""


class WarehouseNewer(WarehouseError):
    """A newer version wrote the warehouse; `scripts` are what it has done to it."""

    def __init__(self, what: str, scripts: Sequence[str]) -> None:
        super().__init__(
            f"{what} was written by a newer sayso (it has {', '.join(scripts)}). Install that version; "
            "there is no way back but a backup."
        )
        self.scripts = scripts


class WarehouseAway(WarehouseError):
    """A server of the lake does not answer, or lets nobody in; trying again may help."""


class ErasedIsBack(WarehouseError):
    """The warehouse holds what was erased, since an older state was put back; a person has to erase it again."""


class QueryError(WarehouseError):
    """SQL that does not run, or that would write."""


class Busy(SaysoError):
    """As much is being done at once as may be; trying again helps."""


class UnstorableBatch(WarehouseError):
    """A batch holds a row that cannot be stored; none of it was."""


class ModelError(SaysoError):
    """The endpoint of a model failed."""


class ModelUnavailable(ModelError):
    """The endpoint of a model does not answer now; trying again may help."""


class ModelRefused(ModelError):
    """The endpoint of a model says no, or what it answers is no answer; `status` and `said` are of its answer."""

    def __init__(self, message: str, *, status: int = 0, said: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.said = said


class NotSent(SaysoError):
    """What was said in the console could not be handed to a collector."""


class ServiceFailed(SaysoError):
    """A child of `sayso serve` did not become healthy."""
