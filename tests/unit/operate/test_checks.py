"""Each check of the doctor: what it calls wrong, and the next thing to do. Facts are plain values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.eventlog.topic import safe, weaknesses
from sayso_ingest.keys import Key
from sayso_ingest.operate.collector import CollectorFacts
from sayso_ingest.operate.doctor import FOLDER_CHECKS, PROJECT_CHECKS, Finding, examine
from sayso_ingest.operate.doctor.facts import CopyFacts, Facts, LogFacts, ProjectFacts
from sayso_ingest.operate.doctor.files import FileFacts
from sayso_ingest.operate.doctor.processes import HeldCopy, Process
from sayso_ingest.operate.doctor.traffic import difference
from sayso_ingest.operate.looking import Page
from sayso_ingest.operate.project import SERVICE_NOTE
from sayso_ingest.operate.topics import TopicReport

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC).replace(tzinfo=None)
HOUR = timedelta(hours=1)
DATA = Path("/data")


def file(name: str, mode: int = 0o600, **changes: Any) -> FileFacts:
    return replace(FileFacts(DATA / name, mode, owner=1000, readable=True, writable=True), **changes)


def key(**changes: Any) -> Key:
    base = Key("key_1", "pk", "p", "0" * 64, ("https://a.example",), NOW.replace(tzinfo=UTC))
    return replace(base, **changes)


PAGE = Page(events=5, last_received_at=NOW, last_landed_at=NOW, published_at=NOW)
COPY = CopyFacts(
    file("p/warehouse.duckdb", 0o444),
    stray_wal=False,
    page=PAGE,
    skewed=[{"source_sdk": "sayso-js/1", "events": 40, "corrected": 0, "seconds": 1.0}],
    orphans={"feedback": 40, "orphans": 0, "interactions": 9},
)
PROJECT = ProjectFacts(
    name="p",
    folder=DATA / "p",
    folders=[file("p", 0o700), file("p/log", 0o755), file("p/live", 0o755)],
    service_key=file("p/service.key"),
    service_key_works=True,
    log=LogFacts(waiting=0),
    live=file("p/live/warehouse.duckdb"),
    lander=Process(7, ("sayso", "land")),
    copy=COPY,
    held=(),
    collector=CollectorFacts("http://c", 200, takes_key=True),
)
HEALTHY = Facts(
    now=NOW,
    data=DATA,
    folder=file("", 0o700),
    keys_file=file("keys.json"),
    keys=[key()],
    keys_problem="",
    free=50_000_000_000,
    size=100_000_000_000,
    projects=[PROJECT],
)


def project(**changes: Any) -> Facts:
    return replace(HEALTHY, projects=[replace(PROJECT, **changes)])


def copy(**changes: Any) -> Facts:
    return project(copy=replace(COPY, **changes))


def orphans(alone: int, feedback: int = 40, near: dict[str, Any] | None = None, known: int = 9) -> Facts:
    return copy(orphans={"feedback": feedback, "orphans": alone, "interactions": known}, near_miss=near)


def kafka(**changes: Any) -> Facts:
    return project(log=replace(LogFacts(waiting=0, kafka=True, topic=topic()), **changes))


def topic(setting: str = "", value: str = "", copies: int = 3) -> TopicReport:
    wanted = safe("sayso.p", brokers=3)
    found = replace(wanted, copies=copies, settings={**wanted.settings, setting: value})
    return TopicReport("p", found, 3, made=False, weak=weaknesses(found, wanted))


def told(facts: Facts) -> Iterator[Finding]:
    return (finding for finding in examine(facts) if finding.level != "ok")


def test_a_safe_topic_is_in_order_and_one_without_copies_or_not_there_yet_is_noted() -> None:
    def levels(facts: Facts) -> list[str]:
        return [finding.level for finding in examine(facts) if finding.check == "topic"]

    lonely = safe("sayso.p", brokers=1)
    assert levels(kafka()) == ["ok"]
    assert levels(kafka(topic=None)) == ["note"]
    assert levels(kafka(topic=TopicReport("p", lonely, 1, made=False))) == ["note"]


def test_in_a_healthy_folder_every_check_says_one_line_that_it_is_in_order() -> None:
    findings = examine(HEALTHY)
    assert [finding.check for finding in findings] == [*FOLDER_CHECKS, *PROJECT_CHECKS]
    assert {finding.level for finding in findings} == {"ok"}


REVOKED = key(revoked_at=(NOW - HOUR).replace(tzinfo=UTC))
LATE = LogFacts(waiting=3, oldest=NOW - HOUR)
SKEWED = {"source_sdk": "sayso-js/1", "events": 40, "corrected": 4, "seconds": 7200.0}
NEAR = {"orphan": "MSG_1", "interaction": "msg_1"}
WRONG = [
    ("data_folder", replace(HEALTHY, folder=file("", 0o700, writable=False)), "mode 700", "chown"),
    ("data_folder", replace(HEALTHY, folder=file("", is_folder=False)), "no folder", "--data FOLDER"),
    ("disk_space", replace(HEALTHY, free=900_000_000), "900 MB of 100.0 GB", "du -sh /data/*"),
    (
        "disk_space",
        replace(HEALTHY, free=6_000_000_000, reserve=4_000_000_000),
        "below that the collector answers 503",
        "du -sh /data/*",
    ),
    (
        "disk_space",
        replace(HEALTHY, free=3_000_000_000, reserve=4_000_000_000),
        "the collector answers 503 now",
        "du -sh /data/*",
    ),
    ("keys_file", replace(HEALTHY, keys_file=None), "nobody can send", "backup"),
    ("keys_file", replace(HEALTHY, keys_problem="It is broken."), "It is broken.", "ls -l /data/keys.json"),
    ("keys_file", replace(HEALTHY, keys_file=file("keys.json", 0o644)), "others may read", "chmod 600"),
    ("keys_file", replace(HEALTHY, keys_file=file("keys.json", owner=0)), "belongs to user 0", "chown"),
    ("project_folder", project(folders=[file("p/log", 0o555, writable=False)]), "mode 555", "chown"),
    ("service_key", project(service_key=None), "no service.key", "sayso serve"),
    ("service_key", project(service_key_works=False), "not in keys.json", "sayso serve"),
    ("service_key", project(service_key=file("p/service.key", 0o640)), "others may read", "chmod 600"),
    (
        "revoked_keys",
        replace(copy(keys=[{"key_id": "key_1", "last_at": NOW}]), keys=[REVOKED]),
        "key_1 after it was revoked",
        "keys.json",
    ),
    ("event_log", project(log=LogFacts(problem="It is damaged.")), "It is damaged.", "ls -l /data/p/log"),
    ("event_log", project(log=LogFacts(problem="A gap.", gap=True)), "A gap.", "belong together"),
    ("event_log", project(log=LogFacts(waiting=0, aside=["a1"])), "moved aside: a1", "/data/p/log/aside"),
    ("event_log", project(log=LATE), "3 batches wait in the log, the oldest for 60 minutes", "lander says"),
    ("topic", kafka(topic=topic("retention.ms", "60000")), "retention.ms is 60000", "--alter"),
    ("topic", kafka(topic=topic(copies=2)), "there are 2 copies", "another PREFIX"),
    ("topic", kafka(topic=topic(), waiting=1, oldest=NOW - 84.1 * HOUR), "84.1 h old", "sayso land"),
    ("event_log", kafka(problem="A gap.", gap=True), "A gap.", "sayso log accept --project p"),
    ("lander", project(log=LogFacts(waiting=3), lander=None), "No lander runs", "sayso serve"),
    ("lander", project(log=LogFacts(waiting=3, kafka=True), lander=None), "No lander runs", "sayso land --data"),
    ("lander", project(lander=Process(7, ("duckdb", "x"))), "is no lander: duckdb x", "kill 7"),
    ("lander", project(lander=Process(7, ("sayso", "land"), stopped=True)), "has stopped it", "kill -CONT 7"),
    ("lander", project(asking=Process(7, ("sayso", "erase"), stopped=True)), "stopped it: sayso", "kill -CONT 7"),
    ("live_file", project(live_problem="It is no file."), "It is no file. Nothing lands", "mv /data/p/live/w"),
    ("users_file", replace(HEALTHY, users_problem="It is broken."), "no other one can start", "mv /data/users.json"),
    ("users_file", replace(HEALTHY, users_file=file("users.json", 0o644)), "others may read", "chmod 600"),
    ("processes", replace(HEALTHY, outliving=[Process(9)]), "Process 9 belongs to a service", "kill 9"),
    (
        "disk_space",
        replace(HEALTHY, free=60_000_000_000, reserve=60_000_000_000, landing=1),
        "answers 503 now",
        "Set SAYSO_DISK_RESERVE lower, it is most of the disk",
    ),
    ("live_file", project(live=None), "is gone", "cp /data/p/warehouse.duckdb /data/p/live/warehouse"),
    ("live_file", copy(newer=["0099_x.sql"]), "0099_x.sql", "pip install --upgrade"),
    ("live_file", project(live=file("x", readable=False)), "belongs to user 1000", "user of the service"),
    ("published_copy", copy(stray_wal=True), "a .wal lies beside it", "read_only"),
    ("published_copy", copy(file=file("p/warehouse.duckdb", 0o644)), "can be written", "chmod 444"),
    ("published_copy", copy(problem="It does not open."), "It does not open.", "lander"),
    ("clock", replace(HEALTHY, now=NOW - HOUR), "has jumped", "timedatectl"),
    ("client_clocks", copy(skewed=[SKEWED]), "4 of 40 events of sayso-js/1", "NTP"),
    ("rejects", copy(rejects=[{"reason": "wrong_type", "n": 10}]), "wrong_type", "list --reason wrong_type"),
    ("client_losses", copy(losses=[{"reason": "queue_full", "n": 1}]), "1 queue_full", "spool"),
    ("client_losses", copy(losses=[{"reason": "http_401", "n": 1}]), "1 http_401", "sayso keys list"),
    ("client_losses", copy(losses=[{"reason": "closed", "n": 1}]), "1 closed", "close it last"),
    ("collector", project(collector=CollectorFacts("http://c", 401)), "runs on another folder", "--port"),
    ("collector", project(collector=CollectorFacts("http://c", 503)), "nothing now (503)", "http://c/readyz"),
    (
        "collector",
        project(collector=CollectorFacts("http://c", 200, takes_key=True, not_ready="not ready: it is full")),
        "can take nothing now: not ready: it is full",
        "event_log",
    ),
    ("collector", project(collector=CollectorFacts("http://c", 404)), "is no collector", "--port"),
    (
        "projects_file",
        replace(HEALTHY, projects_problem="It cannot be read."),
        "It cannot be read. A collector that runs",
        "from a backup",
    ),
    ("orphans", orphans(20), "20 of 40 feedback events of the last day (50%)", "scope IS NULL"),
    ("orphans", orphans(20, near=NEAR), "'MSG_1' looks like the interaction 'msg_1' (upper and", "sayso sql"),
]  # fmt: skip


@pytest.mark.parametrize(("check", "facts", "said", "next"), WRONG, ids=[f"{c}: {s}" for c, _, s, _ in WRONG])
def test_what_is_wrong_is_said_with_the_next_step(check: str, facts: Facts, said: str, next: str) -> None:
    found = [finding for finding in told(facts) if finding.check == check]
    assert [finding.level for finding in found] == ["wrong"]
    assert said in found[0].said
    assert next in found[0].next


NOTES = [
    ("topic", project(log=LogFacts(waiting=0, landed_topics=["c/sayso.p/0"])), "SAYSO_LOG"),
    ("collector", project(collector=CollectorFacts("http://c", None)), "name their balancer with --host"),
    ("publishable_keys", replace(HEALTHY, keys=[key(origins=("loopback",))]), "sayso keys create --kind pk"),
    ("token_keys", replace(HEALTHY, keys=[key(kind="sk", origins=())]), "sayso keys revoke key_1"),
    ("event_log", project(log=LogFacts(waiting=0, strangers=["notes.txt"])), "move it away"),
    ("old_copies", project(held=[HeldCopy(9, 763_000_000)]), "open the file again"),
    ("client_clocks", copy(skewed=[{**SKEWED, "corrected": 1}]), "NTP"),
    ("rejects", copy(rejects=[{"reason": "wrong_type", "n": 1}]), "sayso rejects list"),
    ("client_losses", copy(losses=[{"reason": "before_send", "n": 9}]), "before_send"),
    ("client_losses", copy(losses=[{"reason": "invalid_value", "n": 9}]), "on_error"),
    ("collector", project(collector=CollectorFacts("http://c", None)), "sayso serve --data /data"),
    ("collector", project(collector=None, retired=True), "sayso projects retire p --undo"),
    ("repeats", copy(repeats=50), "time-out"),
    ("orphans", orphans(1), "scope IS NULL"),
    ("orphans", orphans(40, known=0), "client.interaction"),
    ("published_copy", project(copy=None, live=None), "sayso serve"),
    ("published_copy", project(draft=True, lander=None), "sayso land --data /data"),
]


@pytest.mark.parametrize(("check", "facts", "next"), NOTES, ids=[check for check, _, _ in NOTES])
def test_what_may_be_as_it_should_is_only_noted(check: str, facts: Facts, next: str) -> None:
    found = list(told(facts))
    assert [(finding.check, finding.level) for finding in found] == [(check, "note")]
    assert next in found[0].next


def test_a_key_that_signs_and_the_service_key_are_in_order() -> None:
    signs, service = key(kind="sk", token_key=b"k" * 32), key(kind="sk", note=SERVICE_NOTE)
    assert list(told(replace(HEALTHY, keys=[key(), signs, service]))) == []


def test_a_folder_or_a_project_that_is_not_there_is_wrong() -> None:
    none = replace(HEALTHY, folder=None, keys_file=None, keys=(), projects=())
    named = replace(HEALTHY, projects=(), only="q", known=["p"])
    empty = replace(HEALTHY, projects=())
    for facts, check, said in (
        (none, "data_folder", "/data is not there."),
        (named, "projects", "no project q in /data, but p."),
        (empty, "projects", "There is no project in /data."),
    ):
        assert said in next(finding.said for finding in told(facts) if finding.check == check)
        assert "wrong" in {finding.level for finding in told(facts)}


def test_a_request_under_way_at_a_revocation_is_none_with_a_revoked_key() -> None:
    just_before = {"key_id": "key_1", "last_at": NOW - HOUR + timedelta(seconds=5)}
    assert list(told(replace(copy(keys=[just_before]), keys=[REVOKED]))) == []


@pytest.mark.parametrize(
    ("orphan", "interaction", "how"),
    [
        (" m1", "m1", "spaces around it"),
        ("M1", "m1", "upper and lower case"),
        ("msg_1", "1", "the feedback has the prefix 'msg_'"),
        ("1", "msg_1", "the interaction has the prefix 'msg_'"),
        ("12.0", "12", "the feedback ends in '.0'"),
        ("m-1", "m_1", "punctuation, or a prefix"),
    ],
)
def test_the_difference_of_two_ids_is_named(orphan: str, interaction: str, how: str) -> None:
    assert difference(orphan, interaction) == how


@given(st.text(), st.text())
def test_any_two_ids_have_a_difference_that_can_be_named(one: str, other: str) -> None:
    assert difference(one, other)


def said(check: str, facts: Facts) -> list[Finding]:
    return [finding for finding in examine(facts) if finding.check == check]


def test_nothing_is_said_of_a_service_key_that_no_keys_json_can_confirm() -> None:
    facts = replace(project(service_key_works=False), keys_problem="It is damaged.")
    assert said("service_key", facts) == []
    assert all("rm -f" not in finding.next for finding in examine(facts))


def test_what_waits_is_not_told_where_the_copy_that_says_what_has_landed_cannot_be_read() -> None:
    damaged = replace(COPY, problem="It is no warehouse.")
    facts = project(copy=damaged, lander=None, log=LogFacts(waiting=9, oldest=NOW - HOUR))
    [log], [lander] = said("event_log", facts), said("lander", facts)
    assert "cannot be told" in log.said and log.level == "note"
    assert lander.said == "No lander runs here."


def test_where_brokers_are_away_no_folder_of_files_is_named() -> None:
    [log] = said("event_log", project(log=LogFacts(problem="No broker answers.", kafka=True)))
    assert "SAYSO_LOG" in log.next and "SAYSO_KAFKA_SECURITY" in log.next and "/log" not in log.next


def test_a_small_disk_is_told_of_in_megabytes() -> None:
    [disk] = said("disk_space", replace(HEALTHY, free=30_000_000, size=90_000_000, reserve=50_000_000))
    assert disk.said.startswith("30 MB of 90 MB are free, and 50 MB are set aside")
