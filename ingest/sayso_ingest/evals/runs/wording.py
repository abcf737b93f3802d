"""What an answer's words say without reading them: how many there are, and whether they refuse."""

from __future__ import annotations

import re

from sayso_ingest.mining import bare_words, normalise

LOOKED_AT = 200
"""Letters at the beginning of an answer in which a refusal is looked for."""
REFUSAL = (
    r"\b(i('|’)?m sorry|i am sorry|sorry, (but )?i|i apologi[sz]e|unfortunately, i|i('|’)?m (not able|unable)|"
    r"i am (not able|unable)|i can('|’)?t|i cannot|i can not|i won('|’)?t|as an ai)\b"
)
"""Words by which models refuse, in English. The same in SQL: macros.sql, says_no; a test holds the two to be one."""
_REFUSAL = re.compile(REFUSAL, re.IGNORECASE | re.ASCII)  # RE2's, which SQL has, knows ends of words in ASCII


def says_no(text: str) -> bool:
    """Whether an answer begins with words by which models refuse: a sign, not a proof."""
    return _REFUSAL.search(text[:LOOKED_AT]) is not None


def count_words(text: str) -> int:
    """How many words a text has; in scripts without spaces each letter is one."""
    return len(bare_words(normalise(text)))
