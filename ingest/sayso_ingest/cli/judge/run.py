"""One run of judges: what was drawn is judged, or only counted."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from sayso_ingest.cli.asking import say_estimate
from sayso_ingest.cli.judge.drawing import Sampling, drawn
from sayso_ingest.cli.judge.sender import Sender
from sayso_ingest.cli.judge.tally import Tally
from sayso_ingest.cli.options import say
from sayso_ingest.cli.sending import delivering, progress
from sayso_ingest.errors import ModelUnavailable
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.judge import Asking, Graded, Material, Rubric
    from sayso_ingest.mining import Query
    from sayso_ingest.models import Budget, ChatModel

TOKENS_OUT = 120
"""What an answer with its rationale has, about."""

Job = tuple["ChatModel", "Material"]


class Run:
    """Which models judge, by which rubric."""

    def __init__(
        self, settings: Settings, rubric: Rubric, asking: Asking, models: Sequence[ChatModel], budget: Budget
    ) -> None:
        self._settings = settings
        self._rubric = rubric
        self._asking = asking
        self._models = {model.name: model for model in models}
        self._budget = budget
        self._uncompared: dict[str, int] = {}

    def judge(
        self, sampling: Sampling, *, concurrency: int, url: str | None, stopped: threading.Event
    ) -> list[str]:
        """Judge what was drawn, say what came of it, however it ended, and return the ids of what was taken.

        Raises:
            ModelError: the endpoint answers nothing.
        """
        tally = Tally()
        try:
            self._judge(sampling, tally, concurrency=concurrency, url=url, stopped=stopped)
        finally:
            tally.tell(self._budget)
            self._tell_uncompared()
        if tally.is_incomplete and not tally.made:
            raise ModelUnavailable("Nothing was judged: no answer of the endpoint was one.")
        return tally.taken

    def _judge(
        self, sampling: Sampling, tally: Tally, *, concurrency: int, url: str | None, stopped: threading.Event
    ) -> None:
        """Judge, and send what comes of it while it goes on."""
        from sayso_ingest.judge import read_sent
        from sayso_ingest.models import together
        from sayso_ingest.warehouse import Published, home_of

        with Published.open(home_of(self._settings)) as published:
            drawing = drawn(published.query, sampling, self._rubric, self._asking, list(self._models))
            jobs = self._jobs(published.query, drawing.todo)
            with (
                delivering(self._settings, url) as deliverer,
                progress(sum(map(len, drawing.todo.values()))) as advance,
            ):
                sender = Sender(deliverer, drawing, tally)
                done = together(jobs, self._one, at_once=concurrency, stopped=stopped)
                with closing(done), sender:
                    for made, at in read_sent(published.query, drawing.likelier):
                        sender.send_again(made, at=at)
                    for (_, material), graded in done:
                        sender.take(material, graded)
                        advance(1)

    def _one(self, job: Job) -> Graded:
        from sayso_ingest.judge import judge

        model, material = job
        return judge(model, self._rubric, material, self._asking)

    def estimate(self, sampling: Sampling) -> None:
        """Say how many calls there would be, with about how many tokens, and what they would cost."""
        from sayso_ingest.judge import questions
        from sayso_ingest.warehouse import Published, home_of

        with Published.open(home_of(self._settings)) as published:
            drawing = drawn(published.query, sampling, self._rubric, self._asking, list(self._models))
            asked = (
                (model, asked.question)
                for model, material in self._jobs(published.query, drawing.todo)
                for asked in questions(self._rubric, material, self._asking)
            )
            say_estimate(asked, self._budget, written=TOKENS_OUT)
        self._tell_uncompared()

    def _jobs(self, query: Query, todo: Mapping[str, Sequence[str]]) -> Iterator[Job]:
        from sayso_ingest.judge import read_materials

        for name, model in self._models.items():
            for material in read_materials(query, todo[name]):
                if not self._asking.pairs:
                    yield model, material
                elif len(material.candidates) > 1:
                    self._uncompared[material.target] = material.uncompared
                    yield model, material

    def _tell_uncompared(self) -> None:
        from sayso_ingest.judge import COMPARED

        of = [count for count in self._uncompared.values() if count]
        if of:
            say(
                f"{sum(of):,} candidates of {len(of):,} interactions are not compared: of each it is the chosen one "
                f"and the first others, {COMPARED} at most."
            )
