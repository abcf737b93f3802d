"""Analysis: the questions that people ask, as named views with a header, and the statistics they rest on.

In come the tables of the published copy; out go answers with counts, rates and their intervals.
It only reads: it must not know the log, the lander or HTTP, and it writes nothing.
"""

from sayso_ingest.analysis.catalog import View, catalog, question
from sayso_ingest.analysis.stats import wilson

__all__ = ["View", "catalog", "question", "wilson"]
