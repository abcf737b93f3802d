"""Where the labelled data lies."""

from __future__ import annotations

import os
from pathlib import Path

from bench.run import ROOT


def folder() -> Path:
    """The folder that tests read too: SAYSO_TEST_DATA, or ../shared/data beside the checkout."""
    place = Path(os.environ.get("SAYSO_TEST_DATA") or ROOT.parent / "shared" / "data")
    if not place.is_dir():
        raise SystemExit(f"{place} is not there. Name the folder with banking77 in SAYSO_TEST_DATA.")
    return place
