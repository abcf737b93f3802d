"""`sayso judge` where something stands in the way: scores against words, what was taken back, what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests
from chat_server import says, serving
from grader import decide, grader
from integration.mining.project import Events, publish
from model_server import Answer, Asked, ModelServer
from processes import wait_until
from sayso_ingest.cli import run as main
from sayso_ingest.judge import COMPARED, Rubric, read_said
from sayso_ingest.warehouse import Published
from service import run_here as run
from service_here import ServiceHere

CANDIDATES = 7


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceHere]:
    with ServiceHere(tmp_path_factory.mktemp("judge") / "data").running() as service:
        bodies = [
            {"input": f"How {n}?", "output": "It is broken." if n % 3 == 0 else "It is fine."}
            for n in range(6)
        ]
        bodies[0] |= {
            "candidates": [{"id": f"c{n}", "output": f"It is so, {n}."} for n in range(CANDIDATES)],
            "chosen": {"id": "c6"},
        }
        send(
            service, [{"kind": "interaction", "target": f"t{n}", "body": one} for n, one in enumerate(bodies)]
        )
        wait_until(lambda: bool(service.query("SELECT 1 FROM interactions HAVING count(*) = 6")))
        yield service


def send(service: ServiceHere, events: list[dict[str, Any]]) -> None:
    sent = requests.post(
        f"{service.url}/v1/events",
        json={"events": [{"id": str(uuid4())} | event for event in events]},
        headers={"Authorization": f"Bearer {service.secret}"},
        timeout=10,
    )
    assert {result["status"] for result in sent.json()["results"]} == {"accepted"}, sent.text


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with serving(grader) as server:
        yield server


def write_rubric(folder: Path, text: str) -> Path:
    file = folder / "works.md"
    file.write_text(text)
    return file


def words(service: ServiceHere, server: ModelServer, *more: object, model: str = "small") -> list[str]:
    named = ["judge", "--model", f"openai:{server.url}#{model}", "--data", service.data, "--url", service.url]
    return [str(word) for word in [*named, *more]]


def said(service: ServiceHere, rubric: Path) -> list[tuple[Any, ...]]:
    """The judgements by this rubric, and whether they were taken back."""
    columns = "event_id, target, score, retracted"
    sql = f"SELECT {columns} FROM verdicts WHERE kind = 'judgement' AND rubric = ? ORDER BY target"
    return service.query(sql, [Rubric.read(rubric).id])


def test_the_scores_of_a_rubric_say_what_is_good_and_not_the_words_of_its_labels(
    service: ServiceHere, server: ModelServer, tmp_path: Path
) -> None:
    def is_broken(asked: Asked) -> Answer:
        label, rationale = decide("\n\n".join(message["content"] for message in asked["messages"]))
        return says({"rationale": rationale, "label": {"bad": "yes", "good": "no"}[label]})

    server.rule = is_broken
    rubric = write_rubric(tmp_path, '+++\nlabels = "yes=0,no=1"\n+++\nDoes it say that it is broken?')
    done = run(*words(service, server, "--rubric", rubric, "--format", "json"))
    assert done.returncode == 0, done.stderr
    with Published.open(service.data / "default") as published:
        found = [one.good for one in read_said(published.query) if one.rubric == Rubric.read(rubric).id]
    assert found == [n % 3 > 0 for n in range(6)]


def test_what_was_taken_back_is_judged_again_and_once(
    service: ServiceHere, server: ModelServer, tmp_path: Path
) -> None:
    rubric = write_rubric(tmp_path, "An answer is good if it works, again.")
    command = words(service, server, "--rubric", rubric)
    assert run(*command).returncode == 0
    wait_until(lambda: len(said(service, rubric)) == 6)
    first = said(service, rubric)
    send(service, [{"kind": "retraction", "body": {"of": str(first[0][0])}}])
    wait_until(lambda: said(service, rubric)[0][3])
    again = run(*command)
    assert "judged already: 5." in again.stderr
    assert "1 judged, 1 taken" in again.stderr
    wait_until(lambda: not said(service, rubric)[0][3])
    assert said(service, rubric)[0][0] != first[0][0]
    assert said(service, rubric)[1:] == first[1:]
    assert "judged already: 6." in run(*command).stderr


def test_what_was_judged_of_a_smaller_sample_weighs_as_much_as_all_of_a_larger_one(
    service: ServiceHere, server: ModelServer, tmp_path: Path
) -> None:
    rubric = write_rubric(tmp_path, "An answer is good if it works, of more and more.")
    command = words(service, server, "--rubric", rubric, "--rate")
    assert run(*command, 0.5).returncode == 0
    few = len(server.asked)
    assert 0 < few < 6
    wait_until(lambda: len(said(service, rubric)) == few)
    assert chances(service, rubric) == [0.5] * few
    grown = run(*command, 1)
    assert f"Of these {few} were drawn with a lower probability then." in grown.stderr
    assert f"{6 - few} judged, 6 taken by the collector." in grown.stderr
    assert len(server.asked) == 6
    wait_until(lambda: chances(service, rubric) == [1] * 6)
    whole = run(*command, 1)
    assert "judged already: 6." in whole.stderr
    assert "lower probability" not in whole.stderr + run(*command, 0.5).stderr
    assert len(server.asked) == 6


def chances(service: ServiceHere, rubric: Path) -> list[float]:
    sql = """SELECT e.sample_rate FROM verdicts v JOIN events e USING (event_id)
        WHERE v.kind = 'judgement' AND v.rubric = ? ORDER BY v.target"""
    return [rate for (rate,) in service.query(sql, [Rubric.read(rubric).id])]


def test_with_more_samples_than_before_it_is_judged_anew(
    service: ServiceHere, server: ModelServer, tmp_path: Path
) -> None:
    rubric = write_rubric(tmp_path, "An answer is good if it works, every time.")
    command = words(service, server, "--rubric", rubric)
    assert run(*command).returncode == 0
    wait_until(lambda: len(said(service, rubric)) == 6)
    assert "judged already: 0." in run(*command, "--samples", 3).stderr
    assert len(server.asked) == 6 + 18
    wait_until(lambda: "judged already: 6." in run(*command, "--samples", 3, "--dry-run").stderr)
    assert "judged already: 6." in run(*command).stderr


def test_a_judgement_that_the_collector_refuses_is_counted_and_not_waited_for(
    service: ServiceHere, server: ModelServer, tmp_path: Path
) -> None:
    rubric = write_rubric(tmp_path, "An answer is good if it works, for long.")
    done = run(*words(service, server, "--rubric", rubric, model="m" * 2_000))
    assert "6 judged, 0 taken by the collector" in done.stderr
    assert "The collector refused 6: " in done.stderr
    assert "have not landed" not in done.stderr


def test_candidates_beyond_those_that_are_compared_are_counted(
    service: ServiceHere, server: ModelServer, tmp_path: Path
) -> None:
    rubric = write_rubric(tmp_path, "An answer is good if it works, of all.")
    command = words(service, server, "--rubric", rubric, "--pairs")
    left = "3 candidates of 1 interactions are not compared: of each it is the chosen one and the first others, 4 at"
    assert left in run(*command, "--dry-run").stderr
    assert left in run(*command).stderr
    assert len(server.asked) == COMPARED * (COMPARED - 1)
    assert any("It is so, 6." in str(asked["messages"]) for asked in server.asked)
    assert f"of one interaction at most {COMPARED}." in " ".join(run("judge", "--help").stdout.split())


@pytest.mark.parametrize(
    "more", [["--rubric", "works.md"], ["--limit", "5"], ["--pairs"], ["--dry-run"], ["--max-calls", "3"]]
)
def test_a_report_refuses_options_that_it_would_not_heed(service: ServiceHere, more: list[str]) -> None:
    done = run("judge", "--report", "--data", str(service.data), *more)
    assert done.returncode == 2
    assert f"{more[0]} is for judging" in done.stderr


def test_a_report_alone_tells_where_judges_stand(service: ServiceHere) -> None:
    done = run("judge", "--report", "--data", str(service.data), "--format", "json")
    assert (done.returncode, set(json.loads(done.stdout))) == (0, {"judges", "preferences", "disagreements"})


def test_what_others_say_of_a_judge_cannot_spoil_a_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    events = Events()
    events.traffic(20)
    told = {"pairs": -3, "consistent": 9, "agreed": [1]}
    for n in range(20):
        target = f"t{n:03}"
        for judge in ("one\x1b[31m\nline", "two"):
            body = {"judge": judge, "label": f"c{judge}{n}", "name": "preference"}
            events.add("judgement", target, body, meta=told)
        events.add("judgement", target, {"judge": "two", "label": "good"}, sample_rate=1e-320, meta=told)
    publish(tmp_path / "default", events.sent).close()
    command = ["judge", "--report", "--data", str(tmp_path)]
    assert main([*command, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["swap"] for one in found["preferences"]] == [None, None]
    [judge] = found["judges"]
    assert (judge["judged"], judge["self_agreement"]) == (20, None)
    assert main(command) == 0
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "line and two differ on 100.0% of 20 things" in shown.splitlines()[-1]


@pytest.mark.parametrize(
    ("labelled", "missing"),
    [(0, "50 labels are missing"), (1, "49 labels are missing"), (49, "1 label is missing")],
)
def test_where_people_said_too_little_the_report_says_what_is_missing_and_no_rate_of_the_judge_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], labelled: int, missing: str
) -> None:
    events = Events()
    events.traffic(64)
    for n in range(64):
        events.add("judgement", f"t{n:03}", {"judge": "reed", "label": "bad" if n % 8 else "good"})
        if n < labelled:
            events.add("annotation", f"t{n:03}", {"label": "good"}, actor="ann")
    publish(tmp_path / "default", events.sent).close()
    command = ["judge", "--report", "--data", str(tmp_path)]
    assert main(command) == 0
    shown = capsys.readouterr().out
    assert missing in shown.splitlines()[-1]
    assert "12.5%" not in shown
    assert main([*command, "--format", "json"]) == 0
    [judge] = json.loads(capsys.readouterr().out)["judges"]
    assert (judge["raw"], judge["corrected"], judge["missing"]) == (None, None, 50 - labelled)


def test_of_many_judges_the_report_tells_which_differ_the_most(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    events = Events()
    events.traffic(12)
    for judge in range(8):
        for n in range(12):
            body = {"judge": f"judge {judge}", "label": "bad" if n < judge else "good"}
            events.add("judgement", f"t{n:03}", body)
    publish(tmp_path / "default", events.sent).close()
    assert main(["judge", "--report", "--data", str(tmp_path)]) == 0
    shown = capsys.readouterr()
    differ = [line for line in shown.out.splitlines() if " differ on " in line]
    assert (len(differ), differ[0].startswith("judge 0 and judge 7 differ on 58.3% of 12")) == (20, True)
    assert "These 20 of 28 pairs of judges differ the most" in shown.err


@pytest.mark.parametrize("option", ["--rate", "--max-cost", "--price-in"])
@pytest.mark.parametrize("value", ["nan", "inf", "-1"])
def test_shares_and_money_are_numbers(
    tmp_path: Path, option: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rubric = write_rubric(tmp_path, "An answer is good if it works.")
    assert main(["judge", "--rubric", str(rubric), option, value]) == 2
    assert f"Invalid value for '{option}'" in capsys.readouterr().err
