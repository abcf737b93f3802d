"""One run that writes cases: a model is asked for some from each source, or the calls are only counted."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING, TypeAlias

import click

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
        from sayso_ingest.models import Usage, estimated_tokens

        known, usage, new = 0, Usage(), 0
        for place in range(len(self._sources)):
            asked = self._question(place)
            if self._model.is_known(asked):
                known += 1
            else:
                new += 1
                usage = Usage(usage.tokens_in + estimated_tokens(asked), usage.tokens_out + asked.max_tokens)
        cost = f", at most {budget.price.of(usage):,.2f} in money" if budget.price else ""
        click.echo(
            f"{new:,} calls ({known:,} more are answered already) for up to {self._per * (new + known):,} "
            f"cases, about {usage.tokens_in:,} tokens to read and at most {usage.tokens_out:,} to write{cost}. "
            "Nothing was asked."
        )

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
