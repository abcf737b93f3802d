"""What alerts.toml may say."""

from __future__ import annotations

from pathlib import Path

import pytest
from sayso_ingest.alerts import exposed, read_rules
from sayso_ingest.alerts.rules import EXAMPLE
from sayso_ingest.errors import NotFound, UsageError

URL = "https://hooks.example.com/secret"


def _read(folder: Path, text: str, **environment: str) -> object:
    (folder / "alerts.toml").write_text(text)
    return read_rules(folder, secret=environment.get)


def test_the_example_is_a_file_of_rules(tmp_path: Path) -> None:
    _read(tmp_path, EXAMPLE, TEAM_WEBHOOK=URL)


def test_where_there_is_no_file_the_example_is_shown(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"below = 0\.7"):
        read_rules(tmp_path, secret={}.get)


def test_an_address_is_asked_for_where_something_is_to_be_sent(tmp_path: Path) -> None:
    (tmp_path / "alerts.toml").write_text(EXAMPLE)
    assert [rule.to for rule in read_rules(tmp_path, secret=None).rules] == [("team",)]
    with pytest.raises(UsageError, match="the environment has no TEAM_WEBHOOK"):
        read_rules(tmp_path, secret={}.get)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("below = 0.7", "", "'Fewer than seven of ten like it' needs one of above and below"),
        ("below = 0.7", "below = 0.7\nabove = 0.8", "needs one of above and below"),
        ("below = 0.7", 'below = "low"', r"rules\[0\].below"),
        ("below = 0.7", "blow = 0.7", "unknown field blow"),
        ('to = ["team"]', 'to = ["gone"]', "there is no webhook 'gone'. There are: team"),
        ('format = "slack"', 'format = "fax"', "webhooks"),
        ('url_env = "TEAM_WEBHOOK"', "", "'team' needs one of url and url_env"),
        ('url_env = "TEAM_WEBHOOK"', 'url_env = "GONE"', "the environment has no GONE"),
        ('view = "prompt_versions"', "", "missing required field view"),
        ("[webhooks.team]", "[webhooks.team", "no TOML"),
    ],
)
def test_what_cannot_be_is_said(tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        _read(tmp_path, EXAMPLE.replace(old, new), TEAM_WEBHOOK=URL)


@pytest.mark.parametrize("url", ["https://hooks.example.com/x", "http://127.0.0.1:99/x", "http://[::1]/x"])
def test_an_address_is_https_or_on_this_machine(tmp_path: Path, url: str) -> None:
    _read(tmp_path, EXAMPLE, TEAM_WEBHOOK=url)


@pytest.mark.parametrize(
    "url",
    ["http://hooks.example.com/x", "ftp://127.0.0.1/x", "https:///x", "https://h:port/x", "not-to-be-told"],
)
def test_any_other_address_is_refused_without_being_told(tmp_path: Path, url: str) -> None:
    with pytest.raises(UsageError, match="has to begin with https://") as refused:
        _read(tmp_path, EXAMPLE, TEAM_WEBHOOK=url)
    assert url not in str(refused.value)


def test_a_file_with_an_address_in_it_should_be_private(tmp_path: Path) -> None:
    rules = read_rules
    _read(tmp_path, EXAMPLE.replace('url_env = "TEAM_WEBHOOK"', f'url = "{URL}"'))
    file = tmp_path / "alerts.toml"
    file.chmod(0o644)
    assert "chmod 600" in (exposed(tmp_path, rules(tmp_path, secret={}.get)) or "")
    file.chmod(0o600)
    assert exposed(tmp_path, rules(tmp_path, secret={}.get)) is None
