"""`sayso generate`: a model writes cases, which wait until a person has reviewed them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chat_server import says, serving
from integration.mining.project import Events, publish
from model_server import Answer, Asked, ModelServer, as_json, slow
from sayso_ingest.cli import run
from sayso_ingest.evalsets import State, latest, proposals
from sayso_ingest.models import KeptReplies

GUIDE = "Orders leave within two days. Returns are free for thirty days, and the label is in the box."


def writes(asked: Asked) -> Answer:
    """A model that writes two cases about a guide, one of them with a sentence that is not there."""
    source = asked["messages"][1]["content"]
    if "<source-" not in source:
        return says({"cases": [{"question": f"What about {len(source)} and refunds?"}]})
    return says(
        {
            "cases": [
                {
                    "question": "How long may I return an order?",
                    "answer": "Thirty days.",
                    "quote": "Returns are free for thirty days",
                },
                {"question": "Is it cheap?", "answer": "Yes.", "quote": "It is the cheapest of all shops"},
            ]
        }
    )


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with serving(writes) as server:
        yield server


@pytest.fixture
def guide(tmp_path: Path) -> Path:
    path = tmp_path / "guide.md"
    path.write_text(GUIDE)
    return path


def generate(data: Path, *arguments: Any, server: ModelServer | None = None) -> int:
    model = [f"--model=openai:{server.url}#writer"] if server else []
    return run(["generate", "--set", "help", "--data", str(data), *map(str, arguments), *model])


def waiting(data: Path) -> list[tuple[str, str | None, str, str]]:
    return [
        (one.case.input, one.case.expected, one.case.stratum, one.case.reference_kind)
        for one in proposals(data / "default", "help")
    ]


def test_cases_are_written_from_documents_and_those_without_a_sentence_behind_them_are_left_out(
    tmp_path: Path, guide: Path, server: ModelServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert generate(tmp_path, "--documents", guide, "--format", "json", server=server) == 0
    assert waiting(tmp_path) == [
        ("How long may I return an order?", "Thirty days.", "synthetic", "synthetic")
    ]
    written = capsys.readouterr()
    [row] = json.loads(written.out)
    assert "guide.md by writer: “Returns are free for thirty days”" in row["reason"]
    assert "1 left out: the sentence that should support it is not in the source." in written.err
    assert "1 calls, 10 tokens read and 5 written." in written.err


def test_the_same_command_asks_nothing_again_and_proposes_nothing_twice(
    tmp_path: Path, guide: Path, server: ModelServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert generate(tmp_path, "--documents", guide, server=server) == 0
    assert generate(tmp_path, "--documents", guide, server=server) == 0
    assert len(server.asked) == 1
    assert len(waiting(tmp_path)) == 1
    assert "the set, its candidates or another one ask the same" in capsys.readouterr().err


def test_a_dry_run_says_what_it_would_ask_and_asks_nothing(
    tmp_path: Path, guide: Path, server: ModelServer, capsys: pytest.CaptureFixture[str]
) -> None:
    prices = ("--price-in", 1, "--price-out", 2)
    assert generate(tmp_path, "--documents", guide, "--dry-run", *prices, server=server) == 0
    assert capsys.readouterr().out.startswith("1 calls (0 more are answered already) for up to 3 cases")
    assert server.asked == []
    assert waiting(tmp_path) == []


def test_a_budget_is_held_and_the_next_run_goes_on(
    tmp_path: Path, guide: Path, server: ModelServer, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.md"
    other.write_text(f"{GUIDE} Gifts are wrapped.")
    assert (
        generate(tmp_path, "--documents", guide, "--documents", other, "--max-calls", 1, server=server) == 0
    )
    assert len(server.asked) == 1
    assert "(unaffordable): the budget would not have held" in capsys.readouterr().err
    assert generate(tmp_path, "--documents", guide, "--documents", other, server=server) == 0
    assert len(server.asked) == 2


def test_texts_that_were_retrieved_and_gaps_are_sources_too(tmp_path: Path, server: ModelServer) -> None:
    events = Events()
    events.traffic(40)
    events.add(
        "interaction",
        "ctx",
        {"input": "May I return it?", "output": "Yes.", "contexts": [{"id": "guide", "text": GUIDE}]},
    )
    publish(tmp_path / "default", events.sent).close()
    assert generate(tmp_path, "--contexts", server=server) == 0
    assert [one[:2] for one in waiting(tmp_path)] == [("How long may I return an order?", "Thirty days.")]
    assert GUIDE in server.asked[0]["messages"][1]["content"]
    assert generate(tmp_path, "--gaps", 1, server=server) == 0
    written = waiting(tmp_path)[1:]
    assert [one[1:] for one in written] == [(None, "synthetic", "none")]
    assert proposals(tmp_path / "default", "help")[-1].case.topic != ""


def test_of_texts_that_were_retrieved_the_most_retrieved_are_taken_first(
    tmp_path: Path, server: ModelServer, capsys: pytest.CaptureFixture[str]
) -> None:
    events = Events()
    often, seldom = ({"id": name, "text": f"{GUIDE} {name}"} for name in ("often", "seldom"))
    for n in range(3):
        contexts = [seldom, often] if n == 0 else [{"id": "empty", "text": " "}, often]
        events.add("interaction", f"t{n}", {"input": "May I?", "output": "Yes.", "contexts": contexts})
    publish(tmp_path / "default", events.sent).close()
    assert generate(tmp_path, "--contexts", "--limit", 1, server=server) == 0
    assert [f"{GUIDE} often" in str(asked["messages"]) for asked in server.asked] == [True]
    assert generate(tmp_path, "--contexts", "--dry-run", server=server) == 0
    assert capsys.readouterr().out.count("1 calls (1 more are answered already)") == 1


def test_more_sources_than_anybody_means_are_asked_about_first(
    tmp_path: Path, server: ModelServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sayso_ingest.cli.generate.sources.MOST", 2)
    for number in range(3):
        (tmp_path / f"{number}.md").write_text(f"{GUIDE} {number}")
    assert generate(tmp_path, "--documents", tmp_path, server=server) == 2
    assert "more than 2 texts to write from, and each is a call. Say with --limit" in capsys.readouterr().err
    assert server.asked == []
    assert generate(tmp_path, "--documents", tmp_path, "--limit", 3, server=server) == 0
    assert len(server.asked) == 3


def test_a_run_of_which_nothing_was_of_use_fails(
    tmp_path: Path, guide: Path, server: ModelServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.rule = lambda _: says("Sure, here are some questions!")
    assert generate(tmp_path, "--documents", guide, server=server) == 1
    assert "No model's answer was of use, so nothing was written." in capsys.readouterr().err


def test_a_second_model_is_none_of_its_business(
    tmp_path: Path, guide: Path, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAYSO_SECOND_MODEL", f"openai:{server.url}#writer")
    assert generate(tmp_path, "--documents", guide, server=server) == 0


def test_what_a_model_writes_cannot_move_a_cursor(
    tmp_path: Path, guide: Path, server: ModelServer, capsys: pytest.CaptureFixture[str]
) -> None:
    evil = {
        "question": "How\x1b[2J long?",
        "answer": "\x1b]0;me\x07Ten.",
        "quote": "Returns are free for thirty",
    }
    server.rule = lambda _: says({"cases": [evil]})
    for format in ("table", "json", "jsonl"):
        assert generate(tmp_path / format, "--documents", guide, "--format", format, server=server) == 0
    told = capsys.readouterr()
    assert "Ten." in told.out
    assert "\x1b" not in told.out + told.err


def test_a_disliked_case_is_asked_in_other_words_and_its_answer_stays(
    tmp_path: Path, server: ModelServer
) -> None:
    events = Events()
    events.traffic(30)
    for who in ("ann", "bob"):
        events.add("thumb", "t003", {"value": "down"}, actor=who)
    events.add("comment", "t003", {"text": "No.", "expected": "Within two days."}, actor="eve")
    publish(tmp_path / "default", events.sent).close()
    data = ("--data", str(tmp_path))
    assert run(["mine", "--set", "help", "--budget", "6", *data]) == 0
    assert run(["evalset", "promote", "help", "--all", *data]) == 0
    assert generate(tmp_path, "--variants", server=server) == 0
    assert ["my refund for shoes, number 3" in str(asked) for asked in server.asked] == [True]
    made = [one for one in waiting(tmp_path) if one[2] == "synthetic"]
    assert [one[1:] for one in made] == [("Within two days.", "synthetic", "synthetic")]


def test_a_case_that_a_model_wrote_is_a_case_for_coverage_and_no_traffic(
    tmp_path: Path, guide: Path, server: ModelServer, capsys: pytest.CaptureFixture[str]
) -> None:
    events = Events()
    events.traffic(30)
    publish(tmp_path / "default", events.sent).close()
    data = ("--data", str(tmp_path))
    assert generate(tmp_path, "--documents", guide, server=server) == 0
    assert measured(data, capsys) == (30, 0)
    [proposal] = proposals(tmp_path / "default", "help")
    assert run(["evalset", "promote", "help", proposal.case.case_id, *data]) == 0
    assert measured(data, capsys) == (30, 1)


def measured(data: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> tuple[int, int]:
    """The interactions that coverage counts, and the cases."""
    capsys.readouterr()
    assert run(["coverage", "--set", "help", "--format", "json", *data]) == 0
    level = json.loads(capsys.readouterr().out)["levels"][0]
    return level["interactions"], level["cases"]


def test_what_a_model_wrote_is_promoted_with_all_others_only_once_a_person_reviewed_it(
    tmp_path: Path, guide: Path, server: ModelServer, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ("--data", str(tmp_path))
    assert generate(tmp_path, "--documents", guide, server=server) == 0
    assert run(["evalset", "add", "help", "--input", "Do you ship to Malta?", *data]) == 0
    capsys.readouterr()
    assert run(["evalset", "promote", "help", "--all", *data]) != 0
    assert "1 that a model wrote are left: nobody has reviewed them" in capsys.readouterr().err
    [proposal] = proposals(tmp_path / "default", "help")
    assert proposal.state is State.CANDIDATE
    assert run(["evalset", "review", "help", proposal.case.case_id[:12], *data]) == 0
    assert run(["evalset", "promote", "help", "--all", *data]) == 0
    version = latest(tmp_path / "default", "help")
    assert version
    assert {case.stratum for case in version.cases} == {"manual", "synthetic"}


def test_a_function_of_ones_own_takes_the_place_of_an_endpoint(
    tmp_path: Path, guide: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own_writer.py").write_text(
        "import json\n"
        "def ask(messages):\n"
        "    assert 'JSON' in messages[-1]['content']\n"
        "    case = {'question': 'When do orders leave?', 'answer': 'In two days.',\n"
        "            'quote': 'Orders leave within two days.'}\n"
        "    return json.dumps({'cases': [case]})\n"
    )
    monkeypatch.chdir(tmp_path)
    assert generate(tmp_path, "--documents", guide, "--with", "own_writer:ask") == 0
    assert [one[0] for one in waiting(tmp_path)] == ["When do orders leave?"]


def test_what_was_written_before_a_function_of_ones_own_fails_is_proposed(
    tmp_path: Path, guide: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "failing_writer.py").write_text(
        "import json\n"
        "def ask(messages):\n"
        "    if 'Gifts' in str(messages):\n"
        "        raise ValueError('out of ink')\n"
        "    case = {'question': 'When do orders leave?', 'answer': 'In two days.',\n"
        "            'quote': 'Orders leave within two days.'}\n"
        "    return json.dumps({'cases': [case]})\n"
    )
    other = tmp_path / "other.md"
    other.write_text(f"{GUIDE} Gifts are wrapped.")
    monkeypatch.chdir(tmp_path)
    both = ("--documents", guide, "--documents", other, "--concurrency", 1)
    assert generate(tmp_path, *both, "--with", "failing_writer:ask") == 1
    assert "out of ink" in capsys.readouterr().err
    assert [one[0] for one in waiting(tmp_path)] == ["When do orders leave?"]


def test_a_function_and_an_endpoint_are_not_both_asked(
    tmp_path: Path, guide: Path, server: ModelServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert generate(tmp_path, "--documents", guide, "--with", "json:dumps", server=server) == 2
    assert "--model is for an endpoint" in capsys.readouterr().err


@pytest.mark.parametrize("named", ["nowhere:ask", "json:nothing", "json", "json:__name__"])
def test_a_function_that_is_not_there_is_said(
    tmp_path: Path, guide: Path, named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert generate(tmp_path, "--documents", guide, "--with", named) == 2
    assert named.partition(":")[0] in capsys.readouterr().err


def test_where_a_model_answers_nothing_only_that_is_said(
    tmp_path: Path, guide: Path, server: ModelServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.rule = lambda _: as_json({"error": "\x1b[31mno"}, 401)
    assert generate(tmp_path, "--documents", guide, server=server) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "Is the key in SAYSO_MODEL_KEY right?" in told.err
    assert "\x1b" not in told.err


def test_without_a_source_or_a_model_it_says_what_to_name(
    tmp_path: Path, guide: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert generate(tmp_path) == 2
    assert "--documents PATH" in capsys.readouterr().err
    assert generate(tmp_path, "--documents", guide) == 2
    assert "No model is named" in capsys.readouterr().err
    assert generate(tmp_path, "--variants") == 2
    assert "There is nothing to write from" in capsys.readouterr().err


def test_after_ctrl_c_what_was_written_is_kept(tmp_path: Path, guide: Path, server: ModelServer) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    for number in range(8):
        (folder / f"{number}.md").write_text(f"{GUIDE} Number {number}.")
    server.next = [writes]
    server.rule = slow(writes, 1.0, server.over)
    command = [sys.executable, "-m", "sayso_ingest", "generate", "--set", "help", "--data", str(tmp_path)]
    command += ["--documents", str(folder), f"--model=openai:{server.url}#writer", "--concurrency", "1"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ})
    while len(server.asked) < 2 and process.poll() is None:
        server.over.wait(0.02)
    process.send_signal(signal.SIGINT)
    assert process.stderr
    told = process.stderr.read()
    process.stderr.close()
    assert process.wait() == 130, told
    assert "Stopped. What was written is kept" in told
    assert len(waiting(tmp_path)) == 1
    with KeptReplies(tmp_path / "default" / "models" / "replies.sqlite"):
        assert len(server.asked) < 8
