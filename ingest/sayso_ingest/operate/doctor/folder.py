"""Pure: is the folder in order, and who may send."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, timedelta

from sayso_ingest.keys import LOOPBACK
from sayso_ingest.operate.doctor.facts import Facts, ProjectFacts
from sayso_ingest.operate.doctor.files import CLOSED, FileFacts
from sayso_ingest.operate.doctor.finding import Finding, note, ok, wrong
from sayso_ingest.operate.project import cannot_sign
from sayso_ingest.places import USERS_FILE

LEAST_FREE = 1_000_000_000
"""Bytes: less free space than that is said before the disk is full."""
LEAST_SHARE = 0.02
MOST_RESERVED = 0.5
"""The share of the disk above which a reserve is too large for it."""
KEYS_REREAD = timedelta(minutes=1)
"""How long after a revocation a request under way may still be taken."""


def data_folder(facts: Facts) -> Iterator[Finding]:
    """The data folder is there, and this user may read and write it."""
    if facts.folder is None:
        yield wrong(
            f"{facts.data.absolute()} is not there.",
            "Name the folder of the service with --data or SAYSO_DATA; "
            f"a new one is made by: sayso serve --data {facts.data}",
        )
    elif facts.folder.owner == CLOSED:
        yield wrong(
            f"{facts.data.absolute()} cannot be looked at: this user may not enter a folder above it.",
            "Run this as the user of the service.",
        )
    elif not facts.folder.is_folder:
        yield wrong(
            f"{facts.data} is no folder.", "Name the folder of the service: sayso doctor --data FOLDER"
        )
    elif not (facts.folder.readable and facts.folder.writable):
        yield wrong(
            f"{facts.data} belongs to user {facts.folder.owner}, has mode {facts.folder.mode:o}, and this user may "
            "not read and write it.",
            f"Run this as the user of the service, or: chown -R USER {facts.data}",
        )
    else:
        yield ok(f"{facts.data} can be read and written.")


def disk_space(facts: Facts) -> Iterator[Finding]:
    """There is room on the disk. Below what is set aside collectors answer 503, and clients keep what they have."""
    free = f"{_size(facts.free)} of {_size(facts.size)} are free"
    kept = facts.reserve + facts.landing
    said = (
        f"{_size(kept)} are set aside: {_size(facts.reserve)} by SAYSO_DISK_RESERVE, and "
        f"{_size(facts.landing)} to land and publish what waits"
    )
    room = f"Make room: du -sh {facts.data}/*"
    if facts.reserve > facts.size * MOST_RESERVED:
        room = f"Set SAYSO_DISK_RESERVE lower, it is most of the disk; or make room: du -sh {facts.data}/*"
    if facts.free < kept:
        yield wrong(
            f"{free}, and {said}: the collector answers 503 now, and clients keep what they have for a while. Nothing "
            "that was accepted is lost; it goes on by itself once there is room, or what waits has landed.",
            room,
        )
    elif facts.free < max(2 * kept, min(LEAST_FREE, facts.size * LEAST_SHARE)):
        yield wrong(f"{free}, and {said}: below that the collector answers 503.", room)
    else:
        yield ok(f"{free}.")


def keys_file(facts: Facts) -> Iterator[Finding]:
    """keys.json can be read, belongs to the owner of the folder, and to nobody else."""
    file = facts.keys_file
    if file is None:
        lost = wrong if facts.projects else note
        yield lost(
            "There is no keys.json: nobody can send.",
            f"Put it back from a backup, or: sayso serve --data {facts.data}",
        )
    elif facts.keys_problem:
        yield wrong(
            f"{facts.keys_problem} Collectors that run go on with what they read before; no other one can start.",
            f"Give rights, or put it back from a backup, and leave every service.key as it is: ls -l {file.path}",
        )
    else:
        yield _private(file, facts) or ok(f"keys.json holds {len(facts.keys)} keys, for its owner alone.")


def projects(facts: Facts) -> Iterator[Finding]:
    """There is a project."""
    known = ", ".join(facts.known)
    if facts.projects:
        yield ok(f"Projects: {', '.join(project.name for project in facts.projects)}.")
    elif facts.only and (not facts.folder or facts.folder.readable):
        yield wrong(
            f"There is no project {facts.only} in {facts.data.absolute()}, but {known or 'none'}.",
            f"Name one with --project; a new one is made by: sayso serve --project {facts.only} --data {facts.data}",
        )
    elif (
        not facts.folder or facts.folder.readable
    ):  # else it cannot be told, and is said by the folder's own check
        yield wrong(
            f"There is no project in {facts.data.absolute()}.",
            f"Name the folder of the service with --data or SAYSO_DATA, or: sayso serve --data {facts.data}",
        )


def projects_file(facts: Facts) -> Iterator[Finding]:
    """projects.json, which says what differs from project to project, can be read, where there is one."""
    if facts.projects_problem:
        yield wrong(
            f"{facts.projects_problem} A collector that runs goes on with what it read before; no other one can start.",
            f"Give rights, or put it back from a backup: ls -l {facts.data}/projects.json",
        )
    else:
        yield ok("What differs from project to project can be read.")


def users_file(facts: Facts) -> Iterator[Finding]:
    """users.json, with who may enter the console, can be read, and is for its owner alone, where there is one."""
    if facts.users_problem:
        path = facts.data / USERS_FILE
        yield wrong(
            f"{facts.users_problem} A console that runs goes on with what it read before; no other one can start.",
            f"Give rights, or put it back from a backup: ls -l {path}; where there is none, let each in anew: "
            f"mv {path} {path}.broken; sayso users add NAME --data {facts.data}",
        )
    else:
        private = _private(facts.users_file, facts) if facts.users_file else None
        yield private or ok("Who may enter the console can be read.")


def secrets(facts: Facts) -> Iterator[Finding]:
    """Passwords and keys that are set can be read, from where is told; one that cannot be ends every command."""
    told = ", ".join(f"{name} from {where}" for name, where in facts.secrets.items())
    yield ok(f"Set: {told}." if told else "None is set.")


def processes(facts: Facts) -> Iterator[Finding]:
    """No room of a service lives on after its supervisor."""
    for process in facts.outliving:
        yield wrong(
            f"Process {process.pid} belongs to a service that is gone, and may hold its port or its files.",
            f"kill {process.pid}",
        )
    if not facts.outliving:
        yield ok("No room lives on after its service.")


def project_folder(project: ProjectFacts, facts: Facts) -> Iterator[Finding]:
    """The project's folder, its log's and its live file's can be written. Where not, collectors answer 503."""
    closed = [folder for folder in project.folders if not folder.writable]
    for folder in closed:
        yield wrong(
            f"{folder.path} cannot be written (user {folder.owner}, mode {folder.mode:o}): what is sent is answered "
            "with 503 or waits in the log, and nothing is lost.",
            f"chown -R --reference={facts.data} {project.folder}, or mount its disk for writing",
        )
    if not closed:
        yield ok(f"{project.folder} can be written.")


def service_key(project: ProjectFacts, facts: Facts) -> Iterator[Finding]:
    """service.key, with which programs on this machine send, is there, private, and known to keys.json."""
    if facts.keys_problem:
        return  # whether it is known cannot be told, and it may well be good
    again = f"rm -f {project.folder}/service.key, then start `sayso serve` again: it makes a new one"
    if project.service_key is None:
        yield wrong("There is no service.key: programs on this machine cannot send.", again)
    elif not project.service_key_works:
        yield wrong("service.key is not in keys.json, is revoked, or cannot be read here.", again)
    else:
        yield _private(project.service_key, facts) or ok("service.key works, and is for its owner alone.")


def collector(project: ProjectFacts, facts: Facts) -> Iterator[Finding]:
    """A collector answers at SAYSO_HOST and SAYSO_PORT, and takes the service key of this project."""
    found = project.collector
    if project.retired:
        yield note(
            "The project is retired: its keys are refused.",
            f"To take it up again: sayso projects retire {project.name} --undo --data {facts.data}",
        )
    if found is None:
        return
    if found.not_ready:
        yield wrong(
            f"The collector at {found.url} answers, and can take nothing now: {found.not_ready}.",
            "See the check event_log, or disk_space.",
        )
    elif found.takes_key:
        yield ok(f"{found.url} answers, and takes the service key.")
    elif found.status is None:
        yield note(
            f"Nothing answers at {found.url}: whoever sends there waits, or loses events.",
            f"sayso serve --data {facts.data}; or, where collectors are on other machines, name their balancer with "
            "--host and --port (SAYSO_HOST, SAYSO_PORT)",
        )
    elif found.status in (401, 403) and project.service_key_works:
        yield wrong(
            f"The collector at {found.url} does not take the service key ({found.status}): it runs on another folder.",
            "Name the address of this one with --host and --port, or start it with --data " + str(facts.data),
        )
    elif found.status in (429, 503):
        yield wrong(
            f"The collector at {found.url} can take nothing now ({found.status}).", f"curl {found.url}/readyz"
        )
    elif found.status not in (401, 403):  # that the service key is bad is said by its own check
        yield wrong(
            f"What answers at {found.url} is no collector (status {found.status}).",
            "Name the collector's address with --host and --port (SAYSO_HOST, SAYSO_PORT).",
        )


def publishable_keys(project: ProjectFacts, facts: Facts) -> Iterator[Finding]:
    """Pages that are not on this machine have a key that allows their origin."""
    mine = [
        key for key in facts.keys if key.project == project.name and key.kind == "pk" and not key.revoked_at
    ]
    if mine and all(set(key.origins) == {LOOPBACK} for key in mine):
        yield note(
            "Every publishable key is for pages of this machine (loopback) alone; a site's pages would get 403.",
            f"sayso keys create --kind pk --origin https://YOUR-SITE --project {project.name} --data {facts.data}",
        )
    else:
        yield ok(f"{len(mine)} publishable keys.")


def token_keys(project: ProjectFacts, facts: Facts) -> Iterator[Finding]:
    """Every secret key of a back end can sign feedback tokens."""
    old = [key.key_id for key in facts.keys if key.project == project.name and cannot_sign(key)]
    if old:
        yield note(
            f"{', '.join(old)} cannot sign feedback tokens: it was made before there were any, and what it signs is "
            "refused as bad_token.",
            f"sayso keys create --kind sk --project {project.name} --data {facts.data}, use the new key, then: "
            f"sayso keys revoke {old[0]} --data {facts.data}",
        )
    else:
        yield ok("Every secret key can sign feedback tokens.")


def revoked_keys(project: ProjectFacts, facts: Facts) -> Iterator[Finding]:
    """No event came in with a key after it was revoked."""
    if project.copy is None or project.copy.problem:
        return
    last = {row["key_id"]: row["last_at"] for row in project.copy.keys}
    late = [
        key.key_id
        for key in facts.keys
        if key.revoked_at
        and key.key_id in last
        and last[key.key_id] > key.revoked_at.astimezone(UTC).replace(tzinfo=None) + KEYS_REREAD
    ]
    if late:
        yield wrong(
            f"Events came with {', '.join(late)} after it was revoked: a collector reads another keys.json.",
            "Give every collector this keys.json, and restart those that have another one.",
        )
    else:
        yield ok("No event came with a revoked key.")


def _size(number: int) -> str:
    return f"{number / 1e9:.1f} GB" if number >= 1e9 else f"{number / 1e6:.0f} MB"


def _private(file: FileFacts, facts: Facts) -> Finding | None:
    if file.mode & 0o077:
        return wrong(f"{file.path} has mode {file.mode:o}: others may read it.", f"chmod 600 {file.path}")
    if facts.folder and file.owner != facts.folder.owner:
        return wrong(
            f"{file.path} belongs to user {file.owner}, and its folder to {facts.folder.owner}.",
            f"chown --reference={facts.data} {file.path}",
        )
    return None
