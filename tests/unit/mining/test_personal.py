"""What is told of somebody by its form."""

from __future__ import annotations

import pytest
from sayso_ingest.mining.training.personal import is_personal


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


@pytest.mark.parametrize("unit", ["a", "a.", "1", "1 ", "A1", "aB3", "sk_a", "DE12 "])
def test_a_long_text_of_anything_is_read_in_no_time(unit: str) -> None:
    """A bound on every repetition: what is quadratic would take minutes for a quarter of a megabyte."""
    assert not is_personal("x" + unit * (250_000 // len(unit)) + " ")


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
