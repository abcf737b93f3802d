"""Why an interaction was picked, in one sentence for people."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sayso_ingest.event import Kind
from sayso_ingest.excerpt import one_line
from sayso_ingest.mining.hardness.dislike import Heard, opinions
from sayso_ingest.mining.rows import Verdict
from sayso_ingest.mining.selection.landscape import Landscape

QUOTE = 60
ALIKE = 20
"""Judged answers that an unjudged one is compared with: the nearest by their likeness to the question."""
_OPINIONS = (Kind.THUMB, Kind.RATING, Kind.COMMENT)


def sentence(
    land: Landscape,
    row: int,
    *,
    guess: bool,
    picked: int,
    needs: str = "",
    inclusion_probability: float | None = None,
) -> str:
    """What was said about it, how far it is from the set, and how its topic is covered.

    `guess`: where nobody spoke, say so, and how answers like it fared, if that was seen to predict verdicts.
    `needs`: what of it is rare. `picked`: how many of its topic the same run has picked before it.
    """
    said = _said(land, row) or ([_guess(land, row)] if guess else [])
    parts = [*said, *([needs] if needs else []), *_distance(land, row), _topic(land, row, picked)]
    if inclusion_probability is not None:
        parts.insert(0, f"drawn at random, a chance of 1 in {max(1, round(1 / inclusion_probability))}")
    return "; ".join(parts)


def _said(land: Landscape, row: int) -> list[str]:
    used = {one.kind for one in land.evidence.reliability if one.used}
    heard = [(verdict, dislike) for verdict, dislike in land.evidence.verdicts[row] if verdict.kind in used]
    said = [
        _count([item for item in heard if item[0].kind in _OPINIONS], "people", "disliked it"),
        *_suggestions([verdict for verdict, _ in heard if verdict.kind == Kind.SUGGESTION], heard),
        _count([item for item in heard if item[0].kind == Kind.ANNOTATION], "annotators", "marked it down"),
        _count([item for item in heard if item[0].kind == Kind.JUDGEMENT], "judges", "marked it down"),
    ]
    return [text for text in said if text]


def _count(heard: Sequence[Heard], who: str, what: str) -> str:
    said = opinions(heard)
    if not said:
        return ""
    against = {person for person, opinion in said.items() if opinion >= 0.5}
    quote = next((text for verdict, _ in heard if verdict.who in against and (text := _quote(verdict))), "")
    return f"{len(against)} of {len(said)} {who} {what}" + (f" ({quote!r})" if quote else "")


def _quote(verdict: Verdict) -> str:
    written = verdict.value if verdict.kind == Kind.COMMENT else verdict.comment
    return one_line(written or ", ".join(verdict.reasons), QUOTE)


def _suggestions(suggestions: Sequence[Verdict], heard: Sequence[Heard]) -> list[str]:
    texts = []
    refused = sum(verdict.value in ("rejected", "undone") for verdict in suggestions)
    if refused:
        texts.append(f"{refused} of {len(suggestions)} people rejected it")
    changed = [
        d for verdict, d in heard if verdict.kind == Kind.SUGGESTION and verdict.value == "edited" and d
    ]
    if changed:
        texts.append(f"{len(changed)} of {len(suggestions)} people edited it ({max(changed):.0%} changed)")
    if suggestions and not texts:
        texts.append(f"{len(suggestions)} of {len(suggestions)} people accepted it")
    return texts


def _guess(land: Landscape, row: int) -> str:
    if done := land.acts.against(row):
        first = done[0]
        return (
            f"nobody has judged it, but {one_line(first.name, QUOTE)!r} speaks against it: "
            f"{first.disliked} of {first.judged} such were disliked"
        )
    if not land.prior.believed or np.isnan(land.similarity[row]):
        return "nobody has judged it"
    judged = np.flatnonzero(~np.isnan(land.evidence.rate) & ~np.isnan(land.similarity))
    if not len(judged):  # those that somebody spoke of have no answer: like questions were heeded
        return "nobody has judged it"
    gaps = np.abs(land.similarity[judged] - land.similarity[row])
    alike = judged[np.argsort(gaps, kind="stable")[:ALIKE]]
    against = land.evidence.rate >= 0.5
    disliked = int(against[alike].sum())
    if disliked / len(alike) <= against[judged].mean():  # length spoke for it, not distance
        return "nobody has judged it"
    return (
        "nobody has judged it; answers about as far from their question "
        f"were disliked {disliked} of {len(alike)} times"
    )


def _distance(land: Landscape, row: int) -> list[str]:
    if np.isnan(land.distance[row]):
        return []
    return [f"the nearest case in the set is {land.distance[row]:.2f} away"]


def _topic(land: Landscape, row: int, picked: int) -> str:
    topic = int(land.members[row])
    share = land.topics.sizes[topic] / len(land.topics.members)
    has = [f"{share:.1%} of traffic"]
    if len(land.cases):
        cases = int(land.case_counts[topic])
        has.append({0: "no case", 1: "1 case"}.get(cases, f"{cases} cases"))
    if picked:
        has.append(f"{picked} pick{'s' if picked > 1 else ''} before this one")
    return f"topic {land.topic_names[topic]} has {' and '.join(filter(None, (', '.join(has[:-1]), has[-1])))}"
