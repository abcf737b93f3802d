"""`sayso alerts`, as it is typed and as cron runs it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from integration.alerts.receiver import SECRET, Receiver, receiving
from integration.analysis.history import History
from sayso_ingest import cli

RULE = """
[[rules]]
name = "Not liked"
view = "prompt_versions"
by = ["prompt_version"]
figure = "up_rate"
below = 0.7
to = ["bot"]
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    history = History(folder / "default")
    for version, liked in (("v1", 36), ("v2", 8)):
        history.answer(version, version=version)
        for number in range(40):
            history.thumb(version, f"person {number}", "up" if number < liked else "down")
    history.publish().close()
    return folder


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as server:
        yield server


def _alerts(data: Path, url: str, *words: str, rule: str = RULE) -> int:
    file = data / "default" / "alerts.toml"
    file.write_text(f'[webhooks.bot]\nurl = "{url}"\n{rule}')
    file.chmod(0o600)
    (data / "default" / "alerts.json").unlink(missing_ok=True)
    return cli.run(["alerts", *words, "--data", str(data)])


def test_check_says_of_each_group_whether_it_would_fire_and_posts_nothing(
    data: Path, receiver: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _alerts(data, receiver.url, "check", "--format", "json") == 1
    rows = json.loads(capsys.readouterr().out)
    assert [(row["group"], row["value"], row["threshold"], row["fires"]) for row in rows] == [
        ("v1", 0.9, "below 0.7", False),
        ("v2", 0.2, "below 0.7", True),
    ]
    assert receiver.bodies == []


def test_check_ends_with_0_where_nothing_would_fire(data: Path, receiver: Receiver) -> None:
    assert _alerts(data, receiver.url, "check", rule=RULE.replace("0.7", "0.1")) == 0


def test_send_posts_and_says_so_without_the_address(
    data: Path, receiver: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _alerts(data, receiver.url, "send") == 0
    assert capsys.readouterr().err == "Posted to webhook bot: alerts.\n"
    assert [alert["link"] for alert in receiver.bodies[0]["alerts"]] == [
        "http://127.0.0.1:8711/questions/prompt_versions"
    ]


def test_send_ends_with_1_where_a_webhook_refuses(
    data: Path, receiver: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    receiver.statuses = [403]
    assert _alerts(data, receiver.url, "send") == 1
    said = capsys.readouterr().err
    assert "Webhook bot answers 403." in said and SECRET not in said


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            '"prompt_versions"',
            '"prompt_version"',
            "there is no view 'prompt_version'. There are: prompt_versions",
        ),
        ('"up_rate"', '"up"', "no figure with an interval 'up'. There are: up_rate"),
        ('["prompt_version"]', '["version"]', "has no column 'version'. There are: prompt_version"),
        ('["prompt_version"]', '["name"]', "has several rows for ''. Name more columns"),
        ('"prompt_versions"', '"inbox"', "no figure of inbox has an interval"),
    ],
)
def test_a_rule_that_does_not_fit_its_view_is_wrong_usage(
    data: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, says: str
) -> None:
    assert _alerts(data, "https://h.example", "check", rule=RULE.replace(old, new)) == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize("command", ["check", "send"])
def test_a_project_that_is_not_there_is_said_before_any_rules(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert cli.run(["alerts", command, "--data", str(tmp_path), "--project", "nope"]) == 1
    assert "There is no project nope" in capsys.readouterr().err


def test_a_rule_that_was_mistyped_after_the_look_of_the_day_is_said_by_the_next_run(
    data: Path, receiver: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _alerts(data, receiver.url, "send") == 0
    file = data / "default" / "alerts.toml"
    file.write_text(file.read_text().replace('"up_rate"', '"up"'))
    assert cli.run(["alerts", "send", "--data", str(data)]) == 2
    assert "no figure with an interval 'up'" in capsys.readouterr().err
