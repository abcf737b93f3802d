"""How people and the assistant put things: the texts of the demo, drawn so that few are equal."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from random import Random

from sayso_ingest.demo.traffic.topics import Ask

_BOARD_NAMES = (
    "Spring launch",
    "Kitchen refit",
    "Newsletter",
    "Hiring 2",
    "Museum night",
    "Bug round",
    "Summer school",
    "Garden show",
    "Support rota",
    "Book fair",
    "Road map",
    "Choir trip",
)
_SLOTS = {
    "board": (
        *(f"our board {name}" for name in _BOARD_NAMES),
        "my board",
        "a shared board",
        "the team board",
    ),
    "device": (
        "my phone",
        "my tablet",
        "the laptop",
        "an old iPad",
        "Firefox",
        "the desktop app",
        "Android 16",
    ),
    "count": ("3", "4", "6", "8", "12", "15", "20", "25", "30", "40", "60", "200"),
    "plan": ("Seed", "Sprout", "Grove", "the free plan"),
    "when": (
        "yesterday",
        "this morning",
        "last Monday",
        "last week",
        "two days ago",
        "last night",
        "earlier today",
    ),
}
_OPENERS = (
    "Hi, ",
    "Hello, ",
    "Quick question: ",
    "Good morning! ",
    "Me again: ",
    "Sorry if this is obvious, but ",
    "I have looked everywhere: ",
    "One more thing, ",
    "For a colleague: ",
)
_SITUATIONS = (
    "We are {count} people on {plan}.",
    "This is about {board}.",
    "It started {when}.",
    "I use {device}.",
    "It worked {when}.",
    "We have a deadline coming up.",
    "I am not the owner of the workspace.",
    "I already tried in another browser.",
)
_CLOSERS = ("Thanks!", "Any idea?", "Please help.", "What am I missing?")

_LEADS = (
    "Happy to help.",
    "Good question.",
    "That can be done.",
    "Here is how.",
    "Thanks for asking.",
    "Let's sort this out.",
    "",
    "",
)
_ENDINGS = (
    "Tell me if it does not work.",
    "That should do it.",
    "Write again if anything is unclear.",
    "It takes about a minute.",
    "",
    "",
    "",
)
_HEDGES = (
    "Unfortunately this is a known matter.",
    "As an assistant I can only say this much.",
    "I understand how you feel.",
    "Thank you for your patience.",
    "",
)
_DEFLECTIONS = (
    "For anything else please see our help pages.",
    "Is there anything else I can do for you today?",
    "We hope you enjoy Mossboard!",
    "",
)
_COMPLAINTS = {
    "wrong": (
        "That menu does not exist. {hint}",
        "This is simply not true. {hint}",
        "Tried it, it made things worse. {hint}",
        "The help page says the opposite: {hint}",
        "Wrong, I found it myself. {hint}",
    ),
    "incomplete": (
        "It leaves out the part I asked for.",
        "Half an answer. {hint}",
        "And then what? I am as far as before.",
        "It misses the main point, which is this: {hint}",
    ),
    "not_helpful": (
        "Does not answer my question at all.",
        "I asked how, not whether.",
        "I could have guessed that. {hint}",
        "Talks around it. Had to ask a human.",
    ),
    "tone": (
        "Sounds as if it was my fault.",
        "Polite, but it sends me away.",
        "No need to sell me something when I have a problem.",
    ),
}
_PRAISE = (
    "Worked at once, thanks.",
    "Clear and short.",
    "Exactly what I needed.",
    "Better than the help page.",
    "Nice, I did not know that.",
    "Solved in two minutes.",
    "Step by step, that is how I like it.",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the assistant said, in the three pieces that an editor would work on."""

    lead: str
    middle: str
    ending: str
    good: bool

    @property
    def text(self) -> str:
        """The answer as it is shown."""
        joint = "\n" if self.middle.startswith("1. ") else " "
        return joint.join(piece for piece in (self.lead, self.middle, self.ending) if piece)


def question(rng: Random, ask: Ask) -> str:
    """Word one ask as somebody would type it, now and then in a hurry."""
    asked = rng.choice(ask.questions)
    if rng.random() < 0.4:
        asked = rng.choice(_OPENERS) + asked
    pieces = [_stopped(rng, _capital(asked))]
    if rng.random() < 0.35:
        pieces.append(rng.choice(_SITUATIONS))
    if rng.random() < 0.3:
        pieces.append(rng.choice(_CLOSERS))
    filled = _fill(rng, " ".join(pieces))
    return _hurried(rng, filled) if rng.random() < 0.2 else filled


def good_answer(rng: Random, ask: Ask) -> Answer:
    """Word the steps that help, as a list or as sentences."""
    return Answer(rng.choice(_LEADS), _steps(ask, listed=rng.random() < 0.4), rng.choice(_ENDINGS), good=True)


def poor_answer(rng: Random, ask: Ask) -> Answer:
    """Word an answer that is mistaken."""
    return Answer(rng.choice(_HEDGES), ask.mistake, rng.choice(_DEFLECTIONS), good=False)


def edited(rng: Random, ask: Ask, answer: Answer) -> str:
    """Change a draft as a colleague at the help desk would: correct it, or make it shorter or warmer."""
    if not answer.good:
        kept = answer.lead if rng.random() < 0.3 else ""
        return Answer(kept, _steps(ask, listed=rng.random() < 0.4), rng.choice(_ENDINGS), good=True).text
    drafts = [
        replace(answer, lead="Thanks for writing to us.", ending="Let me know how it goes."),
        replace(answer, lead="", ending="I have just tried this on your workspace and it works."),
        replace(answer, middle=_steps(ask, listed=False).rsplit(". ", 1)[0] + "."),
        replace(answer, ending="If you like, I can do it for you."),
    ]
    return rng.choice([draft.text for draft in drafts if draft.text != answer.text])


def complaint(rng: Random, ask: Ask, reason: str) -> str:
    """Say what was wrong, sometimes with what would have been right."""
    hint = rng.choice(ask.steps) + "."
    return rng.choice(_COMPLAINTS[reason]).format(hint=hint)


def complaint_reasons() -> tuple[str, ...]:
    """Name the reasons a complaint may give."""
    return tuple(_COMPLAINTS)


def praise(rng: Random) -> str:
    """Say what was good."""
    return rng.choice(_PRAISE)


def expected(ask: Ask) -> str:
    """Say what the answer should have been."""
    return _steps(ask, listed=False)


def _steps(ask: Ask, *, listed: bool) -> str:
    if listed:
        return "\n".join(f"{number}. {step}." for number, step in enumerate(ask.steps, 1))
    return " ".join(f"{step}." for step in ask.steps)


def _fill(rng: Random, text: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda slot: rng.choice(_SLOTS[slot[1]]), text)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _stopped(rng: Random, text: str) -> str:
    return text if text.endswith("?") else text + rng.choice("..!")


def _hurried(rng: Random, text: str) -> str:
    """Lower case and one pair of letters swapped."""
    text = text.lower()
    at = rng.randrange(1, max(2, len(text) - 2))
    if text[at : at + 2].isalpha():
        text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text
