"""What differs from project to project: limits, how long things are kept, what is redacted, and whether it is retired.

`projects.json` is the registry of all projects of a data folder. One that is not in it has what the settings say.
It must not know what is done with any of that.
"""

from sayso_ingest.projects.ages import ALL, KEPT, REJECTS, age_of, ages_of, spelled
from sayso_ingest.projects.book import ProjectBook
from sayso_ingest.projects.changes import change_project, enlist_project
from sayso_ingest.projects.project import Project

__all__ = [
    "ALL",
    "KEPT",
    "REJECTS",
    "Project",
    "ProjectBook",
    "age_of",
    "ages_of",
    "change_project",
    "enlist_project",
    "spelled",
]
