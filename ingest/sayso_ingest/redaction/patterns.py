"""Whether a text names somebody: an e-mail address, a telephone number, a card, an account, a secret key.

Only what can be told by its form, and where there is a check digit, by that: names and places are not found.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable

from sayso_ingest.parsers import REDACTABLE

# Every repetition has a bound: without one, a long run of letters takes hours.
_AT = re.compile(r"[@\uff20]|%40")
_DOMAIN = re.compile(
    r"\[?\d{1,3}(?:\.\d{1,3}){3}\b\]?|(?:[\w-]{1,63}[.\uff0e\u3002]){1,8}(?:xn--[a-z0-9-]{1,59}|[^\W\d_]{2,24})\b",
    re.IGNORECASE,
)
_WHOSE = re.compile(r"\"[^\"\n]{1,62}\"|[\w.+-]{1,64}(?:'[\w.+%-]{1,64})?")
_LONGEST = 129
"""What stands before an at sign, read backwards from it: to begin at each letter instead takes seconds of a long text,
and nothing else of the process runs meanwhile."""
# Also what web pages and word processors put between digits: spaces and dashes that do not break, and nothing at all.
_BETWEEN = r"[ ()/.\u00a0\u2007\u2009\u202f\u2010-\u2015\u2212\u200b-\u200d\u2060\ufeff-]{0,2}"
_DIGITS = re.compile(
    rf"(?<![\w.,-])(?:\((?=\d{{1,6}}\)))?\+?\d(?:{_BETWEEN}\d){{7,18}}"
    r"(?:[ ]?(?:x|ext\.?)[ ]?\d{1,6})?(?![\w-]|[.,]\d)"
)
_IBAN = re.compile(
    r"\b[A-Z]{2}\d{2}(?:[ \u00a0-]?[A-Z0-9]{4}){2,7}(?:[ \u00a0-]?[A-Z0-9]{1,3})?\b", re.IGNORECASE | re.ASCII
)
_KEY = re.compile(
    r"\b(?:(?:sk|pk|ak|gh[opsu]|xox[abeprs]|glpat)[_-][A-Za-z0-9_-]{16,256}|github_pat_\w{20,256}|(?:AKIA|ASIA)[0-9A-Z]{16}"
    r"|AIza[0-9A-Za-z_-]{35}|eyJ[A-Za-z0-9_-]{10,4096}\.[A-Za-z0-9_-]{10,4096}\.[A-Za-z0-9_-]{10,4096})"
    r"(?![A-Za-z0-9])"
    r"|-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----"
    r"(?:(?:[^-]|-(?!----BEGIN)){1,8192}?-----END [A-Z ]{0,30}PRIVATE KEY-----|[A-Za-z0-9+/=\s\\]{0,8192})",
)
_DATE_OR_DECIMAL = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b|\d+\.\d+$")
_CARD = range(13, 20)
_TELEPHONE = range(9, 16)
# What a text has to have, to be searched with the patterns above: this is found, or not, twenty times as fast.
_KEYS_BEGIN = (
    *("sk_", "sk-", "pk_", "pk-", "ak_", "ak-", "gho", "ghp", "ghs", "ghu", "xox", "glpat", "github_pat"),
    *("AKIA", "ASIA", "AIza", "eyJ", "PRIVATE KEY"),
)
_IBAN_BEGINS = re.compile(r"[A-Za-z]\d\d")
_EIGHT_DIGITS = re.compile(rf"\d(?:{_BETWEEN}\d){{7}}")
_ATS = ("@", "\uff20", "%40")

EMAIL, PHONE, CARD, KEY = REDACTABLE


def is_personal(text: str) -> bool:
    """Say whether there is such a thing in a text."""
    return bool(replaced(text, REDACTABLE)[1])


def replaced(text: str, words: Iterable[str]) -> tuple[str, Counter[str]]:
    """Put `[email]`, `[phone]`, `[card]` or `[key]` in the place of what was found, of the sorts that were named.

    What that uncovers is replaced as well, until there is nothing more: to redact twice changes nothing.
    """
    found: Counter[str] = Counter()
    wanted = frozenset(words)
    while True:
        before = found.total()
        text = _once(text, wanted, found)
        if found.total() == before:
            return text, found


def _once(text: str, words: frozenset[str], found: Counter[str]) -> str:
    def put(pattern: re.Pattern[str], *sorts: tuple[str, Callable[[str], object]]) -> None:
        def mark(match: re.Match[str]) -> str:
            for word, is_one in sorts:
                if word in words and is_one(match[0]):
                    found[word] += 1
                    return f"[{word}]"
            return match[0]

        nonlocal text
        text = pattern.sub(mark, text)

    if KEY in words and any(beginning in text for beginning in _KEYS_BEGIN):
        put(_KEY, (KEY, bool))
    if EMAIL in words and any(at in text for at in _ATS):
        text = _without_addresses(text, found)
    if CARD in words and _IBAN_BEGINS.search(text):
        put(_IBAN, (CARD, _is_iban))
    if not words.isdisjoint((CARD, PHONE)) and _EIGHT_DIGITS.search(text):
        put(_DIGITS, (CARD, _is_card), (PHONE, _is_dialled))
    return text


def _without_addresses(text: str, found: Counter[str]) -> str:
    kept, done = [], 0
    for at in _AT.finditer(text):
        domain = _DOMAIN.match(text, at.end())
        if domain is None:
            continue
        whose = _WHOSE.match(text[max(done, at.start() - _LONGEST) : at.start()][::-1])
        if whose is not None:
            found[EMAIL] += 1
            kept += [text[done : at.start() - whose.end()], f"[{EMAIL}]"]
            done = domain.end()
    return "".join([*kept, text[done:]])


def _is_card(found: str) -> bool:
    """By its check digit."""
    digits = _digits(found)
    return len(digits) in _CARD and _luhn(digits)


def _is_dialled(found: str) -> bool:
    """By a plus, a leading zero or brackets, and that it is no date."""
    digits = _digits(found)
    dialled = (found.lstrip("(").startswith(("+", "0")) or "(" in found) and not _DATE_OR_DECIMAL.match(found)
    return dialled and len(digits) in _TELEPHONE


def _digits(found: str) -> str:
    """The digits of a number, without an extension."""
    return re.sub(r"\D", "", re.split("x|ext", found)[0])


def _luhn(digits: str) -> bool:
    """ISO/IEC 7812: every second digit from the right counts twice, as the sum of its digits."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _is_iban(found: str) -> bool:
    """ISO 13616: the country to the end, letters as numbers, modulo 97 is 1."""
    text = re.sub(r"[^A-Z0-9]", "", found.upper())
    return int("".join(str(int(letter, 36)) for letter in text[4:] + text[:4])) % 97 == 1
