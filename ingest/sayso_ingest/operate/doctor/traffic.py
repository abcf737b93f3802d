"""Pure: is what clients send as it should be? About the last day before the copy was made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sayso_ingest.event import Reason
from sayso_ingest.operate.doctor.facts import CopyFacts, Facts, ProjectFacts
from sayso_ingest.operate.doctor.finding import Finding, note, ok, wrong

MANY_REJECTS = 10
MANY_SKEWED = 0.05
MANY_ORPHANS = 0.1
ENOUGH = 20
"""So many events are enough to speak of a share of them."""

CAUSES = (
    "Usual causes: the server and the page each make an id of their own for the same answer; the page changes it "
    "(a prefix, spaces, upper case, a number for a text); the server sends no interactions, or to another project."
)


@dataclass(frozen=True, slots=True)
class Losses:
    """Reasons for which clients drop events that have one cause, and what to do about it."""

    reasons: frozenset[str]
    say: Callable[[str, str], Finding]
    said: str
    next: str


OUTAGES = Losses(
    frozenset(),
    wrong,
    "Clients reported in the last day that they had dropped events",
    "Can they reach the collector all day? A spool (spool_dir) keeps events through an outage.",
)
"""What is in none of the other groups."""
LOSSES = (
    Losses(
        frozenset({"before_send", "sampled_out"}),
        note,
        "Clients kept events back in the last day, as their application says",
        "As it should be, unless before_send fails: then the logger `sayso` warns of it.",
    ),
    Losses(
        frozenset(Reason),
        note,
        "Clients made events in the last day that the wire does not take",
        "Their own code is to be mended: on_error, on_drop and the logger `sayso` say which call.",
    ),
    Losses(
        frozenset({"closed"}),
        wrong,
        "Clients were used in the last day after they had been closed",
        "Make one client for the whole process, and close it last.",
    ),
    Losses(
        frozenset({"http_401", "http_403"}),
        wrong,
        "Clients used a key in the last day that is not taken",
        "Give them one of these, or a new one: sayso keys list",
    ),
    OUTAGES,
)


def client_clocks(project: ProjectFacts, facts: Facts) -> Iterator[Finding]:  # noqa: ARG001 - as every check
    """Clients' clocks are right within ten minutes."""
    copy = _readable(project)
    if copy is None:
        return
    off = [row for row in copy.skewed if row["corrected"]]
    for row in off:
        share = row["corrected"] / row["events"]
        said = (
            f"{row['corrected']} of {row['events']} events of {row['source_sdk']} came under a wrong clock (by up to "
            f"{row['seconds'] / 60:.0f} minutes) and were corrected."
        )
        many = share > MANY_SKEWED and row["events"] >= ENOUGH
        yield (wrong if many else note)(
            said, "Set the clocks of those machines by NTP; browsers' are their users'."
        )
    if not off:
        yield ok("Clients' clocks are right.")


def rejects(project: ProjectFacts, facts: Facts) -> Iterator[Finding]:
    """Few events are refused."""
    copy = _readable(project)
    if copy is None:
        return
    for row in copy.rejects:
        where = f"--project {project.name} --data {facts.data}"
        look = f"sayso rejects list --reason {row['reason']} {where}"
        many = wrong if row["n"] >= MANY_REJECTS else note
        yield many(
            f"{row['n']} event{'s were' if row['n'] != 1 else ' was'} refused as {row['reason']} in the last day.",
            look,
        )
    if not copy.rejects:
        yield ok("Nothing was refused in the last day.")


def client_losses(project: ProjectFacts, facts: Facts) -> Iterator[Finding]:  # noqa: ARG001 - as every check
    """Clients did not have to drop events; what an application kept back, or made wrongly, is only noted."""
    copy = _readable(project)
    if copy is None:
        return
    for group in LOSSES:
        dropped = ", ".join(
            f"{row['n']} {row['reason']}" for row in copy.losses if _group(row["reason"]) is group
        )
        if dropped:
            yield group.say(f"{group.said}: {dropped}.", group.next)
    if not copy.losses:
        yield ok("No client reported in the last day that it had dropped events.")


def _group(reason: str) -> Losses:
    return next((group for group in LOSSES if reason in group.reasons), OUTAGES)


def repeats(project: ProjectFacts, facts: Facts) -> Iterator[Finding]:  # noqa: ARG001 - as every check
    """Clients do not send most events more than once."""
    copy = _readable(project)
    if copy is None:
        return
    sent = sum(row["events"] for row in copy.skewed)
    if copy.repeats > max(ENOUGH, sent):
        yield note(
            f"{copy.repeats} repeats came in the last day, more than events: some client does not hear our answers.",
            "Compare its time-out with the time of an answer; a proxy may answer in the collector's place.",
        )
    else:
        yield ok(f"{copy.repeats} came again in the last day, and landed once.")


def orphans(project: ProjectFacts, facts: Facts) -> Iterator[Finding]:
    """Feedback finds its interaction; what is from before the last day, as an import is, is not counted."""
    copy = _readable(project)
    if copy is None:
        return
    feedback, alone = copy.orphans["feedback"], copy.orphans["orphans"]
    if not alone:
        yield ok(
            "Feedback of the last day finds its interaction."
            if feedback
            else "No feedback of the last day has waited ten minutes for its interaction yet."
        )
        return
    said = f"{alone} of {feedback} feedback events of the last day ({alone / feedback:.0%}) found no interaction."
    look = f'sayso sql "FROM feedback WHERE scope IS NULL" --project {project.name} --data {facts.data}'
    if not copy.orphans["interactions"]:
        yield note(f"{said} No interaction was ever sent.", "client.interaction(target, ...) in the back end")
    elif alone / feedback > MANY_ORPHANS and feedback >= ENOUGH:
        yield wrong(f"{said} {_near(copy)}{CAUSES}", look)
    else:
        yield note(f"{said} {_near(copy)}".strip(), look)


def difference(orphan: str, interaction: str) -> str:
    """Say in which way two ids of what seems to be one thing differ."""
    if orphan.strip() == interaction.strip():
        return "spaces around it"
    if orphan.casefold() == interaction.casefold():
        return "upper and lower case"
    for longer, shorter, whose in ((orphan, interaction, "feedback"), (interaction, orphan, "interaction")):
        if longer.endswith(shorter):
            return f"the {whose} has the prefix {longer.removesuffix(shorter)!r}"
        if longer.startswith(shorter):
            return f"the {whose} ends in {longer.removeprefix(shorter)!r}"
    return "punctuation, or a prefix"


def _near(copy: CopyFacts) -> str:
    if copy.near_miss is None:
        return ""
    orphan, interaction = copy.near_miss["orphan"], copy.near_miss["interaction"]
    return (
        f"Feedback about {orphan!r} looks like the interaction {interaction!r} "
        f"({difference(orphan, interaction)}). "
    )


def _readable(project: ProjectFacts) -> CopyFacts | None:
    return None if project.copy is None or project.copy.problem else project.copy
