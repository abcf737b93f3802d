"""One example to train on: a prompt with a preferred answer, another one, or both, and where they come from."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from sayso_ingest.event import JSON
from sayso_ingest.mining.question import Messages, normalise, turns_of


class Source(StrEnum):
    """What somebody did or said that makes an example. The list is closed."""

    EDIT = "edit"  # changed the answer before taking it
    CORRECTION = "correction"  # wrote what the answer should have been
    CHOICE = "choice"  # took one of several candidates
    REGENERATED = "regenerated"  # asked again, and liked the later answer
    SAME_QUESTION = "same_question"  # of two answers to the same prompt one was liked, the other was not
    ACCEPTED = "accepted"  # took the answer as it was
    LIKED = "liked"  # thumb up, or a rating in the highest quarter
    ANNOTATION = "annotation"  # an annotator's label, or choice
    JUDGEMENT = "judgement"  # another model's label, or choice
    REJECTED = "rejected"  # turned the answer down
    DISLIKED = "disliked"  # thumb down, or a rating in the lowest quarter


class Purpose(StrEnum):
    """What examples are for, by what a trainer needs of each."""

    PREFERENCES = "preferences"  # two answers, one of them preferred
    RATINGS = "ratings"  # one answer that is good or bad
    DEMONSTRATIONS = "demonstrations"  # one answer that is good


_ANSWERS = (
    Source.EDIT,
    Source.CORRECTION,
    Source.ACCEPTED,
    Source.LIKED,
    Source.ANNOTATION,
    Source.JUDGEMENT,
    Source.REJECTED,
    Source.DISLIKED,
)
SOURCES: Mapping[Purpose, tuple[Source, ...]] = {
    Purpose.PREFERENCES: (
        Source.EDIT,
        Source.CORRECTION,
        Source.CHOICE,
        Source.REGENERATED,
        Source.SAME_QUESTION,
        Source.ANNOTATION,
        Source.JUDGEMENT,
    ),
    Purpose.RATINGS: _ANSWERS,
    Purpose.DEMONSTRATIONS: _ANSWERS,
}
"""What each purpose draws on. Who turns an answer down is heard also where only good ones are wanted: as a veto."""


@dataclass(frozen=True, slots=True)
class Example:
    """A prompt (messages), the preferred answer, the other one, and where they come from; one answer may be missing.

    `question` is the normalised question, `similarity` how much of an edited text was kept, 0 to 1. `who` said so;
    where nobody compared the two answers, `who` said that one is good, and `who_against` that the other is bad, one for
    each of `event_ids`.
    """

    prompt: Messages
    chosen: str | None
    rejected: str | None
    source: Source
    question: str
    who: tuple[str, ...]
    target: str
    event_ids: tuple[str, ...]
    who_against: tuple[str, ...] = ()
    similarity: float | None = None
    topic: str | None = None
    prompt_name: str | None = None
    prompt_version: str | None = None
    model: str | None = None

    @property
    def people(self) -> frozenset[str]:
        """Everybody whose word it rests on."""
        return frozenset((*self.who, *self.who_against))

    def said_by(self, people: Set[str]) -> Self | None:
        """As much of it as these people said; None where that is not enough for an example."""
        if self.people <= people:
            return self
        own, against = (tuple(one for one in who if one in people) for who in (self.who, self.who_against))
        if not own or not against:
            return None
        said = zip((*self.who, *self.who_against), self.event_ids, strict=True)
        ids = tuple(event for one, event in said if one in people)
        return dataclasses.replace(self, who=own, who_against=against, event_ids=ids)

    @property
    def statement(self) -> tuple[str, str, str]:
        """What is said: the question, and the normalised preferred and other answer; reversed it is the opposite."""
        return normalise(self.chosen or ""), self.system_and_question, normalise(self.rejected or "")

    @property
    def system_and_question(self) -> str:
        """The question under its system prompt: an answer is right or wrong under both."""
        system = (str(m["content"]) for m in self.prompt if m["role"] in ("system", "developer"))
        return "\n".join((*system, self.question))

    @property
    def asked(self) -> tuple[str, ...]:
        """Every text that a test could ask, normalised: the whole question, and each turn of the person."""
        return tuple(dict.fromkeys((self.question, *turns_of(self.prompt))))

    @property
    def told(self) -> tuple[str, ...]:
        """Every other text of it, normalised: system prompts, what the model said, the answers."""
        others = (normalise(str(m["content"])) for m in self.prompt if m["role"] != "user")
        answers = (normalise(text) for text in (self.chosen, self.rejected) if text)
        return tuple(dict.fromkeys((*others, *answers)))

    def encode(self) -> bytes:
        """The example as a line."""
        fields = {name: getattr(self, name) for name in _FIELDS}  # asdict would copy all that is in them
        return json.dumps(fields, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"

    @classmethod
    def decode(cls, line: bytes) -> Self:
        """Read a line back."""
        fields: dict[str, JSON] = json.loads(line.decode("utf-8", "surrogatepass"))
        return cls(
            **{
                **fields,
                "source": Source(fields["source"]),
                **{name: tuple(fields[name]) for name in ("who", "who_against", "event_ids")},
            }
        )


_FIELDS = tuple(field.name for field in dataclasses.fields(Example))
