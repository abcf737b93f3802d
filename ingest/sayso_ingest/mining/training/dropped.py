"""Why an example is left out."""

from __future__ import annotations

from enum import StrEnum


class Dropped(StrEnum):
    """The reasons, each with its words. The list is closed."""

    words: str

    def __new__(cls, value: str, words: str) -> Dropped:
        """Give a reason its words for people."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.words = words
        return member

    @classmethod
    def of(cls, value: str) -> Dropped:
        """The reason that a file names."""
        return next(one for one in cls if one.value == value)

    NO_QUESTION = "no_question", "the question is not known"
    NOT_TEXT = "not_text", "the prompt is not all text"
    ROLE = "role", "the prompt ends in no turn of a person, or has roles that trainers do not know"
    PART = "part_of_answer", "only a part of the answer"
    EMPTY = "empty", "an answer is empty or not known"
    COSMETIC = "cosmetic", "hardly changed"
    REWRITE = "rewrite", "rewritten from scratch"
    NEW_QUESTION = "new_question", "the edited text asks something back"
    LENGTH = "length_ratio", "one answer is five times as long as the other"
    PERSONAL = "personal", "an address, a number or a key of somebody in it"
    IN_EVAL_SET = "in_eval_set", "the question is in an eval set"
    NEAR_EVAL_SET = "near_eval_set", "nearly the same as one in an eval set"
    PARAPHRASED = "paraphrased_eval_set", "one in an eval set in other words"
    DUPLICATE = "duplicate", "somebody else says the same: counted as one more voice"
    CONFLICT = "conflict", "more than half as many say the opposite"
    OUTVOTED = "outvoted", "twice as many, or more, say the opposite"
    LONE_JUDGE = "lone_judge", "only one model says so, and nobody else"
    NOT_GOOD = "not_good", "said to be bad: heard as a veto only"
    NOT_ASKED = "not_asked", "from none of the sources that were asked for: heard as a voice only"
    UNSURE = "unsure", "less sure than asked for"
    BOTH_SIDES = "both_sides", "of people on both sides of the split"
    IN_TRAINING = "in_training", "its question is trained on already: no use for validation"
