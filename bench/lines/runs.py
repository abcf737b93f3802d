"""What running an eval set costs: `sayso eval run` in a process of its own, on an endpoint that takes 200 ms to answer.

The limit is what so many calls at once allow: calls / at once * 200 ms.
"""

from __future__ import annotations

from collections.abc import Iterator

from chat_server import says, serving
from model_server import slow
from sayso_ingest import evalsets

from bench.figure import Beside, Figure
from bench.load import asked, command
from bench.run import Run

CASES = 1_000
PROMPTS = 3
AT_ONCE = 16
SECONDS = 0.2
GOAL = 1.3
FLAT = 1.1


def measure(run: Run) -> Iterator[Figure]:
    cases = run.size(CASES, 20)
    for number in range(PROMPTS):
        (run.folder / f"{number}.md").write_text(f"You are the help desk. Answer in {number + 1} sentences.")
    few = _run(run, "few", cases // 4)
    many = _run(run, "many", cases)
    allowed = PROMPTS * cases / AT_ONCE * SECONDS
    yield Figure(
        f"`sayso eval run` of {cases:,} cases with {PROMPTS} prompts, {AT_ONCE} calls at once",
        many.seconds,
        "s",
        [Beside(f"what {AT_ONCE} calls at once of {SECONDS * 1000:.0f} ms allow", allowed)],
        goal=f"<= {GOAL} x that",
        met=many.seconds <= GOAL * allowed,
    )
    yield Figure(
        "its most memory",
        many.megabytes,
        "MB",
        [Beside("with a quarter of the cases", few.megabytes)],
        goal=f"<= {FLAT} x that",
        met=many.megabytes <= FLAT * few.megabytes,
    )


def _run(run: Run, name: str, cases: int) -> command.Cost:
    questions = dict.fromkeys(asked.questions(3 * cases, seed=1))
    written = (
        evalsets.written_case(text, expected="a good answer", reason="made for the bench")
        for text in questions
    )
    distinct = list({case.case_id: case for case in written}.values())[:cases]
    evalsets.promote(run.folder / "default", name, distinct)
    with serving() as server:
        server.rule = slow(lambda _: says("This is a good answer."), SECONDS, server.over)
        prompts = [
            word for number in range(PROMPTS) for word in ("--prompt", str(run.folder / f"{number}.md"))
        ]
        model = ("--model", f"openai:{server.url}#small")
        words = (
            "--set",
            name,
            "--scorer",
            "contains",
            "--concurrency",
            str(AT_ONCE),
            "--data",
            str(run.folder),
        )
        return command.run("eval", "run", *words, *prompts, *model)
