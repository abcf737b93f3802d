"""A big warehouse of questions that people might ask: the demo's wordings, drawn anew for each, few of them equal.

`python -m bench.load.asked FOLDER INTERACTIONS` fills FOLDER.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
from sayso_ingest import evalsets
from sayso_ingest.analysis import catalog
from sayso_ingest.demo.traffic import wording
from sayso_ingest.demo.traffic.topics import TOPICS, Ask
from sayso_ingest.warehouse import Publisher, Warehouse, read_statements

LANDING = 100_000
"""Interactions of one landing: bounds the memory that filling takes."""
SPOKEN_OF = 0.04
"""The share of interactions with a thumb, unless another is asked for."""
SYLLABLES = (
    "ba",
    "do",
    "fi",
    "gu",
    "ka",
    "le",
    "mo",
    "ni",
    "pa",
    "ro",
    "sa",
    "te",
    "vi",
    "wo",
    "xu",
    "za",
    "bri",
    "cle",
    "dra",
    "fro",
    "gli",
    "kra",
    "ple",
    "sto",
    "tri",
    "nor",
    "mel",
    "tan",
    "sil",
)
SQL = read_statements(Path(__file__).with_name("asked.sql"))


def fill(
    folder: Path, *, interactions: int, seed: int = 0, spoken: float = SPOKEN_OF, edited: float = 0.0
) -> None:
    """Fill a project's folder with interactions, folded and published; the same for the same seed.

    `spoken` and `edited` are the shares of them with a thumb and with an edited draft, 0 to 1.
    """
    warehouse = Warehouse.open(folder, views=catalog())
    live = warehouse._live
    rng = Random(seed)
    for landing, first in enumerate(range(0, interactions, LANDING), start=1):
        numbers = range(first, min(interactions, first + LANDING))
        live.register(
            "asked", pa.Table.from_pylist([_row(rng, number, spoken, edited) for number in numbers])
        )
        for statement in ("interactions", "thumbs", "edits", "landed"):
            live.execute(SQL[statement], {"landing": landing})
        warehouse.fold(now=datetime.now(UTC))
        warehouse.checkpoint()
    publisher = Publisher(warehouse, folder)
    publisher.start(now=datetime.now(UTC))
    publisher.poll(wait=True)
    warehouse.close()


def make_set(folder: Path, name: str, *, cases: int) -> None:
    """Promote so many questions as the first version of a set."""
    written = (
        evalsets.written_case(text, reason="made for the bench") for text in questions(2 * cases, seed=1)
    )
    distinct = list({case.case_id: case for case in written}.values())
    evalsets.promote(folder, name, distinct[:cases])


def questions(count: int, *, seed: int) -> list[str]:
    """So many questions as they are asked: what a set may hold."""
    rng = Random(seed)
    return [_question(rng, _ask(rng)[1]) for _ in range(count)]


def _row(rng: Random, number: int, spoken: float, edited: float) -> dict[str, Any]:
    topic, ask = _ask(rng)
    answer = wording.good_answer(rng, ask) if rng.random() < 0.7 else wording.poor_answer(rng, ask)
    speaks, liked = rng.random() < spoken, rng.random() < (0.9 if answer.good else 0.2)
    return {
        "number": number,
        "topic": topic,
        "input": _question(rng, ask),
        "output": answer.text,
        "value": ("up" if liked else "down") if speaks else None,
        "final": f"{answer.text} {_name(rng)} {_name(rng)}." if edited and rng.random() < edited else None,
    }


def _question(rng: Random, ask: Ask) -> str:
    """A question of the demo, half of them about things with names of their own."""
    asked = wording.question(rng, ask)
    return asked if rng.random() < 0.5 else f"{asked} It is about {_name(rng)} {_name(rng)} and {_name(rng)}."


def _name(rng: Random) -> str:
    """A word of a vocabulary of 20,000, some far more frequent than others."""
    number = int(20_000 ** rng.random())
    return "".join(SYLLABLES[number // len(SYLLABLES) ** place % len(SYLLABLES)] for place in range(3))


def _ask(rng: Random) -> tuple[str, Ask]:
    topic = rng.choice(TOPICS)
    return topic.name, rng.choice(topic.asks)


def main() -> int:
    fill(Path(sys.argv[1]), interactions=int(sys.argv[2]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
