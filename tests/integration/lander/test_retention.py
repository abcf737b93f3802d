"""What is past its age goes, and what is left says the same of what it is about as before."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from blank import open_warehouse
from landed import NOW, append, event, land, thumb
from made import made_once
from sayso_ingest.event import Reason, Rejection
from sayso_ingest.eventlog import open_reader
from sayso_ingest.lander import Lander
from sayso_ingest.lander.retention import cutoffs
from sayso_ingest.places import live_warehouse, log_folder
from sayso_ingest.warehouse import FILE, Published, Publisher

DAYS = timedelta(days=1)
LONG_AGO = NOW - 100 * DAYS
PROMPT = {"name": "p", "version": "1"}


def long_ago(folder: Path) -> None:
    """A hundred days ago two answers to ann, one of which is called bad today; what was refused then, and now."""
    for target in ("m1", "m2"):
        body = {"input": f"secret {target}", "output": "yes", "prompt": PROMPT}
        append(folder, event("interaction", target=target, actor="ann", body=body), received_at=LONG_AGO)
        append(folder, thumb(target=target), received_at=LONG_AGO)
    append(folder, thumb("down", target="m1", anonymous="b", actor="bea"), received_at=LONG_AGO)
    append(folder, thumb("down", target="m1", actor=None, anonymous="b"))
    refused = Rejection.of(b'{"secret": 1}', Reason.WRONG_TYPE)
    append(folder, rejects=[refused], received_at=LONG_AGO)
    append(folder, rejects=[Rejection.of(b"{}", Reason.WRONG_TYPE)])
    land(folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made_once(tmp_path / "p", long_ago)
    return tmp_path / "p"


@contextmanager
def lander_of(folder: Path, ages: Mapping[str, timedelta]) -> Iterator[Lander]:
    """A lander that looks each time it is asked to; it publishes a last time after the block."""
    warehouse = open_warehouse(folder)
    reader = open_reader("sqlite", folder=log_folder(folder), project="p")
    publisher = Publisher(warehouse, folder, whole_up_to=0)
    ticks = count(step=10_000.0)
    lander = Lander(
        reader, warehouse, publisher, ages=lambda: ages, now=lambda: NOW, clock=lambda: next(ticks)
    )
    with closing(lander):
        yield lander


def remove_old(folder: Path, ages: Mapping[str, timedelta]) -> None:
    """Let the lander look once."""
    with lander_of(folder, ages) as lander:
        lander.remove_old()


def asked(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    with Published.open(folder) as copy:
        return copy.table(sql)[1]


def test_events_past_their_age_go_and_what_they_said_with_them(folder: Path) -> None:
    remove_old(folder, {"thumb": 30 * DAYS})
    assert asked(folder, "SELECT target, who, value FROM verdicts") == [("m1", "actor:bea", "down")]
    assert asked(folder, "SELECT count(*) FROM interactions") == [(2,)]
    assert asked(folder, "SELECT why, what, n FROM removals") == [("age", "thumb", 3)]
    assert asked(folder, "SELECT events FROM published") == [(3,)]


def test_of_an_answer_that_is_still_spoken_of_the_texts_go_and_one_that_is_not_goes_whole(
    folder: Path,
) -> None:
    """So the verdict that is left still counts for its prompt, and nothing says what was asked, or by whom."""
    ages = {"thumb": 30 * DAYS, "interaction": 30 * DAYS}
    remove_old(folder, ages)
    assert asked(folder, "SELECT target, input, actor, who, prompt_name FROM interactions") == [
        ("m1", None, None, asked(folder, "SELECT 'event:' || event_id FROM interactions")[0][0], "p")
    ]
    assert asked(folder, "SELECT who, scope, prompt_version FROM verdicts") == [("actor:bea", "target", "1")]
    assert sorted(asked(folder, "SELECT what, n FROM removals")) == [
        ("interaction", 1),
        ("texts", 1),
        ("thumb", 3),
    ]
    remove_old(folder, ages)
    assert asked(folder, "SELECT count(*) FROM removals") == [(3,)], "removed twice"


def test_who_a_browser_belongs_to_is_known_while_anything_is_kept_of_it(folder: Path) -> None:
    """Or what one person said would count for two."""
    remove_old(folder, {"thumb": 30 * DAYS})
    assert asked(folder, "SELECT alias, who FROM identities") == [("anonymous:b", "actor:bea")]


def test_a_retraction_stays_as_long_as_what_it_takes_back(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    first, second = thumb(), thumb(target="m2")
    append(folder, first)
    append(folder, second, received_at=LONG_AGO)
    for said in (first, second):
        append(folder, event("retraction", actor="ann", body={"of": said["id"]}), received_at=LONG_AGO)
    land(folder)
    remove_old(folder, {"thumb": 30 * DAYS, "retraction": 30 * DAYS})
    assert asked(folder, "SELECT target, retracted FROM verdicts") == [("m1", True)]
    assert asked(folder, "SELECT count(*) FROM events WHERE kind = 'retraction'") == [(1,)]


def test_what_was_refused_goes_too_and_the_disk_gets_its_space_back(tmp_path: Path) -> None:
    """The file is written anew, and an older copy is not kept aside."""
    folder = tmp_path / "p"
    for _ in range(20):
        refused = Rejection.of(os.urandom(60_000), Reason.WRONG_TYPE)
        append(folder, rejects=[refused], received_at=LONG_AGO)
    append(folder, rejects=[Rejection.of(b"{}", Reason.WRONG_TYPE)])
    land(folder)
    before = live_warehouse(folder).stat().st_size
    remove_old(folder, {"rejects": 30 * DAYS})
    assert asked(folder, "SELECT count(*) FROM rejects") == [(1,)]
    assert asked(folder, "SELECT rejects FROM published") == [(1,)]
    assert live_warehouse(folder).stat().st_size < before - 20 * 50_000
    assert not (folder / f".{FILE}.retired").exists()


def refused_long_ago(folder: Path) -> bytes:
    """Land what was refused long ago, and what was refused now; return what the older one holds, which is long."""
    text = os.urandom(60_000)
    append(folder, rejects=[Rejection.of(text, Reason.WRONG_TYPE)], received_at=LONG_AGO)
    append(folder, rejects=[Rejection.of(b"{}", Reason.WRONG_TYPE)])
    land(folder)
    assert holding(folder, text) == [live_warehouse(folder), folder / FILE]
    return text


def holding(folder: Path, text: bytes) -> list[Path]:
    """The live file, its copy, and the copy before that, as far as they hold a text."""
    files = (live_warehouse(folder), folder / FILE, folder / f".{FILE}.retired")
    return [file for file in files if file.exists() and text[:1000] in file.read_bytes()]


def test_where_it_was_killed_before_the_file_was_written_anew_the_next_one_does_it(tmp_path: Path) -> None:
    """Though that one finds nothing that is past its age."""
    folder = tmp_path / "p"
    text = refused_long_ago(folder)
    with closing(open_warehouse(folder)) as killed:
        assert killed.remove_by_age({"rejects": NOW - 30 * DAYS}, now=NOW)
    remove_old(folder, {})
    assert holding(folder, text) == []


def test_where_it_was_killed_before_readers_had_the_copy_the_next_one_keeps_no_older_copy(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "p"
    text = refused_long_ago(folder)
    with closing(open_warehouse(folder)) as killed:
        assert killed.remove_by_age({"rejects": NOW - 30 * DAYS}, now=NOW)
        killed.rewrite()
    remove_old(folder, {})
    assert holding(folder, text) == []


def test_it_is_written_anew_once(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    refused_long_ago(folder)
    remove_old(folder, {"rejects": 30 * DAYS})
    inode = live_warehouse(folder).stat().st_ino
    remove_old(folder, {"rejects": 30 * DAYS})
    assert live_warehouse(folder).stat().st_ino == inode


def test_where_it_cannot_be_written_anew_landing_goes_on_and_the_next_look_tries_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "p"
    text = refused_long_ago(folder)
    with lander_of(folder, {"rejects": 30 * DAYS}) as lander:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("sayso_ingest.warehouse.rewrite.sync", fail)
            lander.remove_old()
        assert "No space left on device. What was removed" in caplog.text
        append(folder, thumb())
        assert lander.step()
        lander.remove_old()
    assert holding(folder, text) == []
    assert asked(folder, "SELECT count(*) FROM verdicts") == [(1,)]


def fail(_path: Path) -> None:
    """Fail as a disk does that is full."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_landing_goes_on_after_it(folder: Path) -> None:
    remove_old(folder, {"thumb": 30 * DAYS})
    append(folder, thumb(target="m2", actor="cy"))
    land(folder)
    assert sorted(asked(folder, "SELECT target, who FROM verdicts")) == [
        ("m1", "actor:bea"),
        ("m2", "actor:cy"),
    ]


def test_days_are_counted_from_midnight_and_hours_from_the_hour() -> None:
    now = NOW + timedelta(minutes=90)
    found = cutoffs({"thumb": 30 * DAYS, "comment": timedelta(hours=12)}, now)
    assert found["thumb"] == now.replace(hour=0, minute=0) - 30 * DAYS
    assert found["comment"] == now.replace(hour=1, minute=0)
