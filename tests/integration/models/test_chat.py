"""A chat model at an endpoint: whatever a real one answers has a name, and nothing is paid for twice."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from chat_server import completion, says, serving, streamed
from model_server import BROKEN_OFF, Answer, Asked, ModelServer, as_json, slow
from sayso_ingest.errors import ModelRefused, ModelUnavailable, SaysoError, UsageError
from sayso_ingest.models import (
    Address,
    Advice,
    ChatModel,
    KeptReplies,
    Outcome,
    Question,
    Reply,
    Shape,
    Usage,
)

ADVICE = Advice("--model", "SAYSO_MODEL_KEY")


def read_word(value: Any) -> str:
    word = value.get("word")
    if word not in ("yes", "no"):
        raise ValueError("`word` is not one of: yes, no")
    return str(word)


SHAPE = Shape(
    "word", {"type": "object", "properties": {"word": {"type": "string"}}, "required": ["word"]}, read_word
)
QUESTION = Question([{"role": "user", "content": "Is it?"}], SHAPE, seed=7, max_tokens=50)


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with serving() as server:
        yield server


def model(server: ModelServer, **options: Any) -> ChatModel:
    return ChatModel(Address(server.url, "small"), advice=ADVICE, **{"backoff": 0.001, **options})


def test_a_question_is_asked_with_its_schema_and_read(server: ModelServer) -> None:
    reply = model(server, key="secret").ask(QUESTION)
    assert (reply.outcome, reply.value, reply.finish_reason) == (Outcome.ANSWERED, "yes", "stop")
    assert reply.usage == Usage(10, 5)
    assert server.keys == ["Bearer secret"]
    [asked] = server.asked
    assert asked["model"] == "small"
    assert (asked["temperature"], asked["seed"], asked["max_tokens"]) == (0.0, 7, 50)
    assert asked["response_format"]["json_schema"]["schema"] == SHAPE.schema


def test_without_a_shape_the_text_is_the_answer(server: ModelServer) -> None:
    server.next = [says("It is.")]
    reply = model(server).ask(Question([{"role": "user", "content": "Is it?"}]))
    assert (reply.outcome, reply.text) == (Outcome.ANSWERED, "It is.")
    assert "response_format" not in server.asked[0]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (says('{"word": "ye', "length"), Outcome.TRUNCATED),
        (says(None, refusal="I will not."), Outcome.DECLINED),
        (says([{"type": "refusal", "refusal": "I will not."}]), Outcome.DECLINED),
        (says("", "content_filter"), Outcome.FILTERED),
        (as_json({"error": {"code": "content_filter", "message": "held"}}, 400), Outcome.FILTERED),
        (as_json({"choices": []}), Outcome.EMPTY),
        (as_json({"choices": [{}]}), Outcome.EMPTY),
        (as_json({"choices": None}), Outcome.MALFORMED),
        (says(""), Outcome.EMPTY),
        (says(None), Outcome.EMPTY),
        (as_json([1, 2]), Outcome.MALFORMED),
        (as_json({"error": {"message": "overloaded"}}), Outcome.MALFORMED),
        ((200, {}, b"<html>hello</html>"), Outcome.MALFORMED),
        ((200, {}, b"[" * 100_000), Outcome.MALFORMED),
        (streamed('{"word": "yes"}', cut=True), Outcome.MALFORMED),
        (as_json({"error": "the context has 9000 tokens, 8192 are allowed"}, 400), Outcome.REFUSED),
    ],
)
def test_every_way_to_answer_nothing_has_a_name_and_the_next_question_is_asked(
    server: ModelServer, answer: Answer, outcome: Outcome
) -> None:
    asking = model(server)
    server.next = [answer]
    reply = asking.ask(Question(QUESTION.messages))
    assert reply.outcome is outcome
    assert reply.problem
    assert asking.ask(QUESTION).value == "yes"


@pytest.mark.parametrize(
    "text",
    [
        '```json\n{"word": "no"}\n```',
        'Here it is:\n```\n{"word": "no"}\n```\nAnything else?',
        'Sure! {"word": "no"} is what I say.',
        '<think>yes? {"word": "yes"}</think>{"word": "no"}',
    ],
)
def test_the_object_is_found_whatever_a_model_writes_around_it(server: ModelServer, text: str) -> None:
    server.next = [says(text)]
    assert model(server).ask(QUESTION).value == "no"
    assert len(server.asked) == 1


def test_a_malformed_answer_is_asked_for_once_more_with_what_was_wrong(server: ModelServer) -> None:
    server.next = [says({"word": "perhaps"})]
    reply = model(server).ask(QUESTION)
    assert (reply.value, reply.usage) == ("yes", Usage(20, 10))
    *_, first, again = server.asked[1]["messages"]
    assert first == {"role": "assistant", "content": '{"word": "perhaps"}'}
    assert "not one of: yes, no" in again["content"]


def test_an_answer_that_stays_malformed_is_named_after_two_calls(server: ModelServer) -> None:
    server.next = [says("I think so."), says("Yes, really.")]
    assert model(server).ask(QUESTION).outcome is Outcome.MALFORMED
    assert len(server.asked) == 2


def test_a_stream_that_nobody_asked_for_is_put_together(server: ModelServer) -> None:
    server.next = [streamed('{"word": "no", "why": "it is 東京 and more"}')]
    reply = model(server).ask(QUESTION)
    assert (reply.value, reply.usage) == ("no", Usage(10, 5))


def knows(*formats: str) -> Any:
    """A rule that knows some response formats, and says 400 to others as servers do."""

    def rule(asked: Asked) -> Answer:
        asked_for = asked.get("response_format", {}).get("type")
        if asked_for and asked_for not in formats:
            return as_json({"error": {"message": f"response_format.type: unknown value {asked_for}"}}, 400)
        described = "JSON schema" in asked["messages"][-1]["content"]
        return says({"word": "yes" if described else "no"})

    return rule


@pytest.mark.parametrize(("formats", "calls"), [(("json_object",), 2), ((), 3)])
def test_an_endpoint_that_does_not_know_schemas_is_asked_in_words_and_remembered(
    server: ModelServer, formats: tuple[str, ...], calls: int
) -> None:
    server.rule = knows(*formats)
    asking = model(server)
    assert asking.ask(QUESTION).value == "yes"
    assert len(server.asked) == calls
    assert asking.ask(QUESTION).value == "yes"
    assert len(server.asked) == asking.budget.calls == calls + 1


def test_options_that_a_model_does_not_know_are_left_out(server: ModelServer) -> None:
    def rule(asked: Asked) -> Answer:
        if "max_tokens" in asked:
            return as_json(
                {"error": "'max_tokens' is not supported. Use 'max_completion_tokens' instead."}, 400
            )
        if "temperature" in asked:
            return as_json({"error": "Unsupported value: 'temperature'"}, 400)
        return as_json({"error": "unknown field: seed"}, 400) if "seed" in asked else says({"word": "yes"})

    server.rule = rule
    assert model(server).ask(QUESTION).value == "yes"
    assert server.asked[-1]["max_completion_tokens"] == 50


@pytest.mark.parametrize(
    "answer",
    [
        as_json({}, 429, Retry_After="0"),
        as_json({}, 500),
        as_json({}, 503, Retry_After=formatdate(time.time() - 60, usegmt=True)),
        as_json({}, 503, Retry_After="soon"),
        BROKEN_OFF,
    ],
)
def test_what_may_pass_is_asked_again(server: ModelServer, answer: Answer) -> None:
    server.next = [answer, answer]
    asking = model(server)
    assert asking.ask(QUESTION).value == "yes"
    assert len(server.asked) == 3


def test_a_date_to_try_again_is_waited_for(server: ModelServer) -> None:
    server.next = [as_json({}, 429, Retry_After=formatdate(time.time() + 2, usegmt=True))]
    begun = time.time()
    assert model(server).ask(QUESTION).value == "yes"
    assert time.time() - begun > 0.9


def test_a_date_beyond_all_patience_is_not(server: ModelServer) -> None:
    server.next = [as_json({}, 429, Retry_After=formatdate(time.time() + 9_000, usegmt=True))]
    reply = model(server).ask(QUESTION)
    assert reply.outcome is Outcome.UNAVAILABLE
    assert "asked once" in reply.problem


def test_an_endpoint_that_is_too_slow_is_named(server: ModelServer) -> None:
    server.rule = slow(server.rule, 30, server.over)
    reply = model(server, answer_within=0.05).ask(QUESTION)
    assert reply.outcome is Outcome.UNAVAILABLE
    assert "did not answer within 0.05 s" in reply.problem


def test_an_endpoint_that_is_gone_ends_it_after_some_calls_in_a_row(server: ModelServer) -> None:
    asking = model(server)
    server.rule = lambda _: as_json({}, 503)
    found = [asking.ask(QUESTION).outcome for _ in range(4)]
    assert found == [Outcome.UNAVAILABLE] * 4
    with pytest.raises(ModelUnavailable, match="Try again later, or take another --model"):
        asking.ask(QUESTION)


@pytest.mark.parametrize("status", [400, 413, 422])
def test_requests_that_are_refused_in_a_row_do_not_end_what_an_endpoint_has_begun_to_answer(
    server: ModelServer, status: int
) -> None:
    asking = model(server)
    too_long = as_json({"error": "the context has 9000 tokens, 8192 are allowed"}, status)
    server.next = [says({"word": "no"}), *[too_long] * 9]
    found = [asking.ask(QUESTION).outcome for _ in range(11)]
    assert found == [Outcome.ANSWERED, *[Outcome.REFUSED] * 9, Outcome.ANSWERED]


def test_an_endpoint_that_refuses_everything_from_the_start_ends_it_after_some_calls(
    server: ModelServer,
) -> None:
    asking = model(server)
    server.rule = lambda _: as_json({"error": "no such model"}, 400)
    assert [asking.ask(QUESTION).outcome for _ in range(4)] == [Outcome.REFUSED] * 4
    with pytest.raises(
        ModelRefused, match=r"answers 400: .*no such model.*\. Check the address and the model"
    ):
        asking.ask(QUESTION)


def test_a_page_in_the_place_of_a_model_ends_it_after_some_calls_in_a_row(server: ModelServer) -> None:
    asking = model(server)
    server.rule = lambda _: (200, {"Content-Type": "text/html"}, b"<html> Log in </html>")
    assert [asking.ask(QUESTION).outcome for _ in range(4)] == [Outcome.MALFORMED] * 4
    server.next = [says({"word": "no"})]
    assert asking.ask(QUESTION).value == "no"
    assert [asking.ask(QUESTION).outcome for _ in range(4)] == [Outcome.MALFORMED] * 4
    with pytest.raises(ModelRefused, match=r"it is no JSON: <html> Log in </html>\. Check the address"):
        asking.ask(QUESTION)


@pytest.mark.parametrize(
    ("status", "advice"), [(401, "SAYSO_MODEL_KEY"), (404, "Check the address"), (307, "Redirects")]
)
def test_what_would_be_refused_each_time_ends_it_at_once(
    server: ModelServer, status: int, advice: str
) -> None:
    server.next = [as_json({"error": "no"}, status)]
    with pytest.raises(ModelRefused, match=advice) as refused:
        model(server, key="hidden").ask(QUESTION)
    assert "hidden" not in str(refused.value)


def test_the_same_question_is_paid_for_once_also_by_an_endpoint_without_schemas(
    server: ModelServer, tmp_path: Path
) -> None:
    server.rule = knows()
    path = tmp_path / "judge" / "replies.sqlite"
    for _ in range(2):
        with KeptReplies(path) as kept:
            asking = model(server, kept=kept)
            reply = asking.ask(QUESTION)
            assert asking.is_known(QUESTION)
    assert (reply.value, reply.recalled, asking.budget.calls) == ("yes", True, 0)
    assert len(server.asked) == 3
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"Is it?" not in path.read_bytes()


def test_another_sample_model_or_setting_is_another_question(server: ModelServer, tmp_path: Path) -> None:
    others = [
        replace(QUESTION, sample=1),
        replace(QUESTION, temperature=0.5),
        replace(QUESTION, max_tokens=51),
    ]
    with KeptReplies(tmp_path / "replies.sqlite") as kept:
        for asked in [QUESTION, *others]:
            model(server, kept=kept).ask(asked)
        ChatModel(Address(server.url, "large"), advice=ADVICE, kept=kept).ask(QUESTION)
    assert len(server.asked) == 5


def test_what_failed_is_not_kept(server: ModelServer, tmp_path: Path) -> None:
    server.next = [as_json({"choices": []})]
    with KeptReplies(tmp_path / "replies.sqlite") as kept:
        assert model(server, kept=kept).ask(QUESTION).outcome is Outcome.EMPTY
        assert model(server, kept=kept).ask(QUESTION).value == "yes"


def test_a_file_that_holds_no_replies_is_named(tmp_path: Path) -> None:
    path = tmp_path / "replies.sqlite"
    path.write_text("no database " * 100)
    with pytest.raises(SaysoError, match=r"replies\.sqlite.*Remove it"):
        KeptReplies(path)


def test_a_file_that_only_cannot_be_written_is_not_to_be_removed(tmp_path: Path) -> None:
    path = tmp_path / "replies.sqlite"
    with KeptReplies(path) as kept:
        kept.keep("key", Reply(Outcome.ANSWERED, "It is."))
        kept._file.execute("PRAGMA query_only = 1")
        with pytest.raises(SaysoError, match=r"readonly database\)\. See that it can be written") as unusable:
            kept.keep("key", Reply(Outcome.ANSWERED, "It is."))
    assert "Remove" not in str(unusable.value)


def test_usage_that_an_endpoint_does_not_count_is_estimated(server: ModelServer) -> None:
    server.rule = lambda _: as_json(completion('{"word": "yes"}', usage={}))
    usage = model(server).ask(QUESTION).usage
    assert not usage.known
    assert usage.tokens_in > 10


def test_a_wait_between_attempts_ends_when_the_run_does_and_nothing_is_asked_after(
    server: ModelServer,
) -> None:
    server.rule = lambda _: as_json({}, 503, Retry_After="100")
    hung_up = threading.Event()
    threading.Timer(0.1, hung_up.set).start()
    begun = time.monotonic()
    asking = model(server, hung_up=hung_up)
    found = [asking.ask(QUESTION).outcome for _ in range(9)]
    assert found == [Outcome.STOPPED] * 9  # however many, the endpoint is not held to be gone
    assert len(server.asked) == 1
    assert time.monotonic() - begun < 5


def test_a_stop_within_a_malformed_answer_does_not_ask_once_more(server: ModelServer) -> None:
    hung_up = threading.Event()

    def rule(_: Asked) -> Answer:
        hung_up.set()
        return says("I think so.")

    server.rule = rule
    assert model(server, hung_up=hung_up).ask(QUESTION).outcome is Outcome.STOPPED
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "text",
    ["", "small", "openai:http://x", "openai:ftp://x#m", "openai:http://x#", "openai:http://[x/v1#m"],
)
def test_what_names_no_model_says_how_to_write_it(text: str) -> None:
    with pytest.raises(UsageError, match="openai:URL#MODEL"):
        Address.read(text)


@pytest.mark.parametrize(
    "answer",
    [
        says('{"word": "yes", "said": "\ud800"}', "st\ud800p"),
        says('{"word": "ye', "length"),
        says(None, refusal="I will not."),
        says("", "content_filter"),
        as_json({"error": {"code": "content_filter", "message": "held"}}, 400),
        as_json(completion('{"word": "yes"}', usage={"cost": 0.5})),
    ],
)
def test_a_reply_that_is_recalled_is_the_one_that_was_kept(
    server: ModelServer, tmp_path: Path, answer: Answer
) -> None:
    server.next = [answer]
    with KeptReplies(tmp_path / "replies.sqlite") as kept:
        first = model(server, kept=kept).ask(QUESTION)
        assert model(server, kept=kept).ask(QUESTION) == replace(first, recalled=True)


def test_half_a_surrogate_pair_can_be_asked_about_and_kept(server: ModelServer, tmp_path: Path) -> None:
    server.rule = lambda asked: says({"word": "yes", "said": asked["messages"][0]["content"]})
    with KeptReplies(tmp_path / "replies.sqlite") as kept:
        asked = Question([{"role": "user", "content": "\ud800 broken"}], SHAPE)
        assert model(server, kept=kept).ask(asked).value == "yes"
        assert json.loads(json.dumps(model(server, kept=kept).ask(asked).value)) == "yes"
