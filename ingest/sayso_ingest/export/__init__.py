"""What people said in, files for training and test tools out: one module a format, with a manifest and lineage.

It must not let a question of any eval set, or one that is nearly the same, into a training file, and must not write
anything that differs when the same rows are exported again. A million examples pass through, not all at once.
"""

from sayso_ingest.export.advice import Advice, advise
from sayso_ingest.export.cases import export_cases
from sayso_ingest.export.formats import CASES, TRAINING, find_case_format, find_format
from sayso_ingest.export.formats.format import TrainingFormat
from sayso_ingest.export.formats.item import CaseFormat
from sayso_ingest.export.manifest import CasesManifest, File, Manifest, Shape
from sayso_ingest.export.place import MANIFEST, aside
from sayso_ingest.export.run import Job, export, questions_of
from sayso_ingest.export.selection import Reading
from sayso_ingest.export.split import SplitBy
from sayso_ingest.export.wanted import Wanted

__all__ = [
    "CASES",
    "MANIFEST",
    "TRAINING",
    "Advice",
    "CaseFormat",
    "CasesManifest",
    "File",
    "Job",
    "Manifest",
    "Reading",
    "Shape",
    "SplitBy",
    "TrainingFormat",
    "Wanted",
    "advise",
    "aside",
    "export",
    "export_cases",
    "find_case_format",
    "find_format",
    "questions_of",
]
