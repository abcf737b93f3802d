"""TRL's conversational preference format: {"prompt": [messages], "chosen": [message], "rejected": [message]}.

https://huggingface.co/docs/trl/dataset_formats#preference
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from sayso_ingest.errors import SaysoError
from sayso_ingest.event import JSON
from sayso_ingest.mining import Pair

NAME = "trl-dpo"
SUMMARY = "preference pairs from edits, for TRL's DPO, ORPO and reward trainers"


def encode(pairs: Iterable[Pair]) -> list[bytes]:
    """One line a pair."""
    return [_line(row(pair)) for pair in pairs]


def row(pair: Pair) -> dict[str, JSON]:
    """A pair as the trainer reads it; what is not for the trainer is in the lineage file."""
    return {
        "prompt": [{"role": message["role"], "content": message["content"]} for message in pair.prompt],
        "chosen": [{"role": "assistant", "content": pair.chosen}],
        "rejected": [{"role": "assistant", "content": pair.rejected}],
    }


def validate(path: Path) -> int:
    """Read a file again, say how many rows it has.

    Raises:
        SaysoError: a line is not a preference pair; says which and why.
    """
    lines = path.read_bytes().split(b"\n")
    if lines.pop() != b"":
        raise SaysoError(f"{path} does not end in a line end: it is cut off. Export it again.")
    for number, line in enumerate(lines, start=1):
        wrong = fault(line)
        if wrong:
            raise SaysoError(f"Line {number} of {path} is not a preference pair: {wrong}. Export it again.")
    return len(lines)


def fault(line: bytes) -> str:
    """What is wrong with a line; an empty text if nothing is."""
    try:
        value = json.loads(line)
    except ValueError:
        return "it is not JSON"
    if not isinstance(value, dict) or value.keys() != {"prompt", "chosen", "rejected"}:
        return "it does not have exactly the fields prompt, chosen and rejected"
    for field, messages in value.items():
        if not isinstance(messages, list) or not messages or not all(map(_is_message, messages)):
            return f"{field} is not a list of messages with a role and a text"
    if any([message["role"] for message in value[side]] != ["assistant"] for side in ("chosen", "rejected")):
        return "chosen and rejected are not one message of the assistant each"
    return "both answers are the same" if value["chosen"] == value["rejected"] else ""


def _is_message(value: JSON) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == {"role", "content"}
        and all(isinstance(text, str) and text.strip() for text in value.values())
    )


def _line(value: JSON) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode() + b"\n"
