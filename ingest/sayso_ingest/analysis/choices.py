"""What a comparison can be asked for: the words of `sayso compare` and of the console's page."""

from __future__ import annotations

BY = ("version", "prompt", "model", "release", "variant")
"""What two sides are."""
KINDS = ("thumb", "suggestion")
"""What is counted: thumbs up of all thumbs, suggestions accepted as proposed of all decided."""
STRATIFY = ("tag", "none")
"""The mix that is corrected for: an interaction's first tag, or nothing."""
