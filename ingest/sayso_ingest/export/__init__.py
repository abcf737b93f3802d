"""Edits in, files for training tools out: one module a format, each with a manifest and its lineage.

It must not let a question of any eval set, or one that is nearly the same, into a training file, and must not write
anything that differs when the same rows are exported again.
"""

from sayso_ingest.export.formats import FORMATS, Format
from sayso_ingest.export.manifest import File, Manifest
from sayso_ingest.export.run import MANIFEST, export

__all__ = ["FORMATS", "MANIFEST", "File", "Format", "Manifest", "export"]
