"""Scorers by name, as a command spells them: `overlap`, `overlap=0.7`, `regex:PATTERN`, `checks:polite`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from sayso_ingest.errors import UsageError
from sayso_ingest.evals.scorers.choice import RULES, ByRule
from sayso_ingest.evals.scorers.judged import PRODUCTION, BesideBaseline, ByRubric
from sayso_ingest.evals.scorers.likeness import Likeness, contains, exact, normalised, overlap
from sayso_ingest.evals.scorers.own import OwnScorer
from sayso_ingest.evals.scorers.pattern import Matching
from sayso_ingest.evals.scorers.scorer import PASSED, Scorer
from sayso_ingest.evals.scorers.structure import SameValue
from sayso_ingest.judge import Asking, Rubric
from sayso_ingest.models import ChatModel

if TYPE_CHECKING:
    from sayso_ingest.mining import Embedder

_SPELT = re.compile(r"(?P<kind>[a-z]+)(?:(?P<sign>[:=])(?P<option>.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Means:
    """What scorers may need beside cases and answers."""

    judge: ChatModel | None = None
    rubric: Rubric | None = None
    asking: Asking = field(default_factory=Asking)
    embedder: Embedder | None = None
    """Without one it is `hash`, which needs no weights."""
    baseline: Mapping[str, str] | None = None
    """The answers of another run by case, for `pairwise`; without them it is what production said."""
    against: str = PRODUCTION
    """What results call the baseline."""

    @property
    def judged(self) -> bool:
        """Whether there is a judge, and a rubric for it."""
        return self.judge is not None and self.rubric is not None


Make: TypeAlias = Callable[[str, Means], Scorer]
"""Makes a scorer of what follows its name, or an empty text, and what there is."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A scorer that can be named."""

    about: str
    """When an answer scores, and passes, in a sentence."""
    make: Make
    sign: str = ""
    """What stands between the name and its option: `:` or `=`, or nothing where it takes none."""


def build_scorers(names: Sequence[str], means: Means) -> tuple[Scorer, ...]:
    """The scorers that are named, in this order; of none those that the rules choose from for each case.

    Raises:
        UsageError: there is no such scorer, or it lacks what it needs.
        ModuleNotFoundError: `embedding` needs the extra [mining].
    """
    if not names:
        return _by_rule(means)
    built = [build_scorer(name, means) for name in names]
    return tuple({scorer.name: scorer for scorer in built}.values())


def build_scorer(name: str, means: Means) -> Scorer:
    """The scorer of a name.

    Raises:
        UsageError: there is no such scorer, or it lacks what it needs.
        ModuleNotFoundError: `embedding` needs the extra [mining].
    """
    spelt = _SPELT.fullmatch(name)
    kind = KINDS.get(spelt["kind"]) if spelt else None
    if spelt and kind and (spelt["sign"] or kind.sign) == kind.sign:
        return kind.make(spelt["option"] or "", means)
    if ":" in name:
        return OwnScorer.named(name)
    known = ", ".join(f"{known}[{kind.sign}...]" if kind.sign else known for known, kind in KINDS.items())
    raise UsageError(
        f"There is no scorer {name!r}. Choose of: {known}, or a function of your own, module:function."
    )


def _by_rule(means: Means) -> tuple[Scorer, ...]:
    if means.rubric and not means.judge:
        raise UsageError(
            "There is a rubric, and no model to judge by it. Name one with --judge, or leave out --rubric."
        )
    judged = means.judged
    named = dict.fromkeys(rule.judged if judged else rule.unjudged for rule in RULES)
    return tuple(ByRule(build_scorer(name, means), name, judged) for name in named if name)


def _likeness(name: str, measure: Callable[[str, str], float], option: str, _: Means) -> Scorer:
    passes = _bound(name, option, PASSED)
    return Likeness(name if passes == PASSED else f"{name}={passes:g}", measure, passes)


def _embedding(option: str, means: Means) -> Scorer:
    from sayso_ingest.mining import HashEmbedder, alike_from, cosine

    embedder = means.embedder or HashEmbedder()
    passes = _bound("embedding", option, alike_from(embedder))
    name = f"embedding:{embedder.id}" + (f"={passes:g}" if option else "")
    return Likeness(name, partial(cosine, embedder), passes)


def _judge(_: str, means: Means) -> Scorer:
    return ByRubric(*_judging("judge", means), asking=means.asking)


def _pairwise(_: str, means: Means) -> Scorer:
    model, rubric = _judging("pairwise", means)
    return BesideBaseline(model, rubric, asking=means.asking, baseline=means.baseline, against=means.against)


def _judging(name: str, means: Means) -> tuple[ChatModel, Rubric]:
    if means.judge is None or means.rubric is None:
        raise UsageError(
            f"The scorer {name} asks a model, by a rubric. Name both: --judge MODEL --rubric FILE."
        )
    return means.judge, means.rubric


def _bound(name: str, option: str, usual: float) -> float:
    """The score from which on an answer passes, as it is written behind the name."""
    try:
        passes = float(option or usual)
        if not 0 <= passes <= 1:
            raise ValueError(option)
    except ValueError:
        raise UsageError(
            f"{name}={option} does not say from which score on an answer passes. Write a number from 0 to 1."
        ) from None
    return passes


def _plain(scorer: Scorer) -> Make:
    return lambda _, __: scorer


KINDS: Mapping[str, Kind] = {
    "exact": Kind(
        "the answer is the expected one, but for white space around it", _plain(Likeness("exact", exact))
    ),
    "normalised": Kind(
        "the same, but for case, width, quotes, white space and sentence marks",
        _plain(Likeness("normalised", normalised)),
    ),
    "contains": Kind(
        "the expected answer, normalised, stands in the answer, in whole words",
        _plain(Likeness("contains", contains)),
    ),
    "regex": Kind(
        "the pattern is found in the answer; without one the expected answer is the pattern. RE2's syntax",
        lambda option, _: Matching(option or None),
        ":",
    ),
    "json": Kind(
        "the answer holds the expected JSON object or list: the order of names is free, numbers are equal by value",
        _plain(SameValue()),
    ),
    "overlap": Kind(
        "F1 of the words of both; passes from 0.5 on, or from what is written behind it",
        partial(_likeness, "overlap", overlap),
        "=",
    ),
    "embedding": Kind(
        "the cosine of both as vectors, at least 0; passes from where the embedder finds paraphrases on (`hash` 0.65). "
        "Needs the extra [mining]",
        _embedding,
        "=",
    ),
    "judge": Kind(
        "the score of the label that a model gives by a rubric, shown the expected answer where there is one; passes "
        "above 0.5",
        _judge,
    ),
    "pairwise": Kind(
        "a model prefers the answer to production's (1), or the other (0), in both orders; else 0.5, which passes",
        _pairwise,
    ),
}
"""Every scorer that has a name of its own; any other is a function."""
