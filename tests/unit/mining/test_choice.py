"""The embedder is the one that was named, or fits how much traffic there is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from sayso_ingest.errors import UsageError
from sayso_ingest.mining.embed import (
    HashEmbedder,
    StaticEmbedder,
    SvdEmbedder,
    always,
    automatic,
    choose_embedder,
    static,
)
from sayso_ingest.mining.embed.choice import ENOUGH
from unit.mining.minilm import frequent_words, weights


def nothing(sql: str, params: Sequence[object]) -> list[dict[str, object]]:
    raise AssertionError(f"asked {sql} with {params}")


def asked(count: int) -> list[str]:
    return [f"where is parcel number {number}" for number in range(count)]


def test_svd_is_taken_once_there_are_enough_different_questions() -> None:
    assert automatic(asked(ENOUGH)).id.startswith("svd-256-")
    assert automatic(asked(ENOUGH - 1)).id == "hash-256"
    assert automatic(asked(10) * ENOUGH).id == "hash-256"
    assert automatic([]).id == "hash-256"


@pytest.mark.parametrize(("name", "kind"), [("hash", HashEmbedder), ("svd", SvdEmbedder)])
def test_an_embedder_that_is_named_is_taken_however_little_traffic_there_is(
    tmp_path: Path, name: str, kind: type
) -> None:
    assert isinstance(choose_embedder(name, table=tmp_path / "table", query=nothing)(asked(3)), kind)


def test_auto_is_by_the_traffic_and_one_that_is_given_is_always_the_same(tmp_path: Path) -> None:
    assert choose_embedder("auto", table=tmp_path / "table", query=nothing) is automatic
    given = HashEmbedder(seed=3)
    assert always(given)(asked(3)) is given


def test_minilm_is_read_from_its_package(tmp_path: Path) -> None:
    weights()
    assert choose_embedder("minilm", table=tmp_path / "table", query=nothing)([]).id.startswith("minilm-384-")


def test_a_table_that_is_kept_is_not_made_again(tmp_path: Path) -> None:
    static.keep(tmp_path / "table", static.distil(frequent_words()))
    made: list[float] = []
    embedder = choose_embedder("static", table=tmp_path / "table", query=nothing, progress=made.append)([])
    assert isinstance(embedder, StaticEmbedder)
    assert not made


def test_an_embedder_that_there_is_not_is_named_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no embedder 'word2vec'.*hash, svd, static, minilm"):
        choose_embedder("word2vec", table=tmp_path / "table", query=nothing)
