"""An assessment told in the terminal."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from equipoise.assessment import Assessment
from equipoise.cli.grid import grid
from equipoise.cli.terminal import Terminal
from equipoise.outlook.conduct import HOLD, Option
from equipoise.outlook.evolve import ERROR
from equipoise.outlook.solve import TOLERANCE
from equipoise.prospect import RegimeProspect
from equipoise.scenario.phrases import how_often, listed, number, one_in, percent, sentence, span, words

_STORIES = 3
_RARE = 0.002
"""Options chosen less often at an opportunity are not told in the table of conduct."""


def report_assessment(terminal: Terminal, assessment: Assessment) -> None:
    """Risks by road and start, first moves, regimes, stories, gains and the certificate."""
    variant = f", variant {assessment.variant}" if assessment.variant else ""
    size = f"{assessment.game.n_states:,} states, {assessment.game.n_rows:,} moves and events"
    terminal.out.print(f"\n{assessment.title}{variant}", style="bold", markup=False)
    terminal.out.print(f"{size}; noise convention {assessment.equilibrium.convention.name}", style="dim", markup=False)
    if assessment.outcomes:
        _risks(terminal, assessment)
    if any(prospect.options for prospect in assessment.prospects.values()):
        _first_moves(terminal, assessment)
    if assessment.regimes:
        _regimes(terminal, assessment)
    if assessment.outcomes:
        _stories(terminal, assessment)
    _values(terminal, assessment)
    _heading(terminal, "Certificate")
    terminal.paragraph(
        f"{assessment.equilibrium.certificate} For these policies what is said of the future is exact: probabilities "
        f"to {_tiny(ERROR)}, what happens in the end and how long things last to {_tiny(TOLERANCE)} of their size."
    )
    if assessment.equilibrium.cause:
        told = f"It is not the principal one ({assessment.equilibrium.branch}): {assessment.equilibrium.cause}"
        terminal.paragraph(f"{sentence(told)} What may help: {assessment.equilibrium.remedy}.")


def report_comparison(terminal: Terminal, assessments: Sequence[Assessment]) -> None:
    """The risk of any end, side by side for the scenario as written and its variants."""
    first = assessments[0]
    if len(assessments) < 2 or not first.outcomes:
        return
    _heading(terminal, f"Any end within {number(first.horizon)} years, side by side")
    table = grid("from", *(words(assessment.variant or "as written") for assessment in assessments))
    for start in first.prospects:
        risks = [float(assessment.prospects[start].risk[-1].sum()) for assessment in assessments]
        table.add(start, *(f"{percent(risk)}\n{one_in(risk)}" for risk in risks))
    table.print(terminal)


def report_conduct(terminal: Terminal, assessment: Assessment, start: str) -> None:
    """What every actor would do in a situation, option by option."""
    prospect = assessment.prospects[start]
    terminal.out.print(f"\n{assessment.title}: {start}", style="bold", markup=False)
    factors = assessment.scenario.factors
    meant = [
        factors[factor].meaning.get(level) or f"{factor} is {level}" for factor, level in prospect.situation.items()
    ]
    terminal.paragraph(sentence(listed(meant)))
    if not prospect.options:
        terminal.paragraph("Nobody may do anything here.")
    for actor, name in assessment.actors.items():
        options = _of(prospect.options, actor)
        if not options:
            continue
        _heading(terminal, f"{name} decides {how_often(sum(option.rate for option in options))}")
        table = grid("option", "chance", "utils", "against holding, in words", right=(1, 2))
        for option in options:
            noise = assessment.game.noise[assessment.game.starts[start], assessment.game.actors.index(actor)]
            prefers = "" if option.move == HOLD else f"{option.prefers:+.3g}"
            table.add(words(option.move), percent(option.probability), prefers, _why(option, float(noise)))
        table.print(terminal)
    convention = assessment.equilibrium.convention
    if prospect.options and convention.name == "control-cost" and not convention.uniform:
        told = "Chances weigh what an option is worth against habit: without thinking, an actor holds"
        terminal.out.print(f"\n{told} {1 - convention.eta:.0%} of the time.", style="dim", markup=False)


def _risks(terminal: Terminal, assessment: Assessment) -> None:
    _heading(terminal, f"How likely each road is within {number(assessment.horizon)} years")
    names = list(assessment.outcomes.values())
    table = grid("from", *(["any of them"] if len(names) > 1 else []), *names)
    for start, prospect in assessment.prospects.items():
        last = [float(chance) for chance in prospect.risk[-1]]
        cells = [f"{percent(chance)}\n{one_in(chance)}" for chance in ([sum(last)] if len(last) > 1 else []) + last]
        table.add(start, *cells)
    table.print(terminal)


def _first_moves(terminal: Terminal, assessment: Assessment) -> None:
    _heading(terminal, "What each would do at its next decision")
    offices = assessment.offices
    movers = dict.fromkeys(offices[o.actor] for prospect in assessment.prospects.values() for o in prospect.options)
    table = grid("from", *movers)
    for start, prospect in assessment.prospects.items():
        held = [[option for option in prospect.options if offices[option.actor] == mover] for mover in movers]
        table.add(start, *("\n".join(_likely(options)) for options in held))
    table.print(terminal)


def _regimes(terminal: Terminal, assessment: Assessment) -> None:
    ends = ", and the chance that a year of it brings an end" if assessment.outcomes else ""
    years = number(assessment.horizon)
    _heading(terminal, f"Regimes: share of the next {years} years, how long a first visit lasts{ends}")
    table = grid("regime", *assessment.prospects)
    for name in assessment.regimes:
        table.add(
            words(name), *(_visited(prospect.regimes[name], assessment) for prospect in assessment.prospects.values())
        )
    table.print(terminal)
    for avoided in next(iter(assessment.prospects.values())).avoided:
        _around(terminal, assessment, avoided)


def _visited(regime: RegimeProspect, assessment: Assessment) -> str:
    share = percent(regime.years / assessment.horizon)
    if regime.settles == 0:
        return f"{share}\nnever"
    # A rate is said as the probability within a year.
    ends = [f"{percent(-math.expm1(-float(regime.lasting.sum())))}/year"] if assessment.outcomes else []
    return "\n".join([share, span(regime.dwell), *ends])


def _around(terminal: Terminal, assessment: Assessment, avoided: str) -> None:
    _heading(terminal, f"How likely each regime is reached, before any end and without {words(avoided)}, and when")
    named = [name for name in assessment.regimes if name != avoided]
    table = grid("from", *map(words, named))
    for start, prospect in assessment.prospects.items():
        cells = []
        for name in named:
            chance, years = prospect.regimes[name].avoiding[avoided]
            cells.append(percent(chance) + (f"\nafter {span(years)}" if years > 0 else ""))
        table.add(start, *cells)
    table.print(terminal)


def _stories(terminal: Terminal, assessment: Assessment) -> None:
    _heading(terminal, f"Likeliest stories that end within {number(assessment.horizon)} years")
    for start, prospect in assessment.prospects.items():
        told = prospect.storylines
        shown = told.stories[:_STORIES]
        covered = sum(story.probability for story in shown) / told.risk if told.risk > 0 else 0.0
        terminal.out.print(f"{start} (these make up {covered:.0%} of its risk)", style="dim", markup=False)
        for story in shown:
            terminal.hanging(f"{percent(story.probability):>6}", str(story))


def _values(terminal: Terminal, assessment: Assessment) -> None:
    _heading(terminal, "What it is worth to each: felt value in utils, and the noise account beside it")
    table = grid("from", *assessment.actors)
    for start, prospect in assessment.prospects.items():
        account = assessment.equilibrium.noise_account[assessment.game.starts[start]]
        cells = [f"{value:.3g}\n({noise:.2g})" for value, noise in zip(prospect.value.total, account, strict=True)]
        table.add(start, *cells)
    table.print(terminal)


def _tiny(value: float) -> str:
    return f"{value:.0e}".replace("e-0", "e-")


def _heading(terminal: Terminal, text: str) -> None:
    terminal.out.print(f"\n{text}", style="bold", markup=False)


def _of(options: Iterable[Option], actor: str) -> list[Option]:
    return [option for option in options if option.actor == actor]


def _likely(options: Sequence[Option]) -> list[str]:
    """The two likeliest options."""
    chosen = sorted(options, key=lambda option: -option.probability)[:2]
    return [f"{words(option.move)} {percent(option.probability)}" for option in chosen if option.probability >= _RARE]


def _why(option: Option, noise: float) -> str:
    """How much better or worse than holding, measured by how well the actor can tell, and what that is made of."""
    if option.move == HOLD:
        return ""
    gap = abs(option.prefers) / noise
    degree = "hardly" if gap < 0.1 else "a little" if gap < 1 else "clearly" if gap < 3 else "much"
    side = "better" if option.prefers > 0 else "worse"
    later = option.prefers + option.cost
    follows = f"what follows is {'better' if later > 0 else 'worse'} by {number(abs(later))}"
    return f"{degree} {side}: {f'costs {number(option.cost)} at once, and ' if option.cost else ''}{follows}"
