"""From a press to its verdict in Firefox."""

from __future__ import annotations

from browser.test_service import (  # noqa: F401 collected here, with the fixtures of this folder
    pytestmark,
    service,
    test_a_press_becomes_a_verdict,
    verdicts,
    visited,
)
