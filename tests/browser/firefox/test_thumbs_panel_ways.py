"""The panel that asks why in Firefox."""

from __future__ import annotations

from browser.test_thumbs_panel_ways import (  # noqa: F401 collected here, with the fixtures of this folder
    pytestmark,
    test_a_press_beside_the_panel_over_the_page_closes_it_and_keeps_the_draft,
    test_it_opens_in_sight_and_moves_the_thumb_nowhere,
    test_item_04_the_whole_panel_works_from_the_keyboard_and_escape_goes_back_to_the_thumb,
    test_item_05_in_a_modal_dialog_escape_closes_only_the_panel,
    test_item_05_over_the_page_the_panel_can_be_hit_where_its_surroundings_are_cut_off,
)
