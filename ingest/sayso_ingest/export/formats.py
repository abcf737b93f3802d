"""The formats that can be exported, as a list to print: one module a format."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from sayso_ingest.errors import UsageError
from sayso_ingest.export import trl_dpo
from sayso_ingest.mining import Pair


@dataclass(frozen=True, slots=True)
class Format:
    """A format: how its lines are written, and how a written file is checked."""

    name: str
    summary: str
    encode: Callable[[Iterable[Pair]], list[bytes]] = field(repr=False)
    validate: Callable[[Path], int] = field(repr=False)


FORMATS: tuple[Format, ...] = (Format(trl_dpo.NAME, trl_dpo.SUMMARY, trl_dpo.encode, trl_dpo.validate),)


def find_format(name: str) -> Format:
    """The format of this name.

    Raises:
        UsageError: there is none.
    """
    for known in FORMATS:
        if known.name == name:
            return known
    raise UsageError(
        f"There is no export format {name!r}. Choose one of: {', '.join(one.name for one in FORMATS)}."
    )
