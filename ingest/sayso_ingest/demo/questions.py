"""What the demo types: the questions of an analyst, and the steps of a prompt engineer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """Why something is typed, what, the file its result goes to if it is long, and what to know afterwards."""

    title: str
    command: tuple[str, ...]
    into: str | None = None
    note: str = ""
    ends_with: int = 0
    """The exit code that it is meant to end with."""


def _sql(title: str, *lines: str) -> Step:
    return Step(title, ("sql", "\n" + "\n".join(f"    {line}" for line in lines)))


ASKED = (
    Step(
        "What can be asked by name?",
        ("views",),
        note="`sayso ask NAME` prints one of them with every column. They are views of the warehouse too, so that "
        "SQL can pick the columns that fit a page:",
    ),
    _sql(
        "Which prompt version do people like, and how sure can we be?",
        "SELECT prompt_version AS version, interactions, response_rate AS responded,",
        "    thumbs, up_rate, up_low, up_high",
        "FROM prompt_versions WHERE name = ''",
    ),
    _sql(
        "On which topics does the new version do worse?",
        "SELECT tags[1] AS topic,",
        "    count(*) FILTER (prompt_version = 'v1') AS v1_thumbs,",
        "    avg((value = 'down')::INT) FILTER (prompt_version = 'v1') AS v1_down,",
        "    count(*) FILTER (prompt_version = 'v2') AS v2_thumbs,",
        "    avg((value = 'down')::INT) FILTER (prompt_version = 'v2') AS v2_down",
        "FROM feedback",
        "WHERE kind = 'thumb' AND name = '' AND value IS NOT NULL AND scope = 'target'",
        "GROUP BY topic HAVING least(v1_thumbs, v2_thumbs) >= 5",
        "ORDER BY v2_down - v1_down DESC, topic LIMIT 5",
    ),
    _sql(
        "What do people complain about?",
        "SELECT source, what, n, people, share, share_low, share_high",
        "FROM what_goes_wrong WHERE source <> 'judge' AND what NOT LIKE '(no%' LIMIT 6",
    ),
    _sql(
        "What becomes of the drafts that colleagues get?",
        "SELECT prompt_version AS version, decided, accepted, edited, rejected,",
        "    undone, accept_low AS low, accept_high AS high",
        "FROM suggestion_outcomes WHERE prompt_version IS NOT NULL",
    ),
    _sql(
        "What did people write who disliked an answer?",
        "SELECT prompt_version AS version, left(input, 32) AS asked,",
        "    left(text, 32) AS said",
        "FROM inbox WHERE value = 'down' LIMIT 4",
    ),
    _sql(
        "What was refused, and why?",
        "SELECT reason, n, keys FROM reject_reasons",
    ),
)

EVAL_SET = "helpdesk"
CANDIDATES = "candidates.jsonl"

MINED = (
    Step("What have comments in common? The console has them with quotes", ("themes", "--limit", "4")),
    Step(
        "How much of the traffic does our eval set represent? There is none yet",
        ("coverage", "--set", EVAL_SET, "--gaps", "0"),
    ),
    Step(
        "Which answers deserve to be in it? Hard ones, and different ones",
        ("mine", "--set", EVAL_SET, "--budget", "40", "--format", "jsonl"),
        into=CANDIDATES,
    ),
    Step("Make them version 1 of the set", ("evalset", "promote", EVAL_SET, "--all")),
    Step("How much does it represent now?", ("coverage", "--set", EVAL_SET, "--gaps", "3")),
    Step(
        "What can a model learn from? Which of two answers people prefer, for DPO",
        ("export", "--format", "trl-dpo", "--out", "{data}/pairs"),
    ),
    Step(
        "And answers that people took, mended or liked, for SFT",
        ("export", "--format", "trl-sft", "--out", "{data}/answers"),
        note="Each row's events, and what was left out and why, stand beside it: lineage.jsonl, manifest.json.",
    ),
)

EVENTS = "SELECT event_id, kind, target FROM events"
VERDICTS = "SELECT target, part, who, kind, name, rubric, value FROM verdicts"
REJECTS = "SELECT reason, count(*) AS n FROM rejects GROUP BY reason"
