"""Backup and restore: a folder with everything of an installation, a manifest that says what, and the way back.

In comes a data folder, used or at rest; out goes a copy that was read back, or from one a data folder that goes on.
"""

from sayso_ingest.operate.backup.make import back_up
from sayso_ingest.operate.backup.manifest import Manifest, ProjectEntry
from sayso_ingest.operate.backup.read_back import check
from sayso_ingest.operate.backup.restore import into_lakes, restore

__all__ = ["Manifest", "ProjectEntry", "back_up", "check", "into_lakes", "restore"]
