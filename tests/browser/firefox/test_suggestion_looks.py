"""How suggestions look in Firefox."""

from __future__ import annotations

from browser.test_suggestion_looks import (  # noqa: F401 collected here, with the fixtures of this folder
    pytestmark,
    test_item_01_every_state_is_styled_without_a_violation_under_the_strictest_policy,
)
