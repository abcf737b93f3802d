"""Looking at the rules, and telling what is new."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from sayso_ingest.alerts import delivery
from sayso_ingest.alerts.digest import digest, last_monday
from sayso_ingest.alerts.firing import Judged, judge
from sayso_ingest.alerts.memory import FILE, Alarm, Memory, recall, remember
from sayso_ingest.alerts.reading import read, resolved
from sayso_ingest.alerts.rules import Rules, Webhook
from sayso_ingest.alerts.wording import for_programs, for_slack, link, message
from sayso_ingest.private_file import locked
from sayso_ingest.warehouse import Published

Post = Callable[[Webhook, bytes], str | None]


@dataclass(slots=True)
class Told:
    """What was posted, and what could not be."""

    posted: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def look(copy: Published, rules: Rules) -> list[Judged]:
    """Read and judge every group of every rule, in the order of the file.

    Raises:
        UsageError: a rule asks for what its view does not have.
    """
    return judge([one for rule in rules.rules for one in read(copy, rule)])


def tell(
    copy: Published,
    project_folder: Path,
    rules: Rules,
    *,
    console: str,
    now: datetime,
    post: Post = delivery.post,
) -> Told:
    """Look at the rules if that was not done today, post what each webhook does not know yet, and remember it.

    Two that tell at once wait for each other. What could not be posted is tried again by the next one.

    Raises:
        UsageError: a rule asks for what its view does not have.
    """
    for rule in rules.rules:  # also where nobody looks today: who mistyped one learns it now
        resolved(rule)
    told = Told()
    with locked(project_folder / FILE):
        memory = recall(project_folder)
        if memory.looked != now.date():
            memory = memory.after_look(look(copy, rules), now=now)
            remember(project_folder, memory)
        teller = _Teller(project_folder.name, rules, rules.console or console, post, told)
        for name in rules.webhooks:
            memory = teller.alarms(memory, name)
            remember(project_folder, memory)
        monday = last_monday(now)
        waiting = [
            name for name in (rules.digest.to if rules.digest else ()) if memory.digests.get(name) != monday
        ]
        lines = digest(copy, monday) if waiting else []
        for name in waiting:
            memory = teller.digest(memory, name, monday, lines)
            remember(project_folder, memory)
        listeners = {rule.name: rule.to for rule in rules.rules}
        if (left := memory.without_settled(listeners)) != memory:
            remember(project_folder, left)
    return told


@dataclass(frozen=True, slots=True)
class _Teller:
    """Puts messages together and posts them."""

    project: str
    rules: Rules
    console: str
    post: Post
    told: Told

    def alarms(self, memory: Memory, name: str) -> Memory:
        """Post what a webhook does not know of the alarms, in one message."""
        heard = {rule.name for rule in self.rules.rules if name in rule.to}
        news = [alarm.news_for(name) if alarm.key[0] in heard else None for alarm in memory.alarms]
        about = [alarm for alarm, change in zip(memory.alarms, news, strict=True) if change]
        if not about:
            return memory
        text = message(f"sayso, project {self.project}", [one.text for one in about], to=self._link(about))
        alerts = [self._for_programs(alarm) for alarm in about]
        if not self._post(name, text, "alerts", alerts=alerts):
            return memory
        alarms = tuple(
            msgspec.structs.replace(alarm, told=alarm.told | {name: change}) if change else alarm
            for alarm, change in zip(memory.alarms, news, strict=True)
        )
        return msgspec.structs.replace(memory, alarms=alarms)

    def digest(self, memory: Memory, name: str, monday: date, lines: Sequence[str]) -> Memory:
        """Post the digest of a week in which something was said."""
        if lines:
            standing = [alarm for alarm in memory.alarms if alarm.ended is None]
            stands = [f"Still so since {alarm.began:%d %B}: {alarm.text}" for alarm in standing]
            title = f"sayso, project {self.project}, week of {monday:%d %B %Y}"
            text = message(title, [*lines, *stands], to=self.console)
            if not self._post(name, text, "digest", week=monday.isoformat(), lines=list(lines)):
                return memory
        return msgspec.structs.replace(memory, digests=memory.digests | {name: monday})

    def _for_programs(self, alarm: Alarm) -> dict[str, Any]:
        state = "began" if alarm.ended is None else "ended"
        name = "\0".join([self.project, *alarm.key, alarm.began.isoformat(), state])
        return {
            "id": sha256(name.encode()).hexdigest()[:32],
            "state": state,
            "began": alarm.began.isoformat(),
            "ended": alarm.ended.isoformat() if alarm.ended else None,
            "sentence": alarm.text,
            "link": link(self.console, alarm.figures["view"]),
            **alarm.figures,
        }

    def _link(self, about: Sequence[Alarm]) -> str:
        views = dict.fromkeys(alarm.figures["view"] for alarm in about)
        return "\n".join(link(self.console, view) for view in views)

    def _post(self, name: str, text: str, kind: str, **more: Any) -> bool:
        webhook = self.rules.webhooks[name]
        plain = for_programs(kind, self.project, text, **more)
        problem = self.post(webhook, for_slack(text) if webhook.format == "slack" else plain)
        if problem is None:
            self.told.posted.append(f"Posted to webhook {name}: {kind}.")
        else:
            self.told.problems.append(f"Webhook {name} {problem}. It is tried again next time.")
        return problem is None
