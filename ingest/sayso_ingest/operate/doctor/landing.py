"""Pure: does what was accepted reach those who ask?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sayso_ingest.operate.doctor.facts import Facts, ProjectFacts
from sayso_ingest.operate.doctor.finding import Finding, note, ok, wrong
from sayso_ingest.operate.erased import again_command
from sayso_ingest.places import live_warehouse, log_folder

LATE = timedelta(minutes=2)
"""How long an event may take to the published copy: publishing large copies is held to a budget of bytes."""
JUMP = timedelta(minutes=1)
UPGRADE = "pip install --upgrade 'sayso[ingest]'"


def event_log(project: ProjectFacts, facts: Facts) -> Iterator[Finding]:
    """The log can be read, fits what has landed, holds nobody else's files, and does not fall behind."""
    log, folder = project.log, log_folder(project.folder)
    if log.strangers:
        yield note(
            f"In the log's folder is what is not of the log, and it is left alone: {', '.join(log.strangers[:5])}.",
            f"Look at it, and move it away: ls -l {folder}",
        )
    if log.aside:
        yield wrong(
            f"{len(log.aside)} log files were broken, cut or replaced. What could be read of them has landed; they are "
            f"moved aside: {', '.join(log.aside[:5])}.",
            f"Repair them or take them from a backup, and move them back into {folder}; look at them: "
            f"ls -l {folder}/aside/*",
        )
    if log.problem:
        accept = f"sayso log accept --project {project.name} --data {facts.data}"
        advice = (
            f"Put back the log and the warehouse that belong together; or stop the lander, and see what would be "
            f"skipped: {accept}"
            if log.gap and log.kafka
            else "Stop the service, and put back the log and the warehouse that belong together; nothing is skipped."
            if log.gap
            else "Start the brokers, or name those that are there with SAYSO_LOG; what is set about signing in is "
            "SAYSO_KAFKA_SECURITY, SAYSO_KAFKA_USER and their like."
            if log.kafka
            else f"Give rights; the lander moves a damaged file aside: ls -l {folder}"
        )
        yield wrong(log.problem, advice)
    elif _untold(project):
        yield note(
            "How much waits in the log cannot be told while what is published cannot be read.",
            "See the check published_copy, or lake.",
        )
    elif log.oldest and facts.now - log.oldest > LATE:
        yield wrong(
            f"{log.waiting} batches wait in the log, the oldest for {_span(facts.now - log.oldest)}.",
            "See the check lander."
            if project.asking
            else f"sayso {'land' if log.kafka else 'serve'} --data {facts.data}"
            if project.lander is None
            else "Look at what the lander says.",
        )
    else:
        yield ok(f"{log.waiting} batches wait in the log.")


def lander(project: ProjectFacts, facts: Facts) -> Iterator[Finding]:
    """A lander is at work, or nothing waits for one."""
    holder, asking = project.lander, project.asking
    if asking is not None:
        say, command = (wrong, "kill -CONT") if asking.stopped else (note, "Let it end, or: kill")
        stopped = ", and somebody has stopped it" if asking.stopped else ""
        yield say(
            f"Process {asking.pid} keeps the lander away until it ends, and nothing lands{stopped}: "
            f"{' '.join(asking.words)[:80]}",
            f"{command} {asking.pid}",
        )
    elif holder is not None and not holder.lands:
        yield wrong(
            f"Process {holder.pid} holds the live file, nothing lands, and it is no lander: "
            f"{' '.join(holder.words)[:80]}",
            f"Let it end, or: kill {holder.pid}. Readers are to open {project.folder}/warehouse.duckdb.",
        )
    elif holder is not None and holder.stopped:
        yield wrong(f"Process {holder.pid} lands, and somebody has stopped it.", f"kill -CONT {holder.pid}")
    elif holder is not None:
        yield ok(f"Process {holder.pid} lands; a second lander would be refused.")
    elif project.log.waiting and not _untold(project):
        yield wrong(
            f"No lander runs here, and {project.log.waiting} batches wait.",
            f"sayso {'land' if project.log.kafka else 'serve'} --data {facts.data}",
        )
    else:
        yield ok(
            "No lander runs here." if _untold(project) else "No lander runs here, and nothing waits for one."
        )


def live_file(project: ProjectFacts, facts: Facts) -> Iterator[Finding]:  # noqa: ARG001 - as every check
    """The lander's own file is where it was."""
    path = live_warehouse(project.folder)
    if project.lake is not None:
        yield ok("What lands goes into the lake.")
    elif project.live is None and project.copy is not None and project.copy.file:
        copy = project.copy.file.path
        yield wrong(
            f"{path} is gone, and what was published from it is there: the lander will not begin anew.",
            f"Put it back from a backup, or: cp {copy} {path} && chmod u+w {path}",
        )
    elif newer := project.live_newer or (project.copy.newer if project.copy else ()):
        yield wrong(f"The warehouse was written by a newer sayso (it has {', '.join(newer)}).", UPGRADE)
    elif project.live is not None and not project.live.readable:
        yield wrong(f"{path} belongs to user {project.live.owner}.", "Run this as the user of the service.")
    elif project.live_problem:
        # What waits in the WAL of one file must not come into another; the log has it still.
        away = f"mv {path} {path}.broken; rm -f {path}.wal"
        back = (
            f"cp {project.copy.file.path} {path} && chmod u+w {path}"
            if project.copy and project.copy.file
            else "restart the lander"
        )
        yield wrong(
            f"{project.live_problem} Nothing lands, and what comes in waits in the log.",
            f"Stop the lander, then: {away}; take it from a backup, or: {back}",
        )
    else:
        yield ok("The live file is in its place." if project.live else "Nothing has landed yet.")


def erased(project: ProjectFacts, facts: Facts) -> Iterator[Finding]:  # noqa: ARG001 - as every check
    """Nothing is there that was erased. What an older state brought back keeps all of the project from landing."""
    if project.erased_back:
        yield wrong(f"{project.erased_back} Collectors go on.", again_command(project.folder))
    else:
        yield ok("Nothing is there that was erased.")


def published_copy(project: ProjectFacts, facts: Facts) -> Iterator[Finding]:
    """Readers have a copy that is not old, that opens, and that nobody has written to."""
    copy = project.copy
    if project.lake is not None and project.lake.part:
        return
    if copy is None:
        yield note("Nothing is published yet.", f"sayso serve --data {facts.data}")
        return
    if copy.stray_wal and copy.file:
        yield wrong(
            f"Somebody has opened {copy.file.path} for writing: a .wal lies beside it, and readers may see what it "
            "says. The next copy drops it.",
            "Open it read-only: ATTACH '...' (READ_ONLY), or read_only=True.",
        )
    if copy.file and copy.file.mode & 0o222:
        yield wrong(
            f"{copy.file.path} can be written (mode {copy.file.mode:o}).", f"chmod 444 {copy.file.path}"
        )
    if project.draft and project.lander is None:
        yield note(
            "A publish was cut short; readers have the copy before it.", f"sayso land --data {facts.data}"
        )
    if copy.problem:
        yield wrong(copy.problem, UPGRADE if copy.newer else "The next copy replaces it: let a lander run.")
    elif copy.page and not (copy.stray_wal or (copy.file and copy.file.mode & 0o222)):
        age = _span(facts.now - copy.page.published_at)
        yield ok(f"{copy.page.events} events, published {age} ago.")


def old_copies(project: ProjectFacts, facts: Facts) -> Iterator[Finding]:  # noqa: ARG001 - as every check
    """No reader keeps the space of a copy that was replaced."""
    if project.held:
        held = ", ".join(f"{copy.bytes / 1e6:.0f} MB by process {copy.pid}" for copy in project.held)
        yield note(
            f"Readers have older copies open, which keep their space: {held}.",
            "It is free when they open the file again or end.",
        )
    else:
        yield ok("No reader holds an older copy.")


def clock(project: ProjectFacts, facts: Facts) -> Iterator[Finding]:
    """The clock of this machine is not behind what has landed."""
    page = project.copy.page if project.copy else None
    if page is None:
        return
    newest = max(time for time in (page.last_received_at, page.published_at) if time)
    if newest - facts.now > JUMP:
        yield wrong(
            f"The clock of this machine says {facts.now:%Y-%m-%d %H:%M:%S} UTC, and {newest:%Y-%m-%d %H:%M:%S} was "
            "there already: it, or a collector's, has jumped.",
            "Set it by NTP: timedatectl set-ntp true. Times that are stored stay as they are; nothing is lost.",
        )
    else:
        yield ok("The clock of this machine is not behind what has landed.")


def _untold(project: ProjectFacts) -> bool:
    """Whether nobody can say how far the log has landed: what is published says so, and it cannot be read."""
    if project.lake is not None and project.lake.part:
        return True
    return project.copy is not None and bool(project.copy.problem)


def _span(time: timedelta) -> str:
    seconds = max(0, int(time.total_seconds()))
    for size, unit in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
