"""Suggestions in Firefox."""

from __future__ import annotations

from browser.test_suggestion import (  # noqa: F401 collected here, with the fixtures of this folder
    pytestmark,
    test_each_outcome_is_one_event_with_its_texts,
    test_escape_in_the_editor_closes_no_dialog_around_it,
    test_item_07_the_focus_goes_from_accept_to_undo_and_back,
    test_what_is_typed_outlives_a_reload_a_new_element_and_escape,
)
