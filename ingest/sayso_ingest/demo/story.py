"""The story that `sayso demo` tells: send, land, ask, mine, and check every event against the ledger."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
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


class Stage(Protocol):
    """Where the story is told. Commands print their results themselves."""

    def heading(self, text: str) -> None:
        """Begin a chapter."""

    def say(self, text: str) -> None:
        """Say a paragraph."""

    def command(self, text: str) -> None:
        """Show a command that is run now."""

    def progress(self, what: str, done: int, total: int) -> None:
        """Show how far long work is; called again and again, also from other threads."""


@dataclass(frozen=True, slots=True)
class Told:
    """How it ended."""

    comparison: Comparison
    plan: Plan


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
    story = _Story(CommandLine(data), stage)
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
        comparison = story.compare(ledger)
    story.reveal(planned)
    return Told(comparison, planned)


class _Story:
    """The chapters, one method each."""

    def __init__(self, commands: CommandLine, stage: Stage) -> None:
        self._commands = commands
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
        for question in questions.ASKED:
            self._stage.heading(question.title)
            self._show(*question.command)

    def mine(self) -> None:
        """Make an eval set and a file for training, as a prompt engineer would."""
        for step in questions.MINED:
            self._stage.heading(step.title)
            self._show(*step.command)

    def compare(self, ledger: Ledger) -> Comparison:
        """Compare what landed with the ledger, and say every difference."""
        self._stage.heading("Has every event landed, exactly once?")
        landed = Landed(
            events=self._commands.rows("sql", questions.EVENTS),
            verdicts=self._commands.rows("sql", questions.VERDICTS),
            rejects=self._commands.rows("sql", questions.REJECTS),
        )
        comparison = compare(ledger, landed)
        self._stage.say(comparison.summary)
        for difference in comparison.differences[:_DIFFERENCES_SHOWN]:
            self._stage.say(f"  {difference}")
        if len(comparison.differences) > _DIFFERENCES_SHOWN:
            self._stage.say(f"  and {len(comparison.differences) - _DIFFERENCES_SHOWN:,} differences more")
        return comparison

    def reveal(self, planned: Plan) -> None:
        """Say what the seed had drawn, to hold beside what the answers show."""
        topics = ", ".join(planned.worse_topics)
        self._stage.say(
            f"What the seed had drawn: {planned.worse_version} is worse on {topics}, and nowhere else."
        )

    def _show(self, *words: str) -> None:
        self._stage.command(self._commands.spell(*words))
        self._commands.show(*words)


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
