"""What leaves: one event, built, held against the rules, shown to the application's hooks, and encoded."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from sayso import redaction
from sayso.errors import InvalidEvent, SaysoError, Withheld
from sayso.events import Recorded, build, check, compact, encode
from sayso.hooks import BeforeSend, Hooks, Redact
from sayso.kinds import KINDS
from sayso.plain import JSON, plain
from sayso.spool.segment import Segment

OVERHEAD = 512
"""Bytes of memory that an encoded event takes beside its payload."""


class Ready(NamedTuple):
    """One event as it goes out; made once, whatever the number of attempts."""

    id: str
    seq: int
    since: float
    size: int
    kind: str
    payload: bytes
    segment: Segment | None = None
    """Where it stands on disk, too."""

    @classmethod
    def of(
        cls, payload: bytes, *, id: str, seq: int, since: float, kind: str, segment: Segment | None = None
    ) -> Ready:
        """Make one, with its size."""
        return cls(id, seq, since, len(payload) + OVERHEAD, kind, payload, segment)


Item: TypeAlias = Recorded | Ready

Say = Callable[[str, str], object]


class Outgoing:
    """Makes events ready to be sent; `say` gets what is wrong with a hook, never what the hook was shown."""

    def __init__(self, hooks: Hooks, say: Say) -> None:
        self._redact = hooks.redact and _heard(hooks.redact, say)
        self._before_send = hooks.before_send
        self._text = hooks.text
        self._say = say

    def ready(self, item: Item) -> Ready:
        """Make an event ready, once: what is sent again is the same, and no hook sees it twice.

        Raises:
            InvalidEvent: the wire would refuse it, or it cannot be read; see `ending`.
            Withheld: `before_send` keeps it back.
        """
        if isinstance(item, Ready):
            return item
        try:
            # Fast path: without hooks nobody changes the event, so no copy of it is made for them.
            payload = (
                self._shown(item) if self._redact or self._before_send or not self._text else encode(item)
            )
        except SaysoError:
            raise
        except BaseException as error:  # an object or a hook of the application, and they may do anything
            raise InvalidEvent("wrong_type", f"it cannot be made ready ({type(error).__name__})") from error
        return Ready.of(payload, id=item.id, seq=item.seq, since=item.since, kind=item.kind)

    def _shown(self, recorded: Recorded) -> bytes:
        """Let the hooks change an event, and hold what they made of it against the rules again."""
        event = redaction.apply(build(recorded), redact=self._redact, text=self._text)
        if self._before_send:
            event = self._asked(self._before_send, event)
        check(event)
        return compact(event)

    def _asked(self, before_send: BeforeSend, event: dict[str, JSON]) -> dict[str, JSON]:
        event_id, kind = event["id"], event["kind"]
        try:
            answer = before_send(event)
        except Exception as error:
            self._say("before_send", f"before_send raised {type(error).__name__}; the event is dropped.")
            raise Withheld from error
        if answer is None:
            raise Withheld
        try:
            made: dict[str, JSON] = plain(answer, room=KINDS[kind].limit)
            check(made)
            if (made["id"], made["kind"]) == (event_id, kind):
                return made
            problem = "changed the id or the kind"
        except InvalidEvent as refused:
            problem = f"returned what the wire refuses ({refused.reason})"
        except Exception as error:
            problem = f"returned no event ({type(error).__name__})"
        self._say("before_send", f"before_send {problem}; the event is dropped.")
        raise Withheld


def ending(problem: SaysoError) -> BaseException | None:
    """Return what lies behind a refusal and wants the thread to end, as SystemExit does or a greenlet's timeout.

    Whoever called has to raise it, after the event is counted; the client's own thread goes on.
    """
    cause = problem.__cause__
    return None if isinstance(cause, Exception) else cause


def _heard(redact: Redact, say: Say) -> Redact:
    """Let it be heard when `redact` raises; what it should have redacted does not leave."""

    def heard(field: str, text: str) -> str:
        try:
            return redact(field, text)
        except Exception as error:
            say("redact", f"redact raised {type(error).__name__}; the text is left out.")
            raise

    return heard
