"""What is wrong with a data folder, and the next command: facts gathered at the edge, judged by a list of checks.

In come the folder, the log and the published copy; out go findings, one or more a check. It changes nothing.
"""

from sayso_ingest.operate.doctor.checks import FOLDER_CHECKS, PROJECT_CHECKS, examine
from sayso_ingest.operate.doctor.finding import Finding
from sayso_ingest.operate.doctor.gather import gather

__all__ = ["FOLDER_CHECKS", "PROJECT_CHECKS", "Finding", "examine", "gather"]
