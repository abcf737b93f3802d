"""How brokers are reached: what kafka-python is told, what does not fit each other, and what no message shows."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sayso_ingest.errors import MissingExtra, SettingError
from sayso_ingest.eventlog import PLAINTEXT, Security, open_writer
from sayso_ingest.settings import Settings

pytestmark = [
    # kafka-python reads its own protocol files in a way that Python 3.11 and 3.12 call deprecated.
    pytest.mark.filterwarnings("ignore:(read|open)_text is deprecated:DeprecationWarning"),
]
LOG = "kafka://broker:9092/sayso"


def security(**rows: str) -> Security:
    return Security.of(
        Settings.load(environ={}, log=LOG, **{f"kafka_{name}": value for name, value in rows.items()})
    )


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a certificate, its key, and the key encrypted."""
    folder = tmp_path_factory.mktemp("pem")

    def openssl(words: str) -> None:
        subprocess.run(["openssl", *words.split()], cwd=folder, check=True, capture_output=True)

    openssl("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=x -keyout key.pem -out certificate.pem")
    openssl("rsa -aes256 -passout pass:shut -in key.pem -out shut.pem")
    return folder


def test_without_settings_brokers_are_reached_in_the_open() -> None:
    assert security() == PLAINTEXT.__class__(sasl="SCRAM-SHA-512")
    assert security().options() == {"security_protocol": "PLAINTEXT"}


def test_a_log_that_is_not_in_kafka_does_not_mind_what_is_set_for_it() -> None:
    assert Security.of(Settings.load(environ={}, kafka_security="sasl", kafka_ca="/nowhere")) == PLAINTEXT


def test_a_user_that_signs_in_over_tls_is_told_to_the_library_in_its_own_words(pem: Path) -> None:
    found = security(
        security="sasl_tls", ca=str(pem / "certificate.pem"), sasl="PLAIN", user="ana", password="hidden"
    )
    assert found.options() == {
        "security_protocol": "SASL_SSL",
        "ssl_check_hostname": True,
        "ssl_cafile": str(pem / "certificate.pem"),
        "ssl_certfile": None,
        "ssl_keyfile": None,
        "sasl_mechanism": "PLAIN",
        "sasl_plain_username": "ana",
        "sasl_plain_password": "hidden",
    }


def test_a_certificate_may_have_its_key_beside_it(pem: Path) -> None:
    found = security(
        security="tls", certificate=str(pem / "certificate.pem"), certificate_key=str(pem / "key.pem")
    )
    assert found.options()["ssl_keyfile"] == str(pem / "key.pem")


def test_the_password_is_in_no_representation() -> None:
    settings = Settings.load(
        environ={"SAYSO_KAFKA_PASSWORD": "hidden"}, log=LOG, kafka_security="sasl", kafka_user="ana"
    )
    assert "hidden" not in repr(settings) + repr(Security.of(settings)) + str(Security.of(settings))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ({"security": "sasl"}, "without SAYSO_KAFKA_USER and SAYSO_KAFKA_PASSWORD"),
        ({"security": "sasl_tls", "user": "ana"}, "without SAYSO_KAFKA_PASSWORD"),
        ({"security": "sasl_tls", "password": "hidden"}, "without SAYSO_KAFKA_USER"),
        ({"user": "ana"}, "SAYSO_KAFKA_USER is set, and SAYSO_KAFKA_SECURITY is 'plaintext'"),
        ({"security": "tls", "password": "hidden"}, "SAYSO_KAFKA_PASSWORD is set, .*Set it to sasl_tls"),
        ({"security": "sasl", "user": "a", "password": "hidden", "sasl": "PLAIN"}, "password as it is"),
        ({"ca": "/nowhere"}, "SAYSO_KAFKA_CA is set, and SAYSO_KAFKA_SECURITY is 'plaintext'"),
        ({"security": "tls", "ca": "/nowhere"}, "SAYSO_KAFKA_CA is '/nowhere'.*No such file.*Name a file"),
        (
            {"security": "tls", "certificate": "{pem}/certificate.pem"},
            "SAYSO_KAFKA_CERTIFICATE is .*cannot be used",
        ),
        ({"security": "tls", "ca": "{pem}/key.pem"}, "SAYSO_KAFKA_CA is .*cannot be used"),
        ({"security": "tls", "certificate_key": "{pem}/key.pem"}, "without SAYSO_KAFKA_CERTIFICATE"),
        (
            {"security": "tls", "certificate": "{pem}/certificate.pem", "certificate_key": "{pem}/shut.pem"},
            "key is encrypted.*must not be encrypted",
        ),
    ],
)
def test_what_does_not_fit_each_other_is_refused_with_what_to_do(
    rows: dict[str, str], said: str, pem: Path
) -> None:
    with pytest.raises(SettingError, match=said) as refused:
        security(**{name: value.format(pem=pem) for name, value in rows.items()})
    assert "hidden" not in str(refused.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_this_user_may_not_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").touch(mode=0)
    with pytest.raises(SettingError, match=r"ca\.pem.*Permission denied"):
        security(security="tls", ca=str(tmp_path / "ca.pem"))


@pytest.mark.parametrize("package", ["crc32c", "lz4"])
def test_what_the_library_needs_for_speed_is_looked_for_at_the_start(
    package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if package == "lz4":
        monkeypatch.setattr("kafka.codec.has_lz4", lambda: False)
    else:
        monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtra, match=rf"{package} is not installed.*sayso\[kafka\]"):
        open_writer(LOG, folder=Path("/nowhere"), project="shop")
