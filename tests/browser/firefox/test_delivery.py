"""Delivery in Firefox."""

from __future__ import annotations

from browser.test_delivery import (  # noqa: F401 collected here, with the fixtures of this folder
    pytestmark,
    test_item_19_a_press_while_the_collector_is_down_is_sent_after_a_reload,
    test_item_19_presses_without_a_network_are_sent_when_it_comes_back,
    test_item_20_a_press_just_before_the_tab_is_closed_arrives,
    test_item_21_a_press_just_before_the_page_goes_arrives_once,
    test_item_24_two_tabs_share_what_waits_and_send_each_press_once,
    visited,
)
