"""What a client can be told beside where to send: its options, and how the environment says them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from os import PathLike
from typing import TypedDict

from sayso.backlog import Limits
from sayso.errors import ConfigurationError
from sayso.hooks import BeforeSend, OnDrop, OnError, Redact
from sayso.kinds import IMPLICIT


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


def enabled() -> bool:
    """Read SAYSO_ENABLED: true unless it says 0, false, no or off.

    Raises:
        ConfigurationError: it says something else.
    """
    said = os.environ.get("SAYSO_ENABLED", "").strip().lower()
    if said in ("", "1", "true", "yes", "on"):
        return True
    if said in ("0", "false", "no", "off"):
        return False
    raise ConfigurationError(f"SAYSO_ENABLED is {said!r}. Say 1 or 0.")


def from_environment(options: Options) -> Options:
    """Fill in what SAYSO_SPOOL_DIR and SAYSO_EXIT_BUDGET say, unless the code says otherwise.

    Raises:
        ConfigurationError: SAYSO_EXIT_BUDGET is not a number of seconds.
    """
    filled: Options = {**options}
    if os.environ.get("SAYSO_SPOOL_DIR"):
        filled.setdefault("spool_dir", os.environ["SAYSO_SPOOL_DIR"])
    budget = os.environ.get("SAYSO_EXIT_BUDGET")
    if budget:
        filled.setdefault("limits", Limits(exit_budget=_seconds(budget)))
    return filled


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 3600:
        raise ConfigurationError(f"SAYSO_EXIT_BUDGET is {text!r}. Say seconds, such as 2.")
    return seconds


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
