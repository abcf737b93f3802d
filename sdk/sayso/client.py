"""What an application talks to: one method per kind of event."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Protocol, Self, TypeAlias, Unpack

from sayso.buffer import Buffer
from sayso.disabled import Disabled
from sayso.events import Context
from sayso.hooks import Hooks
from sayso.options import Options, check, from_environment, sample_rates
from sayso.plain import JSON
from sayso.prompt import Prompt
from sayso.sampling import combined, keeps
from sayso.spool import mark
from sayso.stamps import NewId, Stamps, utc_now
from sayso.tally import Stats
from sayso.token import Signer
from sayso.transport import HttpTransport, Transport

Thumb: TypeAlias = Literal["up", "down"]
Said: TypeAlias = str | Sequence[Mapping[str, JSON]]
"""What went into a model or came out of it: a text, or a list of messages."""

_CONTEXT = frozenset(Context.__annotations__)


class Recorder(Protocol):
    """What a client hands its calls to."""

    def record(
        self, kind: str, target: object, body: Mapping[str, Any], context: Mapping[str, Any], /
    ) -> str:
        """Take an event, and return its id."""

    def leave_out(self) -> str:
        """Count an event that is not part of the sample, and return its id."""

    def flush(self, timeout: float, /) -> bool:
        """Wait until nothing that was recorded before is waiting."""

    def close(self, timeout: float, /) -> bool:
        """Take nothing more, and deliver what waits."""

    def stats(self) -> Stats:
        """Copy the counts."""


class Client:
    """Records what people say about the output of an LLM, and delivers it in the background.

    Every method returns the id of the event at once. It never waits, and never raises for a bad value or a network that
    fails: what cannot be delivered is counted in `stats()`, and the first of each reason is logged to `sayso`.
    """

    def __init__(
        self,
        url: str = "",
        key: str = "",
        *,
        transport: Transport | None = None,
        enabled: bool = True,
        now: Callable[[], datetime] = utc_now,
        new_id: NewId | None = None,
        **options: Unpack[Options],
    ) -> None:
        """Make a client for the collector at `url`; a `transport` of your own needs neither URL nor key.

        Raises:
            ConfigurationError: the URL, the key or an option cannot be one.
        """
        for name in options.keys() - Options.__annotations__.keys():
            raise TypeError(f"Client() got an unexpected keyword argument {name!r}")
        check(
            {"url": url, "key": key, "transport": transport, "enabled": enabled, "now": now, "new_id": new_id}
            | options
        )
        self._rates = sample_rates(options.get("sample"))
        self._now = now
        self._signer = Signer(key or "") if enabled else None
        self._transport = HttpTransport(url, key) if transport is None and enabled else transport
        self._buffer: Recorder = Disabled()
        if enabled and self._transport is not None:
            folder = options.get("spool_dir")
            self._buffer = Buffer(
                self._transport,
                Stamps(now, new_id),
                limits=options.get("limits"),
                hooks=Hooks(
                    redact=options.get("redact"),
                    before_send=options.get("before_send"),
                    on_error=options.get("on_error"),
                    on_drop=options.get("on_drop"),
                    text=options.get("text", True),
                ),
                spool_dir=None if folder is None else Path(folder),
                whose=mark(url or "", key or ""),
                sync=options.get("sync", False),
            )

    @classmethod
    def from_env(cls, **options: Unpack[Options]) -> Self:
        """Make a client from what the environment says (SAYSO_URL, SAYSO_KEY, ...); the code has the last word.

        Raises:
            ConfigurationError: one of them is missing, or cannot be what it should be.
        """
        return cls(**{**from_environment(), **options})

    def interaction(
        self,
        target: str,
        *,
        input: Said | None = None,
        output: Said | None = None,
        variables: Mapping[str, JSON] | None = None,
        prompt: Prompt | Mapping[str, JSON] | None = None,
        model: str | None = None,
        params: Mapping[str, JSON] | None = None,
        latency_ms: float | None = None,
        usage: Mapping[str, JSON] | None = None,
        cost: float | None = None,
        contexts: Sequence[Mapping[str, JSON]] | None = None,
        tags: Sequence[str] | None = None,
        parent: str | None = None,
        release: str | None = None,
        variant: Mapping[str, JSON] | None = None,
        candidates: Sequence[Mapping[str, JSON]] | None = None,
        chosen: Mapping[str, JSON] | None = None,
        trace: Mapping[str, JSON] | None = None,
        **context: Unpack[Context],
    ) -> str:
        """Record what the model was asked and what it answered."""
        body = {
            "input": input,
            "output": output,
            "variables": variables,
            "prompt": prompt.named() if isinstance(prompt, Prompt) else prompt,
            "model": model,
            "params": params,
            "latency_ms": latency_ms,
            "usage": usage,
            "cost": cost,
            "contexts": contexts,
            "tags": tags,
            "parent": parent,
            "release": release,
            "variant": variant,
            "candidates": candidates,
            "chosen": chosen,
            "trace": trace,
        }
        return self._record("interaction", target, body, context)

    def exposure(
        self,
        target: str,
        *,
        surface: Literal["thumbs", "suggestion", "comment"],
        visible_ms: float | None = None,
        **context: Unpack[Context],
    ) -> str:
        """Record that somebody really saw the target and what asks about it."""
        return self._record("exposure", target, {"surface": surface, "visible_ms": visible_ms}, context)

    def thumb(
        self,
        target: str,
        *,
        value: Thumb | None,
        previous: Thumb | None = None,
        name: str | None = None,
        **context: Unpack[Context],
    ) -> str:
        """Record a thumb up or down; None takes it back."""
        return self._record("thumb", target, {"value": value, "previous": previous, "name": name}, context)

    def detail(
        self,
        target: str,
        *,
        about: str,
        reasons: Sequence[str] | None = None,
        comment: str | None = None,
        **context: Unpack[Context],
    ) -> str:
        """Record what somebody says after the first click; `about` is the id of that event."""
        return self._record(
            "detail", target, {"about": about, "reasons": reasons, "comment": comment}, context
        )

    def suggestion(
        self,
        target: str,
        *,
        outcome: Literal["accepted", "edited", "rejected", "undone"] | None = None,
        original: str | None = None,
        proposed: str | None = None,
        final: str | None = None,
        decided_in_ms: float | None = None,
        survival: Mapping[str, JSON] | None = None,
        name: str | None = None,
        **context: Unpack[Context],
    ) -> str:
        """Record what became of a proposed text (outcome), or later how much of it is left (survival)."""
        body = {
            "outcome": outcome,
            "original": original,
            "proposed": proposed,
            "final": final,
            "decided_in_ms": decided_in_ms,
            "survival": survival,
            "name": name,
        }
        return self._record("suggestion", target, body, context)

    def comment(
        self,
        target: str,
        *,
        text: str,
        category: str | None = None,
        expected: str | None = None,
        name: str | None = None,
        **context: Unpack[Context],
    ) -> str:
        """Record what somebody wrote; `expected` is what the answer should have been."""
        body = {"text": text, "category": category, "expected": expected, "name": name}
        return self._record("comment", target, body, context)

    def rating(
        self,
        target: str,
        *,
        value: float | None,
        min: float | None = None,
        max: float | None = None,
        name: str | None = None,
        **context: Unpack[Context],
    ) -> str:
        """Record a number on a scale; None takes it back."""
        return self._record("rating", target, {"value": value, "min": min, "max": max, "name": name}, context)

    def preference(
        self,
        target: str,
        *,
        chosen: str,
        rejected: Sequence[str] | None = None,
        name: str | None = None,
        **context: Unpack[Context],
    ) -> str:
        """Record which of several candidates somebody chose, by their ids."""
        body = {"chosen": chosen, "rejected": rejected, "name": name}
        return self._record("preference", target, body, context)

    def signal(self, target: str, *, name: str, value: JSON = None, **context: Unpack[Context]) -> str:
        """Record an implicit act: copied, regenerated, abandoned, followed up."""
        return self._record("signal", target, {"name": name, "value": value}, context)

    def outcome(self, target: str, *, name: str, value: JSON = None, **context: Unpack[Context]) -> str:
        """Record a later result of the work: ticket reopened, order placed."""
        return self._record("outcome", target, {"name": name, "value": value}, context)

    def annotation(
        self,
        target: str,
        *,
        label: str | None = None,
        score: float | None = None,
        note: str | None = None,
        expected: str | None = None,
        rubric: str | None = None,
        name: str | None = None,
        **context: Unpack[Context],
    ) -> str:
        """Record the verdict of an annotator."""
        body = {
            "label": label,
            "score": score,
            "note": note,
            "expected": expected,
            "rubric": rubric,
            "name": name,
        }
        return self._record("annotation", target, body, context)

    def judgement(
        self,
        target: str,
        *,
        judge: str,
        label: str | None = None,
        score: float | None = None,
        rationale: str | None = None,
        rubric: str | None = None,
        name: str | None = None,
        **context: Unpack[Context],
    ) -> str:
        """Record the verdict of another model."""
        body = {
            "judge": judge,
            "label": label,
            "score": score,
            "rationale": rationale,
            "rubric": rubric,
            "name": name,
        }
        return self._record("judgement", target, body, context)

    def retraction(self, target: str | None = None, *, of: str, **context: Unpack[Context]) -> str:
        """Take back an event, by its id."""
        return self._record("retraction", target, {"of": of}, context)

    def token(
        self, target: str, actor: str | None = None, *, expires: float | timedelta | None = None
    ) -> str:
        """Sign a feedback token for the widget of a target; nobody is asked, and nothing is recorded.

        It lets the collector tell feedback that your own page asked this actor for from anybody else's. `expires` is
        seconds or a timedelta, 7 days unless told otherwise, 366 at most. A client that is not enabled gives "".

        Raises:
            ConfigurationError: the client has no sk_ key, or there can be no token for these.
        """
        if self._signer is None:
            return ""
        return self._signer.sign(target, actor, expires=expires, now=self._now())

    def flush(self, timeout: float = 10.0) -> bool:
        """Wait until nothing recorded here before is waiting; False when `timeout` seconds were not enough.

        True says that all of it is settled; whether some of it was dropped, `stats()` knows. What other processes have
        left in the spool is not waited for.
        """
        return self._buffer.flush(timeout)

    def close(self, timeout: float = 2.0) -> bool:
        """Deliver what waits and end; False when `timeout` seconds were not enough.

        The rest stays in the spool, or is counted as lost where there is none.
        """
        return self._buffer.close(timeout)

    def stats(self) -> Stats:
        """Say what became of the events so far."""
        return self._buffer.stats()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Client({self._transport!r})"

    def _record(self, kind: str, target: str | None, body: Mapping[str, object], context: Context) -> str:
        """Hand a call to the buffer; `body` and `context` are made for it, so nobody else holds them."""
        if not context.keys() <= _CONTEXT:
            name = next(name for name in context if name not in _CONTEXT)
            raise TypeError(
                f"{kind}() got an unexpected keyword argument {name!r}; free data goes into meta={{}}"
            )
        if kind in self._rates:
            rate = self._rates[kind]
            if isinstance(target, str) and not keeps(target, rate):
                return self._buffer.leave_out()
            context["sample_rate"] = combined(rate, context.get("sample_rate"))
        return self._buffer.record(kind, target, body, context)
