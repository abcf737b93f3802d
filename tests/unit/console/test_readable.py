"""Raw bytes of a reject, as they are shown."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.console.pages.rejects import readable


@given(st.binary())
def test_any_bytes_become_a_text_in_which_everything_can_be_seen(raw: bytes) -> None:
    assert all(char.isprintable() or char == "\n" for char in readable(raw))


def test_json_is_set_out_over_several_lines() -> None:
    assert json.loads(readable(b'{"a":[1,2]}')) == {"a": [1, 2]}
    assert readable(b'{"a":1}').count("\n") == 2


def test_what_turns_the_direction_of_writing_or_rings_a_bell_is_spelled() -> None:
    assert readable("\u202ebad\u0007".encode()) == "\\u{202e}bad\\u{7}"
