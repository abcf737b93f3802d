"""`python -m bench.evidence [NAME...]`: the same as `python -m bench`, for lines about right and wrong."""

from __future__ import annotations

import sys
from importlib.metadata import version

from bench.__main__ import main
from bench.evidence.lines import LINES, RESULTS

PACKAGES = ("sayso", "numpy", "scipy", "scikit-learn")


def versions() -> dict[str, str]:
    return {name: version(name) for name in PACKAGES}


if __name__ == "__main__":
    sys.exit(main(LINES, RESULTS, versions))
