"""Texts become vectors the same way everywhere and always."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sayso_ingest.mining.embed import Centring, HashEmbedder, SvdEmbedder
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
    centring = Centring.fit(traffic, most=2)
    assert np.allclose(centring.apply(traffic) @ centring.directions.T, 0, atol=1e-4)


def test_little_traffic_is_left_as_it_is() -> None:
    few = vectors(5, seed=1)
    assert np.allclose(Centring.fit(few, most=2).apply(few), few)


QUESTIONS = [
    f"{ask} {what}{mark}"
    for ask in ("where is", "please cancel", "I lost", "how do I pay for")
    for what in ("my parcel", "the invoice", "my card", "a refund", "the new phone")
    for mark in ("", "?", " today")
]


def test_what_is_fitted_does_not_depend_on_the_order_of_texts() -> None:
    one, other = SvdEmbedder.fit(QUESTIONS), SvdEmbedder.fit(QUESTIONS[::-1])
    assert one.id == other.id
    assert one.embed(QUESTIONS).tobytes() == other.embed(QUESTIONS).tobytes()


def test_the_id_says_what_it_was_fitted_on_and_how() -> None:
    ids = {
        SvdEmbedder.fit(QUESTIONS).id,
        SvdEmbedder.fit(QUESTIONS[1:]).id,
        SvdEmbedder.fit(QUESTIONS, seed=2).id,
        SvdEmbedder.fit(QUESTIONS, dimensions=16).id,
    }
    assert len(ids) == 4
    assert all(name.startswith("svd-") for name in ids)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.text(max_size=60), max_size=6))
def test_fitted_rows_are_float32_of_length_one_or_zero(texts: list[str]) -> None:
    rows = FITTED.embed(texts)
    assert rows.dtype == np.float32
    lengths = np.linalg.norm(rows, axis=1)
    assert np.all((np.abs(lengths - 1) < 1e-4) | (lengths == 0))


FITTED = SvdEmbedder.fit(QUESTIONS)


def test_the_fit_keeps_alike_texts_closer_than_others() -> None:
    parcel, late, invoice = FITTED.embed(["where is my parcel", "my parcels are late", "cancel the invoices"])
    assert parcel @ late > parcel @ invoice + 0.2


@pytest.mark.parametrize("texts", [[], [""], ["a"], ["", ""], ["the same", "the same"], ["返金"] * 3])
def test_next_to_nothing_can_be_fitted_on(texts: list[str]) -> None:
    rows = SvdEmbedder.fit(texts).embed([*texts, "something else"])
    assert rows.shape[0] == len(texts) + 1
    assert np.isfinite(rows).all()


def test_half_of_a_surrogate_pair_is_embedded_as_a_mark() -> None:
    assert np.array_equal(HashEmbedder().embed(["a \ud800 b"]), HashEmbedder().embed(["a ? b"]))
