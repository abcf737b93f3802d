"""What the assistant of the page says: canned, the same for the same question, and wrong now and then. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from sayso_ingest.demo.traffic.topics import TOPICS, likeness
from sayso_ingest.demo.traffic.wording import good_answer, poor_answer

OFFERED = (
    "I forgot my password and the reset mail never arrives",
    "Can we sign in with our company account instead of passwords?",
    "How do I show a board to a client without making them a member?",
)
"""Questions to press, for who does not want to type; the second one gets a wrong answer."""
POLISH = "Make my reply friendlier"
"""What asks for a suggestion instead of an answer."""

DRAFT = "Your link has expired. Links only work for 30 minutes. Ask for a new one and use it at once."
POLISHED = (
    "Sorry for the trouble: your link has expired, since links work for 30 minutes. "
    "Ask for a new one whenever you are ready, and use the newest mail."
)

AT_A_LOSS = (
    "That I do not know. I can help with signing in, sharing boards, importing, the calendar and the like."
)

ENOUGH = 2
"""Words in common, so that an answer is not about something else by chance."""
_PIECE = re.compile(r"\S+\s*")


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, or a suggestion for a text that somebody wrote."""

    output: str
    original: str | None = None


def answer(question: str) -> Said:
    """Answer a question with the steps of what it resembles most; every third thing is answered wrongly, on purpose."""
    if question.strip().casefold() == POLISH.casefold():
        return Said(POLISHED, original=DRAFT)
    asks = [ask for topic in TOPICS for ask in topic.asks]
    best = max(range(len(asks)), key=lambda number: likeness(question, asks[number]))
    if likeness(question, asks[best]) < ENOUGH:
        return Said(AT_A_LOSS)
    rng = Random(question)  # noqa: S311 - sample data, no secret
    draw = poor_answer if best % 3 == 0 and best else good_answer
    return Said(draw(rng, asks[best]).text)


def pieces(text: str) -> Iterator[str]:
    """Cut a text into words, as a model hands it out."""
    return (match[0] for match in _PIECE.finditer(text))
