"""Which side of a split an example is on: always the same one, and all of one person, topic or question on one."""

from __future__ import annotations

from enum import StrEnum
from hashlib import blake2b

from sayso_ingest.mining import Example

TRAIN = "train"
VALIDATION = "validation"


class SplitBy(StrEnum):
    """What stays together."""

    ACTOR = "actor"
    TOPIC = "topic"
    QUESTION = "question"


def is_for_validation(example: Example, *, by: SplitBy, share: float) -> bool:
    """Whether an example is held back; about `share` (0 to 1) of the persons, topics or questions are.

    Who said nothing of a topic is asked by the question instead.
    """
    if not share:
        return False
    together = {
        SplitBy.ACTOR: example.who,
        SplitBy.TOPIC: example.topic or example.question,
        SplitBy.QUESTION: example.question,
    }[by]
    digest = blake2b(together.encode("utf-8", "surrogatepass"), digest_size=8, person=b"sayso split").digest()
    return int.from_bytes(digest, "little") < share * 2**64
