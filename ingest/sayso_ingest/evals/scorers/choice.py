"""Which scorer suits a case, where nobody names one: it follows from where its expected answer came from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sayso_ingest.evals.scorers.scorer import Score, Scorer
from sayso_ingest.evals.scorers.structure import is_json
from sayso_ingest.evalsets import EvalCase
from sayso_ingest.mining import ReferenceKind, bare_words, normalise

FEW_WORDS = 3
"""Words up to which an expected answer is short: a label, a number, a name, of which there is one right spelling."""
FEW_LETTERS = 40
"""And letters, for what is written without spaces."""


class Form(StrEnum):
    """What an expected answer looks like."""

    VALUE = "a JSON object or list"
    LABEL = "short, as production's answer was"
    FACT = "short, where production's answer was longer"
    TEXT = "longer"
    NOTHING = "there is none"


@dataclass(frozen=True, slots=True)
class Rule:
    """Which scorer takes the cases of these kinds and this form; `unjudged` where there is no judge with a rubric."""

    kinds: tuple[ReferenceKind, ...]
    forms: tuple[Form, ...]
    judged: str | None
    unjudged: str | None
    because: str


_RIGHT: tuple[ReferenceKind, ...] = ("human_edit", "annotation", "written", "synthetic")
"""Kinds of answers that somebody says are right; a synthetic one was read by a person before it came into a set."""
RULES: tuple[Rule, ...] = (
    # A judge would cost money to say what a comparison says for certain.
    Rule(_RIGHT, (Form.VALUE,), "json", "json", "a program reads it: it is right or it is not"),
    Rule(_RIGHT, (Form.LABEL,), "normalised", "normalised", "there is one right spelling of it"),
    # Somebody wrote "42 days" of an answer of three sentences: the next answer will be sentences, too.
    Rule(_RIGHT, (Form.FACT,), "judge", "contains", "answers say it in a sentence of their own"),
    # Two right answers of some length share meaning rather than words: without a judge likeness in words is left.
    Rule(
        _RIGHT,
        (Form.TEXT,),
        "judge",
        "overlap",
        "it can be said in many ways; a judge is shown the expected one",
    ),
    # People take what is good enough. Another answer may be as good or better, so that it is never held to the letter.
    Rule(
        ("accepted",),
        (Form.VALUE, Form.LABEL, Form.FACT, Form.TEXT),
        "judge",
        "overlap",
        "production said it and somebody took it, which makes it one good answer of many",
    ),
    Rule(
        ("none",),
        (Form.NOTHING,),
        "judge",
        None,
        "there is nothing to compare with: without a judge such a case is answered, not scored, and counted as such",
    ),
)
"""Every case falls under one of these."""


def form_of(case: EvalCase) -> Form:
    """What the expected answer of a case looks like."""
    if not (case.expected and normalise(case.expected)):
        return Form.NOTHING
    if is_json(case.expected):
        return Form.VALUE
    if not _is_short(case.expected):
        return Form.TEXT
    return Form.LABEL if not case.output or _is_short(case.output) else Form.FACT


def rule_of(case: EvalCase) -> Rule:
    """The rule that a case falls under; a case without an expected answer is one of kind `none`, whatever it says."""
    form = form_of(case)
    kind = "none" if form is Form.NOTHING or case.reference_kind == "none" else case.reference_kind
    # What is expected of a kind `none` is nothing that anybody said was right.
    form = Form.NOTHING if kind == "none" else form
    return next(rule for rule in RULES if kind in rule.kinds and form in rule.forms)


def chosen_name(case: EvalCase, *, judged: bool) -> str | None:
    """The scorer that a case gets, by the name that `build_scorer` knows; None where none can score it."""
    rule = rule_of(case)
    return rule.judged if judged else rule.unjudged


@dataclass(frozen=True, slots=True)
class ByRule:
    """A scorer that suits those cases alone which the rules give it."""

    scorer: Scorer
    called: str
    """What the rules call it."""
    judged: bool
    """Whether there is a judge with a rubric."""

    @property
    def name(self) -> str:
        """That of the scorer."""
        return self.scorer.name

    def suits(self, case: EvalCase) -> bool:
        """Whether the rules give it the case, and it has what the scorer needs."""
        return chosen_name(case, judged=self.judged) == self.called and self.scorer.suits(case)

    def score(self, case: EvalCase, answer: str) -> Score:
        """Let the scorer do it.

        Raises:
            ModelError: the endpoint of a judge would answer nothing at all.
        """
        return self.scorer.score(case, answer)


def _is_short(text: str) -> bool:
    words = bare_words(normalise(text))
    return len(words) <= FEW_WORDS and len(text.strip()) <= FEW_LETTERS
