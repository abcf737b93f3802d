"""What is said of brokers: in words, and with the settings where they let nobody in."""

from __future__ import annotations

import pytest
from sayso_ingest.eventlog.kafka import why


class SaslAuthenticationFailedError(Exception):
    """Called as the library's is."""


@pytest.mark.parametrize(
    "error",
    [
        SaslAuthenticationFailedError("wrong password"),
        ConnectionError("SSL handshake failed"),
        ConnectionError("TopicAuthorizationFailedError: traces"),
        OSError("[SSL: WRONG_VERSION_NUMBER] wrong version number"),
    ],
)
def test_who_is_not_let_in_is_told_what_to_look_at(error: Exception) -> None:
    assert why(error).startswith("signing in or security failed: ")
    assert "SAYSO_KAFKA_SECURITY" in why(error)


def test_a_broker_that_is_away_is_no_question_of_security() -> None:
    assert why(TimeoutError("no records came within 3 s")) == "no records came within 3 s"
    assert why(TimeoutError()) == "TimeoutError"
    for address in ("kafka-ssl:9093", "kafkassl:9093", "kafka-sasl.example"):
        assert why(ConnectionError(f"nothing answers at {address}")) == f"nothing answers at {address}"
