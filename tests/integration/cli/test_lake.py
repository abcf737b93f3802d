"""Commands and pages read a lake as they read a file."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lakes import PROJECT, ROOT, Servers
from landed import NOW, append, event, thumb
from sayso_ingest.analysis import catalog
from sayso_ingest.console import create_app
from sayso_ingest.errors import WarehouseError
from sayso_ingest.eventlog import open_reader
from sayso_ingest.lander import Lander
from sayso_ingest.operate.doctor import Finding, examine, gather
from sayso_ingest.places import log_folder
from sayso_ingest.warehouse import Lake, LakePublisher, LakeWarehouse, Published
from sayso_ingest.warehouse.lake import attach
from sayso_ingest.warehouse.lake.attach import open_for_writing
from service import run

pytestmark = pytest.mark.lake

PAGES = ("/", "/inbox", "/prompts", "/problems", "/questions", "/sql")


@pytest.fixture(scope="module")
def landed(lake_servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Lake]]:
    """A project that has landed something in a lake."""
    folder = tmp_path_factory.mktemp("data") / PROJECT
    folder.mkdir()
    lake = lake_servers.blank(folder, catalog())
    prompt = {"name": "help", "version": "v1"}
    for n in range(30):
        append(
            folder,
            event(
                "interaction",
                target=f"m{n}",
                body={"input": f"question {n}", "output": "so", "prompt": prompt},
            ),
            thumb("down" if n % 3 else "up", target=f"m{n}", actor=f"a{n}"),
        )
    append(folder, event("comment", target="m1", body={"text": "not what I asked"}))
    warehouse = LakeWarehouse.open(lake, folder, views=catalog())
    reader = open_reader("sqlite", folder=log_folder(folder), project=PROJECT)
    lander = Lander(reader, warehouse, LakePublisher(warehouse))
    while lander.step():
        pass
    warehouse.look_after(keep=3600)  # so that there are files to read
    lander.close()
    yield folder, lake


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("sql", "SELECT count(*) AS n FROM verdicts"), "31"),
        (("ask", "prompt_versions"), "v1"),
        (("status",), "61"),
        (("mine", "--set", "help", "--budget", "3"), "3"),
        (("verify",), ""),
    ],
)
def test_commands(
    landed: tuple[Path, Lake], lake_servers: Servers, words: tuple[str, ...], said: str
) -> None:
    folder, lake = landed
    done = run(*words, "--data", folder.parent, **lake_servers.environ(lake))
    assert done.returncode == 0, done.stderr
    assert said in done.stdout


def test_pages(landed: tuple[Path, Lake]) -> None:
    folder, lake = landed
    client = create_app(project_folder=folder, home=lake).test_client()
    answers = {page: client.get(page, follow_redirects=True).status_code for page in PAGES}
    assert set(answers.values()) == {200}, answers


@pytest.mark.parametrize(
    ("changed", "said", "advice"),
    [
        ({"port": 9}, "Connection refused", "psql -h 127.0.0.1 -p 9"),
        ({"password": "x"}, "password authentication failed", "SAYSO_LAKE_PASSWORD"),
        ({"user": "stranger", "password": "s"}, "does not let stranger read", "GRANT SELECT ON ALL TABLES"),
        ({"user": "reader", "password": "r"}, "read and not write", "the user that owns the lake"),
        ({"data": "s3://sayso-tests/elsewhere"}, "The catalog is of files below", "SAYSO_LAKE_DATA"),
        ({"endpoint": "127.0.0.1:9"}, "Could not connect", "Start the S3 server"),
        ({"secret": "x"}, "SignatureDoesNotMatch", "SAYSO_LAKE_SECRET"),
        ({"project": "none", "data": "s3://no-such-bucket/x"}, "NoSuchBucket", "Make the bucket"),
        ({"project": "none"}, "nothing yet", "sayso serve"),
    ],
)
def test_the_doctor_says_what_is_wrong_with_a_lake_and_what_to_do(
    landed: tuple[Path, Lake], users: None, changed: dict[str, Any], said: str, advice: str
) -> None:
    folder, lake = landed
    findings = examined(folder, replace(lake, **changed))
    [finding] = [finding for finding in findings if finding.check == "lake"]
    assert finding.level in ("wrong", "note")
    assert said in finding.said
    assert advice in finding.next
    wrong = {found.check for found in findings if found.level == "wrong"}
    assert not wrong & {"live_file", "published_copy"}


def test_the_doctor_finds_a_lake_in_order_too_new_not_looked_after_and_without_extensions(
    landed: tuple[Path, Lake], lake_servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, lake = landed

    def found(**how: Any) -> Finding:
        return next(each for each in examined(folder, lake, **how) if each.check == "lake")

    assert found().level == "ok"
    assert "not removed in time" in found(overdue=0).said
    with closing(open_for_writing(lake)) as connection:
        connection.execute("INSERT INTO migrations VALUES ('9999_later.sql', now()::TIMESTAMP)")
        connection.execute("BEGIN")
        connection.execute("UPDATE published SET landing = landing")
        connection.execute("CALL ducklake_set_commit_message('warehouse', 'sayso', 'published')")
        connection.execute("COMMIT")
        assert "9999_later.sql" in found().said
        connection.execute("DELETE FROM migrations WHERE name = '9999_later.sql'")
        connection.execute("BEGIN")
        connection.execute("UPDATE published SET landing = landing")
        connection.execute("CALL ducklake_set_commit_message('warehouse', 'sayso', 'published')")
        connection.execute("COMMIT")
    monkeypatch.setattr(attach, "EXTENSIONS", ("ducklake", "no_such_extension"))
    assert found().next == "pip install 'sayso[ingest,lake]'"


def test_who_may_only_read_in_postgresql_and_on_s3_asks_mines_and_sees_pages(
    landed: tuple[Path, Lake], lake_servers: Servers, users: None
) -> None:
    """The role and the grants are those of the manual; a lander does not get far with it."""
    folder, lake = landed
    with lake_servers.another_s3("--readonly") as endpoint:
        reader = replace(lake, user="reader", password="r", endpoint=endpoint)
        with Published.open(reader) as published:
            assert published.table("SELECT count(*) FROM verdicts")[1] == [(31,)]
        client = create_app(project_folder=folder, home=reader).test_client()
        assert client.get("/inbox").status_code == 200
        mining = ("mine", "--set", "read", "--budget", "3", "--data", folder.parent)
        mined = run(*mining, **lake_servers.environ(reader))
        assert (mined.returncode, "3" in mined.stdout) == (0, True), mined.stderr
        warehouse = LakeWarehouse.open(reader, folder, views=catalog())
        with closing(warehouse), pytest.raises(WarehouseError, match="permission denied"):
            warehouse.fold(now=NOW)


def test_an_s3_server_is_believed_by_the_authority_that_is_named(
    landed: tuple[Path, Lake], lake_servers: Servers, tmp_path: Path
) -> None:
    """One that nobody here knows is not, also where its certificate is for the right name."""
    folder, lake = landed
    key, certificate = tmp_path / "key.pem", tmp_path / "it's.pem"
    made = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=tests -addext subjectAltName=IP:127.0.0.1"
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(["openssl", *made.split(), *files], check=True, capture_output=True)
    asked = "SELECT count(*) FROM verdicts"
    with lake_servers.another_s3("--cert", str(certificate), "--key", str(key)) as endpoint:
        strange = replace(lake, endpoint=endpoint, tls=True)
        [found] = [one for one in examined(folder, strange) if one.check == "lake"]
        assert "SAYSO_LAKE_CA" in (found.next or "")
        with pytest.raises(WarehouseError, match="certificate"), Published.open(strange):
            pass
        with Published.open(replace(strange, ca=str(certificate))) as published:
            assert published.table(asked)[1] == [(31,)]


def examined(folder: Path, lake: Lake, *, overdue: float = 3600.0) -> list[Finding]:
    facts = gather(folder.parent, log="sqlite", lake=lambda _: lake, overdue=overdue, only=folder.name)
    return [finding for finding in examine(facts) if finding.project == folder.name]


@pytest.fixture(scope="module")
def users(landed: tuple[Path, Lake], lake_servers: Servers) -> None:
    """One that may read what is there, as the manual has it, and one that may not."""
    manual = (ROOT / "ingest" / "README.md").read_text()
    grants = re.findall(r"^    ((?:GRANT|ALTER DEFAULT PRIVILEGES) .* console;)$", manual, re.MULTILINE)
    assert len(grants) == 3
    lake_servers.sql("CREATE ROLE reader LOGIN PASSWORD 'r'", "CREATE ROLE stranger LOGIN PASSWORD 's'")
    lake_servers.sql(*[line.replace("console;", "reader;") for line in grants], database=landed[1].database)
