"""Vectors are computed once per question, survive an interruption, and go when their question does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from integration.mining.project import Events, publish
from sayso_ingest.mining import HashEmbedder, KeepingEmbedder, VectorStore, forget_gone, mine
from sayso_ingest.mining.arrays import BLOCK, Vectors

TEXTS = [f"question {number} about parcels" for number in range(30)]


class Counting:
    """An embedder that counts the texts it was asked for; it may break off."""

    shared = 2

    def __init__(self, *, stop_after: int | None = None, id: str = "hash-256") -> None:
        self.asked: list[str] = []
        self.id = id
        self._stop_after = stop_after
        self._usual = HashEmbedder()

    def embed(self, texts: Sequence[str]) -> Vectors:
        if self._stop_after is not None and len(self.asked) >= self._stop_after:
            raise KeyboardInterrupt
        self.asked += texts
        return self._usual.embed(texts)


def keeping(folder: Path, of: Counting | None = None) -> KeepingEmbedder:
    return KeepingEmbedder(of or Counting(), VectorStore(folder / "vectors"))


def test_a_text_is_embedded_once_however_often_it_comes(tmp_path: Path) -> None:
    first, second = Counting(), Counting()
    before = keeping(tmp_path, first).embed([*TEXTS, *TEXTS])
    after = keeping(tmp_path, second).embed([*reversed(TEXTS), "a new one"])
    assert (first.asked, second.asked) == (TEXTS, ["a new one"])
    assert np.array_equal(before[:30], before[30:])
    assert np.array_equal(before[:30], after[:30][::-1])


def test_vectors_are_those_of_the_embedder_up_to_rounding_and_of_length_one(tmp_path: Path) -> None:
    texts = [*TEXTS, "", "  "]
    found, exact = keeping(tmp_path).embed(texts), HashEmbedder().embed(texts)
    assert np.abs(found - exact).max() < 1e-3
    assert np.linalg.norm(found, axis=1).round(6).tolist() == [1] * 30 + [0, 0]


def test_where_nothing_can_be_kept_the_vectors_are_the_same(tmp_path: Path) -> None:
    (tmp_path / "vectors").write_text("a file where the folder would be")
    found = keeping(tmp_path)
    assert np.array_equal(found.embed(TEXTS), keeping(tmp_path / "elsewhere").embed(TEXTS))
    assert found.kept == 0


def test_what_was_embedded_before_an_interruption_is_not_embedded_again(tmp_path: Path) -> None:
    texts = [f"question {number}" for number in range(2 * BLOCK + 10)]
    broken, after = Counting(stop_after=BLOCK), Counting()
    with pytest.raises(KeyboardInterrupt):
        keeping(tmp_path, broken).embed(texts)
    resumed = keeping(tmp_path, after).embed(texts)
    assert after.asked == texts[BLOCK:]
    assert np.array_equal(resumed, keeping(tmp_path / "whole").embed(texts))


def test_vectors_of_one_embedder_are_never_those_of_another(tmp_path: Path) -> None:
    keeping(tmp_path, Counting(id="svd-256-aaaa")).embed(TEXTS)
    other = Counting(id="svd-256-bbbb")
    keeping(tmp_path, other).embed(TEXTS)
    assert other.asked == TEXTS


@pytest.mark.parametrize("harm", [b"", b"\x93NUMPY", None], ids=["emptied", "cut", "a bit turned"])
def test_a_damaged_file_is_set_aside_and_said(harm: bytes | None, tmp_path: Path) -> None:
    whole = keeping(tmp_path).embed(TEXTS)
    (file,) = tmp_path.rglob("*.npy")
    data = file.read_bytes()
    file.write_bytes(data[:-1] + bytes([data[-1] ^ 1]) if harm is None else harm)
    said: list[str] = []
    again = Counting()
    store = VectorStore(tmp_path / "vectors", say=said.append)
    assert np.array_equal(KeepingEmbedder(again, store).embed(TEXTS), whole)
    assert again.asked == TEXTS
    assert said == [f"{file} is damaged and was set aside. What it held is computed again."]


def test_many_small_files_become_one(tmp_path: Path) -> None:
    for text in TEXTS:
        keeping(tmp_path).embed([text])
    assert len(list(tmp_path.rglob("*.npy"))) < 16
    again = Counting()
    keeping(tmp_path, again).embed(TEXTS)
    assert again.asked == []


def test_the_vector_of_a_question_goes_when_the_question_does(tmp_path: Path) -> None:
    events = Events()
    events.traffic(8)
    with publish(tmp_path / "before", events.sent) as copy:
        store = VectorStore(tmp_path / "vectors")
        mine(copy.query, budget=2, choose=lambda _: KeepingEmbedder(HashEmbedder(), store))
        asked = [event["body"]["input"] for event in events.sent]
        KeepingEmbedder(Counting(id="another"), store).embed([*asked, "a case", "nobody's"])
        forget_gone(store, copy.query, cases=["a case"])
        assert set(store.kept()) == set(store.keys([*asked, "a case"]))
    with publish(tmp_path / "after", events.sent[:5]) as copy:  # as if the rest was erased
        forget_gone(store, copy.query)
    assert set(store.kept()) == set(store.keys(asked[:5]))


def test_no_text_and_no_key_of_another_folder_is_on_the_disk(tmp_path: Path) -> None:
    keeping(tmp_path).embed(TEXTS)
    assert not any(b"parcels" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    here, there = VectorStore(tmp_path / "vectors"), VectorStore(tmp_path / "elsewhere")
    assert not set(here.keys(TEXTS)) & set(there.keys(TEXTS))
    assert (tmp_path / "vectors").stat().st_mode & 0o077 == 0


def test_the_least_used_go_when_there_is_too_much(tmp_path: Path) -> None:
    for number in range(3):
        keeping(tmp_path, Counting(id=f"svd-256-{number}")).embed(TEXTS)
    sizes = [path.stat().st_size for path in tmp_path.rglob("*.npy")]
    VectorStore(tmp_path / "vectors", most=2 * max(sizes)).forget(np.zeros(0, dtype=np.uint64))
    kept = [VectorStore(tmp_path / "vectors").shelf(f"svd-256-{number}").size > 0 for number in range(3)]
    assert kept == [False, True, True]


@given(st.lists(st.text(max_size=20), max_size=30), st.lists(st.text(max_size=20), max_size=30))
def test_whatever_came_before_the_rows_are_those_of_the_texts(
    tmp_path_factory: pytest.TempPathFactory, before: list[str], now: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("kept")
    keeping(folder).embed(before)
    found = keeping(folder).embed(now)
    assert found.shape == (len(now), 256)
    assert np.array_equal(found, keeping(folder / "fresh").embed(now))
