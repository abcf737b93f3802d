"""What a test does when something that it needs is not there: it is skipped and says so, and in CI it fails."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

IN_CI = os.environ.get("CI") == "true"


def missing(message: str) -> NoReturn:
    """Skip the test, or fail it in CI, where nothing is skipped for want of a part."""
    if IN_CI:
        pytest.fail(message)
    pytest.skip(message)
