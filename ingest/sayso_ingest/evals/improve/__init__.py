"""Better prompts: what production and runs say of each version, what people complain of, and a changed text to try.

In: the published copy, the runs, and the prompts as git has them. Out: what stands beside a version, a training set,
and a proposal, as values and files of their own. It must never change a prompt's file: a person does, or tells the
command to.
"""

from sayso_ingest.evals.improve.nearest import Around, Feedback, NearAnswer

__all__ = ["Around", "Feedback", "NearAnswer"]
