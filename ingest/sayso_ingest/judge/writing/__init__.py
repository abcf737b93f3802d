"""Test cases that a model writes, from texts, from what the set lacks, and as variants of what was disliked.

In: sources, and a model to ask. Out: questions with the answer that a sentence of their source supports, none of them
known already, and by name why the others are not taken. Nobody asked these: they are no traffic.
"""

from sayso_ingest.judge.writing.fresh import Fresh
from sayso_ingest.judge.writing.source import Source, cut_document, read_contexts, read_documents
from sayso_ingest.judge.writing.written import Unfit, Written, question_for, read_written

__all__ = [
    "Fresh",
    "Source",
    "Unfit",
    "Written",
    "cut_document",
    "question_for",
    "read_contexts",
    "read_documents",
    "read_written",
]
