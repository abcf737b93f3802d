"""What a team is told, through real webhooks, from what really landed: once, and again only when something changed."""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from integration.alerts.receiver import Receiver, receiving
from integration.analysis.history import NOW, History
from sayso_ingest.alerts import Told, read_rules, tell
from sayso_ingest.alerts.delivery import post
from sayso_ingest.warehouse import Published

RULES = """
[webhooks.team]
url_env = "TEAM"
format = "slack"

[webhooks.bot]
url_env = "BOT"

[[rules]]
name = "Not liked"
view = "prompt_versions"
by = ["prompt_name", "prompt_version"]
figure = "up_rate"
below = 0.7
where = {name = ""}
to = ["team", "bot"]
"""
DIGEST = '\n[digest]\nto = ["team"]\n'


class Project:
    """A project, and who is told about it."""

    def __init__(self, folder: Path, team: Receiver, bot: Receiver) -> None:
        self.folder = folder
        self.team, self.bot = team, bot
        self.rules(RULES)

    def rules(self, text: str) -> None:
        (self.folder / "alerts.toml").write_text(text)

    def run(self, now: datetime) -> Told:
        rules = read_rules(self.folder, secret={"TEAM": self.team.url, "BOT": self.bot.url}.get)
        with Published.open(self.folder) as copy:
            return tell(
                copy,
                self.folder,
                rules,
                console="http://console.example",
                now=now,
                post=partial(post, backoff=0),
            )


def _thumbs(history: History, version: str, up: int, *, count: int = 40) -> None:
    target = f"of {version}"
    history.answer(target, version=version)
    for number in range(count):
        history.thumb(target, f"person {number}", "up" if number < up else "down", why=["wrong"])


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> History:
    history = History(tmp_path_factory.mktemp("landed") / "helpdesk")
    _thumbs(history, "v1", 36)
    _thumbs(history, "<!channel>", 8)
    history.publish().close()
    return history


@pytest.fixture
def project(tmp_path: Path, landed: History) -> Iterator[Project]:
    with receiving() as team, receiving() as bot:
        folder = tmp_path / "helpdesk"
        shutil.copytree(landed.folder, folder)
        yield Project(folder, team, bot)


def test_what_is_surely_past_its_threshold_is_told_with_its_figure_and_a_link(project: Project) -> None:
    assert project.run(NOW).problems == []
    [slack], [plain] = project.team.bodies, project.bot.bodies
    link = "http://console.example/questions/prompt_versions"
    assert slack["text"] == (
        "sayso, project helpdesk\n"
        "• Not liked: prompt_name reply, prompt_version &lt;!channel&gt;: share of thumbs up is 20.0% "
        f"(95 % interval 10.4% to 35.0%, 40 people), below 70.0%.\n{link}"
    )
    [alert] = plain["alerts"]
    assert (plain["kind"], alert["state"], alert["link"]) == ("alerts", "began", link)
    assert alert["group"] == {"prompt_name": "reply", "prompt_version": "<!channel>"}
    assert (alert["value"], alert["below"], alert["people"]) == (0.2, 0.7, 40)
    assert alert["high"] < alert["near_end"] < 0.7


def test_it_is_told_once_however_often_it_is_looked_at(project: Project) -> None:
    for hours in (0, 1, 24, 48):
        project.run(NOW + timedelta(hours=hours))
    assert len(project.team.bodies) == len(project.bot.bodies) == 1


def test_nothing_is_posted_where_nothing_is_past_its_threshold(project: Project) -> None:
    project.rules(RULES.replace("0.7", "0.1"))
    assert project.run(NOW) == Told()
    assert project.team.bodies == []


def test_a_webhook_that_was_down_is_told_by_a_later_run_and_the_others_are_not_told_again(
    project: Project,
) -> None:
    project.team.statuses = [500] * 4
    [problem] = project.run(NOW).problems
    assert problem == "Webhook team answers 500. It is tried again next time."
    assert project.run(NOW + timedelta(minutes=15)).posted == ["Posted to webhook team: alerts."]
    assert len(project.bot.bodies) == 1


def test_the_end_of_an_alarm_is_told_once(project: Project, landed: History) -> None:
    project.run(NOW)
    later = landed.at(project.folder)
    for number in range(40):  # the same people think again
        later.thumb("of <!channel>", f"person {number}", "up" if number < 38 else "down", day=1)
    later.publish().close()
    for day in (1, 2):
        project.run(NOW + timedelta(days=day))
    states = [alert["state"] for body in project.bot.bodies for alert in body["alerts"]]
    assert states == ["began", "ended"]
    assert "no longer below 70.0%" in project.team.bodies[-1]["text"]
    assert json.loads((project.folder / "alerts.json").read_text())["alarms"] == []


def test_new_figures_are_looked_at_once_a_day(project: Project) -> None:
    project.rules(RULES.replace("0.7", "0.1"))
    project.run(NOW)
    project.rules(RULES)
    assert project.run(NOW + timedelta(hours=1)).posted == []
    assert len(project.run(NOW + timedelta(days=1)).posted) == 2


def test_what_was_told_is_kept_for_its_owner_alone(project: Project) -> None:
    project.run(NOW)
    assert stat.S_IMODE((project.folder / "alerts.json").stat().st_mode) == 0o600


def test_of_few_people_nothing_is_told(tmp_path: Path) -> None:
    history = History(tmp_path)
    _thumbs(history, "v1", 0, count=19)
    history.publish().close()
    with receiving() as team, receiving() as bot:
        assert Project(tmp_path, team, bot).run(NOW).posted == []


def test_the_digest_of_a_week_comes_once_after_its_end(project: Project) -> None:
    """NOW is a Sunday."""
    project.rules(RULES.replace("0.7", "0.1") + DIGEST)
    assert project.run(NOW).posted == []
    monday = NOW + timedelta(days=1)
    assert project.run(monday).posted == ["Posted to webhook team: digest."]
    assert project.run(monday + timedelta(days=3)).posted == []
    [digest] = project.team.bodies
    assert digest["text"].splitlines() == [
        "sayso, project helpdesk, week of 23 February 2026",
        "• 80 thumbs by 40 people, 55.0% of them up (95 % interval 44.1% to 65.4%). "
        "Nobody gave one in the week before.",
        "• Picked most by those who did not like an answer: wrong (32 people).",
        "http://console.example",
    ]


def test_a_week_in_which_nobody_said_anything_has_no_digest(project: Project) -> None:
    project.rules(RULES.replace("0.7", "0.1") + DIGEST)
    assert project.run(NOW + timedelta(days=30)).posted == []
