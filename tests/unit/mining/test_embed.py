"""Texts become vectors the same way everywhere and always."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from sayso_ingest.mining.embed import Centring, HashEmbedder
from unit.mining.builders import vectors

EMBEDDER = HashEmbedder()


@settings(deadline=None, max_examples=30)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=6))
def test_rows_are_float32_of_length_one_or_zero(texts: list[str]) -> None:
    rows = EMBEDDER.embed(texts)
    assert rows.shape == (len(texts), 256)
    assert rows.dtype == np.float32
    lengths = np.linalg.norm(rows, axis=1)
    assert np.all((np.abs(lengths - 1) < 1e-5) | (lengths == 0))


@settings(deadline=None, max_examples=30)
@given(st.lists(st.text(max_size=60), min_size=2, max_size=6))
def test_a_text_has_the_same_vector_alone_and_among_others(texts: list[str]) -> None:
    together = EMBEDDER.embed(texts)
    alone = np.vstack([EMBEDDER.embed([text]) for text in texts])
    assert np.array_equal(together, alone)


def test_another_embedder_of_the_same_seed_gives_the_same_bytes() -> None:
    texts = ["Where is my parcel?", "Ich möchte mein Geld zurück", "返金してください"]
    assert HashEmbedder().embed(texts).tobytes() == EMBEDDER.embed(texts).tobytes()


def test_another_seed_is_another_embedder_with_another_id() -> None:
    other = HashEmbedder(seed=2)
    assert other.id != EMBEDDER.id
    assert not np.array_equal(other.embed(["a parcel"]), EMBEDDER.embed(["a parcel"]))


def test_the_projection_keeps_alike_texts_closer_than_others() -> None:
    parcel, late, invoice = EMBEDDER.embed(
        ["where is my parcel", "my parcel is late", "send the invoice again"]
    )
    assert parcel @ late > parcel @ invoice + 0.2


def test_no_texts_give_no_rows() -> None:
    assert EMBEDDER.embed([]).shape == (0, 256)


@settings(deadline=None)
@given(st.integers(100, 200), st.integers(0, 1000))
def test_centring_takes_away_the_mean_and_two_directions(count: int, seed: int) -> None:
    traffic = vectors(count, seed=seed, width=6)
    centring = Centring.fit(traffic)
    assert np.allclose(centring.apply(traffic) @ centring.directions.T, 0, atol=1e-4)


def test_little_traffic_is_left_as_it_is() -> None:
    few = vectors(5, seed=1)
    assert np.allclose(Centring.fit(few).apply(few), few)
