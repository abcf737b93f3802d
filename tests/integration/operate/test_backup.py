"""A backup holds all that was acknowledged, says so only when it was read back, and what is restored of it goes on."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import pytest
from disks import grow, mounted
from landed import NOW, append, event, land, thumb
from made import made_once
from nobody import nobody
from processes import wait_until
from ran import Function, a_plan, a_run, a_version, number_of
from sayso_ingest.errors import NotFound, SaysoError
from sayso_ingest.evals.runs import read_run, runs_of
from sayso_ingest.evals.runs.draft import open_draft
from sayso_ingest.evalsets import latest
from sayso_ingest.eventlog import open_writer
from sayso_ingest.lander.pruning import held
from sayso_ingest.operate import ensure_project
from sayso_ingest.operate.backup import Manifest, back_up, check, restore
from sayso_ingest.operate.backup.draft import draft_of, is_taken
from sayso_ingest.operate.landing import landing_alone
from sayso_ingest.places import keys_file, log_folder, project_folder
from sayso_ingest.warehouse import Published
from service import COMMAND, Service, environment, run, run_here


def make(data: Path) -> None:
    """An installation with a landed event, one that waits in the log, a key, eval sets, runs and a reply of a model."""
    ensure_project(data, "default")
    folder = project_folder(data, "default")
    append(folder, thumb(id=ids(0)))
    land(folder)
    append(folder, thumb(id=ids(1)))
    (folder / "evalsets" / "main" / "v1").mkdir(parents=True)
    (folder / "evalsets" / "main" / "v1" / "cases.jsonl").write_text('{"input": "When?"}\n')
    version = a_version(folder)
    a_run(folder, version)
    with open_draft(folder, a_plan(version, Function(number_of, name="later"))) as draft:
        draft.add(read_run(folder, "latest").results[0])
    (folder / "models").mkdir()
    with closing(sqlite3.connect(folder / "models" / "replies.sqlite", isolation_level=None)) as replies:
        replies.execute("CREATE TABLE replies AS SELECT 'yes' AS said")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    made_once(tmp_path / "data", make)
    return tmp_path / "data"


def ids(n: int) -> str:
    return f"00000000-0000-4000-8000-{n:012d}"


def landed(data: Path) -> list[str]:
    """Land what waits in a folder; return all event ids that are published."""
    folder = project_folder(data, "default")
    land(folder)
    with Published.open(folder) as copy:
        return sorted(str(event_id) for (event_id,) in copy.table("SELECT event_id FROM events")[1])


def made(data: Path, target: Path) -> Manifest:
    return back_up(data, target, log="sqlite", now=lambda: NOW)


def test_what_is_restored_goes_on_where_the_backup_stood(data: Path, tmp_path: Path) -> None:
    """What waited in the log lands, once; keys, eval sets and replies are there; what came later is new when sent."""
    manifest = made(data, tmp_path / "backup")
    append(project_folder(data, "default"), thumb(id=ids(2)))
    assert landed(data) == [ids(0), ids(1), ids(2)]
    restore(tmp_path / "backup", tmp_path / "again")
    assert landed(tmp_path / "again") == [ids(0), ids(1)]
    append(project_folder(tmp_path / "again", "default"), *(thumb(id=ids(n)) for n in range(3)))
    assert landed(tmp_path / "again") == [ids(0), ids(1), ids(2)]
    project = manifest.projects["default"]
    assert (project.landing, project.events, project.waiting) == (1, 1, 1)
    again = project_folder(tmp_path / "again", "default")
    assert (again / "evalsets" / "main" / "v1" / "cases.jsonl").read_text() == '{"input": "When?"}\n'
    with closing(sqlite3.connect(again / "models" / "replies.sqlite")) as replies:
        assert replies.execute("SELECT said FROM replies").fetchall() == [("yes",)]
    assert keys_file(tmp_path / "again").read_bytes() == keys_file(data).read_bytes()


def test_runs_are_restored_and_one_that_is_not_finished_goes_on(data: Path, tmp_path: Path) -> None:
    folder, again = (project_folder(place, "default") for place in (data, tmp_path / "again"))
    finished, unfinished = (read_run(folder, one.run_id) for one in runs_of(folder))
    (unfinished.path / "manifest.draft").write_text("of a write that is under way")
    made(data, tmp_path / "backup")
    restore(tmp_path / "backup", tmp_path / "again")
    restored = [read_run(again, one.run_id) for one in runs_of(again)]
    assert [one.results for one in restored] == [finished.results, unfinished.results]
    assert sorted(path.name for path in restored[1].path.iterdir()) == [
        "manifest.json", "prompt.md", "unfinished.jsonl",
    ]  # fmt: skip
    version = latest(again, "numbers")
    assert version
    with open_draft(again, a_plan(version, Function(number_of, name="later"))) as draft:
        assert draft.folder == restored[1].path
        assert len(draft.known) == 1


def test_only_the_owner_can_read_a_backup_and_what_is_restored_of_it(data: Path, tmp_path: Path) -> None:
    made(data, tmp_path / "backup")
    restore(tmp_path / "backup", tmp_path / "again")
    for folder in (tmp_path / "backup", tmp_path / "again"):
        modes = {stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.rglob("*")) if path.is_dir()}
        assert modes == {0o700}
        assert {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_file()} == {0o600}


def test_whom_a_folder_lets_in_what_is_restored_in_its_place_lets_in_too(data: Path, tmp_path: Path) -> None:
    """Such as the group of those who read the warehouse; what is new there is like the folder that it lies in."""
    made(data, tmp_path / "backup")
    shutil.rmtree(project_folder(data, "default") / "evalsets")
    group = os.getgroups()[-1] if os.geteuid() else 9
    for path in (data, *data.rglob("*")):
        if path.is_dir():
            path.chmod(0o750)
            os.chown(path, -1, group)
    (project_folder(data, "default") / "live").chmod(0o700)
    (data / "keys.json").chmod(0o640)
    restore(tmp_path / "backup", data, replace=True)
    modes = {
        str(path.relative_to(data)): stat.S_IMODE(path.stat().st_mode) for path in (data, *data.rglob("*"))
    }
    assert {name: modes[name] for name in (".", "default", "default/log", "default/evalsets/main")} == (
        dict.fromkeys((".", "default", "default/log", "default/evalsets/main"), 0o750)
    )
    assert (modes["default/live"], modes["keys.json"]) == (0o700, 0o640)
    assert modes["default/evalsets/main/v1/cases.jsonl"] == 0o600
    if os.geteuid() == 0:
        assert {path.stat().st_gid for path in (data, *data.rglob("*")) if path.is_dir()} == {group}


def test_a_backup_of_one_project_has_no_other_one(data: Path, tmp_path: Path) -> None:
    ensure_project(data, "other")
    manifest = back_up(data, tmp_path / "backup", log="sqlite", only="other")
    assert list(manifest.projects) == ["other"]
    assert not (tmp_path / "backup" / "default").exists()
    with pytest.raises(NotFound, match="no project 'nobody'"):
        back_up(data, tmp_path / "none", log="sqlite", only="nobody")


def test_nothing_is_pruned_while_somebody_copies_and_it_is_made_up_for_later(data: Path) -> None:
    folder = project_folder(data, "default")
    with held(folder / "live") as landing:
        land(folder)
        assert list(log_folder(folder).glob("*.db"))
    assert landing == 1, "the landing as of which the first file went"
    land(folder)
    assert not list(log_folder(folder).glob("*.db"))


@pytest.mark.parametrize("spoil", ["change", "cut", "remove", "add", "unfinished"])
def test_a_spoilt_backup_is_refused_before_anything_is_done(data: Path, tmp_path: Path, spoil: str) -> None:
    backup = tmp_path / "backup"
    made(data, backup)
    check(backup)
    victim = backup / "default" / "live" / "warehouse.duckdb"
    if spoil == "change":
        content = bytearray(victim.read_bytes())
        content[len(content) // 2] ^= 1
        victim.write_bytes(content)
    elif spoil == "cut":
        os.truncate(victim, 4096)
    elif spoil == "remove":
        victim.unlink()
    elif spoil == "add":
        (backup / "default" / "stray").touch()
    else:
        (backup / "manifest.json").unlink()
    outcome = run_here("restore", backup, "--data", tmp_path / "again")
    assert outcome.returncode == 1
    assert ("is no backup" if spoil == "unfinished" else "is damaged") in outcome.stderr
    assert not (tmp_path / "again").exists()


def test_a_file_that_does_not_hold_what_the_manifest_says_is_refused(data: Path, tmp_path: Path) -> None:
    """Though its hash is right: whoever wrote the manifest read something else."""
    backup = tmp_path / "backup"
    made(data, backup)
    manifest = json.loads((backup / "manifest.json").read_text())
    manifest["projects"]["default"]["events"] = 7
    (backup / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(SaysoError, match="does not hold what the manifest"):
        check(backup)


def test_a_place_that_holds_something_is_left_alone_unless_told_how(data: Path, tmp_path: Path) -> None:
    """Told to replace it, it is moved aside, and what was acknowledged since and is still in its log lands too."""
    backup = tmp_path / "backup"
    made(data, backup)
    append(project_folder(data, "default"), thumb(id=ids(2)))
    refused = run("restore", backup, "--data", data)
    assert refused.returncode == 1
    assert "--replace" in refused.stderr
    replaced = run("restore", backup, "--data", data, "--replace")
    assert replaced.returncode == 0, replaced.stderr
    assert landed(data) == [ids(0), ids(1), ids(2)]
    [aside] = tmp_path.glob("data.replaced-*")
    assert str(aside) in replaced.stderr
    assert keys_file(aside).exists()


def test_what_a_killed_restore_has_moved_aside_is_named(data: Path, tmp_path: Path) -> None:
    """With what was accepted after the backup: it has to be put back first."""
    made(data, tmp_path / "backup")
    aside = data.rename(tmp_path / "data.replaced-20260101T000000")
    with pytest.raises(SaysoError, match=f"mv {aside} {data}"):
        restore(tmp_path / "backup", data)
    aside.rename(data)
    restore(tmp_path / "backup", data, replace=True, now=lambda: NOW)
    assert landed(data) == [ids(0), ids(1)]


def test_a_backup_with_a_damaged_file_of_the_log_takes_the_place_of_what_is_there(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Named as the folder one is in, too."""
    [database] = [
        path
        for path in log_folder(project_folder(data, "default")).glob("*.db")
        if b"records" in path.read_bytes()
    ][-1:]
    database.write_bytes(b"\0" * 100 + database.read_bytes()[100:])
    manifest = made(data, tmp_path / "backup")
    assert manifest.projects["default"].damaged
    monkeypatch.chdir(data)
    _, aside = restore(tmp_path / "backup", Path(), replace=True, now=lambda: NOW)
    assert aside
    assert ids(0) in landed(data)


def test_a_disk_with_nothing_but_what_every_disk_has_is_empty(data: Path, tmp_path: Path) -> None:
    (data / "lost+found").mkdir()
    made(data, tmp_path / "backup")
    assert not (tmp_path / "backup" / "lost+found").exists()
    (tmp_path / "disk" / "lost+found").mkdir(parents=True)
    assert not is_taken(tmp_path / "disk")


def test_a_folder_that_a_service_holds_is_not_replaced(data: Path, tmp_path: Path) -> None:
    made(data, tmp_path / "backup")
    service = Service(data)
    try:
        refused = run("restore", tmp_path / "backup", "--data", data, "--replace")
    finally:
        service.stop()
    assert refused.returncode == 1
    assert "Another `sayso serve` runs" in refused.stderr


def test_a_folder_in_which_a_lander_or_a_collector_works_alone_is_not_replaced(
    data: Path, tmp_path: Path
) -> None:
    """Neither is known to a service; what they take in meanwhile would be lost."""
    made(data, tmp_path / "backup")
    with landing_alone(data, "default"):
        refused = run("restore", tmp_path / "backup", "--data", data, "--replace")
    assert (refused.returncode, "A lander is at work" in refused.stderr) == (1, True)
    folder = log_folder(project_folder(data, "default"))
    with closing(open_writer("sqlite", folder=folder, project="default")) as writer:
        assert all(writer.append([b"a record"]))
        refused = run("restore", tmp_path / "backup", "--data", data, "--replace")
    assert (refused.returncode, f"A collector writes into {folder}" in refused.stderr) == (1, True)
    assert not list(tmp_path.glob("data.replaced-*"))


def test_a_target_that_is_there_is_not_touched(data: Path, tmp_path: Path) -> None:
    made(data, tmp_path / "backup")
    with pytest.raises(SaysoError, match="is there already"):
        made(data, tmp_path / "backup")
    check(tmp_path / "backup")


def test_a_disk_that_is_full_in_the_middle_leaves_nothing(data: Path, tmp_path: Path) -> None:
    """Neither of a backup nor of a restore; with room the same command works."""
    append(project_folder(data, "default"), event("comment", body={"text": os.urandom(1 << 20).hex()}))
    with mounted(tmp_path / "disk", megabytes=3) as disk:
        with pytest.raises(SaysoError, match="the disk is full"):
            made(data, disk / "backup")
        assert list(disk.iterdir()) == []
        made(data, tmp_path / "backup")
        with pytest.raises(SaysoError, match="the disk is full"):
            restore(tmp_path / "backup", disk / "again")
        assert list(disk.iterdir()) == []
        grow(disk, megabytes=64)
        restore(tmp_path / "backup", disk / "again")
        assert landed(disk / "again")[:2] == [ids(0), ids(1)]


def kill_in_the_middle(data: Path, target: Path, *, after: float) -> bool:
    """Kill a backup so many seconds after it began to write; say whether it left anything."""
    command = [*COMMAND, "backup", "--data", str(data), "--to", str(target)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, env=environment()) as process:
        drafts = f".{target.name}.draft-*"
        wait_until(lambda: list(target.parent.glob(drafts)) or process.poll() is not None)
        time.sleep(after)
        process.kill()
    assert not target.exists()
    return bool(list(target.parent.glob(drafts)))


def test_one_that_is_killed_leaves_nothing_that_looks_done(data: Path, tmp_path: Path) -> None:
    """At any time: the next one, of whatever name, removes what it left, and is whole. What another one makes stays."""
    append(project_folder(data, "default"), event("comment", body={"text": os.urandom(4 << 20).hex()}))
    left = [kill_in_the_middle(data, tmp_path / f"night-{delay}", after=delay) for delay in (0.0, 0.02, 0.1)]
    assert any(left)
    yesterday = time.time() - 86_400 - 60
    for draft in tmp_path.glob(".*.draft-*"):
        os.utime(draft, (yesterday, yesterday))
    with draft_of(tmp_path / "living", doing="backup") as living:
        os.utime(living, (yesterday, yesterday))
        made(data, tmp_path / "backup")
        assert list(tmp_path.glob(".*.draft-*")) == [living]
    check(tmp_path / "backup")


def test_a_draft_of_today_goes_for_its_own_name_alone(tmp_path: Path) -> None:
    """On a share whose locks are each machine's own, what another machine makes only looks dead."""
    left = [tmp_path / f".{name}.draft-00000000" for name in ("mine", "theirs")]
    for draft in left:
        draft.mkdir()
    with draft_of(tmp_path / "mine", doing="backup") as made_now:
        assert {path.name for path in tmp_path.iterdir()} == {left[1].name, made_now.name}


def test_backups_that_begin_at_the_same_time_leave_each_others_drafts_alone(tmp_path: Path) -> None:
    def begin(number: int) -> bool:
        with suppress(LookupError), draft_of(tmp_path / "night", doing="backup") as draft:
            (draft / "file").touch()
            raise LookupError
        return list(tmp_path.glob("night")) == []

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(begin, range(400)))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_may_be_written_and_not_listed_takes_a_backup(tmp_path: Path) -> None:
    beside = tmp_path / "drop"
    beside.mkdir()
    beside.chmod(0o1733 if os.geteuid() == 0 else 0o300)
    with nobody(beside):
        with draft_of(beside / "night", doing="backup") as draft:
            (draft / "file").touch()
        assert (beside / "night" / "file").exists()
    beside.chmod(0o700)
    assert [path.name for path in beside.iterdir()] == ["night"]
