"""What the demo types: the questions of an analyst, and the steps of a prompt engineer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """Why something is typed, and what."""

    title: str
    command: tuple[str, ...]


ASKED = (
    Step("Which prompt version do people like, and how sure can we be?", ("ask", "prompt_versions")),
    Step(
        "On which topics is it disliked?",
        (
            "sql",
            "SELECT tags[1] AS topic, count(*) FILTER (prompt_version = 'v1') AS v1, "
            "round(avg((value = 'down')::INT) FILTER (prompt_version = 'v1'), 2) AS v1_down, "
            "count(*) FILTER (prompt_version = 'v2') AS v2, "
            "round(avg((value = 'down')::INT) FILTER (prompt_version = 'v2'), 2) AS v2_down "
            "FROM feedback WHERE kind = 'thumb' AND value IS NOT NULL AND scope = 'target' "
            "GROUP BY topic ORDER BY v2_down - v1_down DESC, topic LIMIT 6",
        ),
    ),
    Step("What do people complain about?", ("ask", "what_goes_wrong", "--limit", "8")),
    Step("What becomes of the drafts?", ("ask", "suggestion_outcomes")),
    Step("What did they write?", ("ask", "inbox", "--limit", "3")),
    Step("What was refused, and why?", ("ask", "reject_reasons")),
)

MINED = (
    Step("Which answers deserve to be eval cases?", ("mine", "--set", "helpdesk", "--budget", "40")),
    Step("Promote them", ("evalset", "promote", "helpdesk")),
    Step("How much of the traffic does the set represent?", ("coverage", "--set", "helpdesk")),
)

EVENTS = "SELECT event_id, kind, target FROM events"
VERDICTS = "SELECT target, part, who, kind, name, rubric, value FROM verdicts"
REJECTS = "SELECT reason, count(*) AS n FROM rejects GROUP BY reason"
