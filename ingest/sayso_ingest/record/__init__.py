"""A record: the unit of the event log. One group commit of one project, as bytes.

    {"v": 1, "parts": [{key_id, key_kind, received_at, sent_at, report, events: [...], rejects: [...]}, ...]}

A part is one request or a slice of it. Everything in it is already validated; what is read back is judged once
more, but for the single events, since somebody else may write into the log.
"""

from sayso_ingest.record.encoding import VERSION, decode_json, decode_seeing_repeats, encode_json
from sayso_ingest.record.packing import NOTHING, RECORD_LIMIT, Packed, Submission, pack
from sayso_ingest.record.unpacking import NotARecord, Part, counts_of, received_at, unpack

__all__ = [
    "NOTHING",
    "RECORD_LIMIT",
    "VERSION",
    "NotARecord",
    "Packed",
    "Part",
    "Submission",
    "counts_of",
    "decode_json",
    "decode_seeing_repeats",
    "encode_json",
    "pack",
    "received_at",
    "unpack",
]
