"""Running sayso: the supervisor, projects and their landers, status and doctor, backup, moving, verifying and erasing.

In come settings and what other rooms left in the data folder; out go running processes and reports.
The one room that may look into log, lander and warehouse alike. It must not know HTTP frameworks.
What loads a database is imported by itself, such as `operate.status`: a supervisor need not.
"""

from sayso_ingest.operate.child import ChildSpec, answers
from sayso_ingest.operate.lifeline import die_with
from sayso_ingest.operate.ports import Claim, claim_port, reached_at
from sayso_ingest.operate.project import FirstKeys, claim_folder, ensure_project, project_folders
from sayso_ingest.operate.supervisor import Stop, Supervisor

__all__ = [
    "ChildSpec",
    "Claim",
    "FirstKeys",
    "Stop",
    "Supervisor",
    "answers",
    "claim_folder",
    "claim_port",
    "die_with",
    "ensure_project",
    "project_folders",
    "reached_at",
]
