"""BANKING77 as events: traffic, each question tagged with what it is about."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from sayso import Client

PROMPT = "banking77"


@dataclass(frozen=True)
class Query:
    """One question of a bank's customer and its category."""

    target: str
    split: str
    text: str
    category: str


def read(folder: Path) -> list[Query]:
    """Read the questions of both parts."""
    queries = []
    for split in ("train", "test"):
        with (folder / f"{split}.csv").open(encoding="utf-8", newline="") as file:
            queries += [
                Query(f"banking77 {split} {number}", split, row["text"], row["category"])
                for number, row in enumerate(csv.DictReader(file))
            ]
    return queries


def record(client: Client, query: Query) -> None:
    """Say it as an application would."""
    client.interaction(
        query.target,
        input=query.text,
        tags=[query.category],
        prompt={"name": PROMPT, "version": query.split},
    )
