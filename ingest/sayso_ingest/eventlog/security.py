"""How the brokers of a log in Kafka are reached: in the open, by TLS, signed in."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sayso_ingest.errors import SettingError
from sayso_ingest.settings import Settings

_PROTOCOLS = {"plaintext": "PLAINTEXT", "tls": "SSL", "sasl": "SASL_PLAINTEXT", "sasl_tls": "SASL_SSL"}
"""What Kafka calls each kind."""


@dataclass(frozen=True, slots=True)
class Security:
    """TLS and signing in, as far as they are wanted; no representation of it has the password."""

    kind: str = "plaintext"
    ca: str = ""
    certificate: str = ""
    certificate_key: str = ""
    sasl: str = ""
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def of(cls, settings: Settings) -> Security:
        """Take it from the settings, and make sure that its parts fit each other and its files can be read.

        Raises:
            SettingError: they do not.
        """
        if not settings.log.startswith("kafka://"):
            return PLAINTEXT
        security = cls(
            kind=settings.kafka_security,
            ca=settings.kafka_ca,
            certificate=settings.kafka_certificate,
            certificate_key=settings.kafka_certificate_key,
            sasl=settings.kafka_sasl,
            user=settings.kafka_user,
            password=settings.kafka_password,
        )
        security._check_user()
        security._check_files()
        return security

    @property
    def tls(self) -> bool:
        """Whether what is said to the brokers is encrypted."""
        return self.kind in ("tls", "sasl_tls")

    @property
    def signs_in(self) -> bool:
        """Whether a user signs in."""
        return self.kind in ("sasl", "sasl_tls")

    def options(self) -> dict[str, Any]:
        """Say it in the words of kafka-python."""
        options: dict[str, Any] = {"security_protocol": _PROTOCOLS[self.kind]}
        if self.tls:
            options |= {
                "ssl_check_hostname": True,
                "ssl_cafile": self.ca or None,
                "ssl_certfile": self.certificate or None,
                "ssl_keyfile": self.certificate_key or None,
            }
        if self.signs_in:
            options |= {
                "sasl_mechanism": self.sasl,
                "sasl_plain_username": self.user,
                "sasl_plain_password": self.password,
            }
        return options

    def _check_user(self) -> None:
        given = {"SAYSO_KAFKA_USER": self.user, "SAYSO_KAFKA_PASSWORD": self.password}
        missing = [name for name, value in given.items() if not value]
        if self.signs_in and missing:
            raise SettingError(
                f"SAYSO_KAFKA_SECURITY is {self.kind!r}, and nobody can sign in without {' and '.join(missing)}. "
                "Set it in the environment."
            )
        if not self.signs_in and len(missing) < len(given):
            found = next(name for name in given if name not in missing)
            raise SettingError(
                f"{found} is set, and SAYSO_KAFKA_SECURITY is {self.kind!r}, with which nobody signs in. Set it to "
                f"sasl_tls, or take {found} away."
            )
        if self.kind == "sasl" and self.sasl == "PLAIN":
            raise SettingError(
                "SAYSO_KAFKA_SASL is 'PLAIN', and with SAYSO_KAFKA_SECURITY='sasl' it would send the password as it "
                "is. Set SAYSO_KAFKA_SECURITY to sasl_tls, or SAYSO_KAFKA_SASL to SCRAM-SHA-512."
            )

    def _check_files(self) -> None:
        files = {
            "SAYSO_KAFKA_CA": self.ca,
            "SAYSO_KAFKA_CERTIFICATE": self.certificate,
            "SAYSO_KAFKA_CERTIFICATE_KEY": self.certificate_key,
        }
        for name, path in files.items():
            if path and not self.tls:
                raise SettingError(
                    f"{name} is set, and SAYSO_KAFKA_SECURITY is {self.kind!r}, which encrypts nothing. Set it to "
                    f"tls or sasl_tls, or take {name} away."
                )
            if path:
                _check_readable(name, path)
        if self.certificate_key and not self.certificate:
            raise SettingError(
                "SAYSO_KAFKA_CERTIFICATE_KEY is set without SAYSO_KAFKA_CERTIFICATE. Name the certificate's file."
            )
        if self.tls:
            _check_certificates(self)


PLAINTEXT = Security()
"""In the open, as on a network of one's own."""


@dataclass(frozen=True, slots=True)
class Brokers:
    """Where brokers are, `HOST:PORT[,HOST:PORT]`, and how they are reached; named in messages by where they are."""

    servers: str
    security: Security = PLAINTEXT

    def __str__(self) -> str:
        return self.servers


def _check_readable(name: str, path: str) -> None:
    try:
        with Path(path).open("rb"):
            pass
    except OSError as error:
        raise SettingError(
            f"{name} is {path!r}, and that file cannot be read: {error.strerror}. Name a file that is there and that "
            "this user may read."
        ) from None


def _check_certificates(security: Security) -> None:
    """Load what the library will load, while somebody is there to read what is wrong with it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    name, path = "SAYSO_KAFKA_CA", security.ca
    try:
        if security.ca:
            context.load_verify_locations(security.ca)
        name, path = "SAYSO_KAFKA_CERTIFICATE", security.certificate
        if security.certificate:
            context.load_cert_chain(
                security.certificate, security.certificate_key or None, password=_ask_nobody
            )
    except (ssl.SSLError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise SettingError(
            f"{name} is {path!r}, and it cannot be used: {reason}. It has to be PEM, a certificate has to be with its "
            "own key, and the key must not be encrypted."
        ) from None


def _ask_nobody() -> str:
    raise ValueError("the key is encrypted")
