"""The collector accepts and refuses exactly what the golden events say, with the reason they say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from contract.golden import Golden, accepted, rejected
from contract.signing import CASES, SECRET
from flask.testing import FlaskClient
from sayso_ingest.collector import GroupCommit, create_app
from sayso_ingest.event import Kind, Reason
from sayso_ingest.eventlog import MemoryLog
from sayso_ingest.keys import KeyRing, create_key
from sayso_ingest.record import unpack

ENVELOPE_REASONS = {
    Reason.INVALID_JSON,
    Reason.INVALID_ENVELOPE,
    Reason.TOO_MANY_EVENTS,
    Reason.BODY_TOO_LARGE,
    Reason.ID_REUSED,
    Reason.UNSTORABLE,
    Reason.NOT_REDACTED,  # said of an event that is right, where an operator's function fails
}
KEY_REASONS = {Reason.UNSIGNED}
"""What is refused for the key that sends it."""


class Collector:
    """The collector over a log in memory, with a key of each kind."""

    def __init__(self, folder: Path) -> None:
        self.log = MemoryLog()
        path = folder / "keys.json"
        self.secrets = {
            "sk": create_key(path, kind="sk", project="p", new_secret=lambda: SECRET.removeprefix("sk_"))[0],
            "pk": create_key(path, kind="pk", project="p", origins=("loopback",))[0],
        }
        self.commit = GroupCommit(lambda project: self.log.writer())
        app = create_app(keyring=KeyRing(path), commit=self.commit)
        self.client: FlaskClient = app.test_client()

    def send(self, golden: Golden) -> dict[str, object]:
        answer = self.client.post(
            "/v1/events",
            data=f'{{"events":[{golden.text}]}}',
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.secrets[golden.key]}"},
        )
        assert answer.status_code == 200, answer.text
        (result,) = answer.json["results"]
        return dict(result)


@pytest.fixture(scope="module")
def collector(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collector]:
    opened = Collector(tmp_path_factory.mktemp("keys"))
    yield opened
    opened.commit.close()


@pytest.mark.parametrize("golden", accepted(), ids=str)
def test_what_is_to_be_accepted_is_accepted_and_kept_whole(collector: Collector, golden: Golden) -> None:
    """The same JSON values, with `verified` added and without the `token`."""
    result = collector.send(golden)
    assert result["status"] == "accepted", result
    entry = collector.log.reader().read({}, max_bytes=1 << 30)[-1]
    (event,) = unpack(entry.payload)[0].events
    expected = dict(golden.event if golden.event is not None else json.loads(golden.text))
    expected.pop("token", None)
    assert event == {**expected, "verified": golden.key == "sk"}


@pytest.mark.parametrize("golden", rejected(), ids=str)
def test_what_is_to_be_refused_is_refused_and_kept(collector: Collector, golden: Golden) -> None:
    """With its reason, a message for people, and as much of it as is kept."""
    result = collector.send(golden)
    assert (result["status"], result["reason"]) == ("rejected", golden.reason), result
    assert result["detail"]["message"]  # type: ignore[index]
    entry = collector.log.reader().read({}, max_bytes=1 << 30)[-1]
    (rejection,) = unpack(entry.payload)[0].rejects
    assert rejection.reason == golden.reason
    assert 0 < len(rejection.raw) <= rejection.length


def test_every_kind_and_every_reason_has_a_golden_event() -> None:
    """A kind or reason that is added brings its example."""
    assert {golden.event["kind"] for golden in accepted() if golden.event} == set(Kind)
    reasons = {golden.reason for golden in rejected()} | {case.reason for case in CASES if case.reason}
    assert reasons == set(Reason) - ENVELOPE_REASONS - KEY_REASONS
