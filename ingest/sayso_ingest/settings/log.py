"""Rows: the event log."""

from __future__ import annotations

from dataclasses import dataclass

from sayso_ingest import parsers
from sayso_ingest.settings.row import secret, setting

LOG_ADDRESSES = (
    "sqlite (files in the project's folder), kafka://HOST:PORT[,HOST:PORT]/PREFIX "
    "(one topic a project, PREFIX.PROJECT)"
)
KAFKA_SECURITY = ("plaintext", "tls", "sasl", "sasl_tls")
KAFKA_SASL = ("SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN")


@dataclass(frozen=True)
class LogRows:
    """The event log."""

    log: str = setting(
        "sqlite",
        "The event log: sqlite (files in the project's folder) or kafka://HOST:PORT[,HOST:PORT]/PREFIX.",
        parsers.matching(parsers.LOG),
        LOG_ADDRESSES,
    )
    log_keep: float = setting(
        0.0,
        "Seconds that a file of the sqlite log stays after it has landed; 0 removes it at once.",
        parsers.number(float, 0.0, 31_536_000.0),
        "0 to 31536000 (a year)",
    )
    kafka_security: str = setting(
        "plaintext",
        "How Kafka's brokers are reached: plaintext, tls, sasl (signing in without TLS), sasl_tls.",
        parsers.one_of(KAFKA_SECURITY),
        ", ".join(KAFKA_SECURITY),
    )
    kafka_ca: str = setting(
        "",
        "PEM file of the authorities that sign the brokers' certificates; where it is empty, those of this machine.",
        parsers.matching(parsers.FILE_OR_NONE),
        "the path of a file",
    )
    kafka_certificate: str = setting(
        "",
        "PEM file of a certificate to show to the brokers, where they ask for one.",
        parsers.matching(parsers.FILE_OR_NONE),
        "the path of a file",
    )
    kafka_certificate_key: str = setting(
        "",
        "PEM file of its key, not encrypted; where it is empty, the key is in the certificate's file.",
        parsers.matching(parsers.FILE_OR_NONE),
        "the path of a file",
    )
    kafka_sasl: str = setting(
        "SCRAM-SHA-512",
        "How to sign in with sasl and sasl_tls: SCRAM-SHA-512, SCRAM-SHA-256, PLAIN (with sasl_tls only, for it sends "
        "the password as it is).",
        parsers.one_of(KAFKA_SASL),
        ", ".join(KAFKA_SASL),
    )
    kafka_user: str = setting(
        "",
        "Name to sign in to Kafka with.",
        parsers.matching(parsers.ONE_LINE),
        "up to 200 characters on one line",
    )
    kafka_password: str = secret("Password to sign in to Kafka with.")
