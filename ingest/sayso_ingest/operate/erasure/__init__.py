"""Erasing a person, a session or an answer from a project: everywhere it can be reached, and a list of where it cannot.

In comes whom it is about; out goes an account that names nobody.
"""

from sayso_ingest.operate.erasure.account import Account
from sayso_ingest.operate.erasure.derived import count_derived
from sayso_ingest.operate.erasure.elsewhere import look_in
from sayso_ingest.operate.erasure.erase import erase

__all__ = ["Account", "count_derived", "erase", "look_in"]
