"""Labels as the setting spells them, and conversations as JSON holds them."""

from __future__ import annotations

import json

import pytest
from sayso_ingest.console.conversation import contexts, messages, said
from sayso_ingest.errors import SettingError
from sayso_ingest.labels import Label, read_labels


def test_labels_have_a_score_where_the_setting_gives_one() -> None:
    assert read_labels("good=1, made up = 0 ,unclear") == (
        Label("good", 1.0),
        Label("made up", 0.0),
        Label("unclear"),
    )


@pytest.mark.parametrize(
    "text", ["", " , ", "a,a", "a=2", "a=x", "=1", "a=", "x" * 41, ",".join("abcdefghij"), "a=nan"]
)
def test_what_cannot_be_labels_is_an_error_that_names_the_setting(text: str) -> None:
    with pytest.raises(SettingError, match="SAYSO_CONSOLE_LABELS"):
        read_labels(text)


def test_a_conversation_is_read_from_text_and_from_parts() -> None:
    turns = [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": [{"type": "text", "text": "Look:"}, {"type": "image_url"}, 7]},
        {"content": None},
        "stray",
    ]
    assert messages(json.dumps(turns)) == [
        {"role": "system", "text": "Be kind."},
        {"role": "user", "text": "Look:\n(image_url)\n7"},
        {"role": "message", "text": ""},
    ]


def test_what_is_no_conversation_has_no_turns() -> None:
    assert [messages(value) for value in (None, "{", '"x"', 7, {})] == [[]] * 5
    assert contexts([{"id": 3, "text": "page"}, "stray"]) == [{"id": "3", "text": "page"}]
    assert said({"a": "ä"}) == '{"a": "ä"}'
