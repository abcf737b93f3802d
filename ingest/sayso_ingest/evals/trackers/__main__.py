"""The process that talks to a tracker: a run as JSON on standard input, where it can be seen on standard output.

Whatever the tracker's package prints goes to standard error.
"""

from __future__ import annotations

import json
import os
import re
import sys
from importlib import import_module
from typing import Any

from sayso_ingest.evals.trackers.tracker import Logged

_SIGNED_IN = re.compile(r"(?<=//)[^/\s@]+@")
"""Of an address in a sentence: a user's name and password."""


def main() -> None:
    """Log a run with the tracker that a module talks to, and end at once: nothing that its package left may go on."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    said = _answer(sys.argv[1], Logged.from_row(json.load(sys.stdin)))
    with answers:
        json.dump(said, answers)
    os._exit(0)


def _answer(module: str, logged: Logged) -> dict[str, str]:
    tracker: Any = import_module(module)
    for name, value in tracker.QUIET.items():
        os.environ.setdefault(name, value)
    try:
        return {"seen": _clean(tracker.log(logged))}
    except ModuleNotFoundError as error:
        return {"missing": (error.name or "").partition(".")[0]}
    except Exception as error:
        return {"problem": _clean(" ".join(str(error).split()) or type(error).__name__)}


def _clean(text: str) -> str:
    return _SIGNED_IN.sub("", text)


if __name__ == "__main__":
    main()
