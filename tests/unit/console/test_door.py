"""Who may come in, as rules: names, origins, proxies, and whether the door stands open."""

from __future__ import annotations

import pytest
from sayso_ingest.console.door import Door, local_path
from sayso_ingest.errors import SettingError
from sayso_ingest.settings import Settings


def door(**settings: object) -> Door:
    return Door.of(Settings.load(environ={}, **settings))


@pytest.mark.parametrize("name", ["localhost", "localhost:8711", "127.0.0.1:1", "[::1]:8711", "LOCALHOST"])
def test_every_name_of_loopback_is_answered(name: str) -> None:
    assert Door().answers_to(name)


@pytest.mark.parametrize(
    "name", ["rebound.example:8711", "192.168.1.4", "", "localhost.example", "a@localhost@b", "[::1"]
)
def test_on_loopback_no_other_name_is(name: str) -> None:
    assert not Door().answers_to(name, machine={"box"})


def test_on_loopback_a_name_that_was_set_is_answered_for_a_proxy_there() -> None:
    assert door(console_names="console.example, b.example").answers_to("Console.Example:443")
    assert not door(console_names="console.example").answers_to("console.example.evil.example")


@pytest.mark.parametrize(
    ("name", "answered"),
    [
        ("192.168.1.4:8711", True),
        ("[fe80::1]:8711", True),
        ("box", True),
        ("console.example", True),
        ("localhost", True),
        ("rebound.example", False),
        ("", False),
    ],
)
def test_elsewhere_addresses_and_own_names_are_answered_and_a_strangers_name_is_not(
    name: str, answered: bool
) -> None:
    reached = door(console_host="0.0.0.0", console_names="console.example")
    assert reached.answers_to(name, machine={"box"}) is answered


@pytest.mark.parametrize(
    ("origin", "ours"),
    [
        ("http://localhost:8711", True),
        ("https://console.example", True),
        ("http://localhost:9999", False),
        ("https://evil.example", False),
        ("null", False),
        ("", False),
        ("file://localhost:8711", False),
        ("http://[", False),
        ("http://localhost:8711.evil.example", False),
        ("http://localhost:8711@evil.example", False),
    ],
)
def test_a_form_is_ours_when_its_origin_is_the_host_that_was_asked(origin: str, ours: bool) -> None:
    assert door(console_names="console.example").is_own(origin, "localhost:8711") is ours


def test_only_the_addresses_that_were_set_are_the_proxy() -> None:
    proxied = door(console_user_header="Remoteuser", console_proxy="10.1.0.0/16, 127.0.0.1")
    assert proxied.trusts("127.0.0.1")
    assert proxied.trusts("10.1.2.3")
    assert proxied.trusts("::ffff:10.1.2.3")
    assert not proxied.trusts("10.2.0.1")
    assert not proxied.trusts("::1")
    assert not proxied.trusts(None)
    assert not proxied.trusts("nonsense")
    assert not Door().trusts("127.0.0.1")


def test_a_header_that_nobody_may_send_is_an_error() -> None:
    with pytest.raises(SettingError, match="SAYSO_CONSOLE_PROXY"):
        door(console_user_header="Remoteuser")


@pytest.mark.parametrize("name", ["X-User", "X_User", "Remote User", "1user"])
def test_a_header_whose_name_has_a_twin_is_refused(name: str) -> None:
    with pytest.raises(SettingError, match="letters and digits"):
        door(console_user_header=name, console_proxy="127.0.0.1")


def test_a_door_that_always_stands_open_takes_no_proxys_word_beside() -> None:
    with pytest.raises(SettingError, match="Take one of the two away"):
        door(console_open="always", console_user_header="Remoteuser", console_proxy="127.0.0.1")


@pytest.mark.parametrize("text", ["10.0.0.0/99", "proxy.example", "127.0.0.1;::1"])
def test_a_proxy_is_named_by_address(text: str) -> None:
    with pytest.raises(SettingError, match="IP addresses"):
        door(console_proxy=text)


@pytest.mark.parametrize(
    ("settings", "anybody", "open"),
    [
        ({}, False, True),
        ({}, True, False),
        ({"console_open": "always"}, True, True),
        ({"console_open": "never"}, False, False),
        ({"console_host": "0.0.0.0"}, False, False),
        ({"console_host": "0.0.0.0", "console_open": "always"}, False, False),
        ({"console_user_header": "Remoteuser", "console_proxy": "127.0.0.1"}, False, False),
    ],
)
def test_it_stands_open_on_loopback_alone_and_by_itself_as_long_as_nobody_could_sign_in(
    settings: dict[str, str], anybody: bool, open: bool
) -> None:
    assert door(**settings).stands_open(anybody=anybody, headers={}) is open


@pytest.mark.parametrize("header", ["Forwarded", "Via", "X-Forwarded-For", "x-forwarded-proto", "X-Real-Ip"])
def test_it_never_stands_open_for_what_a_proxy_passes_on(header: str) -> None:
    assert not Door(open="always").stands_open(anybody=False, headers={header: "1.2.3.4"})


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "//[",
        "/\\evil.example",
        "https://evil.example",
        "",
        "inbox",
        "/a\nb",
        "/\t/a",
        "javascript:x",
    ],
)
def test_nobody_is_sent_to_another_site(path: str) -> None:
    assert local_path(path) == "/"


def test_a_path_of_ours_is_gone_on_to() -> None:
    assert local_path("/inbox?kind=thumb&before=2026~x") == "/inbox?kind=thumb&before=2026~x"
