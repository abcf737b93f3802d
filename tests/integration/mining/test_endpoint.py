"""An endpoint with a model is asked some texts at a time, patiently, and believed only if it answers with vectors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from integration.mining.embedding_server import embedded, serving, vector
from model_server import BROKEN_OFF, SILENT, Answer, ModelServer, as_json
from sayso_ingest.errors import SaysoError, UsageError
from sayso_ingest.mining.arrays import unit
from sayso_ingest.mining.embed import EndpointEmbedder
from sayso_ingest.mining.embed.endpoint import CHARACTERS_AT_ONCE, TEXTS_AT_ONCE, batches

TEXTS = ["where is my parcel", "a refund", "東京"]


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with serving() as server:
        yield server


def asking(server: ModelServer, **options: Any) -> EndpointEmbedder:
    return EndpointEmbedder(server.url, "small", **{"backoff": 0.001, **options})


def expected(*texts: str) -> np.ndarray:
    return unit(np.array([vector(text) for text in texts], dtype=np.float32))


def test_texts_come_back_as_float32_rows_of_length_one_in_their_order(server: ModelServer) -> None:
    rows = asking(server).embed(TEXTS)
    assert rows.dtype == np.float32
    assert np.allclose(rows, expected(*TEXTS), atol=1e-6)


def test_equal_texts_are_sent_once_and_empty_ones_never(server: ModelServer) -> None:
    rows = asking(server).embed(["a refund", "", "a refund", "  ", " a refund\n"])
    assert server.asked == [{"model": "small", "input": ["a refund"], "encoding_format": "float"}]
    assert np.allclose(np.linalg.norm(rows, axis=1), [1, 0, 1, 0, 1])


def test_nothing_to_embed_asks_nothing(server: ModelServer) -> None:
    assert len(asking(server).embed([])) == 0
    assert not asking(server).embed(["", " "]).any()
    assert not server.asked


def test_half_a_surrogate_pair_and_500_kb_can_be_sent(server: ModelServer) -> None:
    assert np.isfinite(asking(server).embed(["\ud800 broken", "where " * 90_000])).all()
    assert max(len(text) for text in server.asked[0]["input"]) < 10_000


def test_many_texts_are_asked_some_at_a_time(server: ModelServer) -> None:
    texts = [f"parcel {number}" for number in range(TEXTS_AT_ONCE * 2 + 1)]
    assert np.allclose(asking(server).embed(texts), expected(*texts), atol=1e-6)
    assert [len(asked["input"]) for asked in server.asked] == [TEXTS_AT_ONCE, TEXTS_AT_ONCE, 1]


@given(st.lists(st.text(max_size=30), max_size=200), st.integers(0, 3))
def test_batches_hold_every_text_in_order_and_no_more_than_allowed(texts: list[str], long: int) -> None:
    texts += ["x" * (CHARACTERS_AT_ONCE // 2 + 1)] * long
    found = list(batches(texts))
    assert [text for batch in found for text in batch] == texts
    for batch in found:
        assert 1 <= len(batch) <= TEXTS_AT_ONCE
        assert len(batch) == 1 or sum(map(len, batch)) <= CHARACTERS_AT_ONCE


def test_the_key_is_sent_where_there_is_one(server: ModelServer) -> None:
    asking(server).embed(["a"])
    asking(server, key="secret").embed(["a"])
    assert server.keys == [None, "Bearer secret"]


def test_a_key_that_no_header_can_have_is_refused_without_being_told() -> None:
    with pytest.raises(UsageError, match="SAYSO_EMBEDDER_KEY") as refused:
        EndpointEmbedder("http://127.0.0.1/v1", "small", key="se\ncret")
    assert "cret" not in str(refused.value).replace("secret", "")


def test_the_id_names_the_model_and_its_host_but_no_password(server: ModelServer) -> None:
    assert asking(server).id == f"openai:small@{server.host}"
    assert EndpointEmbedder("https://ann:pw@models.example/v1/", "m").id == "openai:m@models.example"


@pytest.mark.parametrize(
    "answer",
    [
        as_json({"error": "slow down"}, 429),
        as_json({"error": "slow down"}, 429, Retry_After="0"),
        as_json({}, 503, Retry_After="Fri, 31 Dec 1999 23:59:59 GMT"),
        BROKEN_OFF,
    ],
)
def test_what_may_pass_is_asked_again(server: ModelServer, answer: Answer) -> None:
    server.next = [answer, answer]
    assert np.allclose(asking(server).embed(TEXTS), expected(*TEXTS), atol=1e-6)
    assert len(server.asked) == 3


def test_an_endpoint_that_stays_busy_is_left_after_five_attempts(server: ModelServer) -> None:
    server.next = [as_json({"error": {"message": "slow down"}}, 429)] * 9
    with pytest.raises(SaysoError, match=r"answers 429: .*slow down.* \(asked 5 times\)\. Try again later"):
        asking(server).embed(TEXTS)
    assert len(server.asked) == 5


def test_nobody_waits_longer_than_patience_however_long_the_endpoint_asks(server: ModelServer) -> None:
    server.next = [as_json({}, 429, Retry_After="86400")]
    with pytest.raises(SaysoError, match=r"answers 429.*\(asked once\)"):
        asking(server).embed(TEXTS)


def test_an_endpoint_that_is_silent_is_named_with_how_long_was_waited(server: ModelServer) -> None:
    server.next = [SILENT] * 9
    with pytest.raises(SaysoError, match=r"/v1/embeddings did not answer within 0\.05 s"):
        asking(server, answer_within=0.05).embed(TEXTS)


def test_an_endpoint_that_is_not_there_is_named(server: ModelServer) -> None:
    embedder = asking(server)
    server.server_close()
    with pytest.raises(SaysoError, match=r"could not be reached.*Try again later"):
        embedder.embed(TEXTS)


def test_a_refusal_is_quoted_shortly_and_not_asked_again(server: ModelServer) -> None:
    server.next = [as_json({"error": "no model of that name " + "x" * 5_000}, 404)]
    with pytest.raises(SaysoError, match=r"answers 404: .*no model of that name") as refused:
        asking(server).embed(TEXTS)
    assert len(str(refused.value)) < 600
    assert len(server.asked) == 1


def test_a_wrong_key_points_to_its_setting(server: ModelServer) -> None:
    server.next = [as_json({"error": "unauthorised"}, 401)]
    with pytest.raises(SaysoError, match="SAYSO_EMBEDDER_KEY") as refused:
        asking(server, key="secret").embed(TEXTS)
    assert "secret" not in str(refused.value)


def test_a_redirect_is_not_followed(server: ModelServer) -> None:
    server.next = [as_json({}, 307, Location="/elsewhere")]
    with pytest.raises(SaysoError, match="Redirects are not followed"):
        asking(server).embed(TEXTS)


def test_vectors_of_another_length_in_a_later_answer_are_refused(server: ModelServer) -> None:
    server.next = [
        embedded,
        lambda _: as_json({"data": [{"embedding": [1.0]}]}),
    ]
    with pytest.raises(SaysoError, match="several lengths"):
        asking(server).embed([f"parcel {number}" for number in range(TEXTS_AT_ONCE + 1)])


def rows(*vectors: Any) -> dict[str, Any]:
    return {"data": [{"index": place, "embedding": one} for place, one in enumerate(vectors)]}


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ("<html>hello</html>", "Expecting value"),
        ("", "Expecting value"),
        ([], "no list `data`"),
        ({"data": None}, "no list `data`"),
        ({"data": [1, 2, 3]}, "no list `data`"),
        (rows([1, 2], [3, 4]), "2 for 3 texts"),
        (rows([1, 2], [3, 4], [5, 6], [7, 8]), "4 for 3 texts"),
        (rows([1, 2], [3, 4], [5]), "not all of one length"),
        (rows([1, 2], [3, 4], None), "no numbers|not all of one length"),
        (rows([1, 2], [3, 4], ["a", "b"]), "no numbers"),
        (rows([], [], []), "not a list of numbers"),
        (rows(1, 2, 3), "not a list of numbers"),
        (rows([1, 2], [3, 4], [float("nan"), 1]), "not finite"),
        (rows([1, 2], [3, 4], [float("inf"), 1]), "not finite"),
        (rows([1, 2], [3, 4], [0, 0]), "all zero"),
        ({"data": [{"index": 0, "embedding": [1, 2]}] * 3}, "`index`"),
    ],
)
def test_an_answer_without_one_good_vector_a_text_is_refused(
    server: ModelServer, answer: Any, problem: str
) -> None:
    body = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
    server.next = [(200, {}, body)]
    with pytest.raises(SaysoError, match=f"does not answer with vectors: .*({problem})"):
        asking(server).embed(TEXTS)
    assert len(server.asked) == 1
