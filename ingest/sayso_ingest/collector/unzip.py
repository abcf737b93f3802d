"""Pure: the bytes of a gzip member, and never more of them than are taken."""

from __future__ import annotations

import zlib

from sayso_ingest.collector.limits import UNPACKED_BYTES


class BodyTooLarge(ValueError):
    """A body has more bytes than are taken; `kept` is the beginning of it."""

    def __init__(self, limit: int, kept: bytes) -> None:
        super().__init__(limit)
        self.limit = limit
        self.kept = kept


def unzip(body: bytes, *, limit: int = UNPACKED_BYTES) -> bytes:
    """Unpack one gzip member, never more than `limit` bytes of it.

    Raises:
        BodyTooLarge: there is more than that inside.
        ValueError: it is not gzip, cut off, or goes on after its end.
    """
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        unpacked = unpacker.decompress(body, limit + 1)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if len(unpacked) > limit:
        raise BodyTooLarge(limit, unpacked[:limit])
    if not unpacker.eof:
        raise ValueError("it ends in the middle")
    if unpacker.unused_data:
        raise ValueError("something follows its end")
    return unpacked
