"""A model that is asked by messages: `POST URL/chat/completions`, within a budget, and never twice the same."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from functools import partial
from typing import Final

from sayso_ingest.errors import ModelRefused, ModelUnavailable
from sayso_ingest.models.address import Address
from sayso_ingest.models.budget import Budget
from sayso_ingest.models.estimate import most_of, tokens_of
from sayso_ingest.models.form import Form, Question
from sayso_ingest.models.kept import KeptReplies, key_of
from sayso_ingest.models.line import ANSWER_TIMEOUT, BACKOFF, PATIENCE, Advice, Answer, Line, Send
from sayso_ingest.models.paid import paid
from sayso_ingest.models.reply import SETTLED, Outcome, Reply, Usage, read_reply, unaffordable
from sayso_ingest.models.streak import Streak
from sayso_ingest.models.streamed import put_together
from sayso_ingest.parsers import without_secrets

OF_THE_REQUEST = frozenset({400, 413, 422})
"""Statuses that say no to one request; any other would say it to each."""
HELD_BACK = ("content_filter", "content management policy", "content policy")
"""How endpoints say with 400 that a filter of theirs held a question back."""
_AGAIN = "That was not what was asked for: {problem}. Answer again, with one JSON object that fits and nothing else."


class ChatModel:
    """A model at an endpoint; many threads may ask it."""

    def __init__(
        self,
        at: Address,
        *,
        advice: Advice,
        key: str = "",
        kept: KeptReplies | None = None,
        budget: Budget | None = None,
        backoff: float = BACKOFF,
        answer_within: float = ANSWER_TIMEOUT,
        patience: float = PATIENCE,
        hung_up: threading.Event | None = None,
    ) -> None:
        """`kept` are replies of earlier runs; once `hung_up` is set nothing is asked, nor an endpoint waited for."""
        self._at: Final = at
        self._url: Final = at.at("chat/completions")
        self._hung_up: Final = hung_up or threading.Event()
        self._line: Final = Line(
            self._url,
            at.model,
            key=key,
            advice=advice,
            backoff=backoff,
            answer_within=answer_within,
            patience=patience,
            hung_up=self._hung_up,
        )
        self._kept: Final = kept
        self.budget: Final = budget or Budget()
        self._form = Form()
        self._streak: Final = Streak()

    @property
    def name(self) -> str:
        """The model's name, as its endpoint has it."""
        return self._at.model

    @property
    def endpoint(self) -> str:
        """The address of its endpoint, without a password or a key."""
        return without_secrets(self._at.url)

    def close(self) -> None:
        """Close every connection."""
        self._line.close()

    def is_known(self, asked: Question) -> bool:
        """Whether the reply is kept, so that asking costs nothing."""
        return self._kept is not None and self._kept.recall(self._key(asked)) is not None

    def ask(self, asked: Question) -> Reply:
        """Ask, or recall what was replied; what comes of it has a name in every case.

        Raises:
            ModelRefused: the endpoint would say no to anything (the key, the address, the model), or has so far.
            ModelUnavailable: it has not answered several calls in a row.
        """
        key = self._key(asked)
        known = self._kept.recall(key) if self._kept else None
        if known is not None:
            return known.shaped(asked.shape)
        reply = self._once(asked).shaped(asked.shape)
        if reply.outcome is Outcome.MALFORMED and reply.text:
            reply = self._once_more(reply, asked)
        if self._kept and reply.outcome in SETTLED:
            self._kept.keep(key, reply)
        return reply

    def _key(self, asked: Question) -> str:
        """Of the newest form, whichever the endpoint takes: what was kept is found before that is known."""
        return key_of(self._url, Form().payload(self._at.model, asked), asked.sample)

    def _once_more(self, first: Reply, asked: Question) -> Reply:
        said = [
            {"role": "assistant", "content": first.text},
            {"role": "user", "content": _AGAIN.format(problem=first.problem)},
        ]
        second = self._once(replace(asked, messages=[*asked.messages, *said])).shaped(asked.shape)
        if second.outcome in (Outcome.UNAFFORDABLE, Outcome.STOPPED):
            return replace(first, outcome=second.outcome, problem=second.problem)
        return replace(second, usage=_sum(first.usage, second.usage))

    def _once(self, asked: Question) -> Reply:
        try:
            reply = self._asked(asked)
            if reply.outcome is Outcome.MALFORMED and self._streak.failed():
                raise self._line.refused(f"does not answer as a model does: {reply.problem}")
            return reply
        except ModelUnavailable as error:
            if self._hung_up.is_set():
                return Reply(Outcome.STOPPED, problem=str(error))
            if self._streak.failed():
                raise
            return Reply(Outcome.UNAVAILABLE, problem=str(error))
        except ModelRefused as error:
            if error.status not in OF_THE_REQUEST:
                raise
            if any(words in error.said.lower() for words in HELD_BACK):
                return Reply(Outcome.FILTERED, problem="a filter of the endpoint held the question back")
            if not self._streak.has_answered and self._streak.failed():
                raise
            return Reply(Outcome.REFUSED, problem=str(error))

    def _asked(self, asked: Question) -> Reply:
        """Ask in the form that the endpoint takes, which it may have to say first."""
        attempt = partial(self._attempt, most_of(asked))
        while True:
            form = self._form
            try:
                return self._line.ask_by(attempt, form.payload(self._at.model, asked))
            except ModelRefused as error:
                other = form.without(error.said) if error.status in OF_THE_REQUEST else None
                if other is None:
                    raise
                self._form = other

    def _attempt(self, most: Usage, send: Send) -> Reply:
        """Make one attempt within the budget: whatever leaves this machine is counted."""
        reserve = self.budget.take(most)
        if reserve is None:
            return unaffordable()
        if self._hung_up.is_set():
            self.budget.give_back(reserve)
            return Reply(Outcome.STOPPED, problem="the run was stopped")
        with paid(self.budget, reserve) as attempt:
            reply = self._read(send(), most)
            attempt.usage = reply.usage
            if reply.outcome is not Outcome.MALFORMED:
                self._streak.answered()
            return reply

    def _read(self, answer: Answer, most: Usage) -> Reply:
        try:
            is_stream = "event-stream" in answer.content_type or answer.body.lstrip().startswith(b"data:")
            reply = read_reply(put_together(answer.body) if is_stream else json.loads(answer.body))
        except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
            problem = f"it is no JSON: {self._line.quoted(answer.body)}"
            reply = Reply(Outcome.MALFORMED, problem=problem, usage=Usage(known=False))
        except ValueError as error:
            problem = self._line.quoted(str(error).encode("utf-8", "replace"))
            reply = Reply(Outcome.MALFORMED, problem=problem, usage=Usage(known=False))
        if reply.usage.known:
            return reply
        return replace(reply, usage=replace(most, tokens_out=tokens_of(reply.text), cost=reply.usage.cost))


def _sum(one: Usage, other: Usage) -> Usage:
    costs = [usage.cost for usage in (one, other) if usage.cost is not None]
    return Usage(
        one.tokens_in + other.tokens_in,
        one.tokens_out + other.tokens_out,
        sum(costs) if costs else None,
        known=one.known and other.known,
    )
