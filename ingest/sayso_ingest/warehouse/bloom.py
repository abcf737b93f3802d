"""Which ids are certainly new: a Bloom filter in memory over hashes of all that landed.

"No" is certain, and spares the search through the file; "perhaps" is wrong some three times in 100,000. It grows by
layers, each twice as large as the one before, and is made anew, in one layer, when the file is opened.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Hashes: TypeAlias = NDArray[np.uint64]
"""One evenly spread 64-bit number an id."""

BITS_PER_ID = 24
MIXES = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0xD6E8FEB86659FD93], dtype=np.uint64)
"""Odd numbers; a hash times each of them says a word and which bits of it the id sets."""
BITS_PER_WORD = 4
SMALLEST = 1 << 14
"""Words of the smallest layer: 128 KB, for 43,690 ids."""


class IdFilter:
    """A set of ids that forgets none, and seldom takes a new one for known."""

    def __init__(self, expected: int = 0) -> None:
        self._layers = [_Layer(expected)]

    @property
    def nbytes(self) -> int:
        """The memory that it takes."""
        return sum(layer.words.nbytes for layer in self._layers)

    def add(self, hashes: Hashes) -> None:
        """Take ids in; to add one again changes nothing."""
        newest = self._layers[-1]
        if newest.held + len(hashes) > newest.room:
            newest = _Layer(max(2 * newest.room, len(hashes)))
            self._layers.append(newest)
        newest.add(hashes)

    def perhaps(self, hashes: Hashes) -> NDArray[np.bool_]:
        """Say of each id whether it may have been added; False is certain."""
        found = np.zeros(len(hashes), dtype=bool)
        for layer in self._layers:
            found[layer.find(hashes)] = True
        return found


class _Layer:
    """Words of 64 bits for a certain number of ids; their number is a power of two."""

    def __init__(self, expected: int) -> None:
        count = SMALLEST
        while 64 * count < BITS_PER_ID * expected:
            count *= 2
        self.words = np.zeros(count, dtype=np.uint64)
        self.room = 64 * count // BITS_PER_ID
        self.held = 0

    def add(self, hashes: Hashes) -> None:
        for mix in MIXES:
            word, bits = self._place(hashes * mix)
            while len(word):
                self.words[word] |= bits
                # Of ids that share a word in one assignment only the last one is written: once more for the others.
                lost = self.words[word] & bits != bits
                word, bits = word[lost], bits[lost]
        self.held += len(hashes)

    def find(self, hashes: Hashes) -> NDArray[np.intp]:
        """The indices of those that may be here; most new ids are out after the first word."""
        left = np.arange(len(hashes))
        for mix in MIXES:
            word, bits = self._place(hashes[left] * mix)
            left = left[self.words[word] & bits == bits]
        return left

    def _place(self, mixed: Hashes) -> tuple[Hashes, Hashes]:
        """A word, by the upper bits, and bits of it, by the lower ones."""
        word = mixed >> np.uint64(65 - len(self.words).bit_length())
        bits = np.zeros(len(mixed), dtype=np.uint64)
        for n in range(BITS_PER_WORD):
            bits |= np.uint64(1) << (mixed >> np.uint64(6 * n) & np.uint64(63))
        return word, bits
