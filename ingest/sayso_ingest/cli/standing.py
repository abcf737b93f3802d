"""Where judges stand, as tables and sentences: rates that people's verdicts corrected, and what these rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from math import isnan
from typing import TYPE_CHECKING, Any

import click

from sayso_ingest.cli.options import say
from sayso_ingest.cli.output import write_json, write_rows
from sayso_ingest.cli.terminal import clean
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.judge import Disagreement, Preference, Rate, Standing

_RATES = ["judge", "rubric", "prompt", "judged", "good", "95 % interval", "from", "by itself"]
_AGREEMENT = ("agrees", "kappa", "alpha", "finds bad", "finds good", "people agree", "ECE", "with itself")
_TRUST = ["judge", "rubric", "prompt", *_AGREEMENT]
DIFFERING = 20
"""Pairs of judges of which a sentence says how often they differ."""
_BY = {"annotated": "annotated", "thumbs": "with thumbs", "": "that people spoke of"}


def write_standing(settings: Settings, format: str) -> None:
    """Write where every judge stands, as the published copy has it."""
    from sayso_ingest.judge import disagreements, preferences, read_said, standings
    from sayso_ingest.warehouse import Published, home_of

    with Published.open(home_of(settings)) as published:
        said = read_said(published.query)
    found, preferred, differing = standings(said), preferences(said), disagreements(said)
    if format == "json":
        write_json(
            {
                "judges": [_plain(asdict(one)) for one in found],
                "preferences": [_plain(asdict(one)) for one in preferred],
                "disagreements": [_plain(asdict(two)) for two in differing],
            }
        )
    elif not said:
        say(
            "No judge has judged anything yet. Begin with: sayso judge --rubric FILE --model openai:URL#MODEL"
        )
    else:
        _write(found, preferred, differing)


def _write(
    found: Sequence[Standing], preferred: Sequence[Preference], differing: Sequence[Disagreement]
) -> None:
    if found:
        write_rows(_RATES, [_rates(one) for one in found])
        click.echo()
        write_rows(_TRUST, [_trust(one) for one in found])
        click.echo()
    for sentence in [*map(_in_words, (one for one in found if not one.prompt)), *map(_of_pairs, preferred)]:
        _tell(sentence)
    for two in sorted(differing, key=lambda two: two.agreement.same)[:DIFFERING]:
        _tell(_of_two(two))
    if len(differing) > DIFFERING:
        say(
            f"These {DIFFERING} of {len(differing):,} pairs of judges differ the most. All of them: --format json"
        )


def _tell(sentence: str) -> None:
    """On one line: what a judge is called is up to whoever sent what it said."""
    click.echo(clean(" ".join(sentence.split())))


def _by(judge: str, rubric: str) -> str:
    return f"{judge} by {rubric}" if rubric else judge


def _rates(one: Standing) -> list[Any]:
    rate = one.corrected
    return [
        one.judge,
        one.rubric,
        one.prompt or "all",
        one.judged,
        f"{rate.rate:.1%}" if rate else "not enough",
        f"{rate.low:.1%} to {rate.high:.1%}" if rate else "",
        f"{one.labelled} {_BY[one.people_by]}",
        "" if one.raw is None else f"{one.raw:.1%}",
    ]


def _trust(one: Standing) -> list[Any]:
    agreement = one.agreement
    kappa = ""
    if agreement and not isnan(agreement.kappa):
        kappa = f"{agreement.kappa:.2f} ({agreement.low:.2f} to {agreement.high:.2f})"
    return [
        one.judge,
        one.rubric,
        one.prompt or "all",
        f"{agreement.same:.1%} of {agreement.things}" if agreement else "",
        kappa,
        "" if isnan(one.alpha) else f"{one.alpha:.2f}",
        _share(one.found_bad),
        _share(one.found_good),
        f"{one.ceiling.same:.1%} of {one.ceiling.things}" if one.ceiling else "",
        "" if one.error is None else f"{one.error:.2f}",
        "" if one.self_agreement is None else f"{one.self_agreement:.1%}",
    ]


def _share(rate: Rate | None) -> str:
    return f"{rate.rate:.0%} of {rate.things} ({rate.low:.0%} to {rate.high:.0%})" if rate else ""


def _in_words(one: Standing) -> str:
    who = _by(one.judge, one.rubric)
    if one.corrected is None:
        missing = "1 label is" if one.missing == 1 else f"{one.missing} labels are"
        return (
            f"{who}: not enough to say how good answers are. People spoke of {one.labelled:,} of "
            f"{one.judged:,} things that it judged; {missing} missing. The console's page Judges leads to answers "
            "to label."
        )
    rate = one.corrected
    sentence = (
        f"{who}: people would call {rate.rate:.1%} good ({rate.low:.1%} to {rate.high:.1%}); the judge by itself says "
        f"{one.raw:.1%}."
    )
    people = "one person, whom others may not agree with" if one.people == 1 else f"{one.people:,} people"
    if one.people_by == "thumbs":
        sentence += (
            f" It is held against thumbs of {people}, and who gives one chooses so: where those differ from others, so "
            "does this rate. Annotations of a drawn sample would not."
        )
    else:
        sentence += (
            f" It is held against annotations of {people}; its interval holds where what they saw was drawn, not "
            "picked."
        )
    if one.weighed:
        sentence += " Things were drawn with unequal probabilities, and are weighed by one over them."
    return sentence


def _of_pairs(one: Preference) -> str:
    swap = f", and says the same in both orders of {_share(one.swap)} pairs" if one.swap else ""
    people = (
        f" It prefers what people prefer in {_share(one.people)}."
        if one.people
        else " No person preferred one of them."
    )
    return f"{_by(one.judge, one.rubric)} compared candidates of {one.judged:,}: {one.ties:,} are ties{swap}.{people}"


def _of_two(two: Disagreement) -> str:
    kappa = "" if isnan(two.agreement.kappa) else f" (kappa {two.agreement.kappa:.2f})"
    who = _by(f"{two.one} and {two.other}", two.rubric)
    return f"{who} differ on {1 - two.agreement.same:.1%} of {two.agreement.things:,} things{kappa}."


def _plain(value: Any) -> Any:
    """The same for JSON, which has no NaN."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return None if isinstance(value, float) and isnan(value) else value
