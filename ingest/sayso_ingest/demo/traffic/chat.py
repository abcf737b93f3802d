"""What visitors do with an answer in the chat: thumbs, details, comments, signs, and changes of mind."""

from __future__ import annotations

from sayso_ingest.demo.traffic.action import Person
from sayso_ingest.demo.traffic.script import Script, Turn
from sayso_ingest.demo.traffic.wording import complaint, complaint_reasons, expected, praise


def react(script: Script, turn: Turn, by: Person) -> None:
    """Let somebody see an answer and perhaps say what they think of it."""
    if not script.chance(0.93):
        return
    _expose(script, turn, by, surface="thumbs")
    _show_by_doing(script, turn, by)
    if script.chance(0.2 if turn.answer.good else 0.45):
        _thumb(script, turn, by)
    if script.chance(0.03 if turn.answer.good else 0.14):
        _comment(script, turn, by)


def rate_visit(script: Script, session: str, by: Person, *, pleased: bool) -> None:
    """Let somebody rate the whole visit, from 1 to 5."""
    value = script.rng.choice((3, 4, 4, 5, 5) if pleased else (1, 1, 2, 2, 3))
    script.act("rating", {"value": value, "min": 1, "max": 5}, by=by, target=session)


def _expose(script: Script, turn: Turn, by: Person, *, surface: str) -> None:
    seen = script.rng.randrange(900, 60_000)
    script.act("exposure", {"surface": surface, "visible_ms": seen}, by=by, target=turn.target)


def _show_by_doing(script: Script, turn: Turn, by: Person) -> None:
    names = ("copied", "followed_up") if turn.answer.good else ("regenerated", "abandoned", "followed_up")
    if script.chance(0.16):
        script.act("signal", {"name": script.rng.choice(names), "value": True}, by=by, target=turn.target)


def _thumb(script: Script, turn: Turn, by: Person) -> None:
    liked = script.chance(0.9 if turn.answer.good else 0.12)
    value = "up" if liked else "down"
    first = script.act("thumb", {"value": value}, by=by, target=turn.target)
    if script.chance(0.2 if liked else 0.6):
        _detail(script, turn, by, first=first, liked=liked)
    _change_of_mind(script, turn, by, first=first, value=value)
    if script.chance(0.06):
        script.act("thumb", {"value": value, "name": "tone"}, by=by, target=turn.target)
    if script.chance(0.06):
        script.act("thumb", {"value": value}, by=by, target=turn.target, part="source_1")


def _detail(script: Script, turn: Turn, by: Person, *, first: int, liked: bool) -> None:
    if liked:
        body: dict[str, object] = {"comment": praise(script.rng)}
    else:
        reason = script.rng.choice(complaint_reasons())
        body = {"reasons": [reason]}
        if script.chance(0.6):
            body["comment"] = complaint(script.rng, turn.ask, reason)
    script.act("detail", body, by=by, target=turn.target, about=first)


def _change_of_mind(script: Script, turn: Turn, by: Person, *, first: int, value: str) -> None:
    other = "down" if value == "up" else "up"
    drawn = script.rng.random()
    if drawn < 0.06:
        script.act("thumb", {"value": other, "previous": value}, by=by, target=turn.target)
    elif drawn < 0.09:
        script.act("thumb", {"value": None, "previous": value}, by=by, target=turn.target)
    elif drawn < 0.12:
        script.act("retraction", {}, by=by, about=first)
    elif drawn < 0.14:  # taking back what no longer counts changes nothing
        script.act("thumb", {"value": other, "previous": value}, by=by, target=turn.target)
        script.act("retraction", {}, by=by, about=first)
    elif drawn < 0.16:  # taking back what counts leaves nothing: the older click does not come back
        second = script.act("thumb", {"value": other, "previous": value}, by=by, target=turn.target)
        script.act("retraction", {}, by=by, target=turn.target, about=second)


def _comment(script: Script, turn: Turn, by: Person) -> None:
    _expose(script, turn, by, surface="comment")
    if turn.answer.good:
        body = {"text": praise(script.rng)}
    else:
        reason = script.rng.choice(complaint_reasons())
        body = {"text": complaint(script.rng, turn.ask, reason), "category": reason}
        if script.chance(0.5):
            body["expected"] = expected(turn.ask)
    said = script.act("comment", body, by=by, target=turn.target)
    if script.chance(0.1):
        script.act("retraction", {}, by=by, about=said)
