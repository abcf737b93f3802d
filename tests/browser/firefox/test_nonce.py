"""A page that trusts by a nonce in Firefox."""

from __future__ import annotations

from browser.test_nonce import (  # noqa: F401 collected here, with the fixtures of this folder
    pytestmark,
    site,
    test_item_03_a_script_tag_with_the_nonce_of_the_page_runs,
    test_item_03_so_does_a_tag_that_a_trusted_script_puts_in,
)
