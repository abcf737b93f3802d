"""How even the examples of an export are, and what to be warned of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sayso_ingest.export.formats.format import TrainingFormat
from sayso_ingest.export.manifest import Shape
from sayso_ingest.export.selection import Kept, Selection
from sayso_ingest.export.split import TRAIN
from sayso_ingest.mining import Purpose

FEW = 50
"""Examples below which fine-tuning seldom shows (OpenAI's guide: 50 to 100 to begin with)."""
BALANCED = (1.0, 4 / 3)
"""How much good ratings may weigh against bad ones: Ethayarajh et al. (2024), "KTO"."""
LOUD = 0.2
"""Share of one person from which on a model learns that person's taste."""
LONGER = 0.65
"""Share of pairs in which the preferred answer is the longer one, from which on a model learns length."""
ENOUGH_TO_TELL = 20
UNEVEN = 0.5
"""By how much of the share that was asked for another may be held back before it is said."""


class Tally:
    """Counts examples as they pass."""

    def __init__(self, purpose: Purpose) -> None:
        self.sources: Counter[str] = Counter()
        self.splits: Counter[str] = Counter()
        self.prompts: Counter[str] = Counter()
        self._purpose = purpose
        self._good = 0
        self._longer = 0
        self._ratio = 0.0

    def passing(self, examples: Iterator[Kept]) -> Iterator[Kept]:
        """The same examples, counted."""
        for kept in examples:
            example = kept.example
            self.sources[str(example.source)] += 1
            self.splits[kept.split] += 1
            self.prompts[
                f"{example.prompt_name or '(no prompt)'} {example.prompt_version or ''}".strip()
            ] += 1
            self._good += example.chosen is not None and kept.split == TRAIN
            if example.chosen and example.rejected:
                self._longer += len(example.chosen) > len(example.rejected)
                self._ratio += len(example.chosen) / len(example.rejected)
            yield kept

    def shape(self, selection: Selection) -> Shape:
        """How even they are."""
        total, of_pairs = self.splits.total(), self._purpose is Purpose.PREFERENCES
        rated = self._purpose is Purpose.RATINGS
        return Shape(
            people=selection.people,
            largest_share=selection.largest_share,
            chosen_longer=round(self._longer / total, 4) if of_pairs and total else None,
            length_ratio=round(self._ratio / total, 4) if of_pairs and total else None,
            good=self._good if rated else None,
            bad=self.splits[TRAIN] - self._good if rated else None,
        )


def warnings(shape: Shape, splits: Counter[str], format: TrainingFormat, *, share: float) -> list[str]:
    """What whoever trains on it should know, a sentence each; `share` (0 to 1) was to be held back."""
    kept, trained = splits.total(), splits[TRAIN]
    if not kept:
        return ["Nothing is left to train on; the table says why."]
    if not trained:
        return [
            f"All {kept} are held back for validation, and nothing is left to train on. Hold back a smaller share, or "
            "split by something else."
        ]
    found = []
    held_back = 1 - trained / kept
    if share and not held_back:
        found.append(
            "Nothing is held back for validation. Ask for a larger share, or split by something else."
        )
    elif abs(held_back - share) > share * UNEVEN and kept >= ENOUGH_TO_TELL:
        found.append(
            f"{held_back:.0%} are held back instead of {share:.0%}, since what stays together is of uneven size."
        )
    if trained < format.fewest:
        found.append(f"{format.name} takes {format.fewest} examples at least, and there are {trained}.")
    elif trained < FEW:
        found.append(f"There are {trained} examples; with fewer than {FEW} little is learnt.")
    if shape.largest_share and shape.largest_share > LOUD and kept >= ENOUGH_TO_TELL:
        found.append(
            f"{shape.largest_share:.0%} of them come from one person: the model would learn that person's taste."
        )
    if shape.chosen_longer and shape.chosen_longer > LONGER and kept >= ENOUGH_TO_TELL:
        found.append(
            f"In {shape.chosen_longer:.0%} of the pairs the preferred answer is the longer one, "
            f"{shape.length_ratio:.2f} times as long on average: train with a penalty on length."
        )
    if shape.good is not None and shape.bad is not None:
        found += _imbalance(shape.good, shape.bad)
    return found


def _imbalance(good: int, bad: int) -> list[str]:
    if not good or not bad:
        return [f"There are {good} good and {bad} bad answers to train on: KTO needs both."]
    low, high = BALANCED
    if low <= good / bad <= high:
        return []
    weight = f"undesirable_weight={good / bad:.2f}" if good > bad else f"desirable_weight={bad / good:.2f}"
    return [f"{good} are good and {bad} are bad. Even them out: train with {weight}."]
