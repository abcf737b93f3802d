"""Better prompts: what production and runs say of each version, what people complain of, and a changed text to try.

In: the published copy, the runs, and the prompts as git has them. Out: what stands beside a version, a training set,
and a proposal, as values and files of their own. A prompt's own file changes only where somebody says so.
"""

from sayso_ingest.evals.improve.alike import plan_like
from sayso_ingest.evals.improve.applied import apply
from sayso_ingest.evals.improve.complaints import Complaints, ComplaintTheme
from sayso_ingest.evals.improve.gathered import Gathered, gather, newest_run, write
from sayso_ingest.evals.improve.nearest import Around, Feedback, NearAnswer
from sayso_ingest.evals.improve.offline import Offline, read_offline
from sayso_ingest.evals.improve.proposal import Proposal, lessons_to_show, question_for
from sayso_ingest.evals.improve.seen import Place, Seen, read_seen
from sayso_ingest.evals.improve.texts import VersionText, version_text
from sayso_ingest.evals.improve.training import Complaint, Lesson, TrainingSet, training_set
from sayso_ingest.evals.improve.versions import NOW, KnownVersion, known_versions, named_version

__all__ = [
    "NOW",
    "Around",
    "Complaint",
    "ComplaintTheme",
    "Complaints",
    "Feedback",
    "Gathered",
    "KnownVersion",
    "Lesson",
    "NearAnswer",
    "Offline",
    "Place",
    "Proposal",
    "Seen",
    "TrainingSet",
    "VersionText",
    "apply",
    "gather",
    "known_versions",
    "lessons_to_show",
    "named_version",
    "newest_run",
    "plan_like",
    "question_for",
    "read_offline",
    "read_seen",
    "training_set",
    "version_text",
    "write",
]
