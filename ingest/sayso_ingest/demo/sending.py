"""Sends the plan: through the public SDK, and by plain HTTP what no SDK would send."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sayso import Client, Context

from sayso_ingest.demo.proof.ledger import Ledger
from sayso_ingest.demo.raw_http import RawPost
from sayso_ingest.demo.traffic.action import Action, Sent
from sayso_ingest.demo.traffic.bad_input import BadRequest
from sayso_ingest.demo.traffic.wire import wire_batch, wire_event
from sayso_ingest.errors import SaysoError

CLIENTS = 4
_AT_ONCE = 250
"""Events that one client is given before it waits for their delivery; far below what its queue holds."""
_PATIENCE = 60.0
_PAGE = "http://localhost:3000"

Tick = Callable[[int], None]
"""Called with how many events were delivered since the last call, from several threads."""


@dataclass(frozen=True, slots=True)
class Door:
    """Where to send to, and with which keys."""

    url: str
    secret: str
    publishable: str


def send_plan(actions: Sequence[Action], door: Door, *, ledger: Ledger, tick: Tick) -> None:
    """Send all actions, each lane in order, by several clients at once, and repeat what is to be repeated.

    Raises:
        SaysoError: a client could not deliver, or lost something.
    """
    shares = [[action for action in actions if action.lane % CLIENTS == number] for number in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        for sending in [pool.submit(_send_share, share, door, ledger, tick) for share in shares]:
            sending.result()


def send_bad_input(requests: Iterable[BadRequest], door: Door, *, ledger: Ledger) -> None:
    """Send what broken clients send, and write down what must come of it."""
    post = RawPost(door.url)
    try:
        for request in requests:
            key = door.publishable if request.browser else door.secret
            post(request.body, key=key, origin=_PAGE if request.browser else None)
            ledger.record_refusals(request.refused)
            for sent in request.good:
                ledger.record(sent)
    finally:
        post.close()


def hand_over(client: Client, action: Action, ids: dict[int, str]) -> Sent:
    """Call the client's method for this kind, as an application does; note and return the id it gave."""
    about = None if action.about is None else ids[action.about]
    said = dict(action.body)
    if about is not None:
        said["of" if action.kind == "retraction" else "about"] = about
    known = Context(
        part=action.part,
        actor=action.person.actor,
        anonymous=action.person.anonymous,
        session=action.person.session,
        occurred_at=action.occurred_at,
    )
    record: Callable[..., str] = getattr(client, action.kind)
    ids[action.number] = record(action.target, **said, **known)
    return Sent(ids[action.number], action, about)


def _send_share(actions: Sequence[Action], door: Door, ledger: Ledger, tick: Tick) -> None:
    ids: dict[int, str] = {}
    post = RawPost(door.url)
    try:
        with Client(door.url, door.secret) as client:
            for start in range(0, len(actions), _AT_ONCE):
                some = actions[start : start + _AT_ONCE]
                handed_over = [hand_over(client, action, ids) for action in some]
                for sent in handed_over:
                    ledger.record(sent)
                _deliver(client)
                _repeat(handed_over, post, door)
                tick(len(handed_over))
    finally:
        post.close()


def _deliver(client: Client) -> None:
    delivered = client.flush(_PATIENCE)
    dropped = client.stats().dropped
    if not delivered or dropped:
        raise SaysoError(
            f"The SDK could not deliver everything (waiting: {client.stats().waiting}, dropped: {dict(dropped)}). "
            "Is another process keeping this machine busy, or its disk full?"
        )


def _repeat(handed_over: Sequence[Sent], post: RawPost, door: Door) -> None:
    """Send some events again with the same ids, as a client does that never saw the first answer."""
    again = [wire_event(sent) for sent in handed_over for _ in range(sent.action.repeats)]
    if again:
        post(wire_batch(again), key=door.secret)
