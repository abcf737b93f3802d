"""The story that `sayso demo` tells: send, land, ask, mine, and check every event against the ledger."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Protocol

from sayso_ingest.demo import questions
from sayso_ingest.demo.command_line import PROJECT, CommandLine
from sayso_ingest.demo.loop import Loop
from sayso_ingest.demo.model.serve import running_model
from sayso_ingest.demo.proof.comparison import Comparison, Landed, compare
from sayso_ingest.demo.proof.ledger import Ledger
from sayso_ingest.demo.sending import Door, send_bad_input, send_plan
from sayso_ingest.demo.service import running_service
from sayso_ingest.demo.traffic.bad_input import bad_requests
from sayso_ingest.demo.traffic.plan import Plan, plan
from sayso_ingest.errors import SaysoError
from sayso_ingest.places import project_folder, service_key_file

_PUBLISHED_WITHIN = 120.0
_POLL = 0.2
A_DAY = timedelta(days=1)
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

    def progress(self, what: str, done: int, total: int | None) -> None:
        """Show how far long work is, if that is known; called again and again, also from other threads."""


def tell(
    data: Path,
    stage: Stage,
    *,
    seed: int,
    interactions: int,
    loop: bool = False,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Comparison:
    """Tell the whole story in an empty folder; with `loop` up to a better prompt, and the day after.

    Raises:
        SaysoError: the service did not start, an event could not be delivered or landed, or a command failed.
    """
    planned = plan(seed, interactions=interactions, until=now() - A_DAY * loop)
    stage.heading("Two weeks at a help desk")
    stage.say(
        f"{planned.interactions:,} answers of an assistant with two prompt versions, v1 and v2, and what people "
        f"said about them: {len(planned.actions):,} events, drawn with seed {seed}."
    )
    with running_service(data) as url:
        ledger = Ledger()
        deliver(planned, data, stage, url=url, seed=seed, now=now(), ledger=ledger)
        for step in questions.ASKED:
            _take(step, data, stage)
        for step in questions.MINED:
            _take(step, data, stage)
            if step.into:
                _peek(data / step.into, stage)
        if loop:
            _close(planned, data, stage, url=url, seed=seed, now=now, ledger=ledger)
        comparison = check(data, ledger, stage)
    _reveal(planned, data, stage)
    return comparison


def _close(
    planned: Plan,
    data: Path,
    stage: Stage,
    *,
    url: str,
    seed: int,
    now: Callable[[], datetime],
    ledger: Ledger,
) -> None:
    """Tell how the set that feedback built finds a better prompt, and what people say of it the day after."""
    with running_model() as model:
        loop = Loop(data, model)
        loop.write_prompts(planned.worse_topics)
        for step in loop.before:
            _take(step, data, stage)
        stage.heading("The day after")
        following = loop.next_day(planned, seed=seed, now=now())
        deliver(following, data, stage, url=url, seed=seed + 1, now=now(), ledger=ledger)
        for step in loop.after:
            _take(step, data, stage)


def deliver(
    planned: Plan, data: Path, stage: Stage, *, url: str, seed: int, now: datetime, ledger: Ledger
) -> None:
    """Send the plan, repeats and bad input, wait until all is published, and write the account of it in the ledger.

    Raises:
        SaysoError: an event could not be delivered or landed.
    """
    total, began = len(planned.actions), time.monotonic()
    browser_key = CommandLine(data).line("keys", "create", "--kind", "pk", "--origin", "loopback")
    door = Door(url, service_key_file(project_folder(data, PROJECT)).read_text().strip(), browser_key)
    stage.say(f"Sending them with the SDK to a real `sayso serve` at {url} ...")
    counted = _Counted(lambda done: stage.progress("sending", done, total))
    send_plan(planned.actions, door, ledger=ledger, tick=counted)
    rounds = max(1, planned.interactions // 600)
    send_bad_input(bad_requests(seed, rounds=rounds, now=now), door, ledger=ledger)
    repeats = sum(action.repeats for action in planned.actions)
    stage.say(
        f"All are acknowledged after {time.monotonic() - began:.1f} s. {repeats:,} were sent twice, as after a broken "
        f"connection; broken clients sent {sum(ledger.refusals.values())} bad ones beside."
    )
    _wait_until_published(data, stage)


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


def _wait_until_published(data: Path, stage: Stage) -> None:
    """Wait until nothing of the log is missing in the published copy."""
    commands = CommandLine(data)
    deadline = time.monotonic() + _PUBLISHED_WITHIN
    while commands.rows("status", "--log", "sqlite")[0]["waiting"] != 0:
        if time.monotonic() > deadline:
            raise SaysoError(
                f"After {_PUBLISHED_WITHIN:.0f} s some events have not landed: {commands.spell('status')}"
            )
        stage.progress("landing", 0, None)
        time.sleep(_POLL)


def _take(step: questions.Step, data: Path, stage: Stage) -> None:
    """Show and run one step."""
    commands = CommandLine(data)
    words = [word.format(data=data) for word in step.command]
    into = data / step.into if step.into else None
    stage.heading(step.title)
    stage.command(commands.spell(*words) + (f" > {into}" if into else ""))
    commands.show(*words, into=into, ends_with=step.ends_with)
    if step.note:
        stage.say(step.note)


def _reveal(planned: Plan, data: Path, stage: Stage) -> None:
    """Say what the seed had drawn, and how much of it the candidates show."""
    topics = ", ".join(planned.worse_topics)
    stage.say(f"What the seed had drawn: {planned.worse_version} is worse on {topics}, and nowhere else.")
    worse = planned.answered_worse
    with (data / questions.CANDIDATES).open(encoding="utf-8") as lines:
        picks = [json.loads(line)["target"] for line in lines]
    shown = sum(target in worse for target in picks)
    by_chance = len(picks) * len(worse) / planned.interactions
    stage.say(
        f"Of the {len(picks)} candidates {shown} are its answers to these topics; as many drawn at random would have "
        f"had about {by_chance:.0f}."
    )


def _peek(candidates: Path, stage: Stage) -> None:
    """Quote the first candidates, for all of them with all of their columns are too much to look at."""
    with candidates.open(encoding="utf-8") as lines:
        for line in islice(lines, _CANDIDATES_QUOTED):
            row = json.loads(line)
            stage.say(f'- "{row["input"]}"')
            stage.say(f"  why: {row['reason']}")


class _Counted:
    """Adds up ticks of several threads and passes on the sum."""

    def __init__(self, show: Callable[[int], None]) -> None:
        self._show = show
        self._done = 0
        self._lock = threading.Lock()

    def __call__(self, more: int) -> None:
        with self._lock:
            self._done += more
            self._show(self._done)
