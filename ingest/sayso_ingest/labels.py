"""The labels that annotators and judges choose from, as the setting spells them: `good=1,bad=0,unclear`."""

from __future__ import annotations

from dataclasses import dataclass

from sayso_ingest.errors import SettingError

MOST = 9
"""There is a key for each: 1 to 9."""


@dataclass(frozen=True, slots=True)
class Label:
    """A word for an answer, and how good it says the answer is, 0 to 1, where it says so."""

    name: str
    score: float | None = None


def read_labels(text: str, source: str = "SAYSO_CONSOLE_LABELS") -> tuple[Label, ...]:
    """Read the setting, or where else labels are spelt like it.

    Raises:
        SettingError: there are none, too many or two alike, or a score is not from 0 to 1.
    """
    labels = tuple(_label(part, source) for part in text.split(",") if part.strip())
    if not 1 <= len(labels) <= MOST or len({label.name.casefold() for label in labels}) < len(labels):
        raise SettingError(f"{source} is {text!r}. Allowed: 1 to {MOST} labels, no two alike.")
    return labels


def _label(part: str, source: str) -> Label:
    name, equals, score = (piece.strip() for piece in part.partition("="))
    try:
        worth = float(score) if equals else None
        if not 0 < len(name) <= 40 or not name.isprintable() or (worth is not None and not 0 <= worth <= 1):
            raise ValueError(part)
    except ValueError:
        raise SettingError(
            f"{source} has {part!r}. Allowed: a label of up to 40 printable characters, alone or with a score from 0 "
            "(bad) to 1 (good), as in good=1,bad=0,unclear."
        ) from None
    return Label(name, worth)
