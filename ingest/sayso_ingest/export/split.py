"""Which side of a split an example is on: always the same one, and all of one person, topic or question on one."""

from __future__ import annotations

from enum import StrEnum
from hashlib import blake2b

from sayso_ingest.mining import Example, Source

TRAIN = "train"
VALIDATION = "validation"


class SplitBy(StrEnum):
    """What stays together."""

    ACTOR = "actor"
    TOPIC = "topic"
    QUESTION = "question"


def placed(example: Example, *, by: SplitBy, share: float) -> tuple[str, Example] | None:
    """The side of an example, about `share` (0 to 1) of which are held back, and as much of it as that side said.

    None where its people are on both sides, and on neither is enough of them. An example without a topic is split by
    its question, and by actor one of a model: a model judges everything.
    """
    if not share:
        return TRAIN, example
    if by is not SplitBy.ACTOR or example.source is Source.JUDGEMENT:
        topic = example.topic if by is SplitBy.TOPIC else None
        return _side(topic or example.question, share), example
    for side in (TRAIN, VALIDATION):
        said = example.said_by({one for one in example.people if _side(one, share) == side})
        if said:
            return side, said
    return None


def _side(text: str, share: float) -> str:
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8, person=b"sayso split").digest()
    return VALIDATION if int.from_bytes(digest, "little") < share * 2**64 else TRAIN
