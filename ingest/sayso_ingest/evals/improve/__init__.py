"""Better prompts: what production and runs say of each version, what people complain of, and a changed text to try.

In: the published copy, the runs, and the prompts as git has them. Out: what stands beside a version, a training set,
and a proposal, as values and files of their own. It must never change a prompt's file: a person does, or tells the
command to.
"""

from sayso_ingest.evals.improve.nearest import Around, Feedback, NearAnswer
from sayso_ingest.evals.improve.offline import Offline, read_offline
from sayso_ingest.evals.improve.seen import Place, Seen, read_seen
from sayso_ingest.evals.improve.texts import VersionText, version_text
from sayso_ingest.evals.improve.training import Complaint, Lesson, TrainingSet, training_set
from sayso_ingest.evals.improve.versions import NOW, KnownVersion, known_versions, named_version

__all__ = [
    "NOW",
    "Around",
    "Complaint",
    "Feedback",
    "KnownVersion",
    "Lesson",
    "NearAnswer",
    "Offline",
    "Place",
    "Seen",
    "TrainingSet",
    "VersionText",
    "known_versions",
    "named_version",
    "read_offline",
    "read_seen",
    "training_set",
    "version_text",
]
