"""What people type to keep a set: add, decline, retire, check, and what `show`, `diff` and `--out` tell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from integration.mining.project import Events, publish
from sayso_ingest import evalsets
from sayso_ingest.cli import run
from sayso_ingest.evalsets import EvalCase, Version
from unit.evalsets.test_case import case

ONE, TWO = case("Where is my parcel?"), case("I lost my password")


class Typed:
    """What a command answered."""

    def __init__(self, data: Path, capsys: pytest.CaptureFixture[str], *words: str) -> None:
        self.code = run(["evalset", *words, "--data", str(data)])
        self.out, self.err = capsys.readouterr()


def folder_of(data: Path) -> Path:
    return data / "default"


def set_of(data: Path, *cases: EvalCase) -> Version:
    return evalsets.add_cases(folder_of(data), "help", cases)


@pytest.fixture
def events(tmp_path: Path) -> Events:
    """A project with eight interactions, of which ann disliked one and cem corrected it."""
    events = Events()
    events.traffic(8)
    events.add("thumb", "t002", {"value": "down"}, actor="ann")
    events.add("annotation", "t002", {"label": "bad", "expected": "Please pay 5."}, actor="cem")
    publish(folder_of(tmp_path), events.sent).close()
    return events


@pytest.mark.usefixtures("events")
def test_an_interaction_and_a_question_of_ones_own_are_added(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = Typed(
        tmp_path, capsys, "add", "help", "--target", "t002", "--input", "Malta?", "--expected", "Yes."
    )
    assert (typed.code, typed.out.strip()) == (0, str(folder_of(tmp_path) / "evalsets" / "help" / "v1"))
    assert "2 of 2 have an expected answer." in typed.err
    version = evalsets.read(folder_of(tmp_path), "help", 1)
    assert {(one.expected, one.reference_kind, one.stratum) for one in version.cases} == {
        ("Please pay 5.", "annotation", "manual"),
        ("Yes.", "written", "manual"),
    }


@pytest.mark.usefixtures("events")
@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ([], 2, "--target"),
        (["--expected", "Yes."], 2, "--input"),
        (["--target", "t002", "--expected", "Yes."], 2, "--expected belongs to --input"),
        (["--input", " "], 2, "needs a question"),
        (["--target", "x"], 1, "No interaction of target x"),
    ],
)
def test_what_cannot_be_added_is_said_and_makes_no_version(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: int, told: str
) -> None:
    typed = Typed(tmp_path, capsys, "add", "help", *words)
    assert (typed.code, told in typed.err) == (code, True)
    assert evalsets.latest(folder_of(tmp_path), "help") is None


def test_without_anything_published_a_written_case_can_be_added_and_an_interaction_cannot(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder_of(tmp_path).mkdir()
    assert Typed(tmp_path, capsys, "add", "help", "--input", "Malta?").code == 0
    typed = Typed(tmp_path, capsys, "add", "help", "--target", "t1")
    assert (typed.code, "nothing has been published" in typed.err) == (1, True)


def test_a_declined_candidate_is_listed_by_its_state(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evalsets.propose(folder_of(tmp_path), "help", [ONE, TWO])
    words = ["decline", "help", ONE.case_id[:12], "--note", "a test", "--format", "json"]
    assert [row["state"] for row in json.loads(Typed(tmp_path, capsys, *words).out)] == ["declined"]
    words = ["candidates", "help", "--state", "declined", "--format", "json"]
    assert [row["note"] for row in json.loads(Typed(tmp_path, capsys, *words).out)] == ["a test"]
    assert "none is promoted" in Typed(tmp_path, capsys, "candidates", "help", "--state", "promoted").err


def test_the_last_two_versions_are_compared_counts_first_and_with_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    set_of(tmp_path, ONE, TWO, case("Send the invoice"))
    set_of(tmp_path, case("Do you ship to Malta?"))
    Typed(tmp_path, capsys, "retire", "help", TWO.case_id[:12], "--reason", "asked no more")
    lines = Typed(tmp_path, capsys, "diff", "help").out.splitlines()
    assert lines == [
        "help v2 to v3: 0 added, 1 removed, 0 changed, 3 the same",
        "",
        "removed",
        f"- {TWO.case_id[:12]}  I lost my password  (asked no more)",
    ]
    whole = Typed(tmp_path, capsys, "diff", "help", "1", "3").out
    assert whole.startswith("help v1 to v3: 1 added, 1 removed, 0 changed, 2 the same\n")
    assert "  Do you ship to Malta?  (2 of 3 people disliked it)" in whole
    rows = json.loads(Typed(tmp_path, capsys, "diff", "help", "1", "--format", "json").out)
    assert [(row["change"], row["reason"]) for row in rows] == [("added", None), ("removed", "asked no more")]


def test_a_changed_case_shows_what_was_and_what_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    set_of(tmp_path, ONE, TWO)
    evalsets.retire_cases(folder_of(tmp_path), "help", [ONE.case_id], reason="wrong")
    set_of(tmp_path, case(ONE.input, expected="It\narrives.", reference_kind="annotation"))
    lines = Typed(tmp_path, capsys, "diff", "help", "1", "3").out.splitlines()
    assert lines[2:] == [
        "changed",
        f"~ {ONE.case_id[:12]}  Where is my parcel?",
        "    expected",
        "    - (none)",
        "    + It arrives.",
        "    reference_kind",
        "    - none",
        "    + annotation",
    ]


def test_versions_that_hold_the_same_have_counts_alone_and_one_version_nothing_to_compare(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    set_of(tmp_path, ONE)
    assert "has one version only" in Typed(tmp_path, capsys, "diff", "help").err
    same = Typed(tmp_path, capsys, "diff", "help", "1", "1").out
    assert same == "help v1 to v1: 0 added, 0 removed, 0 changed, 1 the same\n"


@pytest.mark.usefixtures("events")
def test_one_case_is_shown_down_to_the_clicks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Typed(tmp_path, capsys, "add", "help", "--target", "t002")
    version = evalsets.read(folder_of(tmp_path), "help", 1)
    short = version.cases[0].case_id[:12]
    shown = Typed(tmp_path, capsys, "show", "help", short).out
    assert "expected    Please pay 5." in shown
    [thumb] = [line for line in shown.splitlines() if "actor:ann" in line]
    assert thumb.split()[:6] == ["2026-03-01", "12:00:08", "actor:ann", "thumb", "down", "stands"]
    told = json.loads(Typed(tmp_path, capsys, "show", "help", short, "--format", "json").out)
    assert [one["kind"] for one in told["events"]] == ["interaction", "thumb", "annotation"]
    assert told["split"] == version.cases[0].split
    [row] = json.loads(f"[{Typed(tmp_path, capsys, 'show', 'help', short, '--format', 'jsonl').out}]")
    assert row["case"] == short


def test_a_case_is_shown_without_the_clicks_where_nothing_is_published(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    set_of(tmp_path, ONE)
    typed = Typed(tmp_path, capsys, "show", "help", ONE.case_id[:12])
    assert (typed.code, "Where is my parcel?" in typed.out) == (0, True)
    assert "cannot be looked up now" in typed.err
    assert "the events e1, e2" in typed.err


def test_what_strangers_wrote_cannot_steer_a_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = case("\x1b[31mred", expected="\x1b]0;title\x07")
    set_of(tmp_path, ONE)
    set_of(tmp_path, hostile)
    for words in (["show", "help", hostile.case_id[:12]], ["diff", "help"]):
        assert "\x1b" not in Typed(tmp_path, capsys, *words).out


def test_a_case_that_later_feedback_speaks_against_is_flagged_with_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], events: Events
) -> None:
    Typed(tmp_path, capsys, "add", "help", "--target", "t002", "--target", "t001")
    typed = Typed(tmp_path, capsys, "check", "help")
    assert (typed.code, typed.out) == (0, "")
    assert "nothing was said since against any of its 2 cases" in typed.err
    events.add("annotation", "t002", {"label": "bad", "expected": "Please pay 7."}, actor="cem")
    publish(folder_of(tmp_path), events.sent).close()
    typed = Typed(tmp_path, capsys, "check", "help", "--format", "json")
    [flag] = json.loads(typed.out)
    assert (typed.code, flag["problem"]) == (1, "corrected")
    assert f"sayso evalset retire help {flag['case']} --reason" in typed.err
    assert "sayso evalset add help --target t002" in typed.err
    Typed(tmp_path, capsys, "retire", "help", flag["case"], "--reason", "corrected")
    Typed(tmp_path, capsys, "add", "help", "--target", "t002")
    assert Typed(tmp_path, capsys, "check", "help").code == 0
    latest = evalsets.latest(folder_of(tmp_path), "help")
    assert latest
    assert {one.expected for one in latest.cases} == {"Please pay 7.", None}


class TestAVersionInAGitTree:
    def test_is_the_same_bytes_and_may_be_there_already(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        tree = tmp_path / "product" / "evals"
        folder_of(tmp_path).mkdir()
        typed = Typed(tmp_path, capsys, "add", "help", "--input", "Malta?", "--out", str(tree))
        version = evalsets.read(folder_of(tmp_path), "help", 1)
        assert (typed.code, typed.out.splitlines()) == (0, [str(version.path), str(tree / "help" / "v1")])
        for file in version.path.iterdir():
            assert (tree / "help" / "v1" / file.name).read_bytes() == file.read_bytes()
        assert evalsets.write_copy(version, tree) == tree / "help" / "v1"

    def test_is_never_overwritten_and_nothing_is_made_where_it_has_no_room(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        set_of(tmp_path, ONE, TWO)
        tree = tmp_path / "evals"
        (tree / "help" / "v2").mkdir(parents=True)
        (tree / "help" / "v2" / "cases.jsonl").write_text("another")
        words = ["retire", "help", ONE.case_id[:12], "--reason", "old", "--out", str(tree)]
        typed = Typed(tmp_path, capsys, *words)
        assert (typed.code, "never overwritten" in typed.err) == (2, True)
        assert len(evalsets.versions(folder_of(tmp_path), "help")) == 1
        assert (tree / "help" / "v2" / "cases.jsonl").read_text() == "another"

    def test_is_made_all_the_same_where_the_tree_cannot_be_written(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        set_of(tmp_path, ONE)
        (tmp_path / "evals").mkdir()
        (tmp_path / "evals" / "help").write_text("a file in the way")
        words = ["add", "help", "--input", "Malta?", "--out", str(tmp_path / "evals")]
        typed = Typed(tmp_path, capsys, *words)
        assert (typed.code, "cannot be written" in typed.err) == (1, True)
        [_, second] = evalsets.versions(folder_of(tmp_path), "help")
        assert typed.out.strip() == str(second.path)
