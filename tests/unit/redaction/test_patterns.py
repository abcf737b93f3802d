"""What is told of somebody by its form."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.parsers import REDACTABLE
from sayso_ingest.redaction import is_personal, replaced


@pytest.mark.parametrize(
    "text",
    [
        "write to ann.b+c@mail.example.org.",
        "call +49 30 123456-78",
        "call (030) 1234567",
        "my card is 4242 4242 4242 4242",
        "pay to DE89 3704 0044 0532 0130 00 today",
        "the key is sk_AbCdEfGhIjKlMnOp1234",
        "AKIAABCDEFGHIJKLMNOP",
    ],
)
def test_an_address_a_number_and_a_key_are_seen(text: str) -> None:
    assert is_personal(text)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("4111\u00a01111\u00a01111\u00a01111", "[card]"),
        ("4111\u20111111\u20111111\u20111111", "[card]"),
        ("4111\u200b1111\u200b1111\u200b1111", "[card]"),
        ("de89 3704 0044 0532 0130 00, DE89-3704-0044-0532-0130-00", "[card], [card]"),
        (
            "\uff42\uff4f\uff42\uff20\uff45\uff58\uff41\uff4d\uff50\uff4c\uff45\uff0e\uff43\uff4f\uff4d",
            "[email]",
        ),
        ("?to=bob%40example.com&x", "?to=[email]&x"),
        ('"john doe"@example.com', "[email]"),
        ("bob@192.168.1.1 and bob@[192.168.1.1]", "[email] and [email]"),
        ("bob@xn--e1afmkfd.xn--p1ai", "[email]"),
        ("o'brien@example.com", "[email]"),
        ("tel:+15551234567x12", "tel:[phone]"),
        ("(030) 12345678", "[phone]"),
        ("(+49 30 12345678)", "([phone])"),
    ],
)
def test_nothing_of_one_is_left_however_it_is_written(text: str, left: str) -> None:
    assert replaced(text, REDACTABLE)[0] == left


@pytest.mark.parametrize("unit", ["a", "a.", "1", "1 ", "A1", "aB3", "sk_a", "DE12 "])
def test_a_long_text_of_anything_is_read_in_no_time(unit: str) -> None:
    """A bound on every repetition: what is quadratic would take minutes for a quarter of a megabyte."""
    assert not is_personal("x" + unit * (250_000 // len(unit)) + " ")


@pytest.mark.parametrize("unit", ["-----BEGIN PRIVATE KEY-----", "eyJ", "a@b.", "+1 (2) ", "1@"])
def test_what_is_found_again_and_again_takes_no_time_either(unit: str) -> None:
    began = process_time()
    replaced(unit * (250_000 // len(unit)), REDACTABLE)
    assert process_time() - began < 10


@pytest.mark.parametrize(
    "text",
    [
        "what does it cost @ noon?",
        "order 4242424242424241 is late",
        "in 2026-03-01 12:00 or on 01/03/2026 12:00",
        "1,234,567,890 rows in 0.123456789 s",
        "version 1.2.3.4 of DE12 is out",
        "task-sk_is fine, so is skill_matrix_of_everyone",
    ],
)
def test_what_only_looks_a_little_like_one_is_not(text: str) -> None:
    assert not is_personal(text)


TEXTS = st.lists(
    st.sampled_from(
        [
            "ann@example.org",
            "+49 30 12345678",
            "4242 4242 4242 4242",
            "DE89370400440532013000",
            "sk-proj-AbCdEfGhIjKlMnOp1234",
            "AKIAABCDEFGHIJKLMNOP",
            "a",
            "0",
            "-",
            ".",
            " ",
            "@",
            "+",
            "(",
            "[email]",
        ]
    )
    | st.text(max_size=5),
    max_size=8,
).map("".join)


@given(TEXTS)
def test_what_is_redacted_holds_nothing_more_and_to_redact_it_again_changes_nothing(text: str) -> None:
    once, found = replaced(text, REDACTABLE)
    assert not is_personal(once)
    assert replaced(once, REDACTABLE) == (once, {})
    assert is_personal(text) == bool(found)
    assert (once == text) == (not found)


@given(TEXTS, st.sets(st.sampled_from(REDACTABLE)))
def test_only_what_was_named_is_replaced(text: str, words: set[str]) -> None:
    assert set(replaced(text, words)[1]) <= words


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("write to ann.b+c@mail.example.org.", "write to [email]."),
        ("call +49 30 123456-78 or (030) 1234567", "call [phone] or [phone]"),
        ("card 4242-4242-4242-4242, account DE89 3704 0044 0532 0130 00", "card [card], account [card]"),
        ("sk-proj-AbCdEfGhIjKlMnOp1234 and ghp_0123456789abcdefghij", "[key] and [key]"),
        (f"AIza{'x' * 35} eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.SflKxwRJSMeKKF2QT4", "[key] [key]"),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nMIIE+/=\nabc\n-----END RSA PRIVATE KEY----- end",
            "[key] end",
        ),
        ("mailto:ann@example.org+4930123456789", "mailto:[email][phone]"),
    ],
)
def test_each_sort_leaves_its_mark(text: str, redacted: str) -> None:
    assert replaced(text, REDACTABLE)[0] == redacted
