"""Comments in Firefox."""

from __future__ import annotations

from browser.test_comment import (  # noqa: F401 collected here, with the fixtures of this folder
    pytestmark,
    test_a_comment_is_sent_and_thanked_for_in_place,
    test_in_a_form_it_is_a_field_of_the_form,
    test_what_was_typed_survives_a_reload_until_it_is_sent,
)
