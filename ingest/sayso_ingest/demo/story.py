"""The story that `sayso demo` tells: send, land, ask, mine, and check every event against the ledger."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Protocol

from sayso_ingest.demo import questions
from sayso_ingest.demo.bad_input import bad_requests
from sayso_ingest.demo.command_line import CommandLine
from sayso_ingest.demo.comparison import Comparison, Landed, compare
from sayso_ingest.demo.generator import Plan, plan
from sayso_ingest.demo.ledger import Ledger
from sayso_ingest.demo.service import running_service
from sayso_ingest.demo.traffic import Door, send_bad_input, send_plan
from sayso_ingest.errors import SaysoError

PROJECT = "default"
_LAND_WITHIN = 120.0
_POLL = 0.2
_DIFFERENCES_SHOWN = 20
_CANDIDATES_QUOTED = 3


class Stage(Protocol):
    """Where the story is told. Commands print their results themselves."""

    def heading(self, text: str) -> None:
        """Begin a chapter."""

    def say(self, text: str) -> None:
        """Say a paragraph."""

    def result(self, text: str, *, good: bool) -> None:
        """Say how it ended, in one line."""

    def command(self, text: str) -> None:
        """Show a command that is run now."""

    def progress(self, what: str, done: int, total: int) -> None:
        """Show how far long work is; called again and again, also from other threads."""


@dataclass(frozen=True, slots=True)
class Told:
    """How it ended: what was sent, and how far what landed agrees."""

    ledger: Ledger
    comparison: Comparison


def tell(
    data: Path,
    stage: Stage,
    *,
    seed: int,
    interactions: int,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Told:
    """Tell the whole story in an empty folder.

    Raises:
        SaysoError: the service did not start, or an event could not be delivered or landed.
    """
    planned = plan(seed, interactions=interactions, until=now())
    story = _Story(data, stage)
    stage.heading("Two weeks at a help desk")
    stage.say(
        f"{planned.interactions:,} answers of an assistant with two prompt versions, v1 and v2, and what people "
        f"said about them: {len(planned.actions):,} events, drawn with seed {seed}."
    )
    ledger = Ledger()
    with running_service(data) as url:
        story.send(
            planned, Door(url, _service_key(data), story.new_browser_key()), ledger, seed=seed, now=now()
        )
        story.wait_until_landed()
        story.ask()
        story.mine()
        comparison = check(data, ledger, stage)
    topics = ", ".join(planned.worse_topics)
    stage.say(f"What the seed had drawn: {planned.worse_version} is worse on {topics}, and nowhere else.")
    return Told(ledger, comparison)


def check(data: Path, ledger: Ledger, stage: Stage) -> Comparison:
    """Compare what is published in a folder with the ledger, and say every difference.

    Raises:
        SaysoError: nothing is published there.
    """
    commands = CommandLine(data)
    landed = Landed(
        events=commands.rows("sql", questions.EVENTS),
        verdicts=commands.rows("sql", questions.VERDICTS),
        rejects=commands.rows("sql", questions.REJECTS),
    )
    comparison = compare(ledger, landed)
    stage.heading("Has every event landed, exactly once?")
    stage.result(comparison.summary, good=comparison.agrees)
    for difference in comparison.differences[:_DIFFERENCES_SHOWN]:
        stage.say(f"- {difference}")
    if len(comparison.differences) > _DIFFERENCES_SHOWN:
        stage.say(f"and {len(comparison.differences) - _DIFFERENCES_SHOWN:,} differences more")
    return comparison


class _Story:
    """The chapters, one method each."""

    def __init__(self, data: Path, stage: Stage) -> None:
        self._data = data
        self._commands = CommandLine(data)
        self._stage = stage

    def new_browser_key(self) -> str:
        """Make a publishable key for pages on this machine."""
        return self._commands.line("keys", "create", "--kind", "pk", "--origin", "loopback")

    def send(self, planned: Plan, door: Door, ledger: Ledger, *, seed: int, now: datetime) -> None:
        """Send the plan and the bad input."""
        self._stage.say(f"Sending them with the SDK to a real `sayso serve` at {door.url} ...")
        total, began = len(planned.actions), time.monotonic()
        counted = _Counted(lambda done: self._stage.progress("sending", done, total))
        send_plan(planned.actions, door, ledger=ledger, tick=counted)
        rounds = max(1, planned.interactions // 600)
        send_bad_input(bad_requests(seed, rounds=rounds, now=now), door, ledger=ledger)
        repeats = sum(action.repeats for action in planned.actions)
        self._stage.say(
            f"All are acknowledged after {time.monotonic() - began:.1f} s; {repeats:,} were sent twice, as after a "
            f"broken connection, and {sum(ledger.refusals.values())} bad ones by broken clients."
        )

    def wait_until_landed(self) -> None:
        """Wait until nothing of the log is missing in the published copy.

        Raises:
            SaysoError: it takes too long.
        """
        deadline = time.monotonic() + _LAND_WITHIN
        most = 0
        while time.monotonic() < deadline:
            (status,) = self._commands.rows("status", "--log", "sqlite")
            if status["waiting"] == 0:
                return
            most = max(most, status["waiting"] or 0)
            self._stage.progress("landing", most - (status["waiting"] or most), most)
            time.sleep(_POLL)
        raise SaysoError(
            f"After {_LAND_WITHIN:.0f} s some events have not landed: {self._commands.spell('status')}"
        )

    def ask(self) -> None:
        """Ask what an analyst would ask."""
        for step in questions.ASKED:
            self._take(step)

    def mine(self) -> None:
        """Make an eval set and a file for training, as a prompt engineer would."""
        for step in questions.MINED:
            self._take(step)
            if step.into:
                self._peek(self._data / step.into)

    def _take(self, step: questions.Step) -> None:
        words = [word.format(data=self._data) for word in step.command]
        into = self._data / step.into if step.into else None
        self._stage.heading(step.title)
        self._stage.command(self._commands.spell(*words) + (f" > {into}" if into else ""))
        self._commands.show(*words, into=into)
        if step.note:
            self._stage.say(step.note)

    def _peek(self, candidates: Path) -> None:
        """Quote the first candidates, for all of them with all of their columns are too much to look at."""
        with candidates.open(encoding="utf-8") as lines:
            for line in islice(lines, _CANDIDATES_QUOTED):
                row = json.loads(line)
                self._stage.say(f"- {row['input']}")
                self._stage.say(f"  {row['reason']}")


class _Counted:
    """Adds up ticks of several threads and passes on the sum."""

    def __init__(self, show: Callable[[int], None]) -> None:
        self._show = show
        self._done = 0

    def __call__(self, more: int) -> None:
        self._done += more
        self._show(self._done)


def _service_key(data: Path) -> str:
    return (data / PROJECT / "service.key").read_text().strip()
