"""How much of a text a person changed."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher

_TOKEN = re.compile(r"\w+|[^\w\s]")
LONG = 4_000
"""Tokens above which order is no longer looked at: matching in order is quadratic."""


def similarity(before: str, after: str) -> float:
    """The share of tokens two texts have in common, in order: 1 for equal, 0 for nothing in common."""
    left, right = _TOKEN.findall(before), _TOKEN.findall(after)
    total = len(left) + len(right)
    if not total:
        return 1.0
    start = _common_prefix(left, right)
    end = _common_prefix(left[start:][::-1], right[start:][::-1])
    left, right = left[start : len(left) - end], right[start : len(right) - end]
    return 2 * (start + end + _matches(left, right)) / total


def _common_prefix(left: list[str], right: list[str]) -> int:
    length = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        length += 1
    return length


def _matches(left: list[str], right: list[str]) -> int:
    if len(left) + len(right) > LONG:
        return (Counter(left) & Counter(right)).total()
    blocks = SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks)
