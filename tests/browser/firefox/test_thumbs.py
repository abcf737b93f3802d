"""Thumbs in Firefox."""

from __future__ import annotations

from browser.test_thumbs import (  # noqa: F401 collected here, with the fixtures of this folder
    pytestmark,
    test_item_11_it_works_from_the_keyboard_and_a_held_key_presses_once,
    test_item_11_presses_set_take_back_and_change,
    test_properties_that_were_set_before_the_script_came_survive,
)
