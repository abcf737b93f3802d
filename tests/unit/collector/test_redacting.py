"""What is kept of a reject holds nothing that was to be replaced, whatever its JSON looks like."""

from __future__ import annotations

from collections import Counter

import pytest
from sayso_ingest.collector.redacting import redacted_reject
from sayso_ingest.event import Reason, Rejection
from sayso_ingest.redaction import Redactor


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (b'{"text": "a@example.com", "text": "x"}', b'{"text":"x"}'),
        (b'[{"body": {"a": "a@example.com", "a": 1}}, 2]', b'[{"body":{"a":1}},2]'),
        (b'{"text": "a@example.com",  "b": [1, 2]}', b'{"text":"[email]","b":[1,2]}'),
        (b'{"text": "x",  "b": [1, 2]}', b'{"text": "x",  "b": [1, 2]}'),
        (b'{"text": "cut \\u0061', b'{"text": "cut \\u0061'),
    ],
)
def test_a_value_under_a_name_that_comes_again_is_not_kept_and_nothing_grows_by_spaces(
    raw: bytes, kept: bytes
) -> None:
    reject = Rejection.of(raw, Reason.INVALID_JSON)
    assert redacted_reject(reject, Redactor(["email"]), Counter()).raw == kept
