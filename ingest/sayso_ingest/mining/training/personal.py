"""Whether a text names somebody: an e-mail address, a telephone number, a card, an account, a secret key.

Only what can be told by its form, and where there is a check digit, by that: names and places are not found.
"""

from __future__ import annotations

import re

# Every repetition has a bound: without one, a long run of letters takes hours.
_EMAIL = re.compile(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}\b", re.IGNORECASE)
_DIGITS = re.compile(r"(?<![\w.,-])\+?\d(?:[ ()/.-]{0,2}\d){7,18}(?![\w-]|[.,]\d)")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_KEY = re.compile(r"\b(?:(?:sk|pk|ak|ghp|gho|xox[abp])[_-][A-Za-z0-9_-]{16,}|AKIA[0-9A-Z]{16})\b")
_DATE_OR_DECIMAL = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b|\d+\.\d+$")
_CARD = range(13, 20)
_TELEPHONE = range(9, 16)


def is_personal(text: str) -> bool:
    """Say whether there is such a thing in a text."""
    if _EMAIL.search(text) or _KEY.search(text):
        return True
    if any(_is_iban(found.group()) for found in _IBAN.finditer(text)):
        return True
    return any(_is_number_of_somebody(found.group()) for found in _DIGITS.finditer(text))


def _is_number_of_somebody(found: str) -> bool:
    """A card by its check digit; a telephone number by a plus, a leading zero or brackets."""
    digits = re.sub(r"\D", "", found)
    if len(digits) in _CARD and _luhn(digits):
        return True
    dialled = (found.startswith(("+", "0")) or "(" in found) and not _DATE_OR_DECIMAL.match(found)
    return dialled and len(digits) in _TELEPHONE


def _luhn(digits: str) -> bool:
    """ISO/IEC 7812: every second digit from the right counts twice, as the sum of its digits."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _is_iban(found: str) -> bool:
    """ISO 13616: the country to the end, letters as numbers, modulo 97 is 1."""
    text = found.replace(" ", "")
    return int("".join(str(int(letter, 36)) for letter in text[4:] + text[:4])) % 97 == 1
