"""How bytes are written in a setting, and what is set aside of a disk."""

from __future__ import annotations

import pytest
from sayso_ingest.eventlog import reserved_bytes
from sayso_ingest.parsers import bytes_of, reserve


@pytest.mark.parametrize(
    ("text", "value"), [("0", 0), ("500MB", 500_000_000), ("1.5GB", 1_500_000_000), ("7KB", 7000), ("12", 12)]
)
def test_bytes_are_a_number_alone_or_with_a_unit(text: str, value: int) -> None:
    assert bytes_of(text) == value
    assert reserve(text) == text


@pytest.mark.parametrize("text", ["", "MB", "-1", "500 MB", "500mb", "1e9", "automatic", "nan"])
def test_anything_else_is_none(text: str) -> None:
    with pytest.raises(ValueError):
        reserve(text)


def test_auto_is_a_share_of_a_small_disk_and_no_more_than_half_a_gigabyte_of_a_large_one() -> None:
    assert reserved_bytes("auto", 10_000_000) == 200_000
    assert reserved_bytes("auto", 10**13) == 500_000_000
    assert reserved_bytes("1GB", 10_000_000) == 10**9
