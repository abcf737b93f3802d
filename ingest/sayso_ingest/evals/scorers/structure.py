"""Scoring by JSON: whether an answer holds the expected value, however it is spelt and whatever stands around it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from sayso_ingest.evals.scorers.scorer import Score
from sayso_ingest.evalsets import EvalCase
from sayso_ingest.event import JSON
from sayso_ingest.models import value_in

_FENCED = re.compile(r"```[a-zA-Z]*\s*\n(.*)```", re.DOTALL)
_SHOWN = 60
"""Characters of a value that a reason shows."""


class SameValue:
    """1 where the answer holds the expected JSON object or list: order of names is free, numbers are equal by value."""

    name: Final = "json"

    def suits(self, case: EvalCase) -> bool:
        """Whether what is expected is a JSON object or list, and nothing else but a code fence."""
        return is_json(case.expected)

    def score(self, case: EvalCase, answer: str) -> Score:
        """Compare; why says the first place where they differ."""
        expected = _whole(case.expected or "")
        try:
            found = value_in(answer, list if isinstance(expected, list) else dict)
        except ValueError as error:
            return Score(self.name, 0.0, passed=False, why=str(error))
        why = next(differences(expected, found), "")
        return Score(self.name, float(not why), not why, why)


def is_json(text: str | None) -> bool:
    """Whether a text is a JSON object or list, and nothing else but a code fence."""
    return _whole(text or "") is not None


def differences(expected: JSON, found: JSON) -> Iterator[str]:
    """Where two JSON values differ, in words, from the beginning on."""
    waiting: list[tuple[str, Any, Any]] = [("$", expected, found)]  # not by recursion: values may be deep
    while waiting:
        at, one, other = waiting.pop()
        if isinstance(one, dict) and isinstance(other, dict):
            yield from (f"{at}.{name} is missing" for name in one if name not in other)
            yield from (f"{at}.{name} is not expected" for name in other if name not in one)
            waiting += [(f"{at}.{name}", one[name], other[name]) for name in reversed(one) if name in other]
        elif isinstance(one, list) and isinstance(other, list):
            if len(one) != len(other):
                yield f"{at} has {len(other)} entries, not {len(one)}"
            pairs = list(enumerate(zip(one, other, strict=False)))
            waiting += [(f"{at}[{place}]", *both) for place, both in reversed(pairs)]
        elif not _same(one, other):
            yield f"{at} is {_shown(other)}, not {_shown(one)}"


def _same(one: JSON, other: JSON) -> bool:
    """Whether two values without parts are the same: 1 is 1.0, but not true; what is no number is no number."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other or (one != one and other != other))  # noqa: PLR0124 - NaN, which models write


def _shown(value: JSON) -> str:
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _whole(text: str) -> JSON:
    """The object or list that a text is; None where it is none."""
    text = text.strip()
    fenced = _FENCED.fullmatch(text)
    text = fenced[1].strip() if fenced else text
    try:
        found = json.loads(text) if text[:1] in ("{", "[") else None
        return value_in(text, type(found)) if isinstance(found, dict | list) else None
    except (ValueError, RecursionError):
        return None
