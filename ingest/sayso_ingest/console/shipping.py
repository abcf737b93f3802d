"""Pure: which version of a prompt should ship, and why, for people who write no code.

What people say in production goes before what an eval set says: it is what the set stands for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sayso_ingest.analysis import Outcome


@dataclass(frozen=True, slots=True)
class Candidate:
    """A version that might ship, and how it did against the current one: None where that was not compared.

    `online` is what people say, `offline` what a run of an eval set does; `gain` is the difference of the means in
    that run, -1 to 1, and `liked` that of the shares of people who like it.
    """

    version: str
    online: Outcome | None = None
    offline: Outcome | None = None
    liked: float = 0.0
    gain: float = 0.0


@dataclass(frozen=True, slots=True)
class Advice:
    """The version that should ship, and a sentence that says so and why; `sure` where that rests on a difference."""

    ship: str
    sentence: str
    sure: bool


def advise(current: str, candidates: Sequence[Candidate], *, answers: bool) -> Advice:
    """Say which should ship; `answers`: the current one answers in production, else it was run first."""
    now = f"{current}, which answers now" if answers else f"{current}, which was run first"
    liked = [one for one in candidates if one.online is Outcome.BETTER and one.offline is not Outcome.WORSE]
    if liked:
        best = max(liked, key=lambda one: one.liked)
        also = ", and it scores better on the eval set, too" if best.offline is Outcome.BETTER else ""
        return Advice(
            best.version, f"{best.version} should ship: people like it more than {now}{also}.", sure=True
        )
    scored = [one for one in candidates if one.offline is Outcome.BETTER and one.online is not Outcome.WORSE]
    if scored:
        best = max(scored, key=lambda one: one.gain)
        people = "people have not met it yet" if best.online is None else "people do not say otherwise"
        why = f"it scores better on the eval set than {now}, and {people}"
        return Advice(best.version, f"{best.version} should ship: {why}.", sure=True)
    return Advice(current, _keep(now, candidates), sure=_is_sure(candidates))


def _keep(now: str, candidates: Sequence[Candidate]) -> str:
    for one in candidates:
        if one.online is Outcome.BETTER:
            return (
                f"Keep {now}: people like {one.version} more, but it scores worse on the eval set. Look at the "
                "cases that got worse first."
            )
        if one.offline is Outcome.BETTER:
            return (
                f"Keep {now}: {one.version} scores better on the eval set, but people like it less. The set may not "
                "ask what they ask."
            )
    found = {outcome for one in candidates for outcome in (one.online, one.offline) if outcome}
    if not found:
        return (
            f"Nothing tells yet whether another version should ship than {now}: they have not been compared."
        )
    if Outcome.UNKNOWN in found:
        return f"Keep {now}: there is not enough data yet to call another version better."
    return f"Keep {now}: no other version is better."


def _is_sure(candidates: Sequence[Candidate]) -> bool:
    found = {outcome for one in candidates for outcome in (one.online, one.offline) if outcome}
    return bool(found) and found <= {Outcome.WORSE, Outcome.SAME}
