"""What names somebody in a text, or opens a door: found, and replaced before anything is kept.

In come texts and events; out go the same with `[email]`, `[phone]`, `[card]` and `[key]` in the place of what was
found, and how often. Pure, but for a hook that an operator may add. It must not know where texts come from or go.
"""

from sayso_ingest.redaction.hook import Hook, load_hook
from sayso_ingest.redaction.patterns import is_personal, replaced
from sayso_ingest.redaction.redactor import MARK, NotRedacted, Redactor

__all__ = ["MARK", "Hook", "NotRedacted", "Redactor", "is_personal", "load_hook", "replaced"]
