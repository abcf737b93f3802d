"""A model that is asked by messages: `POST URL/chat/completions`, within a budget, and never twice the same."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from sayso_ingest.errors import ModelRefused, ModelUnavailable
from sayso_ingest.models.address import Address
from sayso_ingest.models.budget import Budget
from sayso_ingest.models.form import Form, Question
from sayso_ingest.models.kept import KeptReplies, key_of
from sayso_ingest.models.line import ANSWER_TIMEOUT, BACKOFF, PATIENCE, Advice, Answer, Line
from sayso_ingest.models.reply import KEPT, Outcome, Reply, Usage, read_reply
from sayso_ingest.models.streamed import put_together

OF_THE_REQUEST = frozenset({400, 413, 422})
"""Statuses that say no to one request; any other would say it to each."""
HELD_BACK = ("content_filter", "content management policy", "content policy")
"""How endpoints say with 400 that a filter of theirs held a question back."""
IN_A_ROW = 5
"""Calls without an answer, one after the other, after which the endpoint is held to be gone."""
BYTES_A_TOKEN = 3
"""Fewer than models read of most texts, so that an estimate is rather too high."""
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
        """`kept` are replies of earlier runs; `hung_up` ends the wait for an endpoint that is busy."""
        self._at: Final = at
        self._url: Final = f"{at.url}/chat/completions"
        self._line: Final = Line(
            self._url,
            at.model,
            key=key,
            advice=advice,
            backoff=backoff,
            answer_within=answer_within,
            patience=patience,
            hung_up=hung_up,
        )
        self._kept: Final = kept
        self.budget: Final = budget or Budget()
        self._form = Form()
        self._failed = 0

    @property
    def name(self) -> str:
        """The model's name, as its endpoint has it."""
        return self._at.model

    def close(self) -> None:
        """Close every connection."""
        self._line.close()

    def is_known(self, asked: Question) -> bool:
        """Whether the reply is kept, so that asking costs nothing."""
        return self._kept is not None and self._kept.recall(self._key(asked)) is not None

    def ask(self, asked: Question) -> Reply:
        """Ask, or recall what was replied; what comes of it has a name in every case.

        Raises:
            ModelRefused: the endpoint would say no to anything (the key, the address, the model).
            ModelUnavailable: it has not answered several calls in a row.
        """
        key = self._key(asked)
        known = self._kept.recall(key) if self._kept else None
        if known is not None:
            return self._shaped(known, asked)
        reply = self._shaped(self._once(asked), asked)
        if reply.outcome is Outcome.MALFORMED and reply.text:
            reply = self._once_more(reply, asked)
        if self._kept and reply.outcome in KEPT:
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
        second = self._shaped(self._once(replace(asked, messages=[*asked.messages, *said])), asked)
        if second.outcome is Outcome.UNAFFORDABLE:
            return first
        return replace(second, usage=_sum(first.usage, second.usage))

    def _once(self, asked: Question) -> Reply:
        most = Usage(estimated_tokens(asked), asked.max_tokens)
        reserve = self.budget.take(most)
        if reserve is None:
            return Reply(Outcome.UNAFFORDABLE, problem="the budget would not have held")
        usage = None
        try:
            reply = self._read(self._line_asked(asked), most)
            usage = reply.usage
            self._failed = 0
            return reply
        except ModelUnavailable as error:
            self._failed += 1
            if self._failed >= IN_A_ROW:
                raise
            return Reply(Outcome.UNAVAILABLE, problem=str(error))
        except ModelRefused as error:
            if error.status not in OF_THE_REQUEST:
                raise
            if any(words in error.said.lower() for words in HELD_BACK):
                return Reply(Outcome.FILTERED, problem="a filter of the endpoint held the question back")
            self._failed += 1
            if self._failed >= IN_A_ROW:
                raise
            return Reply(Outcome.REFUSED, problem=str(error))
        finally:
            self.budget.settle(reserve, usage)

    def _line_asked(self, asked: Question) -> Answer:
        while True:
            form = self._form
            try:
                return self._line.ask(form.payload(self._at.model, asked))
            except ModelRefused as error:
                other = form.without(error.said) if error.status in OF_THE_REQUEST else None
                if other is None:
                    raise
                self._form = other

    def _read(self, answer: Answer, most: Usage) -> Reply:
        try:
            is_stream = "event-stream" in answer.content_type or answer.body.lstrip().startswith(b"data:")
            reply = read_reply(put_together(answer.body) if is_stream else json.loads(answer.body))
        except (ValueError, RecursionError) as error:
            reply = Reply(
                Outcome.MALFORMED, problem=f"the answer cannot be read: {error}", usage=Usage(known=False)
            )
        if reply.usage.known:
            return reply
        out = len(reply.text.encode("utf-8", "replace")) // BYTES_A_TOKEN
        return replace(reply, usage=Usage(most.tokens_in, out, reply.usage.cost, known=False))

    def _shaped(self, reply: Reply, asked: Question) -> Reply:
        if asked.shape is None or reply.outcome is not Outcome.ANSWERED:
            return reply
        try:
            return replace(reply, value=asked.shape.value(reply.text))
        except ValueError as error:
            return replace(reply, outcome=Outcome.MALFORMED, problem=str(error))


def estimated_tokens(asked: Question) -> int:
    """About how many tokens a question has, rather too many."""
    payload: dict[str, Any] = Form().payload("", asked)
    return (
        len(
            json.dumps([payload["messages"], payload.get("response_format")], ensure_ascii=False).encode(
                "utf-8", "replace"
            )
        )
        // BYTES_A_TOKEN
    )


def _sum(one: Usage, other: Usage) -> Usage:
    costs: Sequence[float] = [usage.cost for usage in (one, other) if usage.cost is not None]
    return Usage(
        one.tokens_in + other.tokens_in,
        one.tokens_out + other.tokens_out,
        sum(costs) if costs else None,
        known=one.known and other.known,
    )
