"""The table that is distilled from MiniLM says on its own what MiniLM says of single words."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sayso_ingest.errors import SaysoError
from sayso_ingest.mining.embed import StaticEmbedder, static
from unit.mining.minilm import frequent_words


@cache
def table() -> static.Table:
    return static.distil(frequent_words())


@cache
def embedder() -> StaticEmbedder:
    return StaticEmbedder(table())


def test_words_that_mean_alike_lie_closer_than_others() -> None:
    city, town, music = embedder().embed(["the city", "the town", "the music"])
    assert city @ town > city @ music + 0.2


def test_the_order_of_words_does_not_matter_and_rare_words_count_more() -> None:
    one, other, frequent = embedder().embed(["the city of music", "music of the city", "of the"])
    assert np.allclose(one, other, atol=1e-6)
    city = embedder().embed(["city music"])[0]
    assert one @ city > one @ frequent


@settings(max_examples=30)
@given(st.lists(st.text(max_size=60), max_size=6))
def test_rows_are_float32_of_length_one_or_zero_whatever_their_company(texts: list[str]) -> None:
    rows = embedder().embed(texts)
    assert rows.shape == (len(texts), 256)
    assert rows.dtype == np.float32
    lengths = np.linalg.norm(rows, axis=1)
    assert np.all((np.abs(lengths - 1) < 1e-5) | (lengths == 0))
    for text, row in zip(texts, rows, strict=True):
        assert np.allclose(embedder().embed([text])[0], row, atol=1e-6)


def test_long_and_empty_texts_have_rows() -> None:
    assert np.isfinite(embedder().embed(["", "the city " * 60_000, "\x00"])).all()


def test_progress_is_told_from_little_to_all() -> None:
    told: list[float] = []
    static.distil(frequent_words(), told.append)
    assert told == sorted(told)
    assert len(told) > 1
    assert told[-1] == 1


def test_what_is_kept_is_read_back_and_gives_the_same_vectors(tmp_path: Path) -> None:
    path = tmp_path / "not" / "there" / "static-256.npz"
    static.keep(path, table())
    kept = static.recall(path)
    assert kept is not None
    texts = ["the city of music", "a war"]
    assert StaticEmbedder(kept).embed(texts).tobytes() == embedder().embed(texts).tobytes()
    assert [one.name for one in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("damage", ["cut", "changed", "empty", "other", "missing"])
def test_a_table_that_is_damaged_is_not_used(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "static-256.npz"
    static.keep(path, table())
    data = path.read_bytes()
    if damage == "missing":
        path.unlink()
    elif damage == "other":
        kept = dict(np.load(path))
        kept["rows"][200] += 1
        np.savez(path, **kept)
    else:
        middle = len(data) // 2
        path.write_bytes(
            {"cut": data[:middle], "changed": data[:middle] + b"\0" * 9 + data[middle + 9 :], "empty": b""}[
                damage
            ]
        )
    assert static.recall(path) is None


def test_where_the_table_cannot_be_written_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SaysoError, match="cannot be written"):
        static.keep(tmp_path / "file" / "static-256.npz", table())
