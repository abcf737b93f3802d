"""Pure: ids that are the same each time, and in the order of time as those of new events are."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = (1 << 48) - 1


def time_ordered_id(content: Sequence[str], *, at: datetime | None) -> str:
    """Make a UUID, version 8: milliseconds of the time, as in version 7, then a hash of what the event is made from.

    Without a time it begins with zeros.
    """
    elapsed = 0 if at is None else (at - _EPOCH) // timedelta(milliseconds=1)
    text = "\0".join(f"{len(part)}:{part}" for part in content)
    digest = int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:10])
    number = min(max(elapsed, 0), _LAST) << 80 | digest
    number = number & ~(0xF << 76) | 0x8 << 76  # the version
    number = number & ~(0x3 << 62) | 0x2 << 62  # the variant
    return str(UUID(int=number))
