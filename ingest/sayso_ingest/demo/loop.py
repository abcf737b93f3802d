"""Closing the loop: the prompts are run on the set that feedback built, one is mended, and the next day proves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sayso_ingest.demo.model.prompts import RUBRIC, prompt_texts
from sayso_ingest.demo.questions import EVAL_SET, Step
from sayso_ingest.demo.traffic.plan import PROMPT, Period, Plan, plan

FOLDER = "prompts"
NEXT_DAY = "v3"
"""The version that mends it, which production has from the next day on."""
_LANES = 100_000
"""Visits of the two weeks before are numbered below this."""
_EXPERIMENT = "mended-prompt"


@dataclass(frozen=True, slots=True)
class Loop:
    """The commands of the loop on one data folder, with the model that answers and judges."""

    data: Path
    model: str

    def write_prompts(self, worse_topics: Sequence[str]) -> None:
        """Write the prompts of all versions, and what a good answer is."""
        folder = self.data / FOLDER
        folder.mkdir(exist_ok=True)
        for version, text in prompt_texts(worse_topics).items():
            (folder / f"{version}.md").write_text(text, encoding="utf-8")
        (folder / "good.md").write_text(RUBRIC, encoding="utf-8")

    @property
    def before(self) -> tuple[Step, ...]:
        """Up to the decision which prompt ships."""
        return (
            self._run(
                "v1", "Does that set tell the two prompts apart, as people do? The first one answers it"
            ),
            self._run("v2", "And the one that people like less"),
            Step(
                "Would a gate before the release have held it back?",
                ("eval", "gate", f"{PROMPT}-v2", "--against", f"{PROMPT}-v1"),
                ends_with=1,
                note="It ends with 1: a pull request with that prompt would have failed.",
            ),
            self._run(NEXT_DAY, "Somebody mends the prompt"),
            Step(
                "Which cases changed, and how sure is that?",
                ("eval", "compare", f"{PROMPT}-v2", f"{PROMPT}-{NEXT_DAY}"),
            ),
            Step("And the gate?", ("eval", "gate", f"{PROMPT}-{NEXT_DAY}", "--against", f"{PROMPT}-v2")),
        )

    @property
    def after(self) -> tuple[Step, ...]:
        """Once people have said what they think of the mended prompt."""
        return (
            Step("Did people agree?", ("compare", "v2", NEXT_DAY, "--experiment", _EXPERIMENT)),
            Step("How well have runs foretold what people say?", ("eval", "standing")),
        )

    def next_day(self, before: Plan, *, seed: int, now: datetime) -> Plan:
        """Plan a day with as much traffic as before in two weeks, half of it answered with the mended prompt."""
        versions = ("v2", NEXT_DAY)
        period = Period(
            1, versions, before.worse_version, before.worse_topics, experiment=_EXPERIMENT, first_lane=_LANES
        )
        return plan(seed + 1, interactions=before.interactions, until=now, period=period)

    def _run(self, version: str, title: str) -> Step:
        folder = f"{{data}}/{FOLDER}"
        return Step(
            title,
            (
                *("eval", "run", "--set", EVAL_SET, "--prompt", f"{folder}/{version}.md"),
                *("--as", f"{PROMPT}@{version}", "--model", self.model, "--rubric", f"{folder}/good.md"),
            ),
        )
