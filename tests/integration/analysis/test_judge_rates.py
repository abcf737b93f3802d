"""A judge's rate in SQL: corrected by people, as the pure Python has it, and none where too few spoke."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from integration.analysis.history import History
from sayso_ingest.judge import ENOUGH, Standing, read_said, standings
from sayso_ingest.warehouse import Published
from scipy.special import stdtrit

THINGS = 240
JUDGES = 24
PEOPLE_BY = {"annotated": "annotation", "thumbs": "thumb", "": None}


class Scene:
    """Things that judges of every worth judged, drawn alike or not, and people few or many, even or loud, spoke of."""

    def __init__(self, history: History, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.history = history

    def fill(self) -> None:
        for thing in range(THINGS):
            self.history.answer(f"t{thing}")
        for judge in range(JUDGES):
            self.judge(f"judge {judge}", name=f"n{judge}")

    def judge(self, judge: str, *, name: str) -> None:
        """Each judge has a name of its own, so that the people who spoke are its own, too."""
        random = self.random
        truth, right = random.choice([0.02, 0.5, 0.9, 1.0]), random.choice([0.5, 0.8, 1.0])
        seldom, often = random.choice([1.0, 0.2, 1e-9]), random.choice([0.01, 0.3])
        liked = random.random(THINGS) < truth
        judged = np.where(random.random(THINGS) < right, liked, random.random(THINGS) < 0.7)
        for thing in np.flatnonzero(random.random(THINGS) < 0.9):
            chance = seldom if random.random() < often else 1.0
            body = {"judge": judge, "label": "good" if judged[thing] else "bad", "name": name, "rubric": "r"}
            self.history.add("judgement", f"t{thing}", body, sample_rate=chance)
        for kind in ("annotation", "thumb"):
            self.people(kind, liked, name)

    def people(self, kind: str, liked: np.ndarray, name: str) -> None:
        """They differ, and some say neither."""
        random = self.random
        count = int(random.choice([1, 2, 5, 60]))
        loud = random.dirichlet(np.full(count, random.choice([0.3, 30])))
        strict = random.random(count) * random.choice([0, 0.6])
        spoken = random.random(THINGS) < random.choice([0, 0.1, ENOUGH / THINGS, 0.5, 1])
        for thing in np.flatnonzero(spoken):
            for person in np.unique(random.choice(count, size=int(random.integers(1, 4)), p=loud)):
                good = bool(liked[thing] and random.random() > strict[person])
                label = "unsure" if random.random() < 0.05 else "good" if good else "bad"
                body = {"label": label} if kind == "annotation" else {"value": "up" if good else "down"}
                self.history.add(kind, f"t{thing}", {**body, "name": name}, by=f"p{person}")


@pytest.fixture(scope="module", params=range(2))
def copy(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    history = History(tmp_path_factory.mktemp("project"))
    Scene(history, request.param).fill()
    with history.publish() as opened:
        yield opened


def expected(one: Standing) -> dict[str, Any]:
    rate, agreement = one.corrected, one.agreement
    return {
        "judge": one.judge,
        "rubric": one.rubric,
        "name": one.name,
        "judged": one.judged,
        "people_by": PEOPLE_BY[one.people_by],
        "labelled": one.labelled,
        "people": one.people,
        "missing": one.missing,
        "good_rate": rate and rate.rate,
        "good_low": rate and rate.low,
        "good_high": rate and rate.high,
        "reason": None if rate else "few_labels",
        "trust": rate and rate.trust,
        "agree_rate": agreement and agreement.same,
        "kappa": None if agreement is None or isnan(agreement.kappa) else agreement.kappa,
        "raw_rate": one.raw,
    }


def test_every_figure_is_the_one_that_sayso_judge_reports(copy: Published) -> None:
    rows = {row["name"]: row for row in copy.query("FROM judge_rates")}
    found = standings(read_said(copy.query))
    assert len(rows) == len(found) == JUDGES
    for one in found:
        row = {column: rows[one.name][column] for column in expected(one)}
        assert row == pytest.approx(expected(one), abs=2e-5), one
    assert {row["reason"] for row in rows.values()} == {None, "few_labels"}  # so that both were seen
    assert {row["people_by"] for row in rows.values()} >= {"annotation", "thumb"}


def test_students_quantile_in_sql_is_the_one_of_scipy(copy: Published) -> None:
    (row,) = copy.query("SELECT list(student_t(n / 10) ORDER BY n) AS found FROM range(10, 3000) t(n)")
    assert row["found"] == pytest.approx(stdtrit(np.arange(10, 3000) / 10, 0.975), rel=1e-5)


def test_a_judge_is_never_shown_by_itself(tmp_path: Path) -> None:
    history = History(tmp_path)
    for thing in range(ENOUGH):
        history.answer(f"t{thing}")
        history.add("judgement", f"t{thing}", {"judge": "reed", "label": "good", "rubric": "r"})
        if thing:
            history.thumb(f"t{thing}", f"u{thing}", "down" if thing % 2 else "up")
    columns = ("judge", "labelled", "missing", "good_rate", "raw_rate", "reason", "agree_rate")
    assert history.ask("judge_rates", *columns) == [("reed", 49, 1, None, None, "few_labels", 0.49)]
    history.thumb("t0", "u0", "up")
    assert history.at(tmp_path / "more").ask("judge_rates", *columns) == [
        ("reed", 50, 0, 0.5, 1.0, None, 0.5)
    ]


def test_annotations_that_balance_do_not_put_many_thumbs_aside(tmp_path: Path) -> None:
    history = History(tmp_path)
    for thing in range(120):
        history.answer(f"t{thing}")
        history.add("judgement", f"t{thing}", {"judge": "reed", "label": "good", "rubric": "r"})
        history.thumb(f"t{thing}", f"u{thing}", "down" if thing % 2 else "up")
        if thing < ENOUGH:
            history.add("annotation", f"t{thing}", {"label": "good"}, by="ann")
    history.add("annotation", "t0", {"label": "bad"}, by="bob")
    assert history.ask("judge_rates", "people_by", "labelled", "missing", "good_rate", "reason") == [
        ("thumb", 120, 0, 0.5, None)
    ]


def test_what_was_taken_back_or_compares_candidates_or_a_session_is_no_judgement(tmp_path: Path) -> None:
    history = History(tmp_path)
    history.answer("t", session="s")
    history.add("judgement", "t", {"judge": "reed", "label": "a", "name": "preference"})
    history.add("judgement", "s", {"judge": "reed", "label": "good"})
    history.add("judgement", "t", {"judge": "reed", "label": "unclear"})
    history.add("retraction", "", {"of": history.add("judgement", "t", {"judge": "fir", "label": "good"})})
    del history._events[-1]["target"]
    assert history.ask("judge_rates") == []
