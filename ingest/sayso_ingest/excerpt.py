"""The beginning of a text, where the whole would take too much room."""

from __future__ import annotations


def cut(text: str, most: int) -> str:
    """The text, or as much of it as fits in `most` characters with a sign that there is more."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def one_line(text: str, most: int) -> str:
    """The same on one line, each run of white space as one space."""
    return cut(" ".join(text.split()), most)
