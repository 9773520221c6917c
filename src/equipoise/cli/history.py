"""One history of the system, told in dated sentences."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np

from equipoise.assessment import Assessment
from equipoise.cli.terminal import Terminal
from equipoise.errors import RequestError
from equipoise.outlook.sample import Dated, sample
from equipoise.outlook.storylines import clauses
from equipoise.scenario.phrases import number, sentence, span, words

_DAYS = 365.25


def history(assessment: Assessment, start: str, *, seed: int, begin: datetime | None) -> list[dict[str, Any]]:
    """What happened, in order: date, years since the start, move or event, a sentence, and the outcome if it ended."""
    chain, game = assessment.chain, assessment.game
    drawn = sample(chain, game.starts[start], assessment.horizon, np.random.default_rng(seed))
    return [
        {
            "date": _date(dated.years, begin),
            "years": dated.years,
            "step": dated.step,
            "text": _sentence(assessment, dated),
            "outcome": dated.outcome,
        }
        for dated in drawn.told(0)
    ]


def report_history(terminal: Terminal, assessment: Assessment, start: str, told: list[dict[str, Any]]) -> None:
    """Print a history; runs of the same sentence without a change are told once."""
    situation = assessment.scenario.initial[start].about
    terminal.out.print(f"\n{assessment.title}, from {start}", style="bold", markup=False)
    if situation:
        terminal.paragraph(sentence(situation))
    width = max((len(entry["date"]) for entry in told), default=0)
    for entry in told:
        terminal.hanging(entry["date"].ljust(width), entry["text"])
    if not told or told[-1]["outcome"] is None:
        terminal.paragraph(f"After {number(assessment.horizon)} years nothing has ended.")


def _sentence(assessment: Assessment, dated: Dated) -> str:
    """Who did what, and what changed by it."""
    scenario, game = assessment.scenario, assessment.game
    told = clauses(scenario)[dated.step]
    if dated.outcome is not None:
        name = scenario.outcomes[dated.outcome].name or words(dated.outcome)
        return f"{sentence(told)} It ends: {sentence(name)}"
    if dated.after == dated.before:
        return f"{sentence(told)} Nothing changes."
    before, after = game.describe(dated.before), game.describe(dated.after)
    changes = [
        scenario.factors[factor].meaning.get(level) or f"{words(factor)} is {level}"
        for factor, level in after.items()
        if before[factor] != level
    ]
    return f"{sentence(told)} Now {'; '.join(changes)}."


def _date(years: float, begin: datetime | None) -> str:
    if begin is None:
        return f"after {span(years)}"
    try:
        return f"{begin + timedelta(days=years * _DAYS):%d %B %Y}"
    except OverflowError:
        raise RequestError(f"the calendar ends within {number(years)} years of {begin:%Y-%m-%d}") from None
