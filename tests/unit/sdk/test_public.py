"""What `import sayso` offers."""

from __future__ import annotations

import dataclasses
import inspect
from typing import Any

import pytest
import sayso
import sayso.testing
from sayso.errors import InvalidEvent, Withheld
from sayso.options import ARGUMENTS, BOUNDS, Options
from sayso.testing import MemoryTransport


def test_the_public_list_is_what_was_decided() -> None:
    assert sorted(sayso.__all__) == [
        "Client",
        "ConfigurationError",
        "Context",
        "HttpTransport",
        "Limits",
        "PrintTransport",
        "Prompt",
        "Response",
        "Result",
        "SaysoError",
        "Stats",
        "Transport",
        "TransportError",
    ]
    assert all(hasattr(sayso, name) for name in sayso.__all__)


def test_every_public_name_says_what_it_is() -> None:
    for name in sayso.__all__:
        assert inspect.getdoc(getattr(sayso, name)), name


@pytest.mark.parametrize("error", [sayso.ConfigurationError, sayso.TransportError, InvalidEvent, Withheld])
def test_every_error_is_one_of_ours(error: type[Exception]) -> None:
    assert issubclass(error, sayso.SaysoError)


@pytest.mark.parametrize("value", [sayso.Prompt("p", "t", "v"), sayso.Limits(), sayso.Response(200)])
def test_values_cannot_be_changed(value: Any) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(value, dataclasses.fields(value)[0].name, "other")


@pytest.mark.parametrize(
    "url",
    [
        None,
        8710,
        b"http://localhost",
        "",
        "localhost:8710",
        "ftp://localhost",
        "http://",
        "http://localhost:port",
        "http://local\nhost",
        "http://localhost/\ud800",
    ],
)
def test_a_url_that_cannot_be_one_says_what_one_looks_like(url: Any) -> None:
    with pytest.raises(sayso.ConfigurationError, match="http://localhost:8710"):
        sayso.Client(url, "sk_1")


@pytest.mark.parametrize("key", [None, b"sk_1", 1, "", " ", "sk_a b", "sk_ü", "sk_\x00"])
def test_a_key_that_cannot_be_one_is_never_printed(key: Any) -> None:
    with pytest.raises(sayso.ConfigurationError, match="sayso keys create") as error:
        sayso.Client("http://localhost:8710", key)
    assert not isinstance(key, str) or not key.strip() or key not in str(error.value)


def test_a_client_does_not_show_its_key() -> None:
    client = sayso.Client("http://localhost:8710/", "sk_secret\n")
    assert repr(client) == "Client(HttpTransport('http://localhost:8710/v1/events'))"
    client.close(0)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("events", 0),
        ("events", 1.5),
        ("bytes", 0),
        ("batch_events", 0),
        ("batch_events", 201),
        ("batch_events", "10"),
        ("batch_events", True),
        ("batch_bytes", 0),
        ("linger", -1),
        ("linger", float("nan")),
        ("spool_bytes", -1),
        ("exit_budget", -1),
        ("exit_budget", None),
    ],
)
def test_a_limit_that_cannot_be_one_says_what_can(name: str, value: Any) -> None:
    with pytest.raises(sayso.ConfigurationError, match=f"{name}=.* Give a number of"):
        sayso.Limits(**{name: value})


def test_every_limit_has_its_bounds() -> None:
    assert {field.name for field in dataclasses.fields(sayso.Limits)} == set(BOUNDS)


@pytest.mark.parametrize(
    ("name", "value", "instead"),
    [
        ("transport", 3, "send and close"),
        ("transport", MemoryTransport, "send and close"),
        ("enabled", "no", "True or False"),
        ("enabled", None, "True or False"),
        ("now", None, "a function"),
        ("new_id", "018f", "a function"),
        ("limits", {"events": 3}, r"sayso\.Limits"),
        ("spool_dir", 3, "path of a folder"),
        ("spool_dir", b"spool", "path of a folder"),
        ("spool_dir", "", "path of a folder"),
        ("spool_dir", "a\0b", "path of a folder"),
        ("redact", "x", "a function"),
        ("before_send", 3, "a function"),
        ("on_error", [], "a function"),
        ("on_drop", True, "a function"),
        ("sample", 0.5, "exposure"),
        ("sample", "exposure", "exposure"),
        ("text", "False", "True or False"),
        ("text", 0, "True or False"),
        ("sync", None, "True or False"),
    ],
)
def test_an_argument_that_cannot_be_one_says_what_can(name: str, value: Any, instead: str) -> None:
    """When the client is made, and also where it is disabled: the next deployment enables it."""
    for others in ({"transport": MemoryTransport()}, {"enabled": False}):
        with pytest.raises(sayso.ConfigurationError, match=f"given {name} of type .* Give .*{instead}"):
            sayso.Client(**{**others, name: value})


def test_every_argument_is_in_the_table() -> None:
    named = set(inspect.signature(sayso.Client).parameters) - {"options"}
    assert set(ARGUMENTS) == named | set(Options.__annotations__)


@pytest.mark.parametrize("others", [{"transport": MemoryTransport()}, {"enabled": False}])
def test_what_needs_no_url_and_no_key_takes_none(others: dict[str, Any]) -> None:
    """As `os.environ.get` returns it."""
    missing: Any = None
    assert sayso.Client(missing, missing, **others).close()
