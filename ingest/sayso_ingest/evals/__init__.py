"""An eval set is run: each case is put to what answers, each answer is scored, and two runs are compared.

In: a version of an eval set, a prompt in a file, a system that answers (a model, a service, a command, a function), and
scorers. Out: a run, as a folder that is written once, and what two or many of them say about which prompt should ship.
It must not choose cases (mining does) or change a prompt's file.

The way of a case: prompts (what is asked) -> systems (what is answered) -> scorers (how good that is) -> runs (what is
kept) -> compare (which is better).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sayso_ingest.evals.published import publish

__all__ = ["publish"]


def __getattr__(name: str) -> Any:
    """Import what a tracker's process does without when it is first asked for."""
    if name != "publish":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from sayso_ingest.evals.published import publish

    return publish
