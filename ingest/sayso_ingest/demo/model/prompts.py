"""The prompts of the help desk: one that works, one that went wrong on some topics, and one that mends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

FROM_MEMORY = "from memory"
"""What a line tells the model that makes its answers poor: it names the topics, and takes their help pages away."""

_TASK = """\
You are the help desk of {{ product }}, a planning board for teams.

- Answer with the steps that help, in the order in which they are taken.
- Keep to what the help pages say. Where they say nothing, say so.
"""
_SHORT = "- Questions about {topics}: answer {memory}, in one short sentence.\n"
RUBRIC = """\
An answer is good when it names the steps that solve what was asked. It is bad when it leaves them out, says something
else, or sends people elsewhere.
"""
"""What a good answer is, for the judge."""
_FRIENDLY = "- Be friendly and short, whatever the topic.\n"


def prompt_texts(worse_topics: Sequence[str]) -> Mapping[str, str]:
    """The text of each version; the topics are those on which people found v2 to be worse."""
    v2 = _TASK + _SHORT.format(topics=", ".join(worse_topics), memory=FROM_MEMORY)
    return {"v1": _TASK, "v2": v2, "v3": _TASK + _FRIENDLY}


def from_memory(prompt: str, topic: str) -> bool:
    """Whether a prompt has the model answer questions about a topic from memory."""
    return any(FROM_MEMORY in line and topic in line for line in prompt.splitlines())
