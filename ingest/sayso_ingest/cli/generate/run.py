"""One run that writes cases: a model is asked for some from each source, or the calls are only counted."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING, TypeAlias

from sayso_ingest.cli.asking import say_estimate
from sayso_ingest.cli.generate.tally import Tally
from sayso_ingest.cli.sending import progress

if TYPE_CHECKING:
    from sayso_ingest.judge.writing import Source
    from sayso_ingest.models import Budget, ChatModel, OwnModel, Question, Reply

    Model: TypeAlias = ChatModel | OwnModel


class Run:
    """Which model writes how many cases, and from what."""

    def __init__(self, sources: Sequence[Source], model: Model, *, per: int, seed: int) -> None:
        self._sources = sources
        self._model = model
        self._per = per
        self._seed = seed

    def estimate(self, budget: Budget) -> None:
        """Say how many calls there would be, with about how many tokens, and what they would cost."""
        asked = ((self._model, self._question(place)) for place in range(len(self._sources)))
        most = self._per * len(self._sources)
        say_estimate(asked, budget, purpose=f" for up to {most:,} cases")

    def write(self, tally: Tally, *, at_once: int, stopped: threading.Event) -> None:
        """Have cases written; what was written before something fails is in the tally."""
        from sayso_ingest.models import together

        places = range(len(self._sources))
        with (
            progress(len(places)) as advance,
            closing(together(places, self._ask, at_once=at_once, stopped=stopped)) as done,
        ):
            for place, reply in done:
                tally.take(place, self._sources[place], reply, per=self._per)
                advance(1)

    def _ask(self, place: int) -> Reply:
        return self._model.ask(self._question(place))

    def _question(self, place: int) -> Question:
        from sayso_ingest.judge.writing import question_for

        return question_for(self._sources[place], count=self._per, seed=self._seed)
