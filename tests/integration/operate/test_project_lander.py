"""What the lander takes from the list of projects."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sayso_ingest.operate.project_lander import ages_kept
from sayso_ingest.places import projects_file
from sayso_ingest.projects import ProjectBook, change_project
from sayso_ingest.settings import Settings


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
