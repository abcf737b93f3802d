"""Events as an application with much traffic sends them, as JSON: a mix of kinds, texts of ordinary length.

Of 20 events 5 are interactions, 7 exposures, 5 thumbs, the rest details, comments and suggestions; 550 bytes each on
average.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

WORDS = tuple(
    "the a of to settings page invoice printer account login number office answer list below first then open look "  # noqa: SIM905 - reads better
    "change street password plan export report table shared calendar team member invite payment error message link "
    "again button top right menu file photo device update version before after when where how cannot find".split()
)
BEGAN = datetime(2026, 1, 15, 10, tzinfo=UTC)

NewId = Callable[[], str]


def uuid4() -> str:
    return str(uuid.uuid4())


def uuid7_from(began: datetime = BEGAN, *, seed: int = 1) -> NewId:
    """Ids that grow with time, a millisecond for every two events."""
    draw = random.Random(seed)
    milliseconds = int(began.timestamp() * 1000)
    count = iter(range(2**62))

    def new_id() -> str:
        at = milliseconds + next(count) // 2
        bits = draw.getrandbits(74)
        number = at << 80 | 7 << 76 | (bits >> 62) << 64 | 2 << 62 | bits & (2**62 - 1)
        return str(uuid.UUID(int=number))

    return new_id


def events(count: int, *, new_id: NewId = uuid4, seed: int = 1) -> Iterator[bytes]:
    """That many events of the wire."""
    return islice(_endless(new_id, random.Random(seed)), count)


def envelope(batch: list[bytes]) -> bytes:
    """The body of a request."""
    return b'{"sent_at":"2026-01-15T11:00:00.000Z","events":[' + b",".join(batch) + b"]}"


def _endless(new_id: NewId, draw: random.Random) -> Iterator[bytes]:
    texts = [" ".join(draw.choices(WORDS, k=draw.randint(8, 90))) for _ in range(2000)]
    seq = 0
    while True:
        moment = BEGAN + timedelta(milliseconds=seq * 2)
        stamp = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        turn = draw.getrandbits(40)
        for kind in MIX:
            seq += 1
            thing = turn + seq % 5
            head = (
                f'{{"id":"{new_id()}","kind":"{kind}","target":"msg_{thing:x}","actor":"u_{turn % 50021}",'
                f'"session":"s_{turn:x}","occurred_at":"{stamp}","seq":{seq},"source":{{"sdk":"sayso-python/0.1.0"}},'
            )
            yield f'{head}"body":{BODIES[kind](draw, texts)}}}'.encode()


def _interaction(draw: random.Random, texts: list[str]) -> str:
    return (
        f'{{"input":"{draw.choice(texts)}","output":"{draw.choice(texts)} {draw.choice(texts)}",'
        f'"prompt":{{"name":"helpdesk","version":"v{draw.randint(1, 40)}"}},"model":"large-{draw.randint(1, 3)}",'
        f'"latency_ms":{draw.randint(200, 4000)},"tags":["billing"],"usage":{{"input_tokens":{draw.randint(9, 999)}}}}}'
    )


def _suggestion(draw: random.Random, texts: list[str]) -> str:
    outcome = draw.choice(("accepted", "edited", "rejected"))
    final = f',"final":"{draw.choice(texts)}"' if outcome == "edited" else ""
    proposed, decided = draw.choice(texts), draw.randint(300, 9000)
    return f'{{"outcome":"{outcome}","proposed":"{proposed}","decided_in_ms":{decided}{final}}}'


BODIES: dict[str, Callable[[random.Random, list[str]], str]] = {
    "interaction": _interaction,
    "exposure": lambda draw, _: f'{{"surface":"thumbs","visible_ms":{draw.randint(100, 9000)}}}',
    "thumb": lambda draw, _: f'{{"value":"{draw.choice(("up", "up", "up", "down"))}"}}',
    "detail": lambda draw, texts: (
        f'{{"about":"{uuid4()}","reasons":["wrong"],"comment":"{draw.choice(texts)[:80]}"}}'
    ),
    "comment": lambda draw, texts: f'{{"text":"{draw.choice(texts)}","category":"idea"}}',
    "suggestion": _suggestion,
}
MIX = ("interaction",) * 5 + ("exposure",) * 7 + ("thumb",) * 5 + ("detail", "comment", "suggestion")
