"""Runs go into the experiment tracker that the team already uses.

In: a finished run. Out: the same in MLflow, W&B or Comet, and the place where it can be seen there. The run itself
stays where it is: a tracker that is away loses nothing, and takes the run later.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sayso_ingest.evals.trackers.tracker import Logged, Table, Tracker

if TYPE_CHECKING:
    from sayso_ingest.evals.trackers.apart import TRACKERS, Apart, Kind, track
    from sayso_ingest.evals.trackers.figures import logged

# Name -> the module of this room that has it. The process that talks to a tracker does without them.
_WITH_RUNS = {"TRACKERS": "apart", "Apart": "apart", "Kind": "apart", "logged": "figures", "track": "apart"}

__all__ = ["TRACKERS", "Apart", "Kind", "Logged", "Table", "Tracker", "logged", "track"]


def __getattr__(name: str) -> Any:
    if name not in _WITH_RUNS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WITH_RUNS[name]}"), name)
