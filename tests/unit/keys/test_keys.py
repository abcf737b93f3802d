"""Keys as values: origins, names of projects, and keeping secrets out of what is stored."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sayso_ingest.errors import UsageError
from sayso_ingest.keys import Key, check_project, redact

NOW = datetime(2026, 1, 15, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("allowed", "origin", "answer"),
    [
        ("https://app.example.com", "https://app.example.com", True),
        ("https://app.example.com", "https://APP.example.com", True),
        ("https://app.example.com", "http://app.example.com", False),
        ("https://app.example.com", "https://app.example.com:8443", False),
        ("https://app.example.com", "https://evil.app.example.com", False),
        ("https://app.example.com", "https://app.example.com.evil.org", False),
        ("https://app.example.com", "null", False),
        ("loopback", "http://localhost:3000", True),
        ("loopback", "http://localhost", True),
        ("loopback", "https://127.0.0.1:8443", True),
        ("loopback", "http://[::1]:5173", True),
        ("loopback", "http://localhost.evil.org", False),
        ("loopback", "http://evil.org/localhost", False),
        ("loopback", "http://user@localhost", False),
        ("loopback", "http://192.168.1.4:3000", False),
        ("loopback", "file://localhost", False),
        ("loopback", "loopback", False),
        ("loopback", "null", False),
    ],
)
def test_origins_are_compared_whole(allowed: str, origin: str, answer: bool) -> None:
    key = Key("key_1", "pk", "default", "", (allowed,), NOW)
    assert key.allows_origin(origin) is answer


@pytest.mark.parametrize("project", ["", ".", "..", "a/b", "A", "-x", "ä", "a" * 64, "a\n", "a b"])
def test_a_project_is_a_name_that_can_be_a_folder(project: str) -> None:
    with pytest.raises(UsageError, match="project"):
        check_project(project)


def test_whatever_looks_like_a_secret_is_blanked() -> None:
    secret = b"sk_" + b"a-_Z0" * 8 + b"abc"
    assert redact(b'{"key": "%s", "x": "sk_short"}' % secret) == b'{"key": "sk_REDACTED", "x": "sk_short"}'


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (b'{"token":"a.b.c","target":"t"}', b'{"token":"REDACTED","target":"t"}'),
        (b'{"token" :\n "a\\"b"}', b'{"token" :\n "REDACTED"}'),
        (b'{"token":"cut o', b'{"token":"REDACTED'),
        (b'{"token":null,"x":"token"}', b'{"token":null,"x":"token"}'),
        (b'{"tokens":"7"}', b'{"tokens":"7"}'),
    ],
)
def test_the_value_of_a_token_is_blanked_too(raw: bytes, kept: bytes) -> None:
    assert redact(raw) == kept
