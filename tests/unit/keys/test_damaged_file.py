"""What is said of a damaged file of keys: a sentence, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from sayso_ingest.errors import SaysoError
from sayso_ingest.keys import KeyRing


@pytest.mark.parametrize("text", ["{", "{}", "[]", '{"version": 1}', '{"version": 1, "keys": [{}]}'])
def test_it_is_said_in_words_that_it_is_to_be_restored(tmp_path: Path, text: str) -> None:
    (tmp_path / "keys.json").write_text(text)
    with pytest.raises(SaysoError) as raised:
        KeyRing(tmp_path / "keys.json").keys()
    assert str(raised.value).endswith("Restore it from a backup.")
    assert "Error(" not in str(raised.value)
