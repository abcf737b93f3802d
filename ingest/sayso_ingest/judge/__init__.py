"""Another model's opinion of answers, and how far it is to be trusted.

In: interactions of the published copy, through a query function that is handed in, a rubric, and a model to ask.
Out: judgements, as frozen values, and what they say of the traffic once people's own verdicts have corrected them. It
sends nothing but to the model: what it finds goes back through the collector, which is for others to see to.
"""

from sayso_ingest.judge.grade import PREFERENCE, Asking, Graded, Judgement, judge, questions
from sayso_ingest.judge.material import (
    COMPARED,
    Candidate,
    Given,
    Known,
    Material,
    read_known,
    read_materials,
    turns_before,
)
from sayso_ingest.judge.prompt import TIE
from sayso_ingest.judge.rubric import Rubric
from sayso_ingest.judge.said import Said, read_said
from sayso_ingest.judge.sample import draw
from sayso_ingest.judge.sent import as_event, content, read_sent
from sayso_ingest.judge.standing import (
    ENOUGH,
    Disagreement,
    Preference,
    Rate,
    Standing,
    disagreements,
    preferences,
    standings,
)

__all__ = [
    "COMPARED",
    "ENOUGH",
    "PREFERENCE",
    "TIE",
    "Asking",
    "Candidate",
    "Disagreement",
    "Given",
    "Graded",
    "Judgement",
    "Known",
    "Material",
    "Preference",
    "Rate",
    "Rubric",
    "Said",
    "Standing",
    "as_event",
    "content",
    "disagreements",
    "draw",
    "judge",
    "preferences",
    "questions",
    "read_known",
    "read_materials",
    "read_said",
    "read_sent",
    "standings",
    "turns_before",
]
