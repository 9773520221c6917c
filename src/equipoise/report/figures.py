"""The figures of a report, each in a wide and in a narrow form."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from equipoise.claims.ablation import Ablation
from equipoise.claims.ledger import Ledger
from equipoise.pictures.album import conduct_picture, map_picture, regimes_picture, risk_picture
from equipoise.pictures.bars import Bar, bars
from equipoise.pictures.charts import Chart, curves
from equipoise.report.figure import Figure, charted
from equipoise.report.gather import Evidence
from equipoise.report.sections.ablation import STRAYED
from equipoise.report.sections.futures import futures_figures
from equipoise.report.sections.telling import case_name
from equipoise.scenario.claims import AS_WRITTEN
from equipoise.scenario.phrases import listed, number, one_in, percent, span, words


def figures(evidence: Evidence) -> tuple[Figure, ...]:
    """Every figure of the report, in its order."""
    return tuple(_figures(evidence))


def _figures(evidence: Evidence) -> Iterator[Figure]:
    assessment = evidence.assessment
    if assessment.outcomes:
        yield from charted("risk", "risks", lambda columns: risk_picture(assessment, columns=columns))
        yield from charted("risk-variants", "risks", lambda columns: _variants(evidence, columns))
    if assessment.regimes:
        yield from charted("regimes", "regimes", lambda columns: regimes_picture(assessment, columns=columns))
        for k, start in enumerate(assessment.prospects):
            svg = map_picture(assessment, start, name=f"map{k}")
            section = "maps" if k else "regimes"
            yield Figure(f"map-{start}", section, f"Map of regimes from {words(start)}.", svg=svg)
    yield from charted("conduct", "conduct", lambda _: conduct_picture(assessment))
    for ledger in evidence.ledgers:
        yield from charted(f"ledger-{ledger.start}", f"ledgers-{ledger.start}", partial(_ledger, evidence, ledger))
    if evidence.ablation is not None and evidence.ablation.removals:
        for start in evidence.told:
            yield from charted(
                f"ablation-{start}", f"ablation-{start}", partial(_ablation, evidence, evidence.ablation, start)
            )
    if evidence.exploration is not None:
        yield from futures_figures(evidence.scenario, evidence.exploration)


def _variants(evidence: Evidence, columns: int) -> Chart | None:
    """The chance of any end by start, as written and in the variants that claims speak of."""
    panels = {
        words(start): {case_name(case): curve for case, curve in by_case.items()}
        for start, by_case in evidence.curves.items()
    }
    if all(len(panel) < 2 for panel in panels.values()):
        return None
    last = {start: {case: float(curve[-1]) for case, curve in panel.items()} for start, panel in panels.items()}
    first = next(iter(last))
    worst = max(last[first], key=lambda case: last[first][case])
    best = min(last[first], key=lambda case: last[first][case])
    title = (
        f"From {first} the chance of any end runs from {percent(last[first][best])} ({best}) to "
        f"{percent(last[first][worst])} ({worst})"
    )
    told = [
        f"From {start}: {listed([f'{case} {percent(chance)}' for case, chance in cases.items()])}."
        for start, cases in last.items()
    ]
    return curves(
        evidence.assessment.times,
        panels,
        title=title,
        subtitle=f"{evidence.scenario.title}. Chance that the system has ended, in the scenario as written and in the "
        "variants that claims compare.",
        description=" ".join([f"{title}.", *told]),
        axis="chance by then",
        labels={s: {case: f"{case} {percent(p)}" for case, p in cases.items()} for s, cases in last.items()},
        columns=columns,
    )


def _ledger(evidence: Evidence, ledger: Ledger, columns: int) -> Chart | None:
    """What each variant is worth to each actor against the scenario as written."""
    names = evidence.assessment.actors
    changes = []
    for account in ledger.accounts:
        own = account.total[AS_WRITTEN]
        for case in ledger.cases[1:]:
            gain = account.total[case] - own
            text = f"{gain:+.2g}".replace("-", "\N{MINUS SIGN}")
            changes.append(Bar(words(case), gain, text, names[account.actor]))
    if not changes:
        return None
    title = (
        f"What each variant would be worth to each actor, against the scenario as written, from {words(ledger.start)}"
    )
    told = [
        f"{names[account.actor]}: "
        + listed([f"{words(c)} {account.total[c] - account.total[AS_WRITTEN]:+.2g}" for c in ledger.cases[1:]])
        for account in ledger.accounts
    ]
    return bars(
        changes,
        title=title,
        subtitle="Felt value in util; more to the right. Utils of different actors cannot be compared.",
        description=f"{title}. {'. '.join(told)}.",
        axis="util",
        width=380 if columns > 1 else 150,
    )


def _ablation(evidence: Evidence, ablation: Ablation, first: str, columns: int) -> Chart | None:
    """How the chance of any end changes when a mechanism is removed."""
    whole = ablation.whole.risk[first]
    removals = sorted(ablation.removals, key=lambda removal: removal.headline.risk[first] - whole)
    changes = [
        Bar(
            f"without {removal.mechanism}{STRAYED * bool(removal.strayed)}",
            100 * (removal.headline.risk[first] - whole),
            f"{percent(removal.headline.risk[first])}",
        )
        for removal in removals
    ]
    starred = f" {STRAYED} off the principal branch." * any(removal.strayed for removal in removals)
    title = f"The chance of any end within {span(evidence.scenario.horizon)} from {words(first)}, one mechanism removed"
    told = [f"without {r.mechanism} {percent(r.headline.risk[first])}" for r in removals]
    return bars(
        changes,
        title=title,
        subtitle=f"With all of them it is {percent(whole)}, {one_in(whole)}. Bars: change in percentage points; at "
        f"their ends the chance that results.{starred}",
        description=f"{title}. With all of them {percent(whole)}; {listed(told)}. Changes in points: "
        f"{number(changes[0].value)} to {number(changes[-1].value)}.",
        axis="percentage points",
        width=420 if columns > 1 else 170,
    )
