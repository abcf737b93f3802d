"""What the lander takes from the list of projects."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from landed import append, event, land
from sayso_ingest.operate import ensure_project
from sayso_ingest.operate.project_lander import ages_kept, open_lander
from sayso_ingest.places import live_warehouse, projects_file
from sayso_ingest.projects import ProjectBook, change_project
from sayso_ingest.settings import Settings


def test_a_lander_that_looks_into_files_where_a_topic_has_landed_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Somebody has typed the command without the SAYSO_LOG that the installation was moved to."""
    ensure_project(tmp_path, "p")
    append(tmp_path / "p", event())
    land(tmp_path / "p")
    book, settings = ProjectBook(projects_file(tmp_path)), Settings(data=tmp_path)
    open_lander(settings, book, tmp_path / "p").close()
    assert caplog.text == ""
    with duckdb.connect(str(live_warehouse(tmp_path / "p"))) as live:
        live.execute("INSERT INTO positions VALUES ('c/sayso.p/0', 7)")
    open_lander(settings, book, tmp_path / "p").close()
    assert "a topic in Kafka has landed (c/sayso.p/0)" in caplog.text
    assert "say SAYSO_LOG as it was" in caplog.text


def test_ages_follow_the_list_and_stay_as_they_were_while_it_cannot_be_read(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Or a list that somebody is changing by hand would keep projects from landing."""
    listed = projects_file(tmp_path)
    book, settings = ProjectBook(listed), Settings(data=tmp_path)
    day = timedelta(days=1)
    change_project(listed, "p", lambda project: replace(project, retention={"comment": day}))
    assert ages_kept(settings, book, "p") == {"comment": day}
    listed.write_text("{")
    assert [ages_kept(settings, book, "p") for _ in range(2)] == [{"comment": day}] * 2
    assert caplog.text.count("What was read before stays in use") == 1
