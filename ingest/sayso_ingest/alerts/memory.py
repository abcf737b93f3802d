"""What was told: kept in alerts.json, so that nothing is told twice, and what could not be told is tried again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import msgspec

from sayso_ingest import private_file
from sayso_ingest.alerts.firing import Judged
from sayso_ingest.alerts.wording import figures, one_line, sentence
from sayso_ingest.errors import SaysoError

FILE = "alerts.json"
VERSION = 1
Change = Literal["began", "ended"]


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    """A group of a rule that is past its threshold, or was, until all who heard of it know that it is over."""

    key: tuple[str, ...]
    began: datetime
    ended: datetime | None = None
    text: str
    """The sentence about it when it began, or ended."""
    figures: dict[str, Any] = {}
    """The same for programs."""
    told: dict[str, Change] = {}
    """Webhook -> what it knows."""

    def news_for(self, webhook: str) -> Change | None:
        """What this webhook has still to be told; nobody hears of the end who never heard of the beginning."""
        known = self.told.get(webhook)
        if self.ended is None:
            return "began" if known is None else None
        return "ended" if known == "began" else None


class Memory(msgspec.Struct, frozen=True, kw_only=True):
    """All of alerts.json."""

    version: int = VERSION
    looked: date | None = None
    """The last day on which the rules were looked at, UTC."""
    alarms: tuple[Alarm, ...] = ()
    digests: dict[str, date] = {}
    """Webhook -> Monday of the last week whose digest it has."""

    def after_look(self, judged: Sequence[Judged], *, now: datetime) -> Memory:
        """What stands once the rules were looked at."""
        seen = {one.reading.key: one for one in judged}
        standing = {alarm.key for alarm in self.alarms if alarm.ended is None}
        kept = [_brought_forward(alarm, seen.get(alarm.key), now=now) for alarm in self.alarms]
        new = [
            Alarm(key=key, began=now, text=sentence(one), figures=figures(one))
            for key, one in seen.items()
            if one.fires and key not in standing
        ]
        return msgspec.structs.replace(self, looked=now.date(), alarms=(*kept, *new))

    def without_settled(self, listeners: dict[str, tuple[str, ...]]) -> Memory:
        """Forget what is over and known to be; `listeners` are the webhooks of each rule."""
        left = tuple(
            alarm
            for alarm in self.alarms
            if alarm.ended is None or any(alarm.news_for(to) for to in listeners.get(alarm.key[0], ()))
        )
        return msgspec.structs.replace(self, alarms=left)


def _brought_forward(alarm: Alarm, judged: Judged | None, *, now: datetime) -> Alarm:
    """An alarm ends when the figure itself is back, or its group or rule is gone."""
    if alarm.ended is not None or (judged is not None and not judged.over):
        return alarm
    if judged is None:
        gone = f"{alarm.key[0]}: {', '.join(map(one_line, alarm.key[1:]))} is not there any more."
        return msgspec.structs.replace(alarm, ended=now, text=gone)
    return msgspec.structs.replace(alarm, ended=now, text=sentence(judged), figures=figures(judged))


def recall(project_folder: Path) -> Memory:
    """Read what was told; nothing, where there is no such file.

    Raises:
        SaysoError: it cannot be read.
    """
    path = project_folder / FILE
    try:
        held = json.loads(path.read_bytes())
        if held["version"] != VERSION:
            raise SaysoError(f"{path} has version {held['version']}, this sayso reads {VERSION}. Upgrade it.")
        return msgspec.convert(held, type=Memory)
    except FileNotFoundError:
        return Memory()
    except (ValueError, KeyError, TypeError) as error:
        raise SaysoError(
            f"{path} is damaged ({type(error).__name__}). Remove it: what stands then is told once more."
        ) from error


def remember(project_folder: Path, memory: Memory) -> None:
    """Write it down, whole or not at all, for its owner alone."""
    private_file.replace(project_folder / FILE, msgspec.json.encode(memory).decode())
