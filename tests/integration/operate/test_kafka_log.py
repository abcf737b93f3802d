"""The log in Kafka as its operator sees it: topics that are made safe, and what becomes of them."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from broker import Broker
from cluster import Cluster
from integration.operate.traces import found_in
from landed import append, event, land
from sayso_ingest.errors import LogGap
from sayso_ingest.event import Reason, Rejection
from sayso_ingest.eventlog import open_writer
from sayso_ingest.operate.landing import landing_alone
from sayso_ingest.operate.project import ensure_project
from sayso_ingest.places import log_folder
from sayso_ingest.warehouse import Published
from service import COMMAND, environment, run_here

pytestmark = [
    pytest.mark.usefixtures("sockets_collected"),
    pytest.mark.kafka,
    pytest.mark.filterwarnings("ignore:(read|open)_text is deprecated:DeprecationWarning"),
]


@dataclass
class Shop:
    """A project whose log is in Kafka."""

    data: Path
    prefix: str
    url: str

    @property
    def folder(self) -> Path:
        return self.data / "shop"

    @property
    def topic(self) -> str:
        return f"{self.prefix}.shop"

    def say(self, *words: str) -> tuple[int, str]:
        done = run_here(*words, "--data", self.data, "--log", self.url)
        return done.returncode, done.stdout + done.stderr

    def append(self, count: int = 1) -> set[str]:
        events = [event() for _ in range(count)]
        for one in events:
            append(self.folder, one, log=self.url)
        return {one["id"] for one in events}

    def landed(self) -> set[str]:
        land(self.folder, log=self.url)
        with Published.open(self.folder) as copy:
            return {str(row["event_id"]) for row in copy.query("SELECT event_id FROM events")}


def shop_on(url: str, prefix: str, data: Path) -> Shop:
    ensure_project(data, "shop")
    return Shop(data, prefix, url)


@pytest.fixture
def shop(kafka_broker: Broker, tmp_path: Path) -> Shop:
    prefix = f"o{uuid4().hex[:10]}"
    return shop_on(kafka_broker.url(prefix), prefix, tmp_path / "data")


@pytest.fixture
def admin(kafka_broker: Broker) -> Iterator[Any]:
    from kafka import KafkaAdminClient

    with closing(KafkaAdminClient(bootstrap_servers=kafka_broker.address)) as client:
        yield client


def test_a_topic_is_made_safe_once_and_said_aloud(kafka_cluster: Cluster, tmp_path: Path) -> None:
    prefix = f"o{uuid4().hex[:10]}"
    shop = shop_on(kafka_cluster.url(prefix), prefix, tmp_path / "data")

    code, said = shop.say("log", "create", "--partitions", "4")
    assert code == 0
    assert "was made: 4 partitions, 3 copies of each record on 3 brokers, written once 2 have it" in said
    assert shop.say("log", "create")[0] == 0
    assert "is there: 4 partitions" in shop.say("log", "create")[1]
    assert "OK    shop topic: " in shop.say("doctor")[1]


def test_what_a_topic_has_that_may_lose_records_is_told_and_mended(
    kafka_cluster: Cluster, tmp_path: Path
) -> None:
    prefix = f"o{uuid4().hex[:10]}"
    shop = shop_on(kafka_cluster.url(prefix), prefix, tmp_path / "data")
    risky = {"min.insync.replicas": "1", "unclean.leader.election.enable": "true", "retention.ms": "60000"}
    with closing(kafka_cluster.admin()) as admin:
        admin.create_topics({shop.topic: {"num_partitions": 1, "replication_factor": 2, "configs": risky}})
        admin.wait_for_topics([shop.topic])

    for words in (["log", "create"], ["doctor"]):
        code, said = shop.say(*words)
        assert code == 1
        assert all(f"{setting} is {value}" in said for setting, value in risky.items())
        assert "there are 2 copies" in said
        assert "sayso log create" in said
        assert "--alter" in said

    code, said = shop.say("log", "create", "--alter")
    assert code == 1, "no setting makes more copies"
    assert "altered min.insync.replicas, retention.ms, unclean.leader.election.enable" in said
    assert "min.insync.replicas is" not in shop.say("doctor")[1]


def test_the_topic_that_the_first_append_makes_is_as_safe(shop: Shop) -> None:
    shop.append()
    code, said = shop.say("log", "create")
    assert (code, "is there: 3 partitions, 1 copy of" in said) == (0, True)
    assert "What its disk loses, is lost" in said


def test_brokers_that_do_not_answer_are_named(tmp_path: Path) -> None:
    shop = shop_on("kafka://127.0.0.1:9/x", "x", tmp_path / "data")
    code, said = shop.say("log", "create")
    assert code == 1
    assert "The brokers at 127.0.0.1:9 did not do it" in said


def test_a_topic_made_again_stops_the_project_until_somebody_accepts_it(shop: Shop, admin: Any) -> None:
    before = shop.append(3)
    assert shop.landed() == before
    admin.delete_topics([shop.topic])
    after = shop.append(4)

    with pytest.raises(LogGap, match="sayso log accept --project shop"):
        land(shop.folder, log=shop.url)
    code, said = shop.say("doctor")
    assert code == 1
    assert "sayso log accept --project shop" in said
    code, said = shop.say("log", "accept")
    assert (code, "Nothing was changed" in said, "not there any more" in said) == (1, True, True)
    with pytest.raises(LogGap):
        land(shop.folder, log=shop.url)

    assert shop.say("log", "accept", "--yes")[0] == 0
    assert shop.landed() == before | after
    with Published.open(shop.folder) as copy:
        kept = copy.query("SELECT source, stored, next_offset, what FROM accepted_gaps")
    assert kept
    assert all(row["next_offset"] is None and "not there any more" in row["what"] for row in kept)
    assert "nothing to decide" in shop.say("log", "accept", "--yes")[1]
    assert shop.say("verify")[0] == 0


def test_records_that_expired_are_skipped_only_when_somebody_accepts_it(shop: Shop, admin: Any) -> None:
    from kafka import TopicPartition

    shop.say("log", "create", "--partitions", "1")
    before = shop.append(3)
    assert shop.landed() == before
    shop.append(4)
    admin.delete_records({TopicPartition(shop.topic, 0): 5})

    with pytest.raises(LogGap, match="2 records from 3 on expired"):
        land(shop.folder, log=shop.url)
    assert shop.say("log", "accept", "--yes")[0] == 0
    assert len(shop.landed()) == 3 + 2


def test_what_had_expired_before_the_first_landing_is_no_gap_and_what_expires_after_it_is(
    shop: Shop, admin: Any
) -> None:
    """Also in a partition of which nothing was left to land."""
    from kafka import TopicPartition

    shop.say("log", "create", "--partitions", "2")
    for _ in range(16):
        shop.append(1)
    first, second = (TopicPartition(shop.topic, number) for number in range(2))
    admin.delete_records({first: 1, second: -1})
    landed = shop.landed()
    assert landed
    shop.append(1)
    assert len(shop.landed()) == len(landed) + 1
    assert shop.say("verify")[0] == 0

    for _ in range(16):
        shop.append(1)
    admin.delete_records({second: -1})
    with pytest.raises(LogGap, match="expired before they were landed"):
        land(shop.folder, log=shop.url)


def test_nothing_is_accepted_while_a_lander_is_at_work(shop: Shop) -> None:
    shop.append()
    shop.landed()
    with landing_alone(shop.data, None):
        code, said = shop.say("log", "accept", "--yes")
    assert (code, "A lander is at work" in said) == (1, True)


LOST = "SELECT sum(n)::BIGINT AS n FROM losses WHERE hop = 'client'"


def told(folder: Path) -> tuple[set[str], int, int]:
    """What has landed: events, rejects, and how many events clients said that they dropped."""
    with Published.open(folder) as copy:
        events = [str(row["event_id"]) for row in copy.query("SELECT event_id FROM events")]
        assert len(events) == len(set(events))
        rejects = copy.query("SELECT count(*) AS n FROM rejects")[0]["n"]
        return set(events), rejects, copy.query(LOST)[0]["n"]


def filled(folder: Path, log: str, records: int) -> set[str]:
    """Records with an event, a reject and a client's report each."""
    ids = set()
    for _ in range(records):
        one = event()
        reject = Rejection.of(b"{", Reason.INVALID_JSON, detail="no JSON")
        append(folder, one, rejects=[reject], dropped={"queue_full": 1}, log=log)
        ids.add(one["id"])
    return ids


def test_a_move_to_kafka_and_back_loses_and_doubles_nothing(shop: Shop) -> None:
    ids = filled(shop.folder, "sqlite", 6)
    words = ["log", "move", "--data", str(shop.data), "--port", "0"]

    there = run_here(*words, "--log", "sqlite", "--to", shop.url)
    assert there.returncode == 0, there.stderr
    assert f"Now set SAYSO_LOG={shop.url}" in there.stdout
    ids |= filled(shop.folder, shop.url, 3)
    land(shop.folder, log=shop.url)
    assert told(shop.folder) == (ids, 9, 9)

    ids |= filled(shop.folder, shop.url, 2)
    back = run_here(*words, "--log", shop.url, "--to", "sqlite")
    assert back.returncode == 0, back.stderr
    ids |= filled(shop.folder, "sqlite", 1)
    land(shop.folder)
    assert told(shop.folder) == (ids, 12, 12)


def test_whoever_was_erased_stays_so_when_the_log_moves_back_to_files(shop: Shop) -> None:
    """Though the topic has it still, as event and as reject; nor is it left in files from before the first move."""
    words = ["log", "move", "--port", "0"]
    refused = Rejection.of(b'{"actor": "ann-4711"}', Reason.WRONG_TYPE)
    append(shop.folder, event(actor="ann-4711"))
    [old] = log_folder(shop.folder).glob("*.db")
    aside = log_folder(shop.folder) / "aside" / "yesterday" / old.name
    aside.parent.mkdir(parents=True)
    shutil.copy(old, aside)
    there = run_here(*words, "--data", shop.data, "--log", "sqlite", "--to", shop.url)
    assert there.returncode == 0, there.stderr
    append(shop.folder, event(actor="ann-4711"), rejects=[refused], log=shop.url)
    others = filled(shop.folder, shop.url, 1)
    land(shop.folder, log=shop.url)
    append(shop.folder, event(actor="ann-4711"), log=shop.url)  # and waits

    code, said = shop.say("erase", "--project", "shop", "--actor", "ann-4711", "--yes")
    assert (code, "3 events (3 thumb), 1 rejects" in said) == (0, True), said
    others |= filled(shop.folder, shop.url, 1)
    code, said = shop.say(*words, "--to", "sqlite")
    assert code == 0, said
    others |= filled(shop.folder, "sqlite", 1)
    land(shop.folder)
    assert told(shop.folder) == (others, 3, 3)
    assert found_in(shop.data, "ann-4711") == []


def test_a_move_that_is_killed_goes_on_where_it_was(shop: Shop) -> None:
    """kill -9, later and later, until one of them gets through."""
    ids = filled(shop.folder, "sqlite", 40)
    words = ["log", "move", "--data", str(shop.data), "--port", "0", "--log", "sqlite", "--to", shop.url]
    kills, patience = 0, 0.8
    while True:
        mover = subprocess.Popen([*COMMAND, *words], env=environment(), stdout=subprocess.PIPE)
        try:
            mover.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            mover.kill()
            mover.communicate()
            kills, patience = kills + 1, patience + 0.8
        else:
            break
    assert (mover.returncode, kills > 1) == (0, True)
    assert told(shop.folder) == (ids, 40, 40)


def test_what_a_collector_wrote_into_files_after_the_move_is_landed_all_the_same(shop: Shop) -> None:
    ids = filled(shop.folder, shop.url, 2) | filled(shop.folder, "sqlite", 3)
    land(shop.folder, log=shop.url)
    assert told(shop.folder) == (ids, 5, 5)


def test_nothing_is_moved_while_a_collector_writes_or_the_service_runs(shop: Shop) -> None:
    words = ["log", "move", "--data", str(shop.data), "--port", "0", "--log", "sqlite", "--to", shop.url]
    with closing(open_writer("sqlite", folder=log_folder(shop.folder), project="shop")) as collector:
        assert collector.append([b"{}"]) == [True]
        done = run_here(*words)
    assert (done.returncode, "A collector still writes" in done.stderr) == (1, True)

    with (shop.data / ".serve.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = run_here(*words)
    assert (done.returncode, "Another `sayso serve` runs" in done.stderr) == (1, True)
