"""deploy/systemd/README.md for one box, typed line by line at a machine that systemd runs."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from deploy.files import DEPLOY, ROOT, blocks, shown
from deploy.machine import Machine, booted, can_boot
from processes import wait_until
from service import Landed

pytestmark = pytest.mark.deploy
MANUAL = DEPLOY / "systemd" / "README.md"


QUESTION = {"kind": "interaction", "target": "asked", "body": {"input": "Where is it?", "output": "Here."}}
ASKED = f"""\
key=$(sayso keys create --kind sk)
curl -sSf http://127.0.0.1:8710/v1/events -H "Authorization: Bearer $key" -H 'Content-Type: application/json' -d '{
    json.dumps({"events": [{"id": "01900000-0000-7000-8000-000000000002", **QUESTION}]})
}'
"""
REPOSITORY = """\
git init -q --initial-branch main /srv/product.git
git -C /srv/product.git -c user.name=a -c user.email=a@b commit -q --allow-empty -m first
"""
RULES = """\
[webhooks.team]
url_env = "TEAM_WEBHOOK"

[[rules]]
name = "Fewer than seven of ten like it"
view = "prompt_versions"
by = ["prompt_version"]
figure = "up_rate"
below = 0.7
to = ["team"]
"""
OURS = "-c safe.directory=/var/lib/sayso-evals/product -C /var/lib/sayso-evals/product"
INSTALLED = """\
python3 -m venv --without-pip /opt/sayso
cd /opt/sayso/lib/python*/site-packages
printf '%s\\n' /opt/packages /srv/checkout/sdk /srv/checkout/ingest >sayso.pth
cd /srv/checkout
printf '%s\\n' '#!/opt/sayso/bin/python' 'from sayso_ingest.__main__ import main' 'main()' >/opt/sayso/bin/sayso
chmod +x /opt/sayso/bin/sayso
"""


@pytest.fixture(scope="module")
def machine(
    tmp_path_factory: pytest.TempPathFactory, require: Callable[[str, object, str], None]
) -> Iterator[Machine]:
    """A machine with a clone, on which the section "Install" was typed."""
    require("systemd, as root", can_boot(), "apt-get install systemd dbus iproute2")
    clone, folder = tmp_path_factory.mktemp("clone"), tmp_path_factory.mktemp("machine")
    clone.chmod(0o755)
    for source in ("sdk", "ingest", "deploy"):
        shutil.copytree(ROOT / source, clone / source)
    with booted(folder, clone) as machine:
        for script in blocks(MANUAL, "Install"):
            done(machine, without_network(script))
        yield machine


def without_network(script: str) -> str:
    """The same, but that what pip would fetch and build comes from this environment: test_wheel.py has pip do it."""
    script = re.sub(r"(?m)^python3 -m venv /opt/sayso\n", lambda found: INSTALLED, script)
    return re.sub(r"(?m)^/opt/sayso/bin/pip .*\n", "", script)


def done(machine: Machine, script: str) -> str:
    outcome = machine.typed(script)
    journal = machine.typed("journalctl --no-pager --lines 20").stdout if outcome.returncode else ""
    assert outcome.returncode == 0, "\n".join((script, outcome.stdout, outcome.stderr, journal))
    return outcome.stdout


def landed(machine: Machine) -> list[tuple[str]]:
    """Targets of what is in the published copy. DuckDB opens files by names that are ours: so it gets a copy of it."""
    published = machine.root / "var/lib/sayso/default/warehouse.duckdb"
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "default").mkdir()
        if published.exists():
            shutil.copy(published, Path(folder) / "default")
        return Landed(Path(folder)).query("SELECT target FROM events")


def healthy(machine: Machine) -> bool:
    ports = machine.typed("curl -sS http://127.0.0.1:8710/healthz http://127.0.0.1:8711/healthz")
    return ports.stdout.split() == ["ok", "ok"]


def test_the_lines_that_prove_it_print_what_the_manuals_say(machine: Machine) -> None:
    wait_until(partial(healthy, machine), pause=0.5)
    (block,) = blocks(MANUAL, "Prove it works")
    for command, said in shown(block):
        printed = machine.typed(command).stdout
        if exposure := re.search(r"below (\d)", said):
            (found,) = re.findall(r"Overall exposure level for sayso.service: ([\d.]+)", printed)
            assert float(found) < float(exposure[1])
        else:
            assert (command, printed.strip()) == (command, said)
    proof, question = blocks(DEPLOY / "README.md", "Prove it works")
    commands = re.findall(r"(?m)^\$ (.+)$", proof)
    assert '"status":"accepted"' in done(machine, "\n".join(commands))
    wait_until(lambda: ("proof",) in landed(machine), pause=0.2, what="the thumb")
    asked, answer = question.removeprefix("$ ").split("\n", 1)
    assert done(machine, asked).strip() == answer.strip()


def test_a_key_in_a_file_of_root_s_reaches_the_service_and_every_command_and_no_environment(
    machine: Machine,
) -> None:
    (block,) = blocks(MANUAL, "Settings")
    install, restart, look = (command for command, _ in shown(block))
    done(machine, f"echo quite-hidden | {install}\n{restart}")
    wait_until(partial(healthy, machine), pause=0.5)
    told = machine.typed(look).stdout
    assert re.search(r"secrets: Set: SAYSO_MODEL_KEY from /run/credentials/\S+/SAYSO_MODEL_KEY\.", told), told
    everywhere = done(machine, "cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline | tr '\\0' '\\n'")
    assert "CREDENTIALS_DIRECTORY=/run/credentials/sayso.service" in everywhere
    assert "quite-hidden" not in everywhere + told


def test_an_analyst_in_the_group_reads_what_was_published_and_no_key(machine: Machine) -> None:
    (add,) = blocks(MANUAL, "Who reads what")
    done(machine, add.replace("ANALYST", "games"))
    wait_until(lambda: landed(machine), pause=0.2, what="a published copy")
    for command, file, allowed in (
        ("cat", "default/warehouse.duckdb", True),
        ("tee -a", "default/warehouse.duckdb", False),
        ("cat", "keys.json", False),
    ):
        outcome = machine.typed(f"runuser -u games -- {command} /var/lib/sayso/{file} </dev/null >/dev/null")
        assert (outcome.returncode == 0) == allowed, (command, file, outcome.stderr)


def test_what_was_backed_up_is_there_again_after_it_was_restored_and_the_service_goes_on(
    machine: Machine,
) -> None:
    backup, restore, upgrade = blocks(MANUAL, "Back up, restore, upgrade")
    (name,) = done(machine, backup).split()
    done(machine, "echo after >/var/lib/sayso/only-after-the-backup")
    done(machine, restore.replace("BACKUP", name))
    assert "only-after" not in done(machine, "ls -A /var/lib/sayso")
    assert done(machine, "cd /var/lib/sayso; stat -c '%U %G %a' . default keys.json").splitlines() == [
        "sayso sayso 750",
        "sayso sayso 750",
        "sayso sayso 600",
    ]
    wait_until(partial(healthy, machine), pause=0.5)
    wait_until(lambda: ("proof",) in landed(machine), pause=0.2, what="what was there before")
    done(machine, f"touch --date '15 days ago' /var/backups/sayso/{name}")
    done(machine, without_network(upgrade))
    (newer,) = done(machine, "ls /var/backups/sayso").split()
    assert newer > name
    wait_until(partial(healthy, machine), pause=0.5)


def test_the_runs_of_the_timers_end_well_and_the_timers_wait(machine: Machine) -> None:
    (alerts,), (mine,) = blocks(MANUAL, "Alerts"), blocks(MANUAL, "Candidates")
    install, start = alerts.split("systemctl daemon-reload")
    done(machine, install)
    (machine.root / "etc/sayso/alerts.env").write_text("TEAM_WEBHOOK=http://127.0.0.1:9/\n")
    (machine.root / "var/lib/sayso/default/alerts.toml").write_text(RULES)
    done(machine, f"systemctl daemon-reload{start}")
    done(machine, REPOSITORY)
    done(machine, ASKED)
    wait_until(lambda: ("asked",) in landed(machine), pause=0.2, what="the interaction")
    done(machine, mine.replace("https://git.example.com/product.git", "/srv/product.git"))
    assert f"git {OURS} push" in MANUAL.read_text()
    waiting = done(machine, "systemctl list-timers --no-legend")
    assert {"sayso-alerts@default.timer", "sayso-mine@default.timer"} <= set(waiting.split())
    assert "sayso/helpdesk-" in done(machine, f"git {OURS} branch --list 'sayso/*'")
    assert "0 loaded" in done(machine, "systemctl --failed")


def test_no_process_of_the_service_is_ended_by_what_the_unit_forbids(machine: Machine) -> None:
    """The console draws its charts ahead, with an engine that compiles them."""
    wait_until(partial(healthy, machine), pause=0.5)
    assert "<svg" in done(machine, "curl -sSf http://127.0.0.1:8711/")
    said = done(machine, "journalctl --no-pager -u sayso")
    assert not [trouble for trouble in ("Unexpected exit", "Traceback") if trouble in said], said
