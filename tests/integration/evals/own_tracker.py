"""A tracker for tests that keeps runs in a file; as its project says, it is noisy, breaks, hangs or lacks a package."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path

from sayso_ingest.evals.trackers import Logged

QUIET = {"OWN_TRACKER_QUIET": "yes"}


def log(logged: Logged) -> str:
    print("printed")
    print("complained", file=sys.stderr)
    threading.Thread(target=time.sleep, args=(600,)).start()  # what a package leaves behind
    if logged.project == "hangs":
        time.sleep(600)
    if logged.project == "dies":
        print("no memory for that", file=sys.stderr, flush=True)
        os._exit(9)
    if logged.project == "refuses":
        raise ValueError("https://me:secret@tracker.example says no")
    if logged.project == "lacks":
        import no_such_package_anywhere  # type: ignore[import-not-found] # noqa: F401
    file = Path("kept.json")
    kept = json.loads(file.read_text()) if file.exists() else {}
    kept[logged.run_id] = {**logged.metrics, "quiet": os.environ["OWN_TRACKER_QUIET"]}
    file.write_text(json.dumps(kept))
    return "https://me:secret@tracker.example/runs/1"
