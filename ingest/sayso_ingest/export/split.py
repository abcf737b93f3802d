"""Which side of a split an example is on: always the same one, and all of one person, topic or question on one."""

from __future__ import annotations

from collections.abc import Collection
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


def split_of(example: Example, *, by: SplitBy, share: float) -> str | None:
    """The side of an example, None where its people are on both; `share` (0 to 1) of them, or of topics, are held back.

    An example without a topic is split by its question, and by actor one of a model: two of them judge everything.
    """
    if not share:
        return TRAIN
    sides = {VALIDATION if _is_drawn(one, share) else TRAIN for one in _together(example, by)}
    return sides.pop() if len(sides) == 1 else None


def _together(example: Example, by: SplitBy) -> Collection[str]:
    if by is SplitBy.ACTOR and example.source is not Source.JUDGEMENT:
        return example.people
    if by is SplitBy.TOPIC and example.topic:
        return [example.topic]
    return [example.question]


def _is_drawn(text: str, share: float) -> bool:
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8, person=b"sayso split").digest()
    return int.from_bytes(digest, "little") < share * 2**64
