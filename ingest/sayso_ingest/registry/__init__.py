"""What keys, users and projects have in common: entries of one file of the data folder, looked up by their ids.

The file is JSON, its owner's alone, replaced whole under a lock, and followed by whoever runs. It must not know what an
entry says: that, and what may change, is for the rooms that have a registry.
"""

from sayso_ingest.registry.form import Form
from sayso_ingest.registry.registry import Registry

__all__ = ["Form", "Registry"]
